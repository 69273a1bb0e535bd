/** Scene 4: what a bias does in regressions, in a step of training, in gates, and in memory. */

import { Bill } from "./Bill";
import { Gates } from "./Gates";
import { Passes } from "./Passes";
import { Rents } from "./Rents";
import { TrainingStep } from "./TrainingStep";

export function Elsewhere() {
  return (
    <article class="scene">
      <div class="intro">
        <h1>The same number under other names</h1>
        <p class="lead">
          An intercept, a threshold, a gate that is held open: it is the bias each time. And what
          does it save to fix it at 1?
        </p>
      </div>
      <Rents />
      <Passes />
      <TrainingStep />
      <Gates />
      <Bill />
    </article>
  );
}
