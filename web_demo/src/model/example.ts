/**
 * The network of the question, for when no model is served: 1 input, 5 hidden units, 2 outputs.
 *
 * Its numbers are set by hand so that it gives °F and K for °C exactly: the first layer spreads the
 * input over five units, the second adds them up, and the biases do the rest.
 */

import type { Artefacts } from "../loader/artefacts";
import { decoded } from "../loader/decode";
import { manifest } from "../loader/manifest";

const dense = (name: string, units: number) =>
  ({
    class_name: "Dense",
    config: { name, trainable: true, units, activation: "linear", use_bias: true },
  }) as const;

const WEIGHTS: readonly (readonly [
  name: string,
  shape: readonly number[],
  values: readonly number[],
])[] = [
  ["dense_5/kernel", [1, 5], [1, 0.5, 0.25, -0.5, -1]],
  ["dense_5/bias", [5], [10, 5, 1, -5, -10]],
  ["dense_2/kernel", [5, 2], [0.9, 0.5, 0, 0, 2, 2, 0, 0, -0.4, 0]],
  ["dense_2/bias", [2], [17, 266.15]],
];

const FILE = "group1-shard1of1.bin";
const json = {
  format: "layers-model",
  modelTopology: {
    class_name: "Sequential",
    config: {
      name: "example",
      layers: [
        { class_name: "InputLayer", config: { name: "celsius", batch_input_shape: [null, 1] } },
        dense("dense_5", 5),
        dense("dense_2", 2),
      ],
    },
  },
  weightsManifest: [
    { paths: [FILE], weights: WEIGHTS.map(([name, shape]) => ({ name, shape, dtype: "float32" })) },
  ],
} as const;
const read = manifest(json, "model.json");
const bytes = new Uint8Array(new Float32Array(WEIGHTS.flatMap(([, , values]) => values)).buffer);

export const EXAMPLE: Artefacts = {
  title: "An example: dense 5, dense 2",
  manifest: read,
  weights: decoded(
    read.groups.flatMap((group) => group.weights),
    bytes,
  ),
  bytesLong: bytes.byteLength,
  hasWeights: true,
  source: {
    json: new TextEncoder().encode(JSON.stringify(json)),
    files: [{ path: FILE, bytes }],
  },
};
