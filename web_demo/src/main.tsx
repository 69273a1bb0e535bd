/** Starts the page: opens the first model that is there, and draws as soon as there is a body. */

import { render } from "preact";
import "./styles/tokens.css";
import "./styles/page.css";
import "./styles/sources.css";
import "./styles/model.css";
import { start } from "./state";
import { App } from "./view/App";
import { applied, stored } from "./view/theme";

applied(stored());
void start();
document.addEventListener("DOMContentLoaded", () => {
  const root = document.getElementById("app");
  if (root) {
    render(<App />, root);
  }
});
