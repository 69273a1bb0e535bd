/** Layers that normalize, and what stands alone, for saving.test.ts. */

import * as tf from "@tensorflow/tfjs";
import {
  AdditiveAttention,
  Attention,
  GroupNormalization,
  Masked,
  Operation,
  ReversibleEmbedding,
  RMSNormalization,
  SpectralNormalization,
  UnitNormalization,
  Unmasked,
} from "../../export/runtime/src/index";

interface Row {
  readonly written: string;
  readonly make: () => tf.layers.Layer;
  readonly shapes: readonly (readonly number[])[];
  readonly config: Readonly<Record<string, unknown>>;
}

export const NORMALIZATION: readonly Row[] = [
  {
    written: "keras>GroupNormalization",
    make: () => new GroupNormalization({ groups: 2, axis: 1, epsilon: 0.1, scale: false }),
    shapes: [[4, 3]],
    config: { groups: 2, axis: 1, epsilon: 0.1, scale: false, center: true },
  },
  {
    written: "keras>RMSNormalization",
    make: () => new RMSNormalization({ axis: [1, 2], epsilon: 0.1 }),
    shapes: [[4, 3]],
    config: { axis: [1, 2], epsilon: 0.1 },
  },
  {
    written: "keras>UnitNormalization",
    make: () => new UnitNormalization({ axis: 1 }),
    shapes: [[4, 3]],
    config: { axis: 1 },
  },
  {
    written: "keras>SpectralNormalization",
    make: () =>
      new SpectralNormalization({ layer: tf.layers.dense({ units: 3 }), powerIterations: 2 }),
    shapes: [[4]],
    config: { power_iterations: 2, layer: { class_name: "Dense" } },
  },
  {
    written: "keras>ReversibleEmbedding",
    make: () => new ReversibleEmbedding({ inputDim: 4, outputDim: 3, tieWeights: false }),
    shapes: [[5]],
    config: { input_dim: 4, output_dim: 3, tie_weights: false, mask_zero: false },
  },
  {
    written: "keras>Attention",
    make: () => new Attention({ useScale: true, scoreMode: "concat", useCausalMask: true }),
    shapes: [
      [3, 2],
      [4, 2],
    ],
    config: { use_scale: true, score_mode: "concat", use_causal_mask: true, dropout: 0 },
  },
  {
    written: "keras>AdditiveAttention",
    make: () => new AdditiveAttention({ inputs: ["query", "value", "key"] }),
    shapes: [
      [3, 2],
      [4, 3],
      [4, 2],
    ],
    config: { use_scale: true, inputs: ["query", "value", "key"] },
  },
  {
    written: "keras>Masked",
    make: () => new Masked(),
    shapes: [[3, 2], [3]],
    config: {},
  },
  { written: "keras>Unmasked", make: () => new Unmasked(), shapes: [[3, 2]], config: {} },
  {
    written: "keras>Operation",
    make: () =>
      new Operation({
        operation: { name: "Multiply" },
        arguments: [{ tensor: 0 }, { array: [[0.5], [2]], dtype: "float32" }],
      }),
    shapes: [[2, 3]],
    config: {
      operation: { name: "Multiply" },
      arguments: [{ tensor: 0 }, { array: [[0.5], [2]], dtype: "float32" }],
    },
  },
];
