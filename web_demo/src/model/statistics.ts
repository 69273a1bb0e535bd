/** What tfjs-vis says of a weight, and a little more; in one pass for counts, one for the spread. */

import type { Values } from "../loader/artefacts";

export interface Statistics {
  /** Over finite values, as are max, mean and std; null if there are none. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Of the whole population: a bias of one number has 0. */
  readonly std: number | null;
  readonly zeros: number;
  readonly nans: number;
  readonly infinities: number;
}

export function statistics(values: Values): Statistics {
  let [min, max, sum, finite] = [Infinity, -Infinity, 0, 0];
  let [zeros, nans, infinities] = [0, 0, 0];
  for (const value of values) {
    if (Number.isFinite(value)) {
      finite += 1;
      sum += value;
      min = value < min ? value : min;
      max = value > max ? value : max;
      zeros += value === 0 ? 1 : 0;
    } else if (Number.isNaN(value)) {
      nans += 1;
    } else {
      infinities += 1;
    }
  }
  if (finite === 0) {
    return { min: null, max: null, mean: null, std: null, zeros, nans, infinities };
  }
  const mean = sum / finite;
  let squares = 0;
  for (const value of values) {
    if (Number.isFinite(value)) {
      squares += (value - mean) ** 2;
    }
  }
  return { min, max, mean, std: Math.sqrt(squares / finite), zeros, nans, infinities };
}
