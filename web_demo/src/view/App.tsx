/** The page: Learn, Open or Live, between header and footer. */

import { useLayoutEffect } from "preact/hooks";
import { place } from "../place";
import { Footer } from "./Footer";
import { Header } from "./Header";
import { Learn } from "./learn/Learn";
import { Open } from "./Open";
import { Runs } from "./runs/Runs";

const TITLES = {
  learn: "keras-bias: why a layer wants a bias",
  open: "keras-bias: look inside a network",
  live: "keras-bias: watch a training",
} as const;

export function App() {
  const { view, scene } = place.value;
  useLayoutEffect(() => {
    document.title = TITLES[view];
    scrollTo(0, 0);
  }, [view, scene]);
  return (
    <>
      <Header page={view} />
      <main id="main">{view === "open" ? <Open /> : view === "live" ? <Runs /> : <Learn />}</main>
      <Footer />
    </>
  );
}
