/** All twins, by the class names under which tfjs finds them. */

import type { Optimizer } from "@tensorflow/tfjs-core";
import { serialization } from "@tensorflow/tfjs-core";
import type { layers } from "@tensorflow/tfjs-layers";
import type { Cell } from "./layers/recurrent/cell";

// Families stand together: gzip finds in one layer what it has seen in the one before.
import { Conv1DTranspose, Conv2DTranspose, Conv3DTranspose } from "./layers/convolution_transpose";
import { Conv1D, Conv2D, Conv3D } from "./layers/convolution";
import { DepthwiseConv1D, DepthwiseConv2D } from "./layers/depthwise_convolution";
import { SeparableConv1D, SeparableConv2D } from "./layers/separable_convolution";

import { Bias } from "./layers/bias";
import { Dense } from "./layers/dense";
import { EinsumDense } from "./layers/einsum_dense";
import { ReversibleEmbedding } from "./layers/reversible_embedding";

import { Activation, ELU, ReLU } from "./layers/activation";
import { Softmax } from "./layers/softmax";
import { ACTIVATION_CLASSES } from "./activations";

import { StackedRNNCells } from "./layers/recurrent/stacked";
import { GRU, LSTM, RNN, SimpleRNN } from "./layers/recurrent/layers";
import { TimeDistributed } from "./layers/recurrent/time_distributed";
import { Bidirectional } from "./layers/recurrent/bidirectional";
import { ConvLSTM1D, ConvLSTM2D, ConvLSTM3D } from "./layers/recurrent/conv_lstm";
import { GRUCell, LSTMCell, SimpleRNNCell } from "./layers/recurrent/cells";

import { SpectralNormalization } from "./layers/spectral_normalization";
import { RMSNormalization, UnitNormalization } from "./layers/root_normalization";
import { GroupNormalization } from "./layers/group_normalization";
import { BatchNormalization, LayerNormalization } from "./layers/normalization";

import { Masked, MaskOf, Unmasked } from "./layers/attention/mask_of";
import { AdditiveAttention, Attention } from "./layers/attention/dot_attention";
import { GroupQueryAttention } from "./layers/attention/group_query_attention";
import { MultiHeadAttention } from "./layers/attention/multi_head_attention";

import { Normalization } from "./layers/preprocessing/normalization";
import {
  CategoryEncoding,
  Discretization,
  Hashing,
  IntegerLookup,
} from "./layers/preprocessing/categories";
import { MelSpectrogram, STFTSpectrogram } from "./layers/preprocessing/spectrograms";
import { AutoContrast, CenterCrop, Resizing } from "./layers/preprocessing/images";

import {
  GlobalAveragePooling1D,
  GlobalAveragePooling2D,
  GlobalAveragePooling3D,
  GlobalMaxPooling1D,
  GlobalMaxPooling2D,
  GlobalMaxPooling3D,
} from "./layers/global_pooling";
import { Dot, Subtract } from "./layers/merging";
import { UpSampling1D, UpSampling2D, UpSampling3D } from "./layers/up_sampling";
import { Cropping1D, Cropping2D, Cropping3D, ZeroPadding1D, ZeroPadding3D } from "./layers/margins";
import { Adam } from "./optimizers/adam";
import {
  AveragePooling1D,
  AveragePooling2D,
  AveragePooling3D,
  MaxPooling1D,
  MaxPooling3D,
} from "./layers/pooling";
import { Operation } from "./layers/operation";
import {
  AdaptiveAveragePooling1D,
  AdaptiveAveragePooling2D,
  AdaptiveAveragePooling3D,
  AdaptiveMaxPooling1D,
  AdaptiveMaxPooling2D,
  AdaptiveMaxPooling3D,
} from "./layers/adaptive_pooling";

type Part = serialization.Serializable;
type Classes<T extends Part> = Readonly<Record<string, serialization.SerializableConstructor<T>>>;
/** A class as it is written, whatever its constructor takes. */
type Class<T extends Part> = Pick<typeof serialization.Serializable, "fromConfig"> & {
  readonly className: string;
  new (...given: never[]): T;
};

/** Layers that both Keras and keras_bias have: one twin is both. */
const SHARED: readonly Class<layers.Layer>[] = [
  Conv1D,
  Conv1DTranspose,
  Conv2D,
  Conv2DTranspose,
  Conv3D,
  Conv3DTranspose,
  ConvLSTM1D,
  ConvLSTM2D,
  ConvLSTM3D,
  DepthwiseConv1D,
  DepthwiseConv2D,
  EinsumDense,
  GRU,
  GroupQueryAttention,
  LSTM,
  MultiHeadAttention,
  SeparableConv1D,
  SeparableConv2D,
  SimpleRNN,
];

/** Layers that Keras has, or that stand for what it does between layers. */
const OF_KERAS: readonly Class<layers.Layer>[] = [
  Activation,
  AdaptiveAveragePooling1D,
  AdaptiveAveragePooling2D,
  AdaptiveAveragePooling3D,
  AdaptiveMaxPooling1D,
  AdaptiveMaxPooling2D,
  AdaptiveMaxPooling3D,
  AdditiveAttention,
  Attention,
  AutoContrast,
  AveragePooling1D,
  AveragePooling2D,
  AveragePooling3D,
  BatchNormalization,
  Bidirectional,
  CategoryEncoding,
  CenterCrop,
  Cropping1D,
  Cropping2D,
  Cropping3D,
  Discretization,
  Dot,
  ELU,
  GlobalAveragePooling1D,
  GlobalAveragePooling2D,
  GlobalAveragePooling3D,
  GlobalMaxPooling1D,
  GlobalMaxPooling2D,
  GlobalMaxPooling3D,
  GroupNormalization,
  Hashing,
  IntegerLookup,
  LayerNormalization,
  MaskOf,
  Masked,
  MaxPooling1D,
  MaxPooling3D,
  MelSpectrogram,
  Normalization,
  Operation,
  RMSNormalization,
  RNN,
  ReLU,
  Resizing,
  ReversibleEmbedding,
  STFTSpectrogram,
  Softmax,
  SpectralNormalization,
  Subtract,
  TimeDistributed,
  UnitNormalization,
  Unmasked,
  UpSampling1D,
  UpSampling2D,
  UpSampling3D,
  ZeroPadding1D,
  ZeroPadding3D,
];

/** Layers. A model.json has `keras_bias>Dense`; tfjs camel-cases that before it looks. */
export const TWINS: Classes<layers.Layer> = /* @__PURE__ */ byName(() => [
  Bias,
  Dense,
  ...OF_KERAS,
  ...inBoth(SHARED),
]);

/** What recurrent layers are made of: not layers themselves. */
export const CELLS: Classes<Cell> = /* @__PURE__ */ byName(() => [
  StackedRNNCells,
  ...inBoth<Cell>([GRUCell, LSTMCell, SimpleRNNCell]),
]);

/** Optimizers, which a model's `trainingConfig` may name. */
export const OPTIMIZERS: Classes<Optimizer> = {
  "keras>Adam": Adam,
};

/** Make tfjs know all twins: layers, cells, activations and optimizers. Twice is as good as once. */
export function register(): void {
  const all = { ...TWINS, ...CELLS, ...OPTIMIZERS, ...ACTIVATION_CLASSES };
  for (const each of Object.values(all as unknown as Classes<Part>)) {
    serialization.registerClass(each);
  }
}

/** Classes by the names that tfjs finds them by. */
function byName<T extends Part>(classes: () => readonly Class<T>[]): Classes<T> {
  return Object.fromEntries(classes().map((each) => [each.className, each as Classes<T>[string]]));
}

/** Classes of Keras, and the same by their names in keras_bias. */
function inBoth<T extends Part>(classes: readonly Class<T>[]): readonly Class<T>[] {
  return [...classes, ...classes.map(ofBias)];
}

/** The same class by another name, which is what tfjs finds it by and writes. */
function ofBias<T extends Part>(twin: Class<T>): Class<T> {
  // TypeScript lets no class extend one that may be either a layer or a cell.
  const known = twin as unknown as new (config: object) => layers.Layer;
  const named = class extends known {
    static get className(): string {
      return twin.className.replace("keras>", "kerasBias>");
    }
  };
  return named as unknown as Class<T>;
}
