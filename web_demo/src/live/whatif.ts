/** What comes out if a bias were another: each number its mean, 0, or what somebody wants it to be. */

import { type Living, setValues, valuesOf } from "./living";
import type { Results } from "./predict";

export type Mode = "asIs" | "mean" | "zero" | "edited";

/** By the bias's name; who is not in it stays as it is. */
export type Changes = ReadonlyMap<string, Change>;

export interface Change {
  readonly mode: Mode;
  /** Of "edited". */
  readonly values: Float32Array | null;
}

export interface Difference {
  readonly max: number;
  readonly mean: number;
}

export function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** The numbers of a bias after a change. */
export function changed(values: Float32Array, { mode, values: edited }: Change): Float32Array {
  switch (mode) {
    case "asIs":
      return values;
    case "mean":
      return new Float32Array(values.length).fill(mean(values));
    case "zero":
      return new Float32Array(values.length);
    case "edited":
      return edited?.length === values.length ? edited : values;
  }
}

/** Changes the model's biases; the function that it gives changes them back. */
export function withChanges(living: Living, changes: Changes): () => void {
  const before = [...changes].flatMap(([name, change]) => {
    const weight = living.weights.get(name);
    if (!weight) {
      return [];
    }
    const values = valuesOf(weight);
    setValues(living, weight, changed(values, change));
    return [[weight, values] as const];
  });
  return () => {
    before.forEach(([weight, values]) => {
      setValues(living, weight, values);
    });
  };
}

/** How far two runs on the same samples are apart, output by output. */
export function differences(one: Results, other: Results): readonly Difference[] {
  return one.outputs.map((values, index) => {
    const others = other.outputs[index] ?? values;
    let [max, sum] = [0, 0];
    values.forEach((value, at) => {
      const apart = Math.abs(value - (others[at] ?? NaN));
      max = apart > max || Number.isNaN(apart) ? apart : max;
      sum += apart;
    });
    return { max, mean: sum / Math.max(1, values.length) };
  });
}

/** Below this, in relation to what comes out, single precision cannot tell a difference from none. */
const ROUNDING = 1e-6;

/** Whether nothing changed that is more than rounding. */
export function isNothing(apart: readonly Difference[], results: Results): boolean {
  return apart.every(({ max }, index) => {
    const largest = (results.outputs[index] ?? new Float32Array()).reduce(
      (most, value) => Math.max(most, Math.abs(value)),
      0,
    );
    return max <= ROUNDING * Math.max(1e-3, largest);
  });
}
