/** How a weight's numbers are spread: counts of equally wide bins, none of which has 0 inside. */

import type { Values } from "../loader/artefacts";

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export interface Histogram {
  readonly bins: readonly Bin[];
  /** Of the fullest bin. */
  readonly most: number;
}

/** Fewer numbers are better shown one by one. */
export const MANY = 32;
const FEWEST_BINS = 8;
const MOST_BINS = 32;

/** Of the finite values, whose ends are known already. */
export function histogram(values: Values, min: number, max: number): Histogram {
  if (min === max) {
    const count = counted(values, min, 1, 1)[0] ?? 0;
    return { bins: [{ from: min, to: max, count }], most: count };
  }
  const wanted = Math.ceil(Math.sqrt(values.length));
  const rough = Math.min(MOST_BINS, Math.max(FEWEST_BINS, wanted));
  // Halves first: the whole range of the largest numbers is no number any more.
  const width = max / rough - min / rough;
  const first = min < 0 && max > 0 ? Math.floor(min / width) * width : min;
  const bins = Math.max(1, Math.ceil((max - first) / width - 1e-9));
  const counts = counted(values, first, width, bins);
  return {
    bins: counts.map((count, index) => ({
      from: edge(first, width, index),
      to:
        index === bins - 1
          ? Math.max(max, edge(first, width, bins))
          : edge(first, width, index + 1),
      count,
    })),
    most: Math.max(...counts),
  };
}

/** Exactly 0 where 0 is meant. */
function edge(first: number, width: number, index: number): number {
  const whole = Math.round(first / width);
  return Math.abs(first - whole * width) < width * 1e-9
    ? (whole + index) * width
    : first + index * width;
}

function counted(values: Values, first: number, width: number, bins: number): readonly number[] {
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of values) {
    if (Number.isFinite(value)) {
      const bin = Math.min(bins - 1, Math.max(0, Math.floor((value - first) / width)));
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
  }
  return counts;
}
