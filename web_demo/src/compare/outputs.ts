/** What two models give for the same samples, and by how much that differs. */

import { LiveError } from "../live/errors";
import type { Living } from "../live/living";
import type { Port } from "../live/ports";
import { type Results, rowOf } from "../live/predict";
import {
  inSample,
  MOST_IN_SAMPLE,
  possibleRows,
  product,
  type Sizes,
  usualSizes,
} from "../live/probe";
import { type Delta, delta } from "./numbers";

export interface OutputPair {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly delta: Delta;
  /** Samples for which the largest number stands in the same place; null where there is only one. */
  readonly agreeing: number | null;
  readonly rows: number;
  /** Of the first sample. */
  readonly a: ArrayLike<number>;
  readonly b: ArrayLike<number>;
}

const SAMPLES = 100;
/** What both can be fed with. */
export interface Shared {
  readonly inputs: readonly Port[];
  readonly sizes: readonly Sizes[];
  /** Samples at once, if that is fixed. */
  readonly batch: number | null;
  /** Samples that are fed when they are random. */
  readonly rows: number;
}

/** @throws LiveError CANNOT_RUN if they take other shapes, TOO_LARGE. */
export function sharedInputs(a: Living, b: Living): Shared {
  const joined = a.inputs.map((port, index) => joint(port, b.inputs[index]));
  const inputs = joined.filter((port) => port !== null);
  const isOtherBatch = a.batch !== null && b.batch !== null && a.batch !== b.batch;
  if (a.inputs.length !== b.inputs.length || inputs.length !== a.inputs.length || isOtherBatch) {
    throw unlike("take", a.inputs, b.inputs);
  }
  const sizes = inputs.map(usualSizes);
  const numbers = inSample(sizes);
  if (numbers > MOST_IN_SAMPLE) {
    throw new LiveError("TOO_LARGE", {
      where: "A sample",
      what: `It has ${numbers.toLocaleString("en")} numbers, and this page feeds up to ${MOST_IN_SAMPLE.toLocaleString("en")}.`,
      fix: "Compare what so large models give in Python.",
    });
  }
  const batch = a.batch ?? b.batch;
  return { inputs, sizes, batch, rows: possibleRows(SAMPLES, sizes, batch) };
}

/** @throws LiveError CANNOT_RUN if they give other shapes. */
export function outputPairs(a: Living, b: Living, inA: Results, inB: Results): OutputPair[] {
  const isAlike =
    inA.outputs.length === inB.outputs.length &&
    inA.sizes.every((sizes, index) => JSON.stringify(sizes) === JSON.stringify(inB.sizes[index]));
  if (!isAlike) {
    throw unlike("give", a.outputs, b.outputs);
  }
  return inA.outputs.map((values, index) => {
    const sizes = inA.sizes[index] ?? [];
    return {
      name: a.outputs[index]?.name ?? String(index),
      sizes,
      delta: delta(values, inB.outputs[index] ?? []),
      agreeing: product(sizes) > 1 ? agreeing(inA, inB, index) : null,
      rows: inA.rows,
      a: rowOf(inA, index, 0),
      b: rowOf(inB, index, 0),
    };
  });
}

/** An input that is fed to both: an axis that is free in one is as the other has it. */
function joint(a: Port, b: Port | undefined): Port | null {
  if (b?.shape.length !== a.shape.length || a.dtype !== b.dtype) {
    return null;
  }
  const shape = a.shape.map((size, axis) => size ?? b.shape[axis] ?? null);
  const isAlike = shape.every((size, axis) => (b.shape[axis] ?? size) === size);
  const limits = [a.below, b.below].filter((below) => below !== null);
  return isAlike ? { ...a, shape, below: limits.length ? Math.min(...limits) : null } : null;
}

function agreeing(a: Results, b: Results, output: number): number {
  let found = 0;
  for (let row = 0; row < a.rows; row += 1) {
    found += largest(rowOf(a, output, row)) === largest(rowOf(b, output, row)) ? 1 : 0;
  }
  return found;
}

function largest(values: Float32Array): number {
  return values.reduce((best, value, at) => (value > (values[best] ?? NaN) ? at : best), 0);
}

function unlike(verb: "give" | "take", a: readonly Port[], b: readonly Port[]): LiveError {
  const shapes = (ports: readonly Port[]): string =>
    ports
      .map(
        ({ shape, batch }) => `[${[batch ?? "batch", ...shape.map((s) => s ?? "?")].join(", ")}]`,
      )
      .join(" and ");
  return new LiveError("CANNOT_RUN", {
    where: "The two models",
    what: `A ${verb}s ${shapes(a)}, and B ${verb}s ${shapes(b)}, so they cannot be asked the same.`,
    fix: "Everything else is compared above.",
  });
}
