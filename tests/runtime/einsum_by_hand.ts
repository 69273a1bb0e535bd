/** What an equation of letters says, in plain loops. */

import type * as tf from "@tensorflow/tfjs";
import { product, valuesOf } from "./measuring";

/** The sum over all letters that the output lacks, one product after another. */
export function byDefinition(equation: string, x: tf.Tensor, kernel: tf.Tensor): number[] {
  const [terms = "", output = ""] = equation.split("->");
  const [one = "", other = ""] = terms.split(",");
  const sizes = new Map<string, number>();
  for (const [term, { shape }] of [[one, x] as const, [other, kernel] as const]) {
    Array.from(term).forEach((letter, axis) => sizes.set(letter, shape[axis] ?? NaN));
  }
  const outputs = Array.from(output);
  const letters = [...outputs, ...[...sizes.keys()].filter((letter) => !output.includes(letter))];
  const place = (term: string, at: ReadonlyMap<string, number>): number =>
    Array.from(term).reduce((flat, each) => flat * (sizes.get(each) ?? 1) + (at.get(each) ?? 0), 0);
  const [left, right] = [valuesOf(x), valuesOf(kernel)];
  const sums = Array<number>(product(outputs.map((each) => sizes.get(each) ?? 1))).fill(0);
  const total = product([...sizes.values()]);
  for (let flat = 0; flat < total; flat++) {
    let rest = flat;
    const at = new Map<string, number>();
    for (const letter of [...letters].reverse()) {
      const size = sizes.get(letter) ?? 1;
      at.set(letter, rest % size);
      rest = Math.floor(rest / size);
    }
    const [to, from, by] = [place(output, at), place(one, at), place(other, at)];
    sums[to] = (sums[to] ?? NaN) + (left[from] ?? NaN) * (right[by] ?? NaN);
  }
  return sums;
}
