/** Layers that prepare data for saving.test.ts, each with options that are not Keras's defaults. */

import type * as tf from "@tensorflow/tfjs";
import { TWINS } from "../../export/runtime/src/index";

interface Given {
  readonly layer: string;
  readonly shape: readonly number[];
  /** What the layer is made of. */
  readonly given: object;
  /** Keras's words for it. */
  readonly config: Readonly<Record<string, unknown>>;
}

const GIVEN: readonly Given[] = [
  {
    layer: "Normalization",
    shape: [3, 2],
    given: { axis: [1, 2], invert: true },
    config: { axis: [1, 2], invert: true, mean: null, variance: null },
  },
  {
    layer: "Resizing",
    shape: [2, 4, 3],
    given: {
      height: 3,
      width: 2,
      interpolation: "lanczos3",
      padToAspectRatio: true,
      fillValue: 0.5,
      antialias: true,
      integers: [0, 255],
      dataFormat: "channelsFirst",
    },
    config: {
      height: 3,
      width: 2,
      interpolation: "lanczos3",
      crop_to_aspect_ratio: false,
      pad_to_aspect_ratio: true,
      fill_value: 0.5,
      antialias: true,
      integers: [0, 255],
      data_format: "channels_first",
    },
  },
  {
    layer: "Discretization",
    shape: [4, 3],
    given: { binBoundaries: [-0.5, 0.5], outputMode: "multiHot" },
    config: { bin_boundaries: [-0.5, 0.5], output_mode: "multi_hot" },
  },
  {
    layer: "CategoryEncoding",
    shape: [4, 1],
    given: { numTokens: 3, outputMode: "oneHot" },
    config: { num_tokens: 3, output_mode: "one_hot" },
  },
  {
    layer: "Hashing",
    shape: [4],
    given: { numBins: 3, maskValue: 1 },
    config: { num_bins: 3, mask_value: 1, output_mode: "int" },
  },
  {
    layer: "IntegerLookup",
    shape: [4],
    given: { vocabulary: [1, -1], numOovIndices: 2, maskToken: 7, outputMode: "tfIdf", depth: 5 },
    config: {
      vocabulary: [1, -1],
      num_oov_indices: 2,
      mask_token: 7,
      oov_token: -1,
      oov_method: "floormod",
      invert: false,
      output_mode: "tf_idf",
      depth: 5,
    },
  },
  {
    layer: "STFTSpectrogram",
    shape: [2, 20],
    given: {
      mode: "magnitude",
      frameLength: 5,
      frameStep: 2,
      fftLength: 6,
      padding: "same",
      expandDims: true,
      dataFormat: "channelsFirst",
    },
    config: {
      mode: "magnitude",
      frame_length: 5,
      frame_step: 2,
      fft_length: 6,
      padding: "same",
      expand_dims: true,
      data_format: "channels_first",
    },
  },
  {
    layer: "MelSpectrogram",
    shape: [20],
    given: {
      fftLength: 8,
      sequenceStride: 3,
      sequenceLength: 6,
      window: "hamming",
      samplingRate: 800,
      numMelBins: 4,
      topDb: 50,
    },
    config: {
      fft_length: 8,
      sequence_stride: 3,
      sequence_length: 6,
      window: "hamming",
      sampling_rate: 800,
      num_mel_bins: 4,
      min_freq: 20,
      max_freq: 400,
      power_to_db: true,
      top_db: 50,
      mag_exp: 2,
      min_power: 1e-10,
      ref_power: 1,
    },
  },
  {
    layer: "CenterCrop",
    shape: [4, 3, 2],
    given: { height: 3, width: 2 },
    config: { height: 3, width: 2, data_format: "channels_last" },
  },
  {
    layer: "AutoContrast",
    shape: [4, 3, 2],
    given: { valueRange: [-1, 1] },
    config: { value_range: [-1, 1] },
  },
];

export const PREPROCESSING = GIVEN.map(({ layer, shape, given, config }) => ({
  written: `keras>${layer}`,
  make: (): tf.layers.Layer => {
    const known = TWINS[`keras>${layer}`];
    if (!known) {
      throw new Error(layer);
    }
    return new known(given);
  },
  shapes: [shape],
  config,
}));
