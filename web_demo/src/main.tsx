/** Starts the page: reads where the reader wants to be, and draws as soon as there is a body. */

import { effect } from "@preact/signals";
import { render } from "preact";
import "./styles/tokens.css";
import "./styles/page.css";
import "./styles/sources.css";
import "./styles/model.css";
import "./styles/values.css";
import "./styles/take.css";
import "./styles/learn.css";
import "./styles/pictures.css";
import "./styles/answer.css";
import "./styles/boundary.css";
import "./styles/convolution.css";
import "./styles/elsewhere.css";
import "./styles/compare.css";
import "./styles/life.css";
import "./styles/runs.css";
import { startComparing } from "./compare/state";
import { followAddress, place } from "./place";
import { start as startLive } from "./runs/live";
import { probe } from "./runs/offered";
import { start } from "./state";
import { App } from "./view/App";
import { applied, stored } from "./view/theme";

applied(stored());
followAddress();
effect(() => {
  if (place.value.view === "open") {
    void start();
  } else if (place.value.view === "compare") {
    void startComparing();
  } else if (place.value.view === "live") {
    void startLive();
  }
});
document.addEventListener("DOMContentLoaded", () => {
  const root = document.getElementById("app");
  if (root) {
    render(<App />, root);
  }
});
// Not before the page stands: it only adds a place to the navigation.
addEventListener("load", () => void probe());
