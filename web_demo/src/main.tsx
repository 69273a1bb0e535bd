/** Starts the page: reads where the reader wants to be, and draws as soon as there is a body. */

import { effect } from "@preact/signals";
import { render } from "preact";
import "./styles/tokens.css";
import "./styles/page.css";
import "./styles/sources.css";
import "./styles/model.css";
import "./styles/learn.css";
import "./styles/pictures.css";
import "./styles/answer.css";
import "./styles/boundary.css";
import "./styles/convolution.css";
import "./styles/elsewhere.css";
import "./styles/life.css";
import { followAddress, place } from "./place";
import { start } from "./state";
import { App } from "./view/App";
import { applied, stored } from "./view/theme";

applied(stored());
followAddress();
effect(() => {
  if (place.value.view === "open") {
    void start();
  }
});
document.addEventListener("DOMContentLoaded", () => {
  const root = document.getElementById("app");
  if (root) {
    render(<App />, root);
  }
});
