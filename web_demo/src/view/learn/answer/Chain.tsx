/** The question's own network: trained, taken apart, and shown to be one line for each output. */

import {
  answer,
  chainWeights,
  isTraining,
  resetChain,
  stopTraining,
  trainChain,
} from "../../../learn/answer";
import {
  type Activation,
  bend,
  biasCount,
  type ChainBias,
  chainError,
  collapsed,
  STEPS,
} from "../../../learn/chain";
import { count, fixed, signed } from "../../../model/words";
import { Choice } from "../../Choice";
import { ChainPlot } from "./ChainPlot";
import { ChainTable } from "./ChainTable";
import { Collapse } from "./Collapse";

const KINDS: readonly (readonly [ChainBias, string])[] = [
  ["scalar", "one per layer"],
  ["vector", "one per unit"],
  ["none", "none"],
];
const ACTIVATIONS: readonly (readonly [Activation, string])[] = [
  ["linear", "none"],
  ["relu", "relu"],
];

export function Chain() {
  const state = answer.state.value;
  const { net, act, seed, steps } = state;
  const weights = chainWeights(state);
  const error = chainError(weights, act);
  return (
    <>
      <div class="toolbar">
        <Choice
          label="Biases"
          options={KINDS}
          value={net}
          onChange={(kind) => {
            resetChain({ net: kind });
          }}
        />
        <Choice
          label="Activation between"
          options={ACTIVATIONS}
          value={act}
          onChange={(activation) => {
            resetChain({ act: activation });
          }}
        />
        <div class="buttons">
          <button
            type="button"
            class="button"
            onClick={() => {
              if (isTraining.value) {
                stopTraining();
              } else {
                trainChain();
              }
            }}
          >
            {isTraining.value ? "Stop" : "Train"}
          </button>
          <button
            type="button"
            class="button button-quiet"
            onClick={() => {
              resetChain({});
            }}
          >
            Reset
          </button>
          <button
            type="button"
            class="button button-quiet"
            onClick={() => {
              resetChain({ seed: (seed % 9999) + 1 });
            }}
          >
            New seed
          </button>
        </div>
      </div>
      <dl class="facts">
        <div>
          <dt>error</dt>
          <dd>{fixed(error, 2)}°</dd>
        </div>
        <div>
          <dt>biases</dt>
          <dd>{biasCount(net)}</dd>
        </div>
        <div>
          <dt>{`steps, of ${count(STEPS)}`}</dt>
          <dd>{count(steps)}</dd>
        </div>
        <div>
          <dt>seed</dt>
          <dd>{seed}</dd>
        </div>
      </dl>
      <div class="split">
        <ChainTable weights={weights} kind={net} />
        <ChainPlot weights={weights} activation={act} />
      </div>
      <Collapse lines={collapsed(weights)} />
      <p class="verdict" role="status">
        {isTraining.value ? "Training." : verdict(net, act, error, bend(weights, act))}
      </p>
    </>
  );
}

function verdict(kind: ChainBias, act: Activation, error: number, bent: number): string {
  if (kind === "none") {
    return error > 190 || act === "relu"
      ? "Without biases every answer at 0 °C is 0, however many layers there are."
      : "Train it: without biases it can at best be right about the slopes.";
  }
  if (act === "relu") {
    return bent > 0.5
      ? `With relu between, the two layers are no longer one: they bend away from those lines by up to ${fixed(bent, 1)}°. Units switch on and off where w·x + b crosses 0.`
      : "With relu between, units may switch on and off. Train it, and see where it bends.";
  }
  return error < 1
    ? kind === "scalar"
      ? "You are right: without activations two layers are one, and the second kernel spreads a single number into two different offsets. The vector of 5 is redundant here, for the hidden layer is."
      : "Seven biases, of which the lines know only two: b1·W2 + b2. The rest is redundant, for without activations the hidden layer is."
    : `Two linear layers are one line for each output, and ${signed(32, 0)} and ${signed(273.15, 2)} are within their reach. Train it.`;
}
