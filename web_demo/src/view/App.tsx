/** The page: Learn, Open, Compare or Live, between header and footer. */

import { useLayoutEffect } from "preact/hooks";
import { place } from "../place";
import { Compare } from "./compare/Compare";
import { Footer } from "./Footer";
import { Header } from "./Header";
import { Learn } from "./learn/Learn";
import { Open } from "./Open";
import { Runs } from "./runs/Runs";

const TITLES = {
  learn: "keras-bias: why a layer wants a bias",
  open: "keras-bias: look inside a network",
  compare: "keras-bias: two networks beside each other",
  live: "keras-bias: watch a training",
} as const;

const DRAWN = { learn: Learn, open: Open, compare: Compare, live: Runs } as const;

export function App() {
  const { view, scene } = place.value;
  useLayoutEffect(() => {
    document.title = TITLES[view];
    scrollTo(0, 0);
  }, [view, scene]);
  const Drawn = DRAWN[view];
  return (
    <>
      <Header page={view} />
      <main id="main">
        <Drawn />
      </main>
      <Footer />
    </>
  );
}
