/** Where a bias went in training, and what it was at any step. */

import { useState } from "preact/hooks";
import { shown } from "../../loader/errors";
import { FOLLOWED, type History, pointAt } from "../../live/history";
import { followed, isTraining } from "../../live/training";
import { apart, path, type Range } from "../../learn/scale";
import { count, number } from "../../model/words";
import { Figure } from "../Figure";
import { Plot } from "../Plot";
import { Slider } from "../Slider";
import { thinned } from "./LossCurve";

/** Patterns of lines that are told apart without colour. */
const PATTERNS = 5;

export function Course({ history }: { readonly history: History }) {
  const [name, setName] = useState<string | null>(null);
  const [wanted, setWanted] = useState<number | null>(null);
  const all = followed.value;
  const index = Math.max(
    0,
    all.findIndex((bias) => bias.name === name),
  );
  const bias = all[index];
  const last = history.points.at(-1)?.step ?? 0;
  // Whoever looks at the last step wants to see the last.
  const step = isTraining.value || wanted === null ? last : Math.min(wanted, last);
  if (!bias) {
    return null;
  }
  const at = (point: History["points"][number]): readonly number[] => [
    ...(point.values[index] ?? []),
  ];
  const now = pointAt(history, step);
  const units = at(history.points[0] ?? { step: 0, loss: null, values: [] });
  const range = rangeOf(history.points.flatMap(at));
  const title = shown(bias.name);
  return (
    <div class="stack">
      <div class="toolbar">
        {all.length > 1 && (
          <div class="select-field">
            <label for="course-bias">Bias</label>
            <select
              id="course-bias"
              value={bias.name}
              onChange={({ currentTarget }) => {
                setName(currentTarget.value);
              }}
            >
              {all.map((each) => (
                <option key={each.name} value={each.name}>
                  {shown(each.name)}
                </option>
              ))}
            </select>
          </div>
        )}
        <div class="course-step">
          <Slider
            label="Step that is shown"
            value={step}
            min={0}
            max={Math.max(1, last)}
            step={1}
            digits={0}
            onChange={(next) => {
              setWanted(Math.round(next) >= last ? null : Math.round(next));
            }}
          />
        </div>
      </div>
      <Figure
        title={`Where ${title} went`}
        caption={
          bias.values.length > FOLLOWED
            ? `the first ${FOLLOWED} of ${count(bias.values.length)} numbers`
            : "each number by its index"
        }
        numbers={() => ({
          head: ["step", ...units.map((_, unit) => String(unit))],
          rows: thinned(history.points).map((point) => [String(point.step), ...at(point)]),
        })}
      >
        <Plot
          label={`${title} along ${last} steps. At step ${now?.step ?? 0}: ${(now ? at(now) : []).map(number).join(", ")}.`}
          x={[0, Math.max(10, last)]}
          y={range}
          xTitle="step"
          yTitle="bias"
          height={units.length > 8 ? 280 : 220}
          roomLeft={76}
          roomRight={28}
        >
          {({ x, y, top, bottom }) => {
            const ends = at(history.points.at(-1) ?? { step: 0, loss: null, values: [] });
            const heights = apart(
              ends.map((value) => y(value) + 4),
              12,
            );
            // Pushed apart they may stand too high: all of them down, then.
            const down = Math.max(0, top + 6 - Math.min(...heights));
            return (
              <g aria-hidden="true">
                {units.map((_, unit) => (
                  <path
                    key={unit}
                    class={`trace unit-${unit % PATTERNS}`}
                    d={path(
                      history.points.map((point) => [x(point.step), y(at(point)[unit] ?? 0)]),
                    )}
                  />
                ))}
                <path class="looked" d={`M${x(step)} ${top}V${bottom}`} />
                {heights.map((height, unit) => (
                  <text key={unit} class="line-name" x={x(last) + 6} y={height + down}>
                    {unit}
                  </text>
                ))}
              </g>
            );
          }}
        </Plot>
      </Figure>
      <p class="small course-values" aria-live="off">
        <span class="quiet">Step {count(now?.step ?? 0)}:</span>{" "}
        {(now ? at(now) : []).map(number).join(", ")}
      </p>
    </div>
  );
}

/** With some room; 0 in it only if that is near. */
function rangeOf(values: readonly number[]): Range {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = (high - low || Math.abs(high) || 1) * 0.08;
  return [low - room, high + room];
}
