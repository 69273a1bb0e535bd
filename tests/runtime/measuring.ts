/** What the tests of the twins measure with: seeded numbers, slopes, models saved and loaded. */

import * as tf from "@tensorflow/tfjs";
import { expect } from "vitest";

// Tests need no advice about faster backends.
tf.env().set("IS_TEST", true);

/** Numbers in [-1, 1) that are the same in every run. */
export function seeded(count: number, seed = 1): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** A tensor of seeded numbers. */
export function seededTensor(shape: readonly number[], seed = 1): tf.Tensor {
  return tf.tensor(seeded(product(shape), seed), [...shape]);
}

export function product(shape: readonly number[]): number {
  return shape.reduce((total, size) => total * size, 1);
}

export function valuesOf(x: tf.Tensor): number[] {
  return Array.from(x.dataSync());
}

/** float32 holds seven digits; a sum of some tens of products loses one of them. */
export const TOLERANCE = 1e-5;

/** As near as float32 lets it be, in relation to the largest number. */
export function expectNear(
  found: tf.Tensor,
  wanted: readonly number[],
  tolerance = TOLERANCE,
): void {
  const values = valuesOf(found);
  expect(values).toHaveLength(wanted.length);
  const largest = Math.max(1, ...wanted.filter(Number.isFinite).map(Math.abs));
  const apart = wanted.map((value, index) => {
    const other = values[index];
    return Object.is(value, other) || value === other ? 0 : Math.abs(value - (other ?? NaN));
  });
  const worst = apart.reduce((most, each) => (each <= most ? most : each), 0);
  expect(worst, `found ${String(values)} and wanted ${String(wanted)}`).toBeLessThanOrEqual(
    tolerance * largest,
  );
}

/**
 * The gradients of a weighted sum of `f`'s outputs are its slopes.
 *
 * Slopes are differences over 2^-6, an exact number of float32: off by the third derivative times
 * 1e-4, and by rounding, 1e-7 over that step. 2e-3 leaves room for both.
 */
export function expectTrueGradients(
  f: (...x: tf.Tensor[]) => tf.Tensor,
  inputs: readonly tf.Tensor[],
): void {
  const step = 2 ** -6;
  const loss = (...x: tf.Tensor[]): tf.Scalar =>
    tf.tidy(() => {
      const y = f(...x);
      return tf.sum(tf.mul(y, seededTensor(y.shape, 7)));
    });
  const found = tf.grads(loss)([...inputs]);
  inputs.forEach((input, place) => {
    const values = valuesOf(input);
    const slopes = values.map((value, index) => {
      const [above = NaN, below = NaN] = [value + step, value - step].map((moved) => {
        const x = tf.tensor(replaced(values, index, moved), input.shape);
        return loss(...replaced(inputs, place, x)).dataSync()[0];
      });
      return (above - below) / (2 * step);
    });
    const gradient = found[place];
    expect(gradient?.shape).toEqual(input.shape);
    expectNear(gradient ?? tf.scalar(NaN), slopes, 2e-3);
  });
}

function replaced<T>(values: readonly T[], at: number, by: T): T[] {
  return values.map((value, index) => (index === at ? by : value));
}

/** What `model.save` writes, through JSON as a file has it. */
export async function saved(model: tf.LayersModel): Promise<tf.io.ModelArtifacts> {
  const artifacts = await new Promise<tf.io.ModelArtifacts>((resolve, reject) => {
    const handler = tf.io.withSaveHandler((written) => {
      resolve(written);
      const modelArtifactsInfo = { dateSaved: new Date(0), modelTopologyType: "JSON" as const };
      return Promise.resolve({ modelArtifactsInfo });
    });
    model.save(handler).catch(reject);
  });
  const modelTopology = JSON.parse(JSON.stringify(artifacts.modelTopology)) as object;
  return { ...artifacts, modelTopology };
}

/** The model that `loadLayersModel` makes of what `model.save` wrote. */
export async function reloaded(model: tf.LayersModel): Promise<tf.LayersModel> {
  return tf.loadLayersModel(tf.io.fromMemory(await saved(model)));
}

/** The configurations of a saved model's layers, in the words of the file. */
export async function savedLayers(
  model: tf.LayersModel,
): Promise<readonly { class_name: string; config: Record<string, unknown> }[]> {
  const { modelTopology } = await saved(model);
  return (modelTopology as { config: { layers: [] } }).config.layers;
}

/** A model of one layer, on inputs of these shapes without batch, its weights seeded. */
export function modelOf(
  layer: tf.layers.Layer,
  ...shapes: readonly (readonly (number | null)[])[]
): tf.LayersModel {
  const inputs = shapes.map((shape) => tf.input({ shape: [...shape] }));
  const outputs = layer.apply(one(inputs)) as tf.SymbolicTensor;
  const model = tf.model({ inputs, outputs });
  seedWeights(model);
  return model;
}

/** Every weight changed: zeros and ones hide mistakes. Between 0.5 and 1.5, as variances must be. */
export function seedWeights(model: tf.LayersModel): void {
  const weights = model.weights.map(({ shape }, index) => {
    const sizes = shape as number[];
    return tf.tensor(
      seeded(product(sizes), index + 3).map((value) => 1 + value / 2),
      sizes,
    );
  });
  model.setWeights(weights);
  tf.dispose(weights);
}

/** The layer's numbers, as those of a model. */
export function predicted(model: tf.LayersModel, ...inputs: readonly tf.Tensor[]): tf.Tensor {
  return model.predict(one(inputs)) as tf.Tensor;
}

function one<T>(values: readonly T[]): T | T[] {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : [...values];
}
