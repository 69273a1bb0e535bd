/** Convolutional layers refuse what Keras refuses, and say what to do instead. */

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  Conv1DTranspose,
  Conv2D,
  DepthwiseConv2D,
  SeparableConv1D,
} from "../../export/runtime/src/index";

describe("bad options are refused in words", () => {
  const conv = (config: object) => () =>
    new Conv2D({ name: "c", filters: 4, kernelSize: 3, ...config });
  const built = (layer: tf.layers.Layer, shape: (number | null)[]) => () => {
    layer.build(shape);
  };

  test.each<readonly [string, () => unknown, string]>([
    [
      "no filters",
      conv({ filters: 0 }),
      "filters=0 is not a positive whole number. Use 1 or more.",
    ],
    [
      "kernel_size",
      conv({ kernelSize: [3, 0] }),
      "kernel_size=[3, 0] is not for a layer with 2 spatial axes. Use a whole number from 1, or a tuple of 2.",
    ],
    [
      "as many strides as axes",
      conv({ strides: [1, 2, 1] }),
      "strides=[1, 2, 1] is not for a layer with 2 spatial axes. Use a whole number from 1, or a tuple of 2.",
    ],
    [
      "causal, of images",
      conv({ padding: "causal" }),
      "padding='causal' is unknown. Use 'valid' or 'same'.",
    ],
    [
      "data_format",
      conv({ dataFormat: "NCHW" }),
      "data_format='NCHW' is unknown. Use 'channels_last' or 'channels_first'.",
    ],
    [
      "strides with dilation",
      conv({ strides: 2, dilationRate: [1, 2] }),
      "strides=(2, 2) are given with dilation_rate=(1, 2). Use 1 for one of the two.",
    ],
    [
      "groups of filters",
      conv({ groups: 3 }),
      "groups=3 does not divide filters=4. Use a number that does.",
    ],
    [
      "groups of channels",
      built(conv({ groups: 2 })(), [null, 4, 4, 3]),
      "groups=2 does not divide the input's 3 channels (input shape (None, 4, 4, 3)). Use a number that does.",
    ],
    [
      "unknown channels",
      built(conv({})(), [null, 4, 4, null]),
      "the size of axis 3 is None (input shape (None, 4, 4, None)), and a weight's shape needs it. Build the layer on a fixed size.",
    ],
    [
      "an input that is too small",
      built(conv({})(), [null, 4, 2, 1]),
      "a kernel that spans 3 does not fit into a spatial axis of size 2 with padding='valid'. Use a larger input, a smaller kernel or padding='same'.",
    ],
    [
      "output_padding beyond the strides",
      () =>
        new Conv1DTranspose({ name: "c", filters: 1, kernelSize: 2, strides: 2, outputPadding: 2 }),
      "output_padding=(2,) is not below strides=(2,). Use less along each axis.",
    ],
    [
      "output_padding below 0",
      () =>
        new Conv1DTranspose({
          name: "c",
          filters: 1,
          kernelSize: 2,
          strides: 2,
          outputPadding: -1,
        }),
      "output_padding=-1 is not for a layer with 1 spatial axis. Use a whole number from 0, or a tuple of 1.",
    ],
    [
      "depth_multiplier",
      () => new DepthwiseConv2D({ name: "c", kernelSize: 2, depthMultiplier: 0 }),
      "depth_multiplier=0 is not a positive whole number. Use 1 or more.",
    ],
    [
      "group where there is none",
      built(new SeparableConv1D({ name: "c", filters: 2, kernelSize: 1, biasShape: "group" }), [
        null,
        2,
        2,
      ]),
      "bias_shape='group' needs a layer with groups, and this one has none. Use a tuple with a number of equal blocks, such as (2,).",
    ],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(new Error(`Layer 'c': ${message}`));
  });

  test("nothing is made before it is refused", () => {
    const layer = conv({ biasShape: [3] })();
    const before = tf.memory().numTensors;

    expect(built(layer, [null, 4, 4, 1])).toThrow("needs 3 equal blocks");
    expect(tf.memory().numTensors).toBe(before);
    expect(layer.weights).toEqual([]);
  });
});
