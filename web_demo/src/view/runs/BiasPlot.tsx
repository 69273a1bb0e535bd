/** The way of one bias along the steps: number by number, or of many their spread. */

import { apart, path, ticks } from "../../learn/scale";
import { shown } from "../../loader/errors";
import { count, number, weightShape } from "../../model/words";
import {
  biasLines,
  extent,
  lastFinite,
  pieces,
  type Point,
  spread,
  tickText,
} from "../../runs/curves";
import type { Axes } from "../../runs/live";
import type { BiasAbout, Sample } from "../../runs/told";
import { Figure } from "../Figure";
import { type Frame, Plot } from "../Plot";

interface Props {
  readonly bias: BiasAbout;
  readonly index: number;
  readonly samples: readonly Sample[];
  /** The one that is looked at. */
  readonly sample: Sample | null;
  readonly axes: Axes;
}

/** Rows of the table, lines that are told apart by dashes, and those that have their number. */
const ROWS = 40;
const DASHES = 5;
const NAMED = 8;
const SPREAD = [
  "minimum",
  "lower quartile",
  "median",
  "upper quartile",
  "maximum",
  "mean",
] as const;
const MEAN = 5;
const TICKS = 4;

export function BiasPlot({ bias, index, samples, sample, axes }: Props) {
  const lines = biasLines(samples, index);
  const drawn = bias.isSummary ? lines.slice(0, SPREAD.length) : lines;
  const values = (sample?.biases[index] ?? []).slice(0, drawn.length);
  const names = bias.isSummary ? SPREAD : drawn.map((_, unit) => `b${unit + 1}`);
  const strangers = sample?.strangers[index] ?? 0;
  const title = `Bias of ${shown(bias.path)}`;
  const facts = [
    weightShape(bias.shape),
    bias.isSummary ? `spread of ${count(bias.size)} numbers` : null,
    bias.trainable ? null : "fixed",
    strangers > 0 ? `${count(strangers)} not finite` : null,
  ].filter((fact) => fact !== null);
  const range = extent([...drawn, [[0, 0]]]);
  const now = values.map((value, unit) => `${names[unit] ?? ""} ${number(value)}`);
  return (
    <Figure
      title={title}
      caption={facts.join(" · ")}
      numbers={() => ({
        head: ["step", ...names],
        rows: spread(samples, ROWS).map(({ step, biases }) => [
          String(step),
          ...(biases[index] ?? []).slice(0, names.length),
        ]),
      })}
    >
      <Plot
        label={`${title} along the steps. At step ${sample?.step ?? 0}: ${now.slice(0, 16).join(", ")}.`}
        x={axes.x}
        y={range}
        yTicks={ticks(range, TICKS)}
        xTitle="step"
        yTitle="b"
        height={170}
        yName={tickText}
        roomLeft={56}
        roomRight={bias.isSummary || drawn.length > NAMED || drawn.length === 1 ? 16 : 28}
      >
        {(frame) => (
          <g aria-hidden="true">
            {bias.isSummary ? (
              <Spread lines={drawn} frame={frame} />
            ) : (
              <Lines lines={drawn} frame={frame} />
            )}
            <path
              class="looked"
              d={`M${frame.x(sample?.step ?? 0)} ${frame.top}V${frame.bottom}`}
            />
          </g>
        )}
      </Plot>
    </Figure>
  );
}

interface Drawn {
  readonly lines: readonly (readonly Point[])[];
  readonly frame: Frame;
}

function Lines({ lines, frame: { x, y } }: Drawn) {
  const ends = lines.map(lastFinite);
  const heights = apart(
    ends.map((end) => y(end?.[1] ?? 0) + 4),
    12,
  );
  const isNamed = lines.length > 1 && lines.length <= NAMED;
  return (
    <>
      {lines.map((line, unit) => (
        <path
          key={unit}
          class={lines.length > NAMED ? "trace trace-thin" : `trace unit-${unit % DASHES}`}
          d={pieces(line)
            .map((piece) => path(piece.map(([step, value]) => [x(step), y(value)])))
            .join("")}
        />
      ))}
      {isNamed &&
        ends.map(
          (end, unit) =>
            end && (
              <text key={unit} class="line-name" x={x(end[0]) + 6} y={heights[unit]}>
                {unit + 1}
              </text>
            ),
        )}
    </>
  );
}

/** Two bands, from the least to the largest and between the quartiles, and the mean. */
function Spread({ lines, frame: { x, y } }: Drawn) {
  const band = (low: number, high: number): string => {
    const points = (line: number) =>
      (lines[line] ?? []).filter(([, value]) => Number.isFinite(value));
    const edge = [...points(high), ...[...points(low)].reverse()];
    return edge.length ? `${path(edge.map(([step, value]) => [x(step), y(value)]))}Z` : "";
  };
  const mean = pieces(lines[MEAN] ?? []).map((piece) =>
    path(piece.map(([step, value]) => [x(step), y(value)])),
  );
  return (
    <>
      <path class="band" d={band(0, 4)} />
      <path class="band" d={band(1, 3)} />
      <path class="trace" d={mean.join("")} />
    </>
  );
}
