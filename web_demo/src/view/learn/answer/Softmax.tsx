/** Ice, water or steam: a softmax that one shared number does nothing to. */

import { answer, softmaxBias, SOFTMAX_LIMIT } from "../../../learn/answer";
import { CLASSES, IDEAL, judged } from "../../../learn/softmax";
import { fixed, number, signed } from "../../../model/words";
import { Choice } from "../../Choice";
import { Slider } from "../../Slider";
import { SoftmaxPlot } from "./SoftmaxPlot";

const KINDS = [
  ["scalar", "one number"],
  ["vector", "one per class"],
] as const;

const KEYS = ["cIce", "cWater", "cSteam"] as const;

export function Softmax() {
  const state = answer.state.value;
  const { classes, c } = state;
  const bias = softmaxBias(state);
  const { loss, accuracy, gradient, shared } = judged(bias);
  return (
    <>
      <p class="quiet">
        Three logits, −t, 0 and t in tens of degrees, each plus its bias; softmax makes them the
        probabilities of ice, water and steam.
      </p>
      <div class="split split-controls">
        <div class="stack">
          <Choice
            label="Bias of the logits"
            options={KINDS}
            value={classes}
            onChange={(kind) => {
              answer.change({ classes: kind });
            }}
          />
          {classes === "scalar" ? (
            <Slider
              label="c, for all three"
              value={c}
              min={-SOFTMAX_LIMIT}
              max={SOFTMAX_LIMIT}
              step={0.5}
              onChange={(value) => {
                answer.change({ c: value });
              }}
            />
          ) : (
            <>
              {KEYS.map((key, index) => (
                <Slider
                  key={key}
                  label={`c for ${CLASSES[index] ?? ""}`}
                  value={state[key]}
                  min={-SOFTMAX_LIMIT}
                  max={SOFTMAX_LIMIT}
                  step={0.5}
                  onChange={(value) => {
                    answer.change({ [key]: value });
                  }}
                />
              ))}
              <div class="buttons">
                <button
                  type="button"
                  class="button"
                  onClick={() => {
                    answer.change({ cIce: IDEAL[0], cWater: IDEAL[1], cSteam: IDEAL[2] });
                  }}
                >
                  Fit best
                </button>
              </div>
            </>
          )}
          <table class="gradients">
            <caption>Which way the loss would have the biases move</caption>
            <thead>
              <tr>
                <th scope="col">Slope of the loss along</th>
                <th scope="col" class="numeric">
                  is
                </th>
              </tr>
            </thead>
            <tbody>
              {CLASSES.map((name, index) => (
                <tr key={name}>
                  <th scope="row">the bias of {name}</th>
                  <td class="numeric">{signed(gradient[index] ?? 0, 4)}</td>
                </tr>
              ))}
              <tr class="total">
                <th scope="row">one number for all: their sum</th>
                <td class="numeric strong">{Math.abs(shared) < 1e-12 ? "0" : number(shared)}</td>
              </tr>
            </tbody>
          </table>
        </div>
        <SoftmaxPlot bias={bias} />
      </div>
      <dl class="facts">
        <div>
          <dt>samples told right</dt>
          <dd>{fixed(accuracy * 100, 0)} %</dd>
        </div>
        <div>
          <dt>loss, mean cross-entropy</dt>
          <dd>{fixed(loss, 4)}</dd>
        </div>
      </dl>
      <p class="verdict" role="status">
        {classes === "scalar"
          ? "Move it: the logits rise and sink together, and no probability changes. Under a softmax one shared number is no bias at all; its slope is 0, and training leaves it where it began."
          : accuracy === 1
            ? "Water has its place between ice and steam. Only the differences between the biases count."
            : "Each class has its own: water can have room between ice and steam."}
      </p>
    </>
  );
}
