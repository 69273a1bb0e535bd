/** Scene 1: the question, and its answer in a minute. */

import { Layer } from "./Layer";
import { Objections } from "./Objections";

export function Answer() {
  return (
    <article class="scene">
      <div class="intro">
        <h1>“Isn’t a bias vector redundant? Doesn’t a layer need only one number?”</h1>
        <p class="lead">
          A bias is what a unit adds to its output. Let one layer turn degrees Celsius into degrees
          Fahrenheit and kelvins, and see what one number can do, and what it cannot.
        </p>
      </div>
      <Layer />
      <Objections />
    </article>
  );
}
