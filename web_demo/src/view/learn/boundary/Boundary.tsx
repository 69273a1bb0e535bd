/** Scene 2: four nets on the same points, that differ in their biases alone. */

import {
  boundary,
  isPlaying,
  looked,
  nets,
  pause,
  play,
  restart,
  stepOnce,
} from "../../../learn/boundary";
import { preset, PRESETS } from "../../../learn/datasets";
import { KINDS } from "../../../learn/mlp";
import { MOST_STEPS, netOf } from "../../../learn/run";
import { count } from "../../../model/words";
import { Choice } from "../../Choice";
import { Panel } from "./Panel";
import { Spread } from "./Spread";
import { Traces } from "./Traces";

export function Boundary() {
  const { data, seed, steps } = boundary.state.value;
  const chosen = preset(data);
  return (
    <article class="scene">
      <div class="intro">
        <h1>A bias moves a unit’s line off the origin</h1>
        <p class="lead">
          A hidden unit changes its mind along a line, w·x + b = 0. Four nets of five units learn
          the same points from the same kernels. They differ in b alone.
        </p>
      </div>
      <section class="lab lab-wide" aria-labelledby="nets-title">
        <div class="toolbar">
          <h2 id="nets-title" class="visually-hidden">
            Four nets, side by side
          </h2>
          <Choice
            label="Points, and the units’ activation"
            options={PRESETS.map(({ name, title }) => [name, title] as const)}
            value={data}
            onChange={(name) => {
              restart({ data: name });
            }}
          />
          <div class="buttons">
            <button type="button" class="button" onClick={isPlaying.value ? pause : play}>
              {isPlaying.value ? "Pause" : "Train"}
            </button>
            <button type="button" class="button button-quiet" onClick={stepOnce}>
              One step
            </button>
            <button
              type="button"
              class="button button-quiet"
              onClick={() => {
                restart({});
              }}
            >
              Reset
            </button>
            <button
              type="button"
              class="button button-quiet"
              onClick={() => {
                restart({ seed: (seed % 9999) + 1 });
              }}
            >
              New seed
            </button>
          </div>
          <p class="quiet small" aria-live="off">
            Step {count(looked.value)} of {count(MOST_STEPS)}, seed {seed}
          </p>
        </div>
        <p class="verdict">
          <strong>{chosen.lesson}</strong> {chosen.why}
        </p>
        <div class="panels">
          {KINDS.map((kind, index) => (
            <Panel key={kind} kind={index} net={netOf(nets.value, index)} preset={chosen} />
          ))}
        </div>
        <p class="quiet small">
          Diamonds are one class, discs the other; the colour behind them is what the net says, the
          fainter the less sure. Drag a numbered line, or move it with the arrow keys: that sets its
          b. Lines with square numbers are held. The cross is the origin. In the output layer, under
          a softmax, one shared number does nothing.
        </p>
        <p class="visually-hidden" role="status">
          {isPlaying.value ? "Training." : steps > 0 ? `Trained ${steps} steps.` : ""}
        </p>
      </section>
      <Traces />
      <Spread />
    </article>
  );
}
