/** The loss along the steps, on a logarithmic axis. */

import type { History } from "../../live/history";
import { path, type Range } from "../../learn/scale";
import { count, number } from "../../model/words";
import { Figure } from "../Figure";
import { Plot } from "../Plot";

/** A loss of 0 has no logarithm. */
const LEAST = 1e-12;

export function LossCurve({ history }: { readonly history: History }) {
  const known = history.points.flatMap(({ step, loss }) =>
    loss === null ? [] : [{ step, loss, height: Math.log10(Math.max(LEAST, loss)) }],
  );
  const last = known.at(-1);
  const heights = known.map(({ height }) => height);
  const bounds: Range = [
    Math.floor(Math.min(...heights, Infinity)),
    Math.ceil(Math.max(...heights, -Infinity)),
  ];
  const range: Range =
    known.length === 0 ? [-1, 1] : [bounds[0], Math.max(bounds[0] + 1, bounds[1])];
  const steps = Math.max(10, history.points.at(-1)?.step ?? 0);
  const every = Math.max(1, Math.ceil((range[1] - range[0]) / 5));
  const ticks = powers(range, every);
  return (
    <Figure
      title="Loss"
      caption={
        last
          ? `${number(last.loss)} at step ${count(last.step)}, before that step was taken`
          : "of each step, before it is taken"
      }
      numbers={() => ({
        head: ["step", "loss"],
        rows: thinned(known).map(({ step, loss }) => [String(step), loss]),
      })}
    >
      <Plot
        label={
          last
            ? `The loss along ${steps} steps: ${number(known[0]?.loss ?? null)} at first, ${number(last.loss)} at step ${last.step}.`
            : "No step has been taken yet."
        }
        x={[0, steps]}
        y={range}
        xTitle="step"
        yTitle="loss, logarithmic"
        yTicks={ticks}
        yName={(power) => number(10 ** power)}
        roomLeft={76}
        height={200}
      >
        {({ x, y, clip }) => (
          <g aria-hidden="true" clip-path={clip} class="series-1">
            <path class="given" d={path(known.map(({ step, height }) => [x(step), y(height)]))} />
          </g>
        )}
      </Plot>
    </Figure>
  );
}

function powers([low, high]: Range, every: number): readonly number[] {
  return Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, at) => low + at * every);
}

/** So many rows as one reads. */
export function thinned<T>(all: readonly T[]): readonly T[] {
  const every = Math.ceil(all.length / 20);
  return all.filter((_, index) => index % every === 0 || index === all.length - 1);
}
