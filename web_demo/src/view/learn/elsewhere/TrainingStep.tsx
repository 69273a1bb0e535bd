/** One step of training, with its numbers: forward, loss, gradient, update. */

import { elsewhere, LIMITS, takeStep } from "../../../learn/elsewhere";
import { step } from "../../../learn/step";
import { count, fixed, number } from "../../../model/words";
import { Check } from "../../Check";
import { NumberCell } from "../../NumberCell";
import { Slider } from "../../Slider";

const SHOWN = [
  ["w", "weight w"],
  ["b", "bias b"],
  ["x", "input x"],
  ["y", "wanted y"],
] as const;

export function TrainingStep() {
  const state = elsewhere.state.value;
  const { w, b, x, y, rate, penalty, penalizesBias, taken } = state;
  const now = step(state, state);
  const after = step(now.next, state);
  const off = now.answer - y;
  const isOut = Math.max(Math.abs(now.next.w), Math.abs(now.next.b)) > LIMITS.number;
  return (
    <section class="lab" aria-labelledby="step-title">
      <div class="lab-controls">
        <h2 id="step-title">In one step of training</h2>
        <p class="quiet">One unit, one sample. The bias is a weight whose input is always 1.</p>
        <table class="inputs">
          <tbody>
            {SHOWN.map(([name, label]) => (
              <tr key={name}>
                <th scope="row">{label}</th>
                <td class="numeric">
                  <NumberCell
                    label={label}
                    value={state[name]}
                    digits={4}
                    onChange={(value) => {
                      if (Math.abs(value) <= LIMITS.number) {
                        elsewhere.change({ [name]: value });
                      }
                    }}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <Slider
          label="learning rate"
          value={rate}
          min={0}
          max={1}
          step={0.01}
          digits={3}
          onChange={(value) => {
            elsewhere.change({ rate: value });
          }}
        />
        <Slider
          label="penalty λ, on w²"
          value={penalty}
          min={0}
          max={1}
          step={0.01}
          onChange={(value) => {
            elsewhere.change({ penalty: value });
          }}
        />
        <Check
          label="on b², too"
          value={penalizesBias}
          onChange={(value) => {
            elsewhere.change({ penalizesBias: value });
          }}
        />
        <div class="buttons">
          <button type="button" class="button" onClick={takeStep} disabled={isOut}>
            Take the step
          </button>
          <button
            type="button"
            class="button button-quiet"
            onClick={() => {
              elsewhere.change({ w: 0.5, b: 0, x: 2, y: 5, taken: 0 });
            }}
          >
            Begin again
          </button>
        </div>
      </div>
      <div class="lab-picture">
        <ol class="steps">
          <li>
            <h3>Forward</h3>
            <p class="arithmetic">
              ŷ = w·x + b = {n(w)} · {n(x)} + {n(b)} = <strong>{n(now.answer)}</strong>
            </p>
          </li>
          <li>
            <h3>Loss</h3>
            <p class="arithmetic">
              (ŷ − y)² = ({n(now.answer)} − {n(y)})² = {n(now.error)}
              {penalty > 0 && (
                <>
                  , and λw²{penalizesBias ? " + λb²" : ""} = {n(now.loss - now.error)}
                </>
              )}
              , together <strong>{n(now.loss)}</strong>
            </p>
          </li>
          <li>
            <h3>Gradient</h3>
            <p class="arithmetic">
              along w: 2 (ŷ − y) x{penalty > 0 ? " + 2λw" : ""} = 2 · {n(off)} · {n(x)}
              {penalty > 0 ? ` + 2 · ${n(penalty)} · ${n(w)}` : ""} ={" "}
              <strong>{n(now.slopeW)}</strong>
            </p>
            <p class="arithmetic">
              along b: 2 (ŷ − y){penalty > 0 && penalizesBias ? " + 2λb" : ""} = 2 · {n(off)}
              {penalty > 0 && penalizesBias ? ` + 2 · ${n(penalty)} · ${n(b)}` : ""} ={" "}
              <strong>{n(now.slopeB)}</strong>
            </p>
          </li>
          <li>
            <h3>Update</h3>
            <p class="arithmetic">
              w ← {n(w)} − {n(rate)} · {n(now.slopeW)} = <strong>{n(now.next.w)}</strong>
            </p>
            <p class="arithmetic">
              b ← {n(b)} − {n(rate)} · {n(now.slopeB)} = <strong>{n(now.next.b)}</strong>
            </p>
          </li>
        </ol>
        <p class="verdict" role="status">
          {`${count(taken)} ${taken === 1 ? "step is" : "steps are"} taken. `}
          {isOut
            ? "The next step would lead beyond 1,000: the rate is too high. Lower it, or begin again."
            : after.loss < now.loss - 1e-12
              ? `The next one brings the loss from ${n(now.loss)} to ${n(after.loss)}.`
              : after.loss > now.loss + 1e-12
                ? `The next one would raise the loss to ${n(after.loss)}: the rate is too high.`
                : "The loss stays as it is."}
        </p>
        <p class="formula quiet">
          The bias begins at 0: kernels that differ are enough to tell units apart. It is mostly
          left out of the penalty, for a line should not be dearer for lying far from 0.
        </p>
      </div>
    </section>
  );
}

function n(value: number): string {
  return Math.abs(value) < 1e6 ? number(Number(fixedPlain(value))) : number(value);
}

function fixedPlain(value: number): string {
  return fixed(value, 4).replace("−", "-");
}
