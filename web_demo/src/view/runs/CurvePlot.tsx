/** Loss or a metric along the steps: within epochs, at their ends, and validated. */

import { path, ticks } from "../../learn/scale";
import { number } from "../../model/words";
import {
  type Curve,
  curveExtent,
  curves,
  lastFinite,
  logarithmic,
  logarithmicTicks,
  pieces,
  spread,
  tickText,
} from "../../runs/curves";
import type { Run } from "../../runs/history";
import { type Axes, isLogarithmic } from "../../runs/live";
import { Figure } from "../Figure";
import { Plot } from "../Plot";

interface Props {
  readonly run: Run;
  readonly name: string;
  /** The step that is looked at. */
  readonly step: number;
  readonly axes: Axes;
}

/** Rows of the table. */
const ROWS = 40;
const TICKS = 4;

export function CurvePlot({ run, name, step, axes }: Props) {
  const found = curves(run, name);
  const drawn = isLogarithmic.value ? logarithmic(found) : found;
  const range = axes.curve ?? curveExtent(drawn);
  const isEmpty = drawn.every(({ points }) => lastFinite(points) === null);
  const title = name === "loss" ? "Loss" : name;
  return (
    <Figure title={title} caption={<Legend found={found} />} numbers={() => table(found)}>
      {isEmpty ? (
        <p class="quiet run-empty">
          {found.length === 0 ? "Nothing told yet." : "No number here can be drawn."}
        </p>
      ) : (
        <Plot
          label={said(title, found)}
          x={axes.x}
          y={range}
          xTitle="step"
          yTitle={isLogarithmic.value ? `${name}, logarithmic` : name}
          height={220}
          roomLeft={56}
          yName={(value) => tickText(isLogarithmic.value ? 10 ** value : value)}
          yTicks={isLogarithmic.value ? logarithmicTicks(range) : ticks(range, TICKS)}
        >
          {({ x, y, top, bottom, clip }) => (
            <g aria-hidden="true">
              <g clip-path={clip}>
                {drawn.map((curve) => (
                  <Line key={curve.kind} curve={curve} x={x} y={y} />
                ))}
              </g>
              <path class="looked" d={`M${x(step)} ${top}V${bottom}`} />
              {drawn.map(({ kind, points }) => {
                const end = kind === "batch" ? null : lastFinite(points);
                return (
                  end && (
                    <circle
                      key={kind}
                      class={`curve-dot curve-${kind}`}
                      cx={x(end[0])}
                      cy={y(end[1])}
                      r="3.5"
                    />
                  )
                );
              })}
            </g>
          )}
        </Plot>
      )}
    </Figure>
  );
}

interface LineProps {
  readonly curve: Curve;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

function Line({ curve: { kind, points }, x, y }: LineProps) {
  const d = pieces(points)
    .map((piece) => path(piece.map(([step, value]) => [x(step), y(value)])))
    .join("");
  return <path class={`curve curve-${kind}`} d={d} />;
}

function Legend({ found }: { readonly found: readonly Curve[] }) {
  return (
    <span class="legend">
      {found.map(({ title, kind }) => (
        <span key={kind} class="legend-item">
          <svg width="22" height="8" viewBox="0 0 22 8" aria-hidden="true">
            <path class={`curve curve-${kind}`} d="M1 4H21" />
          </svg>
          {title}
        </span>
      ))}
    </span>
  );
}

function said(title: string, found: readonly Curve[]): string {
  const each = found.map(({ title: name, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    return first && last
      ? `${name} goes from ${number(first[1])} at step ${first[0]} to ${number(last[1])} at step ${last[0]}`
      : "";
  });
  return `${title} along the steps. ${each.join("; ")}.`;
}

function table(found: readonly Curve[]) {
  const steps = [...new Set(found.flatMap(({ points }) => points.map(([step]) => step)))];
  const values = found.map(({ points }) => new Map(points));
  return {
    head: ["step", ...found.map(({ title }) => title)],
    rows: spread(
      steps.sort((a, b) => a - b),
      ROWS,
    ).map((step) => [String(step), ...values.map((of) => of.get(step) ?? "")]),
  };
}
