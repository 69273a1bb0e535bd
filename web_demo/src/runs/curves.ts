/** From a run's samples to lines: of loss and metrics, and of the numbers of a bias. */

import { ticks, type Range } from "../learn/scale";
import type { Run } from "./history";
import type { Sample } from "./told";

export type Point = readonly [step: number, value: number];

export interface Curve {
  readonly title: string;
  readonly kind: "batch" | "epoch" | "validation";
  readonly points: readonly Point[];
}

const VALIDATION = "val_";
/** Points of a line, at most: no picture here is wider. */
const FINE = 400;

/** Names of loss and metrics, the loss first; a validated one goes by the name of the trained. */
export function curveNames(runs: readonly Run[]): readonly string[] {
  const names = new Set(
    runs.flatMap(({ batches, epochs }) =>
      [batches.samples.at(-1), epochs.samples.at(-1)].flatMap((sample) =>
        [...(sample?.logs.keys() ?? [])].map(trainedName),
      ),
    ),
  );
  names.delete("loss");
  return ["loss", ...names];
}

/** Within epochs only where there is more to see than at their ends. */
export function curves({ batches, epochs }: Run, name: string): readonly Curve[] {
  const isFine = batches.samples.length > 2 * epochs.samples.length;
  const found: readonly Curve[] = [
    {
      title: `${name}, within epochs`,
      kind: "batch",
      points: points(isFine ? batches.samples : [], name),
    },
    { title: name, kind: "epoch", points: points(epochs.samples, name) },
    {
      title: VALIDATION + name,
      kind: "validation",
      points: points(epochs.samples, VALIDATION + name),
    },
  ];
  return found.filter((curve) => curve.points.length > 0);
}

/** The way of each number of a bias. */
export function biasLines(samples: readonly Sample[], bias: number): readonly (readonly Point[])[] {
  const some = spread(samples);
  const units = some.at(-1)?.biases[bias]?.length ?? 0;
  return Array.from({ length: units }, (_, unit) =>
    some.map(({ step, biases }): Point => [step, biases[bias]?.[unit] ?? NaN]),
  );
}

/** Every so many of them, the last among them. */
export function spread<T>(all: readonly T[], most: number = FINE): readonly T[] {
  const every = Math.max(1, Math.ceil(all.length / most));
  return all.filter((_, index) => (all.length - 1 - index) % every === 0);
}

/** A line in pieces: none where a value is not finite. */
export function pieces(line: readonly Point[]): readonly (readonly Point[])[] {
  const found: Point[][] = [[]];
  for (const point of line) {
    if (Number.isFinite(point[1])) {
      found.at(-1)?.push(point);
    } else if (found.at(-1)?.length) {
      found.push([]);
    }
  }
  return found.filter((piece) => piece.length > 0);
}

/** Where a line ends, for who wants to mark it. */
export function lastFinite(line: readonly Point[]): Point | null {
  return pieces(line).at(-1)?.at(-1) ?? null;
}

/** What all lines lie in, with a little room; around 0 if there is nothing. */
export function extent(lines: readonly (readonly Point[])[], room = 0.06): Range {
  let [low, high] = [Infinity, -Infinity];
  for (const line of lines) {
    for (const [, value] of line) {
      if (Number.isFinite(value)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
  }
  if (low > high) {
    return [-1, 1];
  }
  const margin = (high - low) * room || Math.abs(high) * 0.1 || 1;
  return [low - margin, high + margin];
}

/** Curves of what is never below 0, such as a loss, stand on 0. */
export function curveExtent(found: readonly Curve[]): Range {
  const [low, high] = extent(found.map(({ points: line }) => line));
  const isPositive = found.every(({ points: line }) => line.every(([, value]) => !(value < 0)));
  return isPositive ? [0, high] : [low, high];
}

/** The same by powers of ten; what is not above 0 has none. */
export function logarithmic(found: readonly Curve[]): readonly Curve[] {
  return found.map((curve) => ({
    ...curve,
    points: curve.points.map(([step, value]): Point => [step, value > 0 ? Math.log10(value) : NaN]),
  }));
}

/** Marks for logarithms: powers of ten, with 2 and 5 between them where there are few. */
export function logarithmicTicks([low, high]: Range): readonly number[] {
  const powers = ticks([low, high], 5).filter((value) => Number.isInteger(value));
  if (powers.length >= 3) {
    return powers;
  }
  const decades = Array.from(
    { length: Math.ceil(high) - Math.floor(low) + 1 },
    (_, index) => Math.floor(low) + index,
  );
  return decades
    .flatMap((decade) => [1, 2, 5].map((factor) => decade + Math.log10(factor)))
    .filter((value) => value >= low && value <= high);
}

/** A mark's number, short enough to stand beside an axis. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  const rounded = Number(value.toPrecision(3));
  return size !== 0 && (size < 1e-3 || size >= 1e5)
    ? rounded.toExponential().replace("e+", "e").replaceAll("-", "−")
    : String(rounded).replace("-", "−");
}

function points(samples: readonly Sample[], name: string): readonly Point[] {
  return spread(
    samples.flatMap(({ step, logs }): Point[] => {
      const value = logs.get(name);
      return value === undefined ? [] : [[step, value]];
    }),
  );
}

function trainedName(name: string): string {
  return name.startsWith(VALIDATION) ? name.slice(VALIDATION.length) : name;
}
