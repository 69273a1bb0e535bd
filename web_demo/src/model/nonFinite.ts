/** Weights with values that are no numbers to compute with: how many, and where the first is. */

import type { Values } from "../loader/artefacts";
import type { WeightRow } from "./describe";
import type { Notice } from "./notices";
import { count } from "./words";

export function brokenWeights(weights: readonly WeightRow[]): readonly Notice[] {
  return weights.flatMap(({ name, shape, size, statistics, numbers }) => {
    if (!statistics || !numbers || statistics.nans + statistics.infinities === 0) {
      return [];
    }
    const { nans, infinities } = statistics;
    const kinds = [
      ...(nans ? [`${count(nans)} ${nans === 1 ? "is" : "are"} NaN`] : []),
      ...(infinities ? [`${count(infinities)} ${infinities === 1 ? "is" : "are"} infinite`] : []),
    ].join(" and ");
    const why = nans
      ? " Whatever is added to NaN, or multiplied with it, is NaN."
      : " Infinity minus infinity, and infinity times 0, is NaN.";
    return [
      {
        code: "NON_FINITE",
        where: name,
        text: `Of ${count(size)} ${size === 1 ? "value" : "values"}, ${kinds}; the first is at ${place(firstBroken(numbers), shape)}.${why} They are counted and marked; min, max, mean and std are over the others.`,
        numbers: null,
      },
    ];
  });
}

function firstBroken(values: Values): number {
  return values.findIndex((value) => !Number.isFinite(value));
}

/** An index as one writes it in Python: `[2, 0]`. */
function place(flat: number, shape: readonly number[]): string {
  let rest = flat;
  const indices = [...shape].reverse().map((length) => {
    const index = rest % length;
    rest = (rest - index) / length;
    return index;
  });
  return `[${indices.reverse().join(", ")}]`;
}
