/** Convolutional LSTMs for saving.test.ts: each by both names it is registered under. */

import type * as tf from "@tensorflow/tfjs";
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

/** What stays as it is where nothing is said of it. */
const everywhere = {
  activation: "tanh",
  recurrent_activation: "sigmoid",
  use_bias: true,
  unit_forget_bias: true,
  bias_shape: "vector",
  bias_trainable: true,
  kernel_regularizer: null,
  recurrent_regularizer: null,
  bias_regularizer: null,
  kernel_constraint: null,
  padding: "valid",
  data_format: "channels_last",
  dropout: 0,
  recurrent_dropout: 0,
  return_sequences: false,
  return_state: false,
  go_backwards: false,
  stateful: false,
  unroll: false,
  zero_output_for_mask: false,
};

const GIVEN: readonly Given[] = [
  {
    layer: "ConvLSTM1D",
    given: { filters: 2, kernelSize: 2, biasTrainable: false, goBackwards: true, unroll: true },
    shape: [3, 3, 3],
    config: {
      ...everywhere,
      filters: 2,
      kernel_size: [2],
      strides: [1],
      dilation_rate: [1],
      bias_trainable: false,
      go_backwards: true,
      unroll: true,
    },
  },
  {
    layer: "ConvLSTM2D",
    given: {
      filters: 2,
      kernelSize: [2, 1],
      padding: "same",
      dataFormat: "channelsFirst",
      dilationRate: [2, 1],
      activation: "keras>leaky_relu",
      recurrentActivation: "keras>hard_sigmoid",
      biasShape: "untied",
      unitForgetBias: false,
      returnSequences: true,
      zeroOutputForMask: true,
      recurrentRegularizer: { className: "L1L2", config: { l1: 0.1, l2: 0.2 } },
    },
    shape: [2, 3, 3, 3],
    config: {
      ...everywhere,
      filters: 2,
      kernel_size: [2, 1],
      strides: [1, 1],
      padding: "same",
      data_format: "channels_first",
      dilation_rate: [2, 1],
      activation: "keras>leaky_relu",
      recurrent_activation: "keras>hard_sigmoid",
      bias_shape: "untied",
      unit_forget_bias: false,
      return_sequences: true,
      zero_output_for_mask: true,
      recurrent_regularizer: { class_name: "L1L2", config: { l1: 0.1, l2: 0.2 } },
    },
  },
  {
    layer: "ConvLSTM3D",
    given: { filters: 1, kernelSize: [1, 2, 1], strides: 2, biasShape: [2, 1], useBias: true },
    shape: [2, 2, 3, 2, 1],
    config: {
      ...everywhere,
      filters: 1,
      kernel_size: [1, 2, 1],
      strides: [2, 2, 2],
      dilation_rate: [1, 1, 1],
      bias_shape: [2, 1],
    },
  },
];

export const CONV_LSTMS = GIVEN.flatMap(({ layer, given, shape, config }) =>
  ["keras", "kerasBias"].map((owner) => {
    const written = `${owner}>${layer}`;
    const make = (): tf.layers.Layer => {
      const Twin = TWINS[written];
      if (Twin === undefined) {
        throw new Error(`${written} is not registered`);
      }
      return new Twin({ ...given });
    };
    return { written, make, shapes: [shape], config };
  }),
);
