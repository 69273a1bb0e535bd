/** Dense and Bias: every bias shape is added where its definition says, trained and checked so. */

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { BiasConfig } from "../../export/runtime/src/index";
import { Bias, Dense, register } from "../../export/runtime/src/index";
import {
  expectNear,
  expectTrueGradients,
  modelOf,
  predicted,
  product,
  seededTensor,
  valuesOf,
} from "./measuring";

beforeAll(register);

/** At each index of an output, the bias it belongs to: along an axis, index i of n is i * k // n. */
function spread(
  bias: readonly number[],
  counts: readonly number[],
  sizes: readonly number[],
): number[] {
  return Array.from({ length: product(sizes) }, (_, flat) => {
    let rest = flat;
    let place = 0;
    let step = 1;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      const [size = 1, count = 1] = [sizes[axis], counts[axis]];
      place += step * Math.floor(((rest % size) * count) / size);
      step *= count;
      rest = Math.floor(rest / size);
    }
    return bias[place] ?? NaN;
  });
}

interface Row {
  readonly biasShape: NonNullable<BiasConfig["biasShape"]>;
  readonly sizes: readonly number[];
  readonly stored: readonly number[];
  readonly counts: readonly number[];
  readonly more?: BiasConfig;
}

// As many steps as units, and so on: an axis that is taken for another is not seen in any shape.
const ROWS: readonly Row[] = [
  { biasShape: "vector", sizes: [5], stored: [5], counts: [5] },
  { biasShape: "scalar", sizes: [5], stored: [1], counts: [1] },
  { biasShape: "tied", sizes: [5], stored: [5], counts: [5] },
  { biasShape: "untied", sizes: [5], stored: [5], counts: [5] },
  { biasShape: [2], sizes: [6], stored: [2], counts: [2] },
  { biasShape: "scalar", sizes: [1], stored: [1], counts: [1] },
  { biasShape: "vector", sizes: [4, 4], stored: [4], counts: [1, 4] },
  { biasShape: "scalar", sizes: [4, 4], stored: [1], counts: [1, 1] },
  { biasShape: "location", sizes: [4, 4], stored: [4, 1], counts: [4, 1] },
  { biasShape: "untied", sizes: [4, 4], stored: [4, 4], counts: [4, 4] },
  { biasShape: [2, 1], sizes: [4, 4], stored: [2, 1], counts: [2, 1] },
  { biasShape: [1, 2], sizes: [4, 4], stored: [1, 2], counts: [1, 2] },
  { biasShape: [2, 2], sizes: [4, 4], stored: [2, 2], counts: [2, 2] },
  { biasShape: [null, 2], sizes: [4, 6], stored: [4, 2], counts: [4, 2] },
  { biasShape: "location", sizes: [1, 5], stored: [1, 1], counts: [1, 1] },
  { biasShape: "untied", sizes: [3, 3, 3], stored: [3, 3, 3], counts: [3, 3, 3] },
  { biasShape: [3, 1, 2], sizes: [6, 2, 4], stored: [3, 1, 2], counts: [3, 1, 2] },
  { biasShape: [2, null, 1, 2], sizes: [4, 2, 2, 4], stored: [2, 2, 1, 2], counts: [2, 2, 1, 2] },
];

const FOR_BIAS: readonly Row[] = [
  ...ROWS,
  ...(["vector", "location", "untied", "group"] as const).map((biasShape) => ({
    biasShape,
    sizes: [4, 4, 4],
    stored: { vector: [4], location: [1, 4, 4], untied: [4, 4, 4], group: [2] }[biasShape],
    counts: { vector: [4, 1, 1], location: [1, 4, 4], untied: [4, 4, 4], group: [2, 1, 1] }[
      biasShape
    ],
    more: { dataFormat: "channelsFirst" as const, groups: 2 },
  })),
  { biasShape: "group", sizes: [3, 6], stored: [3], counts: [1, 3], more: { groups: 3 } },
  {
    biasShape: [2, 1, 1, 1, null],
    sizes: [2, 2, 1, 2, 3],
    stored: [2, 1, 1, 1, 3],
    counts: [2, 1, 1, 1, 3],
  },
];

describe("Bias", () => {
  test.each(FOR_BIAS)(
    "adds $biasShape to $sizes as defined",
    ({ biasShape, sizes, stored, counts, more }) => {
      const layer = new Bias({ biasShape, ...more });
      const model = modelOf(layer, sizes);
      const x = seededTensor([2, ...sizes]);

      const y = predicted(model, x);

      const [bias] = layer.getWeights() as [tf.Tensor];
      const added = spread(valuesOf(bias), counts, sizes);
      expect(bias.shape).toEqual(stored);
      expectNear(
        y,
        valuesOf(x).map((value, index) => value + (added[index % added.length] ?? NaN)),
        1e-6,
      );
    },
  );

  test.each(FOR_BIAS)("sums the gradient of $biasShape on $sizes", ({ biasShape, sizes, more }) => {
    const layer = new Bias({ biasShape, ...more, biasInitializer: "ones" });
    layer.build([null, ...sizes]);

    expectWeightGradients(layer, seededTensor([2, ...sizes]));
  });

  test("takes any size where it is shared", () => {
    const model = modelOf(new Bias({ biasShape: "vector" }), [null, 3]);

    expect(predicted(model, tf.zeros([2, 7, 3])).shape).toEqual([2, 7, 3]);
    expect(predicted(model, tf.zeros([2, 1, 3])).shape).toEqual([2, 1, 3]);
  });

  test("takes a tensor of one number for each sample", () => {
    const layer = new Bias({ biasShape: "scalar", biasInitializer: "ones" });

    expectNear(layer.apply(tf.tensor1d([1, 2])) as tf.Tensor, [2, 3]);
  });
});

describe("Dense", () => {
  test.each(ROWS)(
    "adds $biasShape to $sizes as defined",
    ({ biasShape, sizes, stored, counts }) => {
      const units = sizes.at(-1) ?? 0;
      const steps = sizes.slice(0, -1);
      const layer = new Dense({ units, biasShape });
      const model = modelOf(layer, [...steps, 3]);
      const x = seededTensor([2, ...steps, 3]);

      const y = predicted(model, x);

      const [kernel, bias] = layer.getWeights() as [tf.Tensor2D, tf.Tensor];
      const rows = tf.matMul(tf.reshape(x, [-1, 3]), kernel);
      const added = spread(valuesOf(bias), counts, sizes);
      expect(layer.weights.map((weight) => weight.originalName)).toEqual(
        ["kernel", "bias"].map((weight) => `${layer.name}/${weight}`),
      );
      expect(bias.shape).toEqual(stored);
      expect(y.shape).toEqual([2, ...sizes]);
      expectNear(
        y,
        valuesOf(rows).map((value, index) => value + (added[index % added.length] ?? NaN)),
      );
    },
  );

  test.each(ROWS)("has the slopes of $biasShape on $sizes as gradients", ({ biasShape, sizes }) => {
    const layer = new Dense({ units: sizes.at(-1) ?? 0, biasShape, activation: "tanh" });
    const x = seededTensor([2, ...sizes.slice(0, -1), 3]);
    layer.build(x.shape);

    expectWeightGradients(layer, x);
  });

  test("computes the same as stock where its bias is a vector", () => {
    const [ours, stock] = [
      new Dense({ units: 4, activation: "relu" }),
      tf.layers.dense({ units: 4, activation: "relu" }),
    ];
    const x = seededTensor([5, 2, 3]);

    const [one, other] = [ours, stock].map((layer) => predicted(modelOf(layer, [2, 3]), x)) as [
      tf.Tensor,
      tf.Tensor,
    ];

    expectNear(one, valuesOf(other), 1e-6);
  });

  test("without a bias it has a kernel only", () => {
    const layer = new Dense({ units: 2, useBias: false });
    layer.build([null, 3]);

    expect(layer.getWeights().map(({ shape }) => shape)).toEqual([[3, 2]]);
  });

  test("takes no samples, whole numbers, and an unknown number of steps", () => {
    const model = modelOf(new Dense({ units: 2, biasShape: "scalar" }), [null, 3]);
    const layer = new Dense({ units: 2, kernelInitializer: "ones" });

    expect((layer.apply(tf.zeros([0, 3])) as tf.Tensor).shape).toEqual([0, 2]);
    expectNear(layer.apply(tf.tensor2d([[1, 2, 3]], [1, 3], "int32")) as tf.Tensor, [6, 6]);
    expect(predicted(model, tf.zeros([4, 5, 3])).shape).toEqual([4, 5, 2]);
    expect(model.outputs[0]?.shape).toEqual([null, null, 2]);
  });

  test("hands on a mask", () => {
    const model = tf.sequential({
      layers: [
        tf.layers.masking({ maskValue: 0, inputShape: [3, 1] }),
        new Dense({
          units: 1,
          biasShape: "scalar",
          kernelInitializer: "ones",
          biasInitializer: "ones",
        }),
        tf.layers.simpleRNN({
          units: 1,
          activation: "linear",
          kernelInitializer: "ones",
          recurrentInitializer: "ones",
        }),
      ],
    });

    expectNear(model.predict(tf.tensor3d([[[1], [0], [2]]])) as tf.Tensor, [2 + 3]);
  });
});

describe("a bias that is not trained", () => {
  const layersOfBoth = (more: { biasTrainable: boolean }) => [
    new Dense({ units: 2, biasInitializer: "ones", ...more }),
    new Bias({ biasInitializer: "ones", ...more }),
  ];

  test("is a weight, and no trainable one, whatever the layer is set to", () => {
    for (const layer of layersOfBoth({ biasTrainable: false })) {
      layer.build([null, 3]);
      const bias = layer.weights.at(-1);
      const trainable = (): boolean => layer.trainableWeights.some((weight) => weight === bias);

      expect(trainable()).toBe(false);
      layer.trainable = false;
      layer.trainable = true;
      expect(trainable()).toBe(false);
      expect(layer.weights.map((weight) => weight.originalName).at(-1)).toMatch(/bias$/);
    }
  });

  test("stays as it is while the kernel learns", async () => {
    const layer = new Dense({
      units: 1,
      biasShape: "scalar",
      biasInitializer: "ones",
      biasTrainable: false,
    });
    const model = modelOf(layer, [2]);
    model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
    const [kernel, bias] = layer.getWeights().map(valuesOf);

    await model.trainOnBatch(tf.ones([4, 2]), tf.zeros([4, 1]));

    expect(layer.getWeights().map(valuesOf)[1]).toEqual(bias);
    expect(layer.getWeights().map(valuesOf)[0]).not.toEqual(kernel);
  });

  test("is trained otherwise", () => {
    for (const layer of layersOfBoth({ biasTrainable: true })) {
      layer.build([null, 3]);

      expect(layer.trainableWeights).toEqual(layer.weights);
    }
  });
});

test("a regularizer's loss counts the stored bias", () => {
  const layer = new Bias({
    biasShape: "scalar",
    biasInitializer: "ones",
    biasRegularizer: tf.regularizers.l2({ l2: 0.5 }),
  });
  layer.build([null, 10]);

  expectNear(tf.addN(layer.calculateLosses()), [0.5]);
});

describe("bad input is refused in words", () => {
  const dense = (config: object) => () => new Dense({ name: "d", units: 4, ...config });
  const bias = (config: object) => () => new Bias({ name: "b", ...config });
  const built = (layer: tf.layers.Layer, shape: (number | null)[]) => () => {
    layer.build(shape);
  };

  test.each<readonly [string, () => unknown, string]>([
    [
      "units",
      dense({ units: 0 }),
      "Layer 'd': units=0 is not a positive whole number. Use 1 or more.",
    ],
    [
      "no units",
      dense({ units: undefined }),
      "Layer 'd': units=None is not a positive whole number. Use 1 or more.",
    ],
    [
      "a shape nobody knows",
      dense({ biasShape: "spatial" }),
      "Layer 'd': bias_shape='spatial' is unknown. Use 'scalar', 'vector', 'group', 'location', 'untied', on recurrent layers 'gate', or a tuple.",
    ],
    [
      "an empty shape",
      bias({ biasShape: [] }),
      "Layer 'b': bias_shape=() is empty. Use 'scalar' for one bias.",
    ],
    [
      "a shape without a bias",
      dense({ useBias: false, biasShape: "scalar" }),
      "Layer 'd': bias_shape='scalar' is given to a layer with use_bias=False. Leave one of the two out.",
    ],
    [
      "bias_trainable",
      bias({ biasTrainable: 1 }),
      "Layer 'b': bias_trainable=1 is not a bool. Use True or False.",
    ],
    [
      "data_format",
      bias({ dataFormat: "NCHW" }),
      "Layer 'b': data_format='NCHW' is unknown. Use 'channels_last' or 'channels_first'.",
    ],
    [
      "groups",
      bias({ groups: 1.5 }),
      "Layer 'b': groups=1.5 is not a positive whole number. Use 1 or more.",
    ],
    [
      "an activation nobody knows",
      dense({ activation: "sparsemax" }),
      "Layer 'd': activation='sparsemax' is unknown. Use one of TensorFlow.js or of these twins, or register its class with tf.serialization.registerClass.",
    ],
    [
      "an activation that changes the shape",
      dense({ activation: "keras>glu" }),
      "Layer 'd': activation='keras>glu' halves the last axis. Put it in a layer of its own: keras>Activation.",
    ],
    [
      "an initializer nobody knows",
      bias({ biasInitializer: { className: "STFT", config: {} } }),
      "Layer 'b': bias_initializer='STFT' is unknown. Use one of tf.initializers, or register its class with tf.serialization.registerClass.",
    ],
    [
      "an untied bias at an unknown size",
      built(new Bias({ name: "b", biasShape: "untied" }), [null, null, 4]),
      "Layer 'b': bias_shape='untied' needs one bias per index of output axis 1, whose size is None (output shape (None, None, 4)). Build the layer on a fixed size, or share the bias along that axis.",
    ],
    [
      "group on Dense",
      built(new Dense({ name: "d", units: 4, biasShape: "group" }), [null, 4]),
      "Layer 'd': bias_shape='group' needs a layer with groups, and this one has none. Use a tuple with a number of equal blocks, such as (2,).",
    ],
    [
      "an unknown last axis",
      built(new Dense({ name: "d", units: 4 }), [null, null]),
      "Layer 'd': the size of axis 1 is None (input shape (None, None)), and a weight's shape needs it. Build the layer on a fixed size.",
    ],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(new Error(message));
  });

  test("a size that the bias was not built for", () => {
    const layer = new Bias({ name: "b", biasShape: "location" });
    layer.build([null, 7, 2]);

    expect(() => layer.apply(tf.zeros([1, 1, 2]))).toThrow(
      new Error(
        "Layer 'b': bias_shape='location' was built for output shape (None, 7, 2) and cannot be added to (1, 1, 2). " +
          "Call the layer on the size it was built on, or share the bias along the axes that change.",
      ),
    );
  });

  test("nothing is made before it is refused", () => {
    const layer = new Dense({ name: "d", units: 4, biasShape: [3] });
    const before = tf.memory().numTensors;

    expect(() => {
      layer.build([null, 2]);
    }).toThrow("needs 3 equal blocks");
    expect(tf.memory().numTensors).toBe(before);
    expect(layer.weights).toEqual([]);
  });
});

/** The gradients by input and weights of the layer are its slopes. */
function expectWeightGradients(layer: tf.layers.Layer, x: tf.Tensor): void {
  const weights = layer.getWeights().map((weight, index) => seededTensor(weight.shape, index + 2));
  expectTrueGradients(
    (input, ...values) => {
      layer.weights.forEach((weight, index) => {
        vi.spyOn(weight, "read").mockReturnValue(values[index] ?? tf.scalar(NaN));
      });
      return layer.apply(input) as tf.Tensor;
    },
    [x, ...weights],
  );
  vi.restoreAllMocks();
}
