/** Samples through a model, a few rows at a time so that whoever waits can do other things. */

import type { Living } from "./living";
import { type Probe, product, rowsOf, type Sizes } from "./probe";
import type { Tensor } from "./tf";

export interface Results {
  readonly rows: number;
  /** For each output, row by row. */
  readonly outputs: readonly Float32Array[];
  readonly sizes: readonly Sizes[];
}

/** Rows that are done, and how to do some more. */
export interface Prediction {
  /** Does about so many rows; false when none is left. */
  readonly go: (rows: number) => boolean;
  readonly done: () => number;
  /** What came out, when all are done. */
  readonly results: () => Results;
}

export function prediction(living: Living, probe: Probe): Prediction {
  const parts: Float32Array[][] = [];
  let sizes: readonly Sizes[] = [];
  let done = 0;
  return {
    go: (rows) => {
      const to = Math.min(probe.rows, done + (living.batch ?? Math.max(1, rows)));
      const found = outputsOf(living, probe, done, to);
      sizes = found.sizes;
      found.outputs.forEach((values, index) => (parts[index] ??= []).push(values));
      done = to;
      return done < probe.rows;
    },
    done: () => done,
    results: () => ({ rows: done, outputs: parts.map(joined), sizes }),
  };
}

/** All rows at once. */
export function predicted(living: Living, probe: Probe): Results {
  const all = prediction(living, probe);
  while (all.go(probe.rows)) {
    // a model with a fixed batch takes more than one turn
  }
  return all.results();
}

/** The inputs' tensors, of the rows between two. */
export function fed(living: Living, probe: Probe, from: number, to: number): Tensor[] {
  return rowsOf(probe, from, to).map((values, index) => {
    const shape = [to - from, ...(probe.sizes[index] ?? [])];
    return living.tf.tensor(values, shape, living.inputs[index]?.dtype ?? "float32");
  });
}

function outputsOf(living: Living, probe: Probe, from: number, to: number): Results {
  const { tf, model } = living;
  model.resetStates(); // a stateful layer begins anew with each sample
  return tf.tidy(() => {
    const inputs = fed(living, probe, from, to);
    const given = model.predict(oneOrAll(inputs), { batchSize: to - from });
    const outputs = Array.isArray(given) ? given : [given];
    return {
      rows: to - from,
      // Copied: what tfjs gives may be an input that was handed through.
      outputs: outputs.map((output) => Float32Array.from(output.dataSync())),
      sizes: outputs.map(({ shape }) => shape.slice(1)),
    };
  });
}

export function oneOrAll<T>(values: T[]): T | T[] {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** The numbers of one row of an output. */
export function rowOf(results: Results, output: number, row: number): Float32Array {
  const size = product(results.sizes[output] ?? []);
  return (results.outputs[output] ?? new Float32Array()).subarray(row * size, (row + 1) * size);
}
