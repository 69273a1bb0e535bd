/** What attention is, in plain loops over positions. */

import * as tf from "@tensorflow/tfjs";
import { valuesOf } from "./measuring";

/** A kernel and its bias, whose shape is right-aligned to what comes out: 1 is shared. */
export interface Linear {
  readonly kernel: tf.Tensor;
  readonly bias: tf.Tensor | null;
}

export interface Attending {
  readonly query: tf.Tensor;
  readonly value: tf.Tensor;
  readonly key: tf.Tensor;
  readonly linear: Readonly<Record<"query" | "key" | "value" | "output", Linear>> & {
    readonly gate?: Linear;
  };
  /** Axes that are attended over, the batch being 0. */
  readonly axes: readonly number[];
  /** Whether a target sees a source, both by their places along all axes but the last. */
  readonly sees: (target: readonly number[], source: readonly number[]) => boolean;
  /** What a target that sees no source has of each. */
  readonly blind: "nothing" | "equal shares";
}

/** The numbers of the output, and the shares by head, target and source. */
export interface Attended {
  readonly output: number[];
  readonly shares: (head: number, target: readonly number[], source: readonly number[]) => number;
}

/** Attention over all sources that differ from the target along the axes only. */
export function attended({ query, value, key, linear, ...of }: Attending): Attended {
  const [targets, sources] = [placesOf(query), placesOf(value)];
  const q = applied(linear.query, query);
  const k = applied(linear.key, key);
  const v = applied(linear.value, value);
  const gate = linear.gate && applied(linear.gate, query);
  const [, heads = 0, size = 0] = linear.query.kernel.shape;
  const [, sourceHeads = 0, valueSize = 0] = linear.value.kernel.shape;
  const shared = heads / sourceHeads;
  const shares = new Map<string, number>();
  const rows = targets.map((target, row) => {
    const made: number[] = [];
    for (let head = 0; head < heads; head++) {
      const shownHead = Math.floor(head / shared);
      const beside = sources.flatMap((source, index) =>
        source.every((place, axis) => of.axes.includes(axis) || place === target[axis])
          ? [index]
          : [],
      );
      const seen = beside.filter((index) => of.sees(target, sources[index] ?? []));
      const powers = beside.map((index) => {
        let score = 0;
        for (let at = 0; at < size; at++) {
          const from = q[row]?.[head * size + at] ?? NaN;
          score += from * (k[index]?.[shownHead * size + at] ?? NaN);
        }
        return seen.includes(index) ? Math.exp(score / Math.sqrt(size)) : 0;
      });
      const sum = powers.reduce((total, power) => total + power, 0);
      const parts = powers.map((power) =>
        seen.length ? power / sum : of.blind === "nothing" ? 0 : 1 / beside.length,
      );
      beside.forEach((index, at) => {
        shares.set(placeOf(head, target, sources[index] ?? []), parts[at] ?? NaN);
      });
      for (let at = 0; at < valueSize; at++) {
        const sumOf = beside.reduce(
          (total, index, part) =>
            total + (parts[part] ?? NaN) * (v[index]?.[shownHead * valueSize + at] ?? NaN),
          0,
        );
        const opened = gate ? 1 / (1 + Math.exp(-(gate[row]?.[head * valueSize + at] ?? NaN))) : 1;
        made.push(sumOf * opened);
      }
    }
    return made;
  });
  return {
    output: rows.flatMap((row, index) => through(linear.output, row, targets[index] ?? [])),
    shares: (head, target, source) => shares.get(placeOf(head, target, source)) ?? NaN,
  };
}

/** All places along all axes but the last, in the order of the numbers. */
export function placesOf(x: tf.Tensor): number[][] {
  return x.shape
    .slice(0, -1)
    .reduce<number[][]>(
      (places, size) =>
        places.flatMap((place) => Array.from({ length: size }, (_, at) => [...place, at])),
      [[]],
    );
}

function applied(linear: Linear, x: tf.Tensor): number[][] {
  const [values, size] = [valuesOf(x), x.shape.at(-1) ?? 0];
  return placesOf(x).map((place, row) =>
    through(linear, values.slice(row * size, (row + 1) * size), place),
  );
}

/** One position through a kernel, and the bias that belongs there. */
function through({ kernel, bias }: Linear, row: readonly number[], place: number[]): number[] {
  const weights = valuesOf(kernel);
  const made = weights.length / row.length;
  const sizes = madeSizes(kernel, row.length);
  return Array.from({ length: made }, (_, column) => {
    const sum = row.reduce((total, x, at) => total + x * (weights[at * made + column] ?? NaN), 0);
    return sum + (bias ? biasAt(bias, [...place.slice(1), ...indices(column, sizes)]) : 0);
  });
}

/** The kernel's last axes: those behind the ones that the input has. */
function madeSizes(kernel: tf.Tensor, inputs: number): number[] {
  let [axis, size] = [0, 1];
  while (size < inputs || (axis === 0 && size === inputs)) {
    size *= kernel.shape[axis++] ?? inputs;
  }
  return kernel.shape.slice(axis);
}

function indices(flat: number, sizes: readonly number[]): number[] {
  return sizes.map((size, axis) => {
    const step = sizes.slice(axis + 1).reduce((total, each) => total * each, 1);
    return Math.floor(flat / step) % size;
  });
}

function biasAt(bias: tf.Tensor, place: readonly number[]): number {
  const own = place.slice(place.length - bias.rank);
  const flat = bias.shape.reduce(
    (total, size, axis) => total * size + (size === 1 ? 0 : (own[axis] ?? NaN)),
    0,
  );
  return valuesOf(bias)[flat] ?? NaN;
}

function placeOf(head: number, target: readonly number[], source: readonly number[]): string {
  return [head, "of", ...target, "sees", ...source].join(" ");
}

/** The weights by the names of their projections. */
export function linearOf(layer: tf.layers.Layer): Attending["linear"] {
  const found: Record<string, { kernel?: tf.Tensor; bias?: tf.Tensor }> = {};
  for (const weight of layer.weights) {
    const [projection = "", kind = ""] = weight.originalName.split("/").slice(-2);
    const name = projection === "attention_output" ? "output" : projection;
    found[name] = { ...found[name], [kind]: weight.read() };
  }
  const linear = Object.entries(found).map(([name, { kernel, bias }]) => [
    name,
    { kernel: kernel ?? tf.scalar(NaN), bias: bias ?? null } satisfies Linear,
  ]);
  return Object.fromEntries(linear) as Attending["linear"];
}
