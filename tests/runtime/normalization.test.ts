/** BatchNormalization and LayerNormalization compute, and learn, what Keras's layers do. */

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { BatchNormalization, LayerNormalization, register } from "../../export/runtime/src/index";
import {
  expectNear,
  expectTrueGradients,
  modelOf,
  predicted,
  seededTensor,
  valuesOf,
} from "./measuring";

register();

const EPSILON = 1e-3;

/** What `keep` tells apart, each with the flat indices that belong to it. */
function groups(shape: readonly number[], keep: readonly number[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const count = shape.reduce((a, b) => a * b, 1);
  for (let flat = 0; flat < count; flat++) {
    const key = keep
      .map((axis) => Math.floor(flat / (strides[axis] ?? 1)) % (shape[axis] ?? 1))
      .join();
    found.set(key, [...(found.get(key) ?? []), flat]);
  }
  return found;
}

function momentsOf(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, variance: values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length };
}

interface Row {
  readonly axis: number;
  readonly shape: readonly number[];
  readonly center?: boolean;
  readonly scale?: boolean;
}

// As many steps as channels, and so on: an axis that is taken for another is not seen in any shape.
const ROWS: readonly Row[] = [
  { axis: -1, shape: [4, 3] },
  { axis: 1, shape: [4, 4, 4] },
  { axis: -2, shape: [3, 3, 3, 3] },
  { axis: 1, shape: [2, 3, 3, 3] },
  { axis: -1, shape: [2, 2, 3, 2, 2] },
  { axis: 1, shape: [2, 2, 2, 2, 2, 2] },
  { axis: 1, shape: [3, 3], center: false },
  { axis: 1, shape: [3, 3, 3], scale: false },
  { axis: 1, shape: [3, 3, 3], center: false, scale: false },
  { axis: 1, shape: [2, 1, 1] },
];

describe("BatchNormalization", () => {
  test.each(ROWS)("normalizes by its moving averages, %j", ({ shape, ...config }) => {
    const layer = new BatchNormalization(config);
    const model = modelOf(layer, shape.slice(1));
    const x = seededTensor(shape);

    const y = valuesOf(predicted(model, x));

    const { gamma, beta, mean, variance } = weightsOf(layer, config);
    const axis = (config.axis + shape.length) % shape.length;
    for (const [key, members] of groups(shape, [axis])) {
      const at = Number(key);
      for (const flat of members) {
        const input = valuesOf(x)[flat] ?? NaN;
        const wanted =
          ((input - (mean[at] ?? NaN)) / Math.sqrt((variance[at] ?? NaN) + EPSILON)) *
            (gamma[at] ?? 1) +
          (beta[at] ?? 0);
        expect(y[flat]).toBeCloseTo(wanted, 5);
      }
    }
  });

  test.each(ROWS)(
    "normalizes by the batch in training, and follows it, %j",
    ({ shape, ...config }) => {
      const layer = new BatchNormalization({ ...config, momentum: 0.75 });
      modelOf(layer, shape.slice(1));
      const x = seededTensor(shape);
      const before = weightsOf(layer, config);

      const y = valuesOf(layer.apply(x, { training: true }) as tf.Tensor);

      const after = weightsOf(layer, config);
      const axis = (config.axis + shape.length) % shape.length;
      for (const [key, members] of groups(shape, [axis])) {
        const at = Number(key);
        const { mean, variance } = momentsOf(members.map((flat) => valuesOf(x)[flat] ?? NaN));
        expect(after.mean[at]).toBeCloseTo(0.75 * (before.mean[at] ?? NaN) + 0.25 * mean, 5);
        expect(after.variance[at]).toBeCloseTo(
          0.75 * (before.variance[at] ?? NaN) + 0.25 * variance,
          5,
        );
        for (const flat of members) {
          const input = valuesOf(x)[flat] ?? NaN;
          const wanted =
            ((input - mean) / Math.sqrt(variance + EPSILON)) * (before.gamma[at] ?? 1) +
            (before.beta[at] ?? 0);
          expect(y[flat]).toBeCloseTo(wanted, 4);
        }
      }
    },
  );

  test("has its slopes as gradients, in training and out of it", () => {
    const layer = new BatchNormalization({ axis: 1, momentum: 1 });
    modelOf(layer, [3, 2]);
    const x = seededTensor([4, 3, 2]);

    expectTrueGradients((input) => layer.apply(input) as tf.Tensor, [x]);
    expectTrueGradients((input) => layer.apply(input, { training: true }) as tf.Tensor, [x]);
  });

  test("leaves its averages alone where it is frozen", () => {
    const layer = new BatchNormalization({ axis: 1, trainable: false });
    modelOf(layer, [3, 2]);
    const before = layer.getWeights().map(valuesOf);
    const x = seededTensor([4, 3, 2]);

    const [inTraining, otherwise] = [true, false].map((training) =>
      layer.apply(x, { training }),
    ) as [tf.Tensor, tf.Tensor];

    expect(layer.getWeights().map(valuesOf)).toEqual(before);
    expect(valuesOf(inTraining)).toEqual(valuesOf(otherwise));
  });

  test("leaves out of its moments what a mask does", () => {
    const layer = new BatchNormalization({ momentum: 0, center: false, scale: false });
    layer.build([null, 3, 1]);
    const x = tf.tensor3d([
      [[1], [1e6], [3]],
      [[NaN], [5], [7]],
    ]);
    const mask = tf.tensor2d(
      [
        [1, 0, 1],
        [0, 1, 1],
      ],
      [2, 3],
      "bool",
    );

    layer.call(x, { training: true, mask });

    const [mean, variance] = layer.getWeights().map((weight) => valuesOf(weight)[0]);
    expect(mean).toBeCloseTo(4, 5);
    expect(variance).toBeCloseTo(5, 5);
  });

  test("has Keras's weights in Keras's order, gamma and beta to be trained", () => {
    const layer = new BatchNormalization({ name: "bn" });
    layer.build([null, 3]);

    const names = (weights: readonly tf.LayerVariable[]): string[] =>
      weights.map((weight) => weight.originalName);
    expect(names(layer.weights)).toEqual(["gamma", "beta", "moving_mean", "moving_variance"]);
    expect(names(layer.trainableWeights)).toEqual(["gamma", "beta"]);
  });

  test("trains and lets go of all tensors, without gamma and beta too", async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.inputLayer({ inputShape: [3, 2] }),
        new BatchNormalization({ axis: 1, center: false, scale: false }),
        new BatchNormalization({ axis: 1 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 1 }),
      ],
    });
    model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
    const [x, y] = [seededTensor([8, 3, 2]), seededTensor([8, 1], 5)];
    const losses: number[] = [];
    for (let step = 0; step < 10; step++) {
      losses.push((await model.trainOnBatch(x, y)) as number);
    }

    expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0);
  });

  test("refuses an axis of unknown size", () => {
    const layer = new BatchNormalization({ name: "bn", axis: 1 });

    expect(() => layer.apply(tf.input({ shape: [null, 3] }))).toThrow(
      new Error(
        "Layer 'bn': the size of axis 1 is None (input shape (None, None, 3)), and a weight's shape needs it. Build the layer on a fixed size.",
      ),
    );
  });

  test("refuses several axes", () => {
    expect(() => new BatchNormalization({ name: "bn", axis: [1, 2] as unknown as number })).toThrow(
      new Error("Layer 'bn': axis=[1, 2] is not an axis. Use a whole number."),
    );
  });
});

describe("LayerNormalization", () => {
  test.each<{
    axis: number | number[];
    shape: number[];
    axes: number[];
    center?: boolean;
    scale?: boolean;
    rmsScaling?: boolean;
  }>([
    { axis: -1, shape: [3, 3], axes: [1] },
    { axis: 1, shape: [3, 3, 3], axes: [1] },
    { axis: [1, 2], shape: [2, 3, 3], axes: [1, 2] },
    { axis: [2, 1], shape: [2, 3, 3], axes: [1, 2] },
    { axis: [-2, -1], shape: [2, 2, 2, 3, 2], axes: [3, 4] },
    { axis: -1, shape: [3, 3], axes: [1], center: false },
    { axis: 1, shape: [3, 3, 3], axes: [1], scale: false },
    { axis: -1, shape: [3, 4], axes: [1], rmsScaling: true },
    { axis: 1, shape: [3, 3, 3], axes: [1], rmsScaling: true },
    { axis: [1, 2], shape: [2, 3, 3], axes: [1, 2], rmsScaling: true, scale: false },
  ])("normalizes over $axis of $shape, %j", ({ shape, axes, ...config }) => {
    const { center = true, scale = true, rmsScaling = false } = config;
    const layer = new LayerNormalization(config);
    const model = modelOf(layer, shape.slice(1));
    const x = tf.add(seededTensor(shape), 0.5);

    const y = valuesOf(predicted(model, x));

    const weights = layer.getWeights().map(valuesOf);
    const gamma = scale || rmsScaling ? weights.shift() : undefined;
    const beta = center && !rmsScaling ? weights.shift() : undefined;
    expect(weights).toEqual([]);
    const parameterOf = new Map<number, number>();
    let place = 0;
    for (const members of groups(shape, axes).values()) {
      members.forEach((flat) => parameterOf.set(flat, place));
      place += 1;
    }
    const others = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
    for (const members of groups(shape, others).values()) {
      const { mean, variance } = momentsOf(members.map((flat) => valuesOf(x)[flat] ?? NaN));
      for (const flat of members) {
        const at = parameterOf.get(flat) ?? NaN;
        const centered = (valuesOf(x)[flat] ?? NaN) - (rmsScaling ? 0 : mean);
        const wanted =
          (centered / Math.sqrt(variance + EPSILON)) * (gamma?.[at] ?? 1) + (beta?.[at] ?? 0);
        expect(y[flat]).toBeCloseTo(wanted, 4);
      }
    }
    expectTrueGradients((input) => layer.apply(input) as tf.Tensor, [x]);
  });

  test("of one number is beta, and gamma is not learned from it", () => {
    const model = modelOf(new LayerNormalization(), [1]);

    const beta = model.getWeights()[1] ?? tf.scalar(NaN);
    expectNear(predicted(model, tf.tensor2d([[5]])), valuesOf(beta));
  });
});

function weightsOf(
  layer: BatchNormalization,
  { center = true, scale = true }: { readonly center?: boolean; readonly scale?: boolean },
): Record<"gamma" | "beta" | "mean" | "variance", number[]> {
  const weights = layer.getWeights().map(valuesOf);
  const gamma = scale ? (weights.shift() ?? []) : [];
  const beta = center ? (weights.shift() ?? []) : [];
  const [mean = [], variance = []] = weights;
  return { gamma, beta, mean, variance };
}
