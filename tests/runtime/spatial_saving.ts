/** Layers over spatial axes for saving.test.ts, each with options that are not Keras's defaults. */

import type * as tf from "@tensorflow/tfjs";
import { TWINS } from "../../export/runtime/src/index";

interface Given {
  readonly layer: string;
  /** What the layer is made of. */
  readonly given: object;
  /** Keras's words for it. */
  readonly config: Readonly<Record<string, unknown>>;
}

const first = { dataFormat: "channelsFirst" };
const written = { data_format: "channels_first" };

const GIVEN: readonly Given[] = [
  ...[1, 2, 3].flatMap((axes): Given[] => [
    ...["GlobalAveragePooling", "GlobalMaxPooling"].map((stem) => ({
      layer: `${stem}${axes}D`,
      given: { keepdims: true, ...first },
      config: { keepdims: true, ...written },
    })),
    ...["AdaptiveAveragePooling", "AdaptiveMaxPooling"].map((stem) => ({
      layer: `${stem}${axes}D`,
      given: { outputSize: 2, ...first },
      config: { output_size: Array<number>(axes).fill(2), ...written },
    })),
    {
      layer: `AveragePooling${axes}D`,
      given: { poolSize: 3, strides: 1, padding: "same", ...first },
      config: {
        pool_size: Array<number>(axes).fill(3),
        strides: Array<number>(axes).fill(1),
        padding: "same",
        ...written,
      },
    },
  ]),
  {
    layer: "MaxPooling1D",
    given: { strides: null, ...first },
    config: { pool_size: [2], strides: [2], padding: "valid", ...written },
  },
  {
    layer: "MaxPooling3D",
    given: { poolSize: [1, 2, 3] },
    config: { pool_size: [1, 2, 3], strides: [1, 2, 3], data_format: "channels_last" },
  },
  { layer: "ZeroPadding1D", given: { padding: [0, 2], ...first }, config: { padding: [0, 2] } },
  {
    layer: "ZeroPadding3D",
    given: { padding: [1, [0, 2], 0] },
    config: {
      padding: [
        [1, 1],
        [0, 2],
        [0, 0],
      ],
    },
  },
  { layer: "Cropping1D", given: { cropping: [2, 0] }, config: { cropping: [2, 0] } },
  {
    layer: "Cropping2D",
    given: { ...first },
    config: {
      cropping: [
        [1, 1],
        [1, 1],
      ],
      ...written,
    },
  },
  {
    layer: "Cropping3D",
    given: { cropping: 1 },
    config: { cropping: Array<number[]>(3).fill([1, 1]) },
  },
  { layer: "UpSampling1D", given: { size: 3 }, config: { size: 3 } },
  {
    layer: "UpSampling2D",
    given: { size: [3, 1], interpolation: "lanczos3", ...first },
    config: { size: [3, 1], interpolation: "lanczos3", ...written },
  },
  { layer: "UpSampling3D", given: { ...first }, config: { size: [2, 2, 2], ...written } },
];

export const SPATIAL = GIVEN.map(({ layer, given, config }) => ({
  written: `keras>${layer}`,
  make: (): tf.layers.Layer => {
    const known = TWINS[`keras>${layer}`];
    if (!known) {
      throw new Error(layer);
    }
    return new known(given);
  },
  shapes: [[4, 3, 4, 3].slice(0, Number(layer.at(-2)) + 1)],
  config,
}));
