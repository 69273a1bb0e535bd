/** Convolutions for saving.test.ts: each by both names it is registered under. */

import * as tf from "@tensorflow/tfjs";
import { TWINS } from "../../export/runtime/src/index";

interface Given {
  readonly layer: string;
  /** What the layer is made of. */
  readonly given: object;
  /** The input's, without batch. */
  readonly shape: readonly number[];
  /** Keras's words for it. */
  readonly config: Readonly<Record<string, unknown>>;
}

const l1l2 = { class_name: "L1L2", config: { l1: 0.1, l2: 0.2 } };
const nonNeg = { class_name: "NonNeg", config: {} };

/** What stays as it is where nothing is said of it. */
const everywhere = {
  activation: "linear",
  use_bias: true,
  bias_shape: "vector",
  bias_trainable: true,
  bias_regularizer: null,
  padding: "valid",
  data_format: "channels_last",
};

const GIVEN: readonly Given[] = [
  {
    layer: "Conv1D",
    given: { filters: 2, kernelSize: 2, padding: "causal", dilationRate: 2, biasTrainable: false },
    shape: [3, 3],
    config: {
      ...everywhere,
      filters: 2,
      kernel_size: [2],
      strides: [1],
      padding: "causal",
      dilation_rate: [2],
      groups: 1,
      bias_trainable: false,
    },
  },
  {
    layer: "Conv2D",
    given: {
      filters: 4,
      kernelSize: [2, 1],
      strides: 2,
      groups: 2,
      padding: "same",
      dataFormat: "channelsFirst",
      activation: "keras>leaky_relu",
      biasShape: [2, 1, null],
      kernelRegularizer: tf.regularizers.l1l2({ l1: 0.1, l2: 0.2 }),
      biasConstraint: tf.constraints.nonNeg(),
    },
    shape: [2, 3, 3],
    config: {
      filters: 4,
      kernel_size: [2, 1],
      strides: [2, 2],
      padding: "same",
      data_format: "channels_first",
      dilation_rate: [1, 1],
      groups: 2,
      activation: "keras>leaky_relu",
      bias_shape: [2, 1, null],
      kernel_regularizer: l1l2,
      kernel_constraint: null,
      bias_constraint: nonNeg,
    },
  },
  {
    layer: "Conv3D",
    given: { filters: 2, kernelSize: [1, 2, 2], dilationRate: [1, 2, 1], biasShape: "location" },
    shape: [1, 3, 3, 2],
    config: {
      ...everywhere,
      kernel_size: [1, 2, 2],
      dilation_rate: [1, 2, 1],
      bias_shape: "location",
    },
  },
  {
    layer: "Conv1DTranspose",
    given: { filters: 2, kernelSize: 2, strides: 3, outputPadding: 0 },
    shape: [2, 2],
    config: { ...everywhere, filters: 2, strides: [3], output_padding: [0] },
  },
  {
    layer: "Conv2DTranspose",
    given: { filters: 2, kernelSize: 2, strides: [2, 1], padding: "same", biasShape: "untied" },
    shape: [2, 2, 2],
    config: {
      ...everywhere,
      filters: 2,
      strides: [2, 1],
      padding: "same",
      output_padding: null,
      bias_shape: "untied",
    },
  },
  {
    layer: "Conv3DTranspose",
    given: { filters: 2, kernelSize: 2, strides: 2, outputPadding: [0, 1, 0] },
    shape: [1, 1, 2, 1],
    config: { ...everywhere, kernel_size: [2, 2, 2], output_padding: [0, 1, 0] },
  },
  {
    layer: "DepthwiseConv1D",
    given: { kernelSize: 2, depthMultiplier: 2, dilationRate: 2, biasShape: "group" },
    shape: [4, 2],
    config: { ...everywhere, depth_multiplier: 2, dilation_rate: [2], bias_shape: "group" },
  },
  {
    layer: "DepthwiseConv2D",
    given: {
      kernelSize: 2,
      dataFormat: "channelsFirst",
      depthwiseInitializer: "ones",
      depthwiseConstraint: tf.constraints.nonNeg(),
    },
    shape: [2, 3, 3],
    config: {
      ...everywhere,
      depth_multiplier: 1,
      data_format: "channels_first",
      depthwise_initializer: { class_name: "Ones", config: {} },
      depthwise_constraint: nonNeg,
      depthwise_regularizer: null,
    },
  },
  {
    layer: "SeparableConv1D",
    given: { filters: 2, kernelSize: 2, pointwiseInitializer: "ones", biasShape: "scalar" },
    shape: [3, 2],
    config: {
      ...everywhere,
      filters: 2,
      depth_multiplier: 1,
      bias_shape: "scalar",
      pointwise_initializer: { class_name: "Ones", config: {} },
    },
  },
  {
    layer: "SeparableConv2D",
    given: {
      filters: 2,
      kernelSize: 2,
      depthMultiplier: 2,
      dilationRate: 2,
      pointwiseRegularizer: tf.regularizers.l1l2({ l1: 0.1, l2: 0.2 }),
    },
    shape: [3, 3, 2],
    config: {
      ...everywhere,
      depth_multiplier: 2,
      dilation_rate: [2, 2],
      pointwise_regularizer: l1l2,
      depthwise_regularizer: null,
    },
  },
];

/** The rows themselves. */
export const CONVOLUTIONS = ["keras", "kerasBias"].flatMap((name) =>
  GIVEN.map(({ layer, given, shape, config }) => ({
    written: `${name}>${layer}`,
    make: () => made(`${name}>${layer}`, given),
    shapes: [shape],
    config,
  })),
);

function made(written: string, given: object): tf.layers.Layer {
  const Twin = TWINS[written];
  if (Twin === undefined) {
    throw new Error(`'${written}' is not registered.`);
  }
  return new Twin(given);
}
