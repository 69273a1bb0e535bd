/** Recurrent layers and what wraps layers, for saving.test.ts. */

import * as tf from "@tensorflow/tfjs";
import {
  Bidirectional,
  Dense,
  GRUCell,
  LSTM,
  LSTMCell,
  RNN,
  TimeDistributed,
  TWINS,
} from "../../export/runtime/src/index";

interface Row {
  readonly written: string;
  readonly make: () => tf.layers.Layer;
  readonly shapes: readonly (readonly number[])[];
  readonly config: Readonly<Record<string, unknown>>;
}

const l1l2 = { class_name: "L1L2", config: { l1: 0.1, l2: 0.2 } };
const nonNeg = { class_name: "NonNeg", config: {} };

const COURSE = {
  return_sequences: false,
  return_state: false,
  go_backwards: false,
  stateful: false,
  unroll: false,
  zero_output_for_mask: false,
};

/** Both names of a layer whose cell is its own. */
function both(
  layer: string,
  shape: readonly number[],
  given: object,
  config: Readonly<Record<string, unknown>>,
): readonly Row[] {
  return ["keras", "kerasBias"].map((name) => ({
    written: `${name}>${layer}`,
    make: () => {
      const Twin = TWINS[`${name}>${layer}`];
      if (!Twin) {
        throw new Error(`there is no twin ${name}>${layer}`);
      }
      return new Twin(given);
    },
    shapes: [shape],
    config: { ...COURSE, ...config },
  }));
}

export const RECURRENT: readonly Row[] = [
  ...both(
    "SimpleRNN",
    [3, 2],
    { name: "my_rnn", units: 4, biasShape: [2], activation: "softsign", useBias: true },
    {
      name: "my_rnn",
      trainable: true,
      units: 4,
      activation: "softsign",
      use_bias: true,
      bias_shape: [2],
      bias_trainable: true,
    },
  ),
  ...both(
    "LSTM",
    [2, 2],
    {
      units: 2,
      recurrentActivation: "keras>hard_sigmoid",
      biasShape: "gate",
      biasTrainable: false,
      unitForgetBias: false,
      recurrentInitializer: "glorotUniform",
      kernelRegularizer: tf.regularizers.l1l2({ l1: 0.1, l2: 0.2 }),
      recurrentConstraint: tf.constraints.nonNeg(),
      returnSequences: true,
      goBackwards: true,
      zeroOutputForMask: true,
      dropout: 0.1,
      recurrentDropout: 0.2,
    },
    {
      units: 2,
      activation: "tanh",
      recurrent_activation: "keras>hard_sigmoid",
      bias_shape: "gate",
      bias_trainable: false,
      unit_forget_bias: false,
      kernel_regularizer: l1l2,
      recurrent_regularizer: null,
      recurrent_constraint: nonNeg,
      return_sequences: true,
      go_backwards: true,
      zero_output_for_mask: true,
      dropout: 0.1,
      recurrent_dropout: 0.2,
    },
  ),
  ...both(
    "GRU",
    [3, 1],
    { units: 3, resetAfter: true, biasShape: [1, null, 1], unroll: true },
    { units: 3, reset_after: true, bias_shape: [1, null, 1], unroll: true },
  ),
  {
    written: "keras>RNN",
    make: () =>
      new RNN({
        cell: [new LSTMCell({ name: "low", units: 2 }), new GRUCell({ name: "top", units: 3 })],
        returnSequences: true,
      }),
    shapes: [[3, 2]],
    config: {
      ...COURSE,
      return_sequences: true,
      cell: {
        class_name: "keras>StackedRNNCells",
        config: {
          name: "stacked_rnn_cells",
          trainable: true,
          cells: [
            { class_name: "keras>LSTMCell", config: { name: "low", units: 2 } },
            { class_name: "keras>GRUCell", config: { name: "top", units: 3, reset_after: true } },
          ],
        },
      },
    },
  },
  {
    written: "keras>Bidirectional",
    make: () => new Bidirectional({ layer: new LSTM({ name: "my_lstm", units: 2 }) }),
    shapes: [[3, 2]],
    config: {
      merge_mode: "concat",
      layer: { class_name: "keras>LSTM", config: { name: "my_lstm", go_backwards: false } },
      backward_layer: {
        class_name: "keras>LSTM",
        config: { name: "backward_my_lstm", go_backwards: true },
      },
    },
  },
  {
    written: "keras>TimeDistributed",
    make: () => new TimeDistributed({ layer: new Dense({ name: "my_dense", units: 2 }) }),
    shapes: [[3, 4]],
    config: { layer: { class_name: "kerasBias>Dense", config: { name: "my_dense", units: 2 } } },
  },
];
