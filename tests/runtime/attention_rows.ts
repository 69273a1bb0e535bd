/** EinsumDense and attention, as the test of saving wants them: by both of their names. */

import type * as tf from "@tensorflow/tfjs";
import { MaskOf, TWINS } from "../../export/runtime/src/index";

interface Row {
  readonly written: string;
  readonly make: () => tf.layers.Layer;
  readonly shapes: readonly (readonly number[])[];
  readonly config: Readonly<Record<string, unknown>>;
}

/** A row for Keras's own layer, and one for ours. */
function both(
  name: string,
  given: Readonly<Record<string, unknown>>,
  shapes: Row["shapes"],
  config: Row["config"],
): readonly Row[] {
  return ["keras", "kerasBias"].map((owner) => {
    const written = `${owner}>${name}`;
    const make = (): tf.layers.Layer => {
      const Twin = TWINS[written];
      if (Twin === undefined) {
        throw new Error(`${written} is not registered`);
      }
      return new Twin({ ...given });
    };
    return { written, make, shapes, config };
  });
}

export const ATTENTION_ROWS: readonly Row[] = [
  ...both(
    "EinsumDense",
    {
      equation: "abc,cde->abde",
      outputShape: [null, 2, 3],
      activation: "keras>hard_silu",
      biasAxes: "de",
      biasShape: "location",
      kernelInitializer: "heNormal",
    },
    [[3, 2]],
    {
      equation: "abc,cde->abde",
      output_shape: [null, 2, 3],
      activation: "keras>hard_silu",
      bias_axes: "de",
      bias_shape: "location",
      bias_trainable: true,
    },
  ),
  ...both(
    "MultiHeadAttention",
    {
      numHeads: 3,
      keyDim: 3,
      valueDim: 2,
      attentionAxes: [1],
      slidingWindow: 2,
      useGate: true,
      useBias: { key: false },
      biasShape: { query: "untied", output: [null, 1] },
      biasTrainable: { gate: false },
      inputs: ["query", "value", "attentionMask"],
      useCausalMask: true,
    },
    [
      [3, 3],
      [3, 2],
      [3, 3],
    ],
    {
      num_heads: 3,
      key_dim: 3,
      value_dim: 2,
      dropout: 0,
      attention_axes: [1],
      sliding_window: 2,
      use_gate: true,
      use_bias: { key: false },
      bias_shape: { query: "untied", output: [null, 1] },
      bias_trainable: { gate: false },
      inputs: ["query", "value", "attention_mask"],
      use_causal_mask: true,
      return_attention_scores: false,
      output_shape: null,
      seed: null,
    },
  ),
  ...both(
    "GroupQueryAttention",
    {
      headDim: 2,
      numQueryHeads: 4,
      numKeyValueHeads: 2,
      biasShape: "scalar",
      inputs: ["query", "value", "key"],
    },
    [
      [3, 3],
      [2, 3],
      [2, 4],
    ],
    {
      head_dim: 2,
      num_query_heads: 4,
      num_key_value_heads: 2,
      dropout: 0,
      sliding_window: null,
      use_gate: false,
      use_bias: true,
      bias_shape: "scalar",
      bias_trainable: true,
      inputs: ["query", "value", "key"],
    },
  ),
  { written: "keras>MaskOf", make: () => new MaskOf(), shapes: [[3, 2]], config: {} },
];
