/** Starts the page of the question: draws it before the question's own code looks for its surfaces. */

import { render } from "preact";
import { probe } from "../runs/offered";
import { libraries } from "./globals";
import { Question } from "./Question";
import { type Variant, variants } from "./variants";

const root = document.getElementById("app");
if (root) {
  // Small networks, and the same numbers with and without a GPU.
  void libraries()?.tf.setBackend("cpu");
  const draw = (found: readonly Variant[] | null): void => {
    render(<Question variants={found} />, root);
  };
  draw(null);
  void variants().then(draw);
  void probe();
}
