/** By how much numbers differ, all in all and unit by unit. */

export interface Delta {
  /** Over all pairs of which both are numbers; null if there are none. */
  readonly max: number | null;
  readonly mean: number | null;
  /** Where the largest difference is, in a flat list. */
  readonly at: number;
  /** How many are not equal; NaN equals NaN. */
  readonly unequal: number;
  readonly size: number;
}

/** Of two lists that are equally long. */
export function delta(a: ArrayLike<number>, b: ArrayLike<number>): Delta {
  let [max, at, sum, compared, unequal] = [-1, 0, 0, 0, 0];
  for (let index = 0; index < a.length; index += 1) {
    const difference = between(a[index] ?? NaN, b[index] ?? NaN);
    unequal += difference === 0 ? 0 : 1;
    if (!Number.isNaN(difference)) {
      compared += 1;
      sum += difference;
      if (difference > max) {
        max = difference;
        at = index;
      }
    }
  }
  return compared === 0
    ? { max: null, mean: null, at, unequal, size: a.length }
    : { max, mean: sum / compared, at, unequal, size: a.length };
}

/** The largest difference for each index of the last axis, of which there are `units`. */
export function deltaByUnit(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  units: number,
): Float64Array {
  const largest = new Float64Array(units);
  for (let index = 0; index < a.length; index += 1) {
    const unit = index % units;
    const difference = between(a[index] ?? NaN, b[index] ?? NaN);
    if (Number.isNaN(difference) || difference > (largest[unit] ?? 0)) {
      largest[unit] = difference;
    }
  }
  return largest;
}

/** 0 for equal ones, of which infinities and NaN are some; NaN if one alone is NaN. */
function between(a: number, b: number): number {
  return a === b || (Number.isNaN(a) && Number.isNaN(b)) ? 0 : Math.abs(a - b);
}
