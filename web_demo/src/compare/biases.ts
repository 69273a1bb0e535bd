/** Two layers' biases as every unit has them, be they stored as one number or as many. */

import type { LayerRow } from "../model/describe";
import type { Pair } from "./align";
import { type Delta, delta } from "./numbers";

export interface BiasPair {
  readonly layers: Pair<LayerRow>;
  /** For each unit; null where a layer is missing, 0 where it adds nothing. */
  readonly a: ArrayLike<number> | null;
  readonly b: ArrayLike<number> | null;
  /** What an index counts. */
  readonly each: "unit" | "number";
  /** Null if one has none. */
  readonly delta: Delta | null;
}

/** Kinds that say what each unit adds. */
const BY_UNIT: ReadonlySet<string> = new Set(["absent", "scalar", "group", "vector"]);

/** A layer may say that it has any number of them; one number stands for each. */
const MOST_UNITS = 2 ** 20;

/** Null for layers without biases, or without numbers to show of them. */
export function biasPair(layers: Pair<LayerRow>): BiasPair | null {
  const { a, b } = layers;
  const [inA, inB] = [a && biasOf(a), b && biasOf(b)];
  if (!inA?.numbers && !inB?.numbers) {
    return null;
  }
  const both = [a, b].filter((layer) => layer !== null);
  const isByUnit = both.every((layer) => layer.bias && BY_UNIT.has(layer.bias.name));
  const units = Math.max(...both.map(unitsOf));
  const isPossible = Number.isInteger(units) && units > 0 && units <= MOST_UNITS;
  if (isByUnit && isPossible && both.every((layer) => unitsOf(layer) === units)) {
    return made(layers, a && spread(a, units), b && spread(b, units), "unit");
  }
  const isSameShape = !inA || !inB || JSON.stringify(inA.shape) === JSON.stringify(inB.shape);
  return isSameShape ? made(layers, inA?.numbers ?? null, inB?.numbers ?? null, "number") : null;
}

function made(
  layers: BiasPair["layers"],
  a: BiasPair["a"],
  b: BiasPair["b"],
  each: BiasPair["each"],
): BiasPair {
  return { layers, a, b, each, delta: a && b ? delta(a, b) : null };
}

function biasOf(layer: LayerRow) {
  return layer.weights.find((weight) => weight.isBias) ?? null;
}

/** The last axis of the output, or of the kernel. */
function unitsOf(layer: LayerRow): number {
  const kernel = layer.weights.find(({ name }) => /(?:^|\/)kernel$/u.test(name));
  const isVector = layer.bias?.name === "vector";
  return (
    (isVector ? biasOf(layer)?.size : null) ??
    layer.outputShape?.at(-1) ??
    kernel?.shape.at(-1) ??
    biasOf(layer)?.size ??
    0
  );
}

/** One number for each unit, of as many as are stored. */
function spread(layer: LayerRow, units: number): ArrayLike<number> | null {
  const bias = biasOf(layer);
  if (!bias) {
    return new Float64Array(units);
  }
  const { numbers } = bias;
  if (!numbers || numbers.length === 0 || units % numbers.length !== 0) {
    return null;
  }
  const block = units / numbers.length;
  return Float64Array.from(
    { length: units },
    (_, unit) => numbers[Math.floor(unit / block)] ?? NaN,
  );
}
