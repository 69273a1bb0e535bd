/** Where the biases of a net went in training, and a way back to any step. */

import { boundary, looked, past } from "../../../learn/boundary";
import { at, KINDS, UNITS } from "../../../learn/mlp";
import { MOST_STEPS, netOf } from "../../../learn/run";
import { apart, path } from "../../../learn/scale";
import { fixed } from "../../../model/words";
import { Choice } from "../../Choice";
import { Figure } from "../../Figure";
import { Plot } from "../../Plot";
import { Slider } from "../../Slider";
import { KIND_TITLES } from "./titles";

const EACH = Array.from({ length: UNITS }, (_, unit) => unit);
/** Points of a line, at most. */
const FINE = 200;

export function Traces() {
  const { traced, steps } = boundary.state.value;
  const kind = KINDS.indexOf(traced);
  const known = past.value;
  const bias = (step: number, unit: number): number => {
    const nets = known[Math.min(step, known.length - 1)];
    return nets ? (netOf(nets, kind)[at.bias1(unit)] ?? 0) : 0;
  };
  const every = Math.max(1, Math.ceil(known.length / FINE));
  const shown = known.flatMap((_, step) =>
    step % every === 0 || step === known.length - 1 ? [step] : [],
  );
  const largest = Math.max(
    1,
    ...shown.flatMap((step) => EACH.map((unit) => Math.abs(bias(step, unit)))),
  );
  const limit = Math.ceil(largest * 1.05);
  const table = shown.filter((_, index) => index % Math.ceil(shown.length / 20) === 0);
  return (
    <section class="lab" aria-labelledby="traces-title">
      <div class="lab-controls">
        <h2 id="traces-title">Where the biases went</h2>
        <p class="quiet">
          They begin at 0, or at 1 where they are fixed. Go back to any step, move a line, and train
          on from there.
        </p>
        <Choice
          label="Net"
          options={KINDS.map((name) => [name, KIND_TITLES[name]] as const)}
          value={traced}
          onChange={(name) => {
            boundary.change({ traced: name });
          }}
        />
        <Slider
          label="Step that is shown"
          value={looked.value}
          min={0}
          max={Math.max(1, steps)}
          step={1}
          digits={0}
          onChange={(step) => {
            const whole = Math.round(step);
            boundary.change({ look: whole >= steps ? -1 : whole });
          }}
        />
      </div>
      <div class="lab-picture">
        <Figure
          title={`Hidden biases: ${KIND_TITLES[traced].toLowerCase()}`}
          caption="Along the steps of training; each has its unit’s number."
          numbers={() => ({
            head: ["step", ...EACH.map((unit) => `b${unit + 1}`)],
            rows: table.map((step) => [String(step), ...EACH.map((unit) => bias(step, unit))]),
          })}
        >
          <Plot
            label={`The five hidden biases along ${steps} steps. At step ${looked.value} they are ${EACH.map((unit) => fixed(bias(looked.value, unit), 2)).join(", ")}.`}
            x={[0, MOST_STEPS]}
            y={[-limit, limit]}
            xTitle="step"
            yTitle="b"
            height={280}
            roomRight={30}
          >
            {({ x, y, top, bottom }) => {
              const last = shown.at(-1) ?? 0;
              const heights = apart(
                EACH.map((unit) => y(bias(last, unit)) + 4),
                12,
              );
              return (
                <g aria-hidden="true">
                  {EACH.map((unit) => (
                    <path
                      key={unit}
                      class={`trace unit-${unit}`}
                      d={path(shown.map((step) => [x(step), y(bias(step, unit))]))}
                    />
                  ))}
                  <path class="looked" d={`M${x(looked.value)} ${top}V${bottom}`} />
                  {traced === "scalar" || traced === "fixed" || traced === "none" ? (
                    <text class="line-name" x={x(last) + 6} y={y(bias(last, 0)) - 6}>
                      1–5
                    </text>
                  ) : (
                    EACH.map((unit) => (
                      <text key={unit} class="line-name" x={x(last) + 6} y={heights[unit]}>
                        {unit + 1}
                      </text>
                    ))
                  )}
                </g>
              );
            }}
          </Plot>
        </Figure>
      </div>
    </section>
  );
}
