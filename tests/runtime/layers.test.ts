/** Activation, ReLU, ELU, Softmax, Subtract and Dot compute what Keras's layers do. */

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  Activation,
  Dot,
  ELU,
  ReLU,
  register,
  Softmax,
  Subtract,
} from "../../export/runtime/src/index";
import {
  expectNear,
  expectTrueGradients,
  modelOf,
  predicted,
  seededTensor,
  valuesOf,
} from "./measuring";

register();

const applied = (layer: tf.layers.Layer, ...x: tf.Tensor[]): tf.Tensor =>
  layer.apply(x.length === 1 && x[0] ? x[0] : x) as tf.Tensor;

describe("ReLU", () => {
  const options = [
    { maxValue: 1, negativeSlope: 0, threshold: 0 },
    { maxValue: null, negativeSlope: 0.2, threshold: 0 },
    { maxValue: null, negativeSlope: 0, threshold: 0.5 },
    { maxValue: 1.5, negativeSlope: 0.1, threshold: 0 },
    { maxValue: null, negativeSlope: 0.1, threshold: 0.5 },
    { maxValue: 1.5, negativeSlope: 0.1, threshold: 0.5 },
    { maxValue: 6, negativeSlope: 0, threshold: 7 },
    { maxValue: 0, negativeSlope: 0, threshold: 0 },
  ] as const;

  test.each(options)("follows keras.activations.relu with %j", (option) => {
    const { maxValue, negativeSlope, threshold } = option;
    const x = [-1e30, -7, -1, -0.5, 0, 0.25, 0.5, 0.75, 1, 1.5, 2, 7, 8, 1e30];

    const y = applied(new ReLU(option), tf.tensor2d([x]));

    const wanted = x.map((value) => {
      const positive = value > threshold ? value : 0;
      return (
        Math.min(positive, maxValue ?? Infinity) - negativeSlope * Math.max(0, threshold - value)
      );
    });
    valuesOf(y).forEach((value, index) => {
      expect(value).toBeCloseTo(Math.fround(wanted[index] ?? NaN), 6);
    });
  });

  test.each(options)("has its slope as gradient with %j", (option) => {
    const layer = new ReLU(option);

    expectTrueGradients((x) => applied(layer, x), [tf.tensor1d([-2, -0.7, 0.3, 0.7, 1.2, 2.5, 8])]);
  });
});

describe("ELU", () => {
  test.each([1, 0.5, 0, 2])("is alpha (exp(x) - 1) below 0, alpha %f", (alpha) => {
    const x = [-1e30, -2, -1e-3, 0, 1e-3, 2, 1e30];

    const y = applied(new ELU({ alpha }), tf.tensor1d(x));

    expectNear(
      tf.div(y, 1 + alpha),
      x.map((value) => (value > 0 ? value : alpha * Math.expm1(value)) / (1 + alpha)),
    );
    expect(valuesOf(y)[0]).toBeCloseTo(-alpha, 6);
  });

  test.each([1, 0.5, 2])("has its slope as gradient, alpha %f", (alpha) => {
    const layer = new ELU({ alpha });

    expectTrueGradients((x) => applied(layer, x), [tf.tensor1d([-2, -0.5, 0.5, 2])]);
  });
});

describe("Softmax", () => {
  /** By the definition: exp(x) over its sum along the axes, index by index. */
  function softmax(x: tf.Tensor, axes: readonly number[]): number[] {
    const strides = x.shape.map((_, axis) => x.shape.slice(axis + 1).reduce((a, b) => a * b, 1));
    const values = valuesOf(x);
    const groupOf = (flat: number): string =>
      x.shape
        .map((size, axis) => Math.floor(flat / (strides[axis] ?? 1)) % size)
        .filter((_, axis) => !axes.includes(axis))
        .join();
    const totals = new Map<string, number>();
    values.forEach((value, flat) => {
      totals.set(groupOf(flat), (totals.get(groupOf(flat)) ?? 0) + Math.exp(value));
    });
    return values.map((value, flat) => Math.exp(value) / (totals.get(groupOf(flat)) ?? NaN));
  }

  // All sizes alike: an axis that is taken for another is not seen in any shape.
  test.each<{ axis: number | number[]; shape: number[]; axes: number[] }>([
    { axis: 1, shape: [3, 3], axes: [1] },
    { axis: 1, shape: [3, 3, 3], axes: [1] },
    { axis: -2, shape: [3, 3, 3, 3], axes: [2] },
    { axis: [1, 2], shape: [3, 3, 3], axes: [1, 2] },
    { axis: [-1, 1], shape: [2, 3, 2, 2], axes: [1, 3] },
    { axis: [2], shape: [2, 3, 4], axes: [2] },
    { axis: 0, shape: [3, 3], axes: [0] },
  ])("sums to 1 along axis $axis of $shape", ({ axis, shape, axes }) => {
    const x = seededTensor(shape);
    const layer = new Softmax({ axis });

    expectNear(applied(layer, x), softmax(x, axes));
    expectTrueGradients((input) => applied(layer, input), [x]);
  });

  test("neither overflows nor loses digits at large numbers", () => {
    const x = tf.tensor3d([
      [[1e4], [1e4 - 1]],
      [[1e30], [-1e30]],
    ]);

    const y = applied(new Softmax({ axis: [1] }), x);

    expectNear(y, [1 / (1 + Math.exp(-1)), 1 / (1 + Math.E), 1, 0]);
  });

  const masked = (...rest: tf.layers.Layer[]): tf.LayersModel => {
    const ids = tf.input({ shape: [3] });
    const first = tf.layers.embedding({ inputDim: 4, outputDim: 2, maskZero: true });
    return tf.model({
      inputs: ids,
      outputs: rest.reduce(
        (x, layer) => layer.apply(x) as tf.SymbolicTensor,
        first.apply(ids) as tf.SymbolicTensor,
      ),
    });
  };

  test("leaves out what a mask does", () => {
    const x = tf.tensor2d([[1, 2, 3]]);
    const mask = tf.tensor2d([[1, 0, 1]], [1, 3], "bool");

    const y = new Softmax().call(x, { mask });

    const total = Math.E + Math.E ** 3;
    expectNear(y, [Math.E / total, 0, Math.E ** 3 / total]);
  });

  test("has nothing but zeros where all is left out", () => {
    const mask = tf.zeros([1, 2], "bool");

    expectNear(new Softmax().call(tf.tensor2d([[1, 2]]), { mask }), [0, 0]);
  });

  test("refuses a mask that does not fit", () => {
    const model = masked(new Softmax({ name: "s", axis: 1 }));

    expect(() => model.predict(tf.tensor2d([[1, 0, 2]]))).toThrow(
      new Error(
        "Layer 's': its input has shape (1, 3, 2) and a mask of shape (1, 3), which cannot be stretched to it. " +
          "Put the layer where no mask arrives.",
      ),
    );
  });

  test("knows a mask from one that tfjs left lying about", () => {
    const model = masked(
      tf.layers.flatten(),
      tf.layers.reshape({ targetShape: [2, 3] }),
      new Softmax({ axis: 1 }),
    );

    const y = model.predict(tf.tensor2d([[1, 0, 2]])) as tf.Tensor;

    expectNear(tf.sum(y, 1), [1, 1, 1]);
  });
});

describe("Activation", () => {
  test("of glu halves the last axis", () => {
    const model = modelOf(new Activation({ activation: "keras>glu" }), [3, 4]);
    const x = seededTensor([2, 3, 4]);

    const y = predicted(model, x);

    const [values, gates] = tf.split(x, 2, 2) as [tf.Tensor, tf.Tensor];
    expect(model.outputs[0]?.shape).toEqual([null, 3, 2]);
    expectNear(y, valuesOf(tf.mul(values, tf.sigmoid(gates))));
  });

  test("of anything else keeps the shape", () => {
    const model = modelOf(new Activation({ activation: "keras>hard_tanh" }), [3]);

    expect(model.outputs[0]?.shape).toEqual([null, 3]);
    expectNear(predicted(model, tf.tensor2d([[-2, 0.5, 2]])), [-1, 0.5, 1]);
  });

  test("of glu refuses what it cannot halve", () => {
    const layer = new Activation({ name: "a", activation: "keras>glu" });

    expect(() => layer.apply(tf.input({ shape: [5] }))).toThrow(
      new Error(
        "Layer 'a': activation='glu' halves the last axis, whose size is 5 (input shape (None, 5)). " +
          "Give the layer before it an even number of units.",
      ),
    );
  });
});

describe("Subtract", () => {
  test.each<{ one: number[]; other: number[]; output: number[] }>([
    { one: [3], other: [3], output: [3] },
    { one: [3, 3], other: [1, 3], output: [3, 3] },
    { one: [3, 1], other: [3, 3], output: [3, 3] },
    { one: [3, 3], other: [3], output: [3, 3] },
    { one: [3], other: [2, 3, 3], output: [2, 3, 3] },
  ])("takes $other from $one", ({ one, other, output }) => {
    const model = modelOf(new Subtract(), one, other);
    const [x, y] = [seededTensor([2, ...one]), seededTensor([2, ...other], 9)];

    const difference = predicted(model, x, y);

    const rank = output.length;
    const [left, right] = [[x, one] as const, [y, other] as const].map(([tensor, shape]) =>
      tf.reshape(tensor, [2, ...Array<number>(rank - shape.length).fill(1), ...shape]),
    ) as [tf.Tensor, tf.Tensor];
    expect(model.outputs[0]?.shape).toEqual([null, ...output]);
    expectNear(difference, valuesOf(tf.sub(left, right)));
    expectTrueGradients((...inputs) => applied(new Subtract(), ...inputs), [x, y]);
  });

  test("keeps what either mask keeps, and has none if either has none", () => {
    const layer = new Subtract();
    const [one, other] = [tf.tensor1d([1, 1, 0, 0], "bool"), tf.tensor1d([1, 0, 1, 0], "bool")];

    expectNear(layer.computeMask([], [one, other]), [1, 1, 1, 0]);
    expect(layer.computeMask([], [one])).toBeNull();
  });

  test.each<readonly [string, number[][], string]>([
    [
      "sizes that differ",
      [[3], [4]],
      "Layer 's': input shapes (None, 3) and (None, 4) do not fit. Use sizes that are equal, or 1.",
    ],
    ["one tensor", [[3]], "Layer 's': called on 1 tensor. Call it on two."],
    ["three tensors", [[3], [3], [3]], "Layer 's': called on 3 tensors. Call it on two."],
  ])("refuses %s", (_, shapes, message) => {
    const inputs = shapes.map((shape) => tf.input({ shape }));

    expect(() => new Subtract({ name: "s" }).apply(inputs)).toThrow(new Error(message));
  });
});

describe("Dot", () => {
  /** Summed index by index, as Keras describes it. */
  function dot(x: tf.Tensor, y: tf.Tensor, [first, second]: readonly [number, number]): number[] {
    const letters = (rank: number, from: string, axis: number): string =>
      Array.from({ length: rank }, (_, each) =>
        each === 0 ? "b" : each === axis ? "k" : String.fromCharCode(from.charCodeAt(0) + each),
      ).join("");
    const [one, other] = [letters(x.rank, "l", first), letters(y.rank, "s", second)];
    const output = "b" + (one + other).replace(/[bk]/g, "");
    return valuesOf(tf.einsum(`${one},${other}->${output}`, x, y));
  }

  test.each<{
    one: number[];
    other: number[];
    axes: number | [number, number];
    summed: [number, number];
    output: number[];
  }>([
    { one: [3], other: [3], axes: 1, summed: [1, 1], output: [1] },
    { one: [3], other: [3], axes: -1, summed: [1, 1], output: [1] },
    { one: [3, 3], other: [3, 3], axes: [1, 2], summed: [1, 2], output: [3, 3] },
    { one: [3, 3], other: [3, 3], axes: 1, summed: [1, 1], output: [3, 3] },
    { one: [3, 2], other: [2, 4], axes: [2, 1], summed: [2, 1], output: [3, 4] },
    { one: [3, 2], other: [2], axes: [2, 1], summed: [2, 1], output: [3] },
    { one: [2], other: [3, 2], axes: -1, summed: [1, 2], output: [3] },
    { one: [2, 3, 4], other: [4, 5], axes: [3, 1], summed: [3, 1], output: [2, 3, 5] },
    { one: [3, 3, 3], other: [3, 3, 3], axes: [1, 2], summed: [1, 2], output: [3, 3, 3, 3] },
    { one: [1], other: [1], axes: 1, summed: [1, 1], output: [1] },
  ])("sums over axes $axes of $one and $other", ({ one, other, axes, summed, output }) => {
    const model = modelOf(new Dot({ axes }), one, other);
    const [x, y] = [seededTensor([2, ...one]), seededTensor([2, ...other], 9)];

    const found = predicted(model, x, y);

    expect(model.outputs[0]?.shape).toEqual([null, ...output]);
    expect(found.shape).toEqual([2, ...output]);
    expectNear(found, dot(x, y, summed));
    expectTrueGradients((...inputs) => applied(new Dot({ axes }), ...inputs), [x, y]);
  });

  test("gives cosines if it normalizes, and 0 for what has no direction", () => {
    const layer = new Dot({ axes: 1, normalize: true });
    const x = tf.tensor2d([
      [3, 4],
      [1, 0],
      [0, 0],
      [1e-20, 0],
    ]);
    const y = tf.tensor2d([
      [4, 3],
      [0, 5],
      [1, 1],
      [1, 0],
    ]);

    expectNear(applied(layer, x, y), [24 / 25, 0, 0, 1e-13]);
    expect(valuesOf(tf.grad((each) => applied(layer, each, y))(x)).every(Number.isFinite)).toBe(
      true,
    );
  });

  test("has its slope as gradient if it normalizes", () => {
    const layer = new Dot({ axes: [2, 1], normalize: true });

    expectTrueGradients(
      (...inputs) => applied(layer, ...inputs),
      [tf.add(seededTensor([2, 3, 2]), 2), tf.add(seededTensor([2, 2, 3], 9), 2)],
    );
  });

  test("has no mask", () => {
    expect(new Dot({ axes: 1 }).computeMask()).toBeNull();
  });

  test.each<readonly [string, object, string]>([
    [
      "the batch",
      { axes: 0 },
      "Layer 'd': axes=0 of input shapes (None, 3) and (None, 4) include the batch. Use axes from 1.",
    ],
    [
      "sizes that differ",
      { axes: 1 },
      "Layer 'd': axes=1 of input shapes (None, 3) and (None, 4) have the sizes 3 and 4. Use axes of equal sizes.",
    ],
    [
      "no such axis",
      { axes: 2 },
      "Layer 'd': axis=2 is none of the input's 2 (input shape (None, 3)). Use -2 to 1.",
    ],
    [
      "three axes",
      { axes: [1, 1, 1] },
      "Layer 'd': axes=[1, 1, 1] are not two. Use one axis for both tensors, or a pair.",
    ],
    [
      "no axes",
      {},
      "Layer 'd': axes=None is neither an axis nor a list of axes. Use whole numbers.",
    ],
  ])("refuses %s", (_, config, message) => {
    const inputs = [tf.input({ shape: [3] }), tf.input({ shape: [4] })];
    const make = (): unknown =>
      new Dot({ name: "d", ...config } as ConstructorParameters<typeof Dot>[0]).apply(inputs);

    expect(make).toThrow(new Error(message));
  });
});

test("all of them take whole numbers and no samples", () => {
  const layers = [
    new ReLU({ threshold: 1 }),
    new ELU({ alpha: 2 }),
    new Softmax({ axis: 1 }),
    new Activation({ activation: "relu" }),
  ];

  for (const layer of layers) {
    expect(applied(layer, tf.tensor2d([[1, 2]], [1, 2], "int32")).dtype).toBe("float32");
    expect(applied(layer, tf.zeros([0, 2])).shape).toEqual([0, 2]);
  }
  const int = tf.tensor2d([[1, 2]], [1, 2], "int32");
  expectNear(applied(new Subtract(), int, int), [0, 0]);
  expectNear(applied(new Dot({ axes: 1 }), int, int), [5]);
  expect(applied(new Dot({ axes: 1 }), tf.zeros([0, 2]), tf.zeros([0, 2])).shape).toEqual([0, 1]);
});

test("a shape that is asked about is not changed", () => {
  const shape = [null, 4, 4];

  for (const layer of [new Activation({ activation: "keras>glu" }), new ReLU(), new Softmax()]) {
    layer.computeOutputShape(shape);
  }
  new Dot({ axes: 1 }).computeOutputShape([shape, shape]);
  new Subtract().computeOutputShape([shape, shape]);

  expect(shape).toEqual([null, 4, 4]);
});
