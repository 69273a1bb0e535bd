/** Each activation computes Keras's formula, has its slope, and works inside of stock layers. */

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { ACTIVATION_CLASSES, ACTIVATIONS, register } from "../../export/runtime/src/index";
import {
  expectNear,
  expectTrueGradients,
  modelOf,
  predicted,
  reloaded,
  savedLayers,
  seeded,
  seededTensor,
  valuesOf,
} from "./measuring";

type Name = keyof typeof ACTIVATIONS;

/** From the definitions in `keras.activations`, in double precision. */
const DEFINITIONS: Readonly<Partial<Record<Name, (x: number) => number>>> = {
  celu: (x) => (x > 0 ? x : Math.expm1(x)),
  exponential: (x) => Math.exp(x),
  hardShrink: (x) => (Math.abs(x) > 0.5 ? x : 0),
  hardSigmoid: (x) => Math.min(Math.max(x + 3, 0), 6) / 6,
  hardSilu: (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6,
  hardTanh: (x) => Math.min(Math.max(x, -1), 1),
  leakyRelu: (x) => (x > 0 ? x : 0.2 * x),
  logSigmoid: (x) => (x > 0 ? -Math.log1p(Math.exp(-x)) : x - Math.log1p(Math.exp(x))),
  softShrink: (x) => (x > 0.5 ? x - 0.5 : x < -0.5 ? x + 0.5 : 0),
  sparsePlus: (x) => (x <= -1 ? 0 : x < 1 ? (x + 1) ** 2 / 4 : x),
  sparseSigmoid: (x) => (x <= -1 ? 0 : x < 1 ? (x + 1) / 2 : 1),
  squareplus: (x) => (x > 0 ? (x + Math.hypot(x, 2)) / 2 : 2 / (Math.hypot(x, 2) - x)),
  tanhShrink: (x) => x - Math.tanh(x),
};
const ELEMENTWISE = Object.entries(DEFINITIONS) as [Name, (x: number) => number][];
const NAMES = Object.keys(ACTIVATIONS) as Name[];

/** As in Keras's backends, in double precision: all partial sums of the support, not the last. */
function sparsemax(x: readonly number[]): number[] {
  let sum = 0;
  const sums = [...x]
    .sort((one, other) => other - one)
    .map((value, index) => ({ value, index, sum: (sum += value) }))
    .filter((each) => each.value - (each.sum - 1) / (each.index + 1) > 0)
    .map((each) => each.sum);
  const threshold = (sums.reduce((total, each) => total + each, 0) - 1) / sums.length;
  return x.map((value) => Math.max(0, value - threshold));
}

beforeAll(register);

describe("each number", () => {
  // Both sides of every edge, in steps that float32 holds exactly.
  const grid = Array.from({ length: 113 }, (_, index) => index / 8 - 7);

  test.each(ELEMENTWISE)("%s follows its definition", (name, definition) => {
    const y = ACTIVATIONS[name](tf.tensor1d(grid));

    expectNear(y, grid.map(definition), 1e-6);
  });

  test.each(ELEMENTWISE)("%s holds for huge and tiny numbers", (name, definition) => {
    const sizes = [1e-30, 1e-7, 1e-3, 20, 87, 200, 1e4, 1e30];
    const x = [0, ...sizes, ...sizes.map((size) => -size)].map(Math.fround);

    const y = valuesOf(ACTIVATIONS[name](tf.tensor1d(x)));

    y.forEach((found, index) => {
      const wanted = Math.fround(definition(x[index] ?? NaN));
      const apart = found === wanted ? 0 : Math.abs(found - wanted) / Math.max(1, Math.abs(wanted));
      expect(apart, `${name}(${String(x[index])}) = ${found}, not ${wanted}`).toBeLessThan(1e-5);
    });
  });

  test.each(ELEMENTWISE)("%s has its slope as gradient", (name) => {
    // Away from edges by more than the step of the slopes.
    const x = tf.tensor1d([-3.7, -2.3, -1.3, -0.7, -0.3, 0.3, 0.7, 1.3, 2.3, 3.7]);

    expectTrueGradients(ACTIVATIONS[name], [x]);
  });

  test.each(ELEMENTWISE)("%s has a finite gradient at huge and tiny numbers", (name) => {
    const x = tf.tensor1d(
      [0, 1e-30, -1e-30, 80, -80, 1e30, -1e30].filter(
        (each) => each < 1e30 || name !== "exponential",
      ),
    );

    const gradient = valuesOf(tf.grad(ACTIVATIONS[name])(x));

    expect(gradient.every(Number.isFinite), String(gradient)).toBe(true);
  });
});

test("squareplus keeps what a sum would cancel", () => {
  const y = ACTIVATIONS.squareplus(tf.tensor1d([-1e4]));

  expectNear(tf.mul(y, 1e4), [1]);
});

describe("along the last axis", () => {
  const rows = [
    [0, 0, 0, 0],
    [1, 1, 1, 1],
    [-5, 0, 5, 9],
    [0.1, 0.2, 0.3, 0.4],
    [1e4, 0, -1e4, 1e4 - 1],
    [-1, -1, -1.5, -3],
    seeded(4),
  ];

  test.each([2, 3])("sparsemax has Keras's threshold, at rank %i", (rank) => {
    const x = tf.tensor2d(rows);

    const y = ACTIVATIONS.sparsemax(rank === 2 ? x : tf.expandDims(x, 1));

    expectNear(y, rows.map(sparsemax).flat());
  });

  test("sparsemax of one number is 1, however large", () => {
    expectNear(ACTIVATIONS.sparsemax(tf.tensor2d([[5], [-1e30], [1e30]])), [1, 1, 1]);
  });

  test("sparsemax has its slope as gradient", () => {
    const x = tf.tensor2d([
      [-0.1, -0.2, -0.35, -0.05],
      [-1, -1.5, -1.2, -3],
      [5, 1, 0, -1],
    ]);

    expectTrueGradients(ACTIVATIONS.sparsemax, [x]);
  });

  test("logSoftmax follows its definition, for huge numbers too, and has its slope", () => {
    const x = tf.tensor2d([
      [1, 2, 3],
      [1e30, 0, 1e4],
      [0, 0, -1e4],
    ]);
    const total = Math.log(Math.E + Math.E ** 2 + Math.E ** 3);

    const y = valuesOf(ACTIVATIONS.logSoftmax(x));

    const wanted = [1 - total, 2 - total, 3 - total, 0, -1e30, -1e30];
    [...wanted, -Math.LN2, -Math.LN2, -1e4 - Math.LN2].forEach((value, index) => {
      expect((y[index] ?? NaN) / Math.min(-1, value)).toBeCloseTo(value / Math.min(-1, value), 6);
    });
    expectTrueGradients(ACTIVATIONS.logSoftmax, [seededTensor([3, 4])]);
  });

  test("glu multiplies the first half by the sigmoid of the second", () => {
    const y = ACTIVATIONS.glu(tf.tensor2d([[1, 2, 0, Math.log(3)]]));

    expect(y.shape).toEqual([1, 2]);
    expectNear(y, [0.5, 1.5]);
  });

  test("glu has its slope as gradient, at rank 3", () => {
    expectTrueGradients(ACTIVATIONS.glu, [seededTensor([2, 2, 4])]);
  });
});

describe("by name", () => {
  test("all are registered, and say of themselves what they are called", () => {
    const { classNameMap } = tf.serialization.SerializationMap.getMap();

    for (const [name, activation] of Object.entries(ACTIVATION_CLASSES)) {
      expect(classNameMap[name]?.[0]).toBe(activation);
      expect(new activation().getClassName()).toBe(name);
    }
    expect(Object.keys(ACTIVATION_CLASSES)).toEqual(NAMES.map((name) => `keras>${name}`));
  });

  test.each(NAMES.filter((name) => name !== "glu"))(
    "%s works in a stock Dense, is saved in Keras's spelling, and loads again",
    async (name) => {
      const layer = tf.layers.dense({ units: 4, activation: `keras>${name}` as "relu" });
      const model = modelOf(layer, [3]);
      const x = seededTensor([5, 3]);
      const [kernel, bias] = layer.getWeights() as [tf.Tensor2D, tf.Tensor];
      const linear = tf.add(tf.matMul(x, kernel), bias);

      const y = predicted(model, x);
      const [, written] = await savedLayers(model);
      const again = predicted(await reloaded(model), x);

      expectNear(y, valuesOf(ACTIVATIONS[name](linear)), 1e-6);
      const spelled = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      expect(written?.config["activation"]).toBe(`keras>${spelled}`);
      expect(valuesOf(again)).toEqual(valuesOf(y));
    },
  );

  test.each(NAMES.filter((name) => name !== "glu"))(
    "%s trains in a stock Dense by its slope",
    async (name) => {
      const layer = tf.layers.dense({ units: 4, activation: `keras>${name}` as "relu" });
      const model = modelOf(layer, [3]);
      model.compile({ optimizer: tf.train.sgd(1), loss: "meanSquaredError" });
      const [x, targets] = [seededTensor([5, 3]), seededTensor([5, 4], 9)];
      const [kernel, bias] = layer.getWeights().map((weight) => tf.clone(weight)) as [
        tf.Tensor2D,
        tf.Tensor,
      ];
      const loss = (w: tf.Tensor, b: tf.Tensor): tf.Scalar => {
        const y = ACTIVATIONS[name](tf.add(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), b));
        return tf.mean(tf.square(tf.sub(y, targets)));
      };
      const [byKernel, byBias] = tf.grads(loss)([kernel, bias]) as [tf.Tensor, tf.Tensor];

      await model.trainOnBatch(x, targets);

      const [movedKernel, movedBias] = layer.getWeights() as [tf.Tensor, tf.Tensor];
      expectNear(movedKernel, valuesOf(tf.sub(kernel, byKernel)));
      expectNear(movedBias, valuesOf(tf.sub(bias, byBias)));
    },
  );

  test("whole numbers come out as Keras has them, in float32", () => {
    const activation = ACTIVATION_CLASSES["keras>hardSigmoid"];

    const y = activation && new activation().apply(tf.tensor1d([1, 2], "int32"));

    expect(y?.dtype).toBe("float32");
    expectNear(y ?? tf.scalar(NaN), [4 / 6, 5 / 6]);
  });
});

test.each(NAMES)("%s leaves no tensor behind", (name) => {
  const x = seededTensor([3, 4]);
  const before = tf.memory().numTensors;

  const activation = ACTIVATION_CLASSES[`keras>${name}`];
  if (activation) {
    new activation().apply(x).dispose();
  }
  tf.tidy(() => {
    tf.grad(ACTIVATIONS[name])(x);
  });

  expect(tf.memory().numTensors).toBe(before);
});
