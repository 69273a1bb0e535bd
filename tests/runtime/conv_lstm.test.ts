/** ConvLSTM1D, 2D and 3D compute and train as the definition says. */

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import type { ConvLSTMConfig } from "../../export/runtime/src/index";
import { ConvLSTM1D, ConvLSTM2D, ConvLSTM3D, register } from "../../export/runtime/src/index";
import type { ByHand } from "./conv_lstm_by_hand";
import { biasOfVector, convLSTMByHand, expectWeightGradients } from "./conv_lstm_by_hand";
import { expectNear, modelOf, predicted, seededTensor, valuesOf } from "./measuring";

beforeAll(register);

const CLASSES = { 1: ConvLSTM1D, 2: ConvLSTM2D, 3: ConvLSTM3D };

interface Row {
  /** Of the input, without batch. */
  readonly sizes: readonly number[];
  readonly more: ConvLSTMConfig;
}

// As many steps as rows, channels and filters: an axis taken for another is not seen in any shape.
const ROWS: readonly Row[] = [
  { sizes: [3, 3, 3], more: { filters: 3, kernelSize: 3, padding: "same" } },
  { sizes: [2, 5, 1], more: { filters: 1, kernelSize: 2, strides: 2, returnSequences: true } },
  { sizes: [1, 1, 1], more: { filters: 2, kernelSize: 1, returnSequences: true } },
  { sizes: [3, 3, 3, 3], more: { filters: 3, kernelSize: 3, padding: "same" } },
  { sizes: [2, 4, 5, 2], more: { filters: 3, kernelSize: [2, 3], goBackwards: true } },
  {
    sizes: [3, 5, 4, 2],
    more: {
      filters: 2,
      kernelSize: [3, 2],
      strides: [2, 1],
      padding: "same",
      returnSequences: true,
      goBackwards: true,
    },
  },
  {
    sizes: [2, 5, 4, 1],
    more: { filters: 2, kernelSize: [2, 3], dilationRate: [2, 1], padding: "same" },
  },
  {
    sizes: [3, 3, 3, 3],
    more: {
      filters: 3,
      kernelSize: 2,
      padding: "same",
      dataFormat: "channelsFirst",
      returnSequences: true,
    },
  },
  {
    sizes: [2, 2, 5, 4],
    more: {
      filters: 3,
      kernelSize: [2, 3],
      dilationRate: 2,
      padding: "same",
      dataFormat: "channelsFirst",
    },
  },
  { sizes: [2, 2, 3, 2, 2], more: { filters: 2, kernelSize: [1, 2, 2], padding: "same" } },
  {
    sizes: [2, 2, 3, 2, 2],
    more: {
      filters: 1,
      kernelSize: [2, 2, 1],
      strides: [1, 1, 2],
      dataFormat: "channelsFirst",
      returnSequences: true,
    },
  },
  { sizes: [2, 3, 3, 2], more: { filters: 2, kernelSize: 2, useBias: false } },
];

function make({ sizes, more }: Row, extra: Partial<ConvLSTMConfig> = {}) {
  const axes = (sizes.length - 2) as 1 | 2 | 3;
  return new CLASSES[axes]({ ...more, ...extra });
}

/** The same options, written out. */
function moves({ sizes, more }: Row): ByHand {
  const all = (value: number | readonly number[] = 1): readonly number[] =>
    typeof value === "number" ? Array<number>(sizes.length - 2).fill(value) : value;
  const { strides, dilationRate, padding, dataFormat, returnSequences, goBackwards } = more;
  return {
    strides: all(strides),
    dilation: all(dilationRate),
    padding: padding ?? "valid",
    dataFormat: dataFormat ?? "channelsLast",
    returnSequences: returnSequences ?? false,
    goBackwards: goBackwards ?? false,
  };
}

describe.each(ROWS)("on $sizes with $more", (row) => {
  test("computes the definition, and hands out both states", () => {
    const layer = make(row, { returnState: true });
    const model = modelOf(layer, row.sizes);
    const x = seededTensor([2, ...row.sizes]);

    const [output, h, c] = model.predict(x) as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];

    const [kernel, recurrent, bias] = layer.getWeights() as [tf.Tensor, tf.Tensor, tf.Tensor?];
    const at = biasOfVector(bias, row.more.filters);
    const wanted = convLSTMByHand(x, kernel, recurrent, at, moves(row));
    expect(output.shape).toEqual(wanted.output.shape);
    expect(model.outputs.map(({ shape }) => shape.slice(1))).toEqual(
      [output, h, c].map(({ shape }) => shape.slice(1)),
    );
    expectNear(output, valuesOf(wanted.output));
    expectNear(h, valuesOf(wanted.states[0]));
    expectNear(c, valuesOf(wanted.states[1]));
  });

  test("has its slopes as gradients", () => {
    const layer = make(row);
    layer.build([null, ...row.sizes]);

    expectWeightGradients(layer, seededTensor([1, ...row.sizes]));
  });
});

describe("activations", () => {
  test("of the gates are those of the configuration", () => {
    const layer = new ConvLSTM1D({
      filters: 2,
      kernelSize: 2,
      recurrentActivation: "keras>hardSigmoid",
    });
    const model = modelOf(layer, [2, 4, 3]);
    const x = seededTensor([2, 2, 4, 3]);

    const y = predicted(model, x);

    const [kernel, recurrent, bias] = layer.getWeights() as [tf.Tensor, tf.Tensor, tf.Tensor];
    const gate = (z: number): number => Math.min(Math.max(z / 6 + 0.5, 0), 1);
    const at = biasOfVector(bias, 2);
    const wanted = convLSTMByHand(x, kernel, recurrent, at, { gate });
    expectNear(y, valuesOf(wanted.output));
  });

  test("along an axis are along the last, wherever the channels are", () => {
    const layer = new ConvLSTM1D({
      filters: 3,
      kernelSize: 1,
      activation: "softmax",
      recurrentActivation: "linear",
      dataFormat: "channelsFirst",
      useBias: false,
    });
    layer.build([null, 1, 2, 4]);
    // Gates of 1 for the input and the output: what comes out is softmax(softmax(z)).
    const [one, zero] = [tf.ones([1, 2, 3]), tf.zeros([1, 2, 3])];
    const ofCandidate = seededTensor([1, 2, 3]);
    const x = tf.concat([tf.ones([2, 1, 1, 4]), seededTensor([2, 1, 1, 4])], 2);
    const kernel = tf.concat([half(one), zero, ofCandidate, half(one)], -1);
    layer.setWeights([kernel, tf.zeros([1, 3, 12])]);

    const y = layer.apply(x) as tf.Tensor;

    const [step] = tf.unstack(x, 1) as [tf.Tensor3D];
    const z = tf.einsum("bcp,cf->bfp", step, tf.reshape(ofCandidate, [2, 3]));
    expectNear(y, valuesOf(tf.softmax(tf.softmax(z))));

    /** Of the first channel alone, which is 1 everywhere. */
    function half(kernelOfOne: tf.Tensor): tf.Tensor {
      return tf.mul(kernelOfOne, tf.tensor3d([[[1], [0]]]));
    }
  });
});

describe("dropout", () => {
  const dropping = (more: Partial<ConvLSTMConfig>): InstanceType<typeof ConvLSTM1D> => {
    const layer = new ConvLSTM1D({ filters: 3, kernelSize: 2, padding: "same", ...more });
    modelOf(layer, [3, 5, 2]);
    return layer;
  };

  test.each([{ dropout: 0.5 }, { recurrentDropout: 0.5 }])("%j is for training alone", (more) => {
    const layer = dropping(more);
    const x = seededTensor([2, 3, 5, 2]);

    const [out, again, inTraining] = [false, false, true].map((training) =>
      valuesOf(layer.apply(x, { training }) as tf.Tensor),
    );

    expect(again).toEqual(out);
    expect(inTraining).not.toEqual(out);
  });

  test("drops the same at every step", () => {
    const layer = new ConvLSTM1D({
      filters: 1,
      kernelSize: 1,
      dropout: 0.5,
      activation: "linear",
      recurrentActivation: "linear",
      returnSequences: true,
    });
    layer.build([null, 4, 8, 1]);
    // No state is seen, and the output is input * candidate * output: 8 where none was dropped.
    layer.setWeights([tf.tensor3d([[[1, 0, 1, 1]]]), tf.zeros([1, 1, 4]), tf.zeros([4])]);

    const y = layer.apply(tf.ones([16, 4, 8, 1]), { training: true }) as tf.Tensor;

    const [first, ...others] = tf.unstack(y, 1).map(valuesOf);
    expect(new Set(first)).toEqual(new Set([0, 8]));
    expect(others).toEqual([first, first, first]);
  });
});

describe("refusals", () => {
  test.each<{ config: Partial<ConvLSTMConfig>; message: string }>([
    {
      config: { strides: 2, dilationRate: 2 },
      message:
        "Layer 'c': strides=(2, 2) are given with dilation_rate=(2, 2). Use 1 for one of the two.",
    },
    {
      config: { kernelSize: [1, 2, 3] },
      message:
        "Layer 'c': kernel_size=[1, 2, 3] is not for a layer with 2 spatial axes. " +
        "Use a whole number from 1, or a tuple of 2.",
    },
    {
      config: { activation: "keras>glu" },
      message:
        "Layer 'c': activation='keras>glu' halves the last axis. " +
        "Put it in a layer of its own: keras>Activation.",
    },
  ])("$message", ({ config, message }) => {
    expect(() => new ConvLSTM2D({ name: "c", filters: 2, kernelSize: 2, ...config })).toThrow(
      new Error(message),
    );
  });

  test.each([
    {
      shape: [null, 3, 4, 2],
      message:
        "Layer 'c': called on the shape (None, 3, 4, 2). " +
        "Call it on sequences of images, of 5 axes: batch, steps, 2 spatial and the channels.",
    },
    {
      shape: [null, 3, 4, 1, 2],
      message:
        "Layer 'c': a kernel that spans 2 does not fit into a spatial axis of size 1 with " +
        "padding='valid'. Use a larger input, a smaller kernel or padding='same'.",
    },
    {
      shape: [null, 3, 4, null, 2],
      message:
        "Layer 'c': the size of axis 1 is None (input shape (4, None, 2)), and a weight's shape " +
        "needs it. Build the layer on a fixed size.",
    },
  ])("$message", ({ shape, message }) => {
    const layer = new ConvLSTM2D({ name: "c", filters: 2, kernelSize: 2 });

    expect(() => {
      layer.build(shape);
    }).toThrow(new Error(message));
  });

  test("a size that it was not built for", () => {
    const layer = new ConvLSTM1D({ name: "c", filters: 2, kernelSize: 2 });
    layer.build([null, 2, 4, 3]);

    expect(() => layer.call(tf.zeros([1, 2, 3, 4]), {})).toThrow(
      new Error(
        "Layer 'c': was built for steps of shape (4, 3), and called on (1, 2, 3, 4). " +
          "Call it on the size it was built on.",
      ),
    );
  });
});
