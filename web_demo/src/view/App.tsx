/** The page: Learn or Open, between header and footer. */

import { useLayoutEffect } from "preact/hooks";
import { place } from "../place";
import { Footer } from "./Footer";
import { Header } from "./Header";
import { Learn } from "./learn/Learn";
import { Open } from "./Open";

const TITLES = {
  learn: "keras-bias: why a layer wants a bias",
  open: "keras-bias: look inside a network",
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
      <main id="main">{view === "open" ? <Open /> : <Learn />}</main>
      <Footer />
    </>
  );
}
