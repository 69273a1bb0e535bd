/** All twins, by the class names under which tfjs finds them. */

import type { Optimizer } from "@tensorflow/tfjs-core";
import { serialization } from "@tensorflow/tfjs-core";
import type { layers } from "@tensorflow/tfjs-layers";
import { ACTIVATION_CLASSES } from "./activations";
import { Activation, ELU, ReLU } from "./layers/activation";
import {
  AdaptiveAveragePooling1D,
  AdaptiveAveragePooling2D,
  AdaptiveAveragePooling3D,
  AdaptiveMaxPooling1D,
  AdaptiveMaxPooling2D,
  AdaptiveMaxPooling3D,
} from "./layers/adaptive_pooling";
import { AdditiveAttention, Attention } from "./layers/attention/dot_attention";
import { GroupQueryAttention } from "./layers/attention/group_query_attention";
import { Masked, MaskOf, Unmasked } from "./layers/attention/mask_of";
import { MultiHeadAttention } from "./layers/attention/multi_head_attention";
import { Bias } from "./layers/bias";
import { Conv1D, Conv2D, Conv3D } from "./layers/convolution";
import { Conv1DTranspose, Conv2DTranspose, Conv3DTranspose } from "./layers/convolution_transpose";
import { Dense } from "./layers/dense";
import { DepthwiseConv1D, DepthwiseConv2D } from "./layers/depthwise_convolution";
import { EinsumDense } from "./layers/einsum_dense";
import {
  GlobalAveragePooling1D,
  GlobalAveragePooling2D,
  GlobalAveragePooling3D,
  GlobalMaxPooling1D,
  GlobalMaxPooling2D,
  GlobalMaxPooling3D,
} from "./layers/global_pooling";
import { Cropping1D, Cropping2D, Cropping3D, ZeroPadding1D, ZeroPadding3D } from "./layers/margins";
import { Dot, Subtract } from "./layers/merging";
import { GroupNormalization } from "./layers/group_normalization";
import { BatchNormalization, LayerNormalization } from "./layers/normalization";
import { Operation } from "./layers/operation";
import {
  AveragePooling1D,
  AveragePooling2D,
  AveragePooling3D,
  MaxPooling1D,
  MaxPooling3D,
} from "./layers/pooling";
import type { Cell } from "./layers/recurrent/cell";
import { GRUCell, LSTMCell, SimpleRNNCell } from "./layers/recurrent/cells";
import { Bidirectional } from "./layers/recurrent/bidirectional";
import { ConvLSTM1D, ConvLSTM2D, ConvLSTM3D } from "./layers/recurrent/conv_lstm";
import { GRU, LSTM, RNN, SimpleRNN } from "./layers/recurrent/layers";
import { StackedRNNCells } from "./layers/recurrent/stacked";
import { TimeDistributed } from "./layers/recurrent/time_distributed";
import {
  CategoryEncoding,
  Discretization,
  Hashing,
  IntegerLookup,
} from "./layers/preprocessing/categories";
import { AutoContrast, CenterCrop, Resizing } from "./layers/preprocessing/images";
import { Normalization } from "./layers/preprocessing/normalization";
import { MelSpectrogram, STFTSpectrogram } from "./layers/preprocessing/spectrograms";
import { RMSNormalization, UnitNormalization } from "./layers/root_normalization";
import { ReversibleEmbedding } from "./layers/reversible_embedding";
import { SeparableConv1D, SeparableConv2D } from "./layers/separable_convolution";
import { Softmax } from "./layers/softmax";
import { UpSampling1D, UpSampling2D, UpSampling3D } from "./layers/up_sampling";
import { SpectralNormalization } from "./layers/spectral_normalization";
import { Adam } from "./optimizers/adam";

type Classes<T extends serialization.Serializable> = Readonly<
  Record<string, serialization.SerializableConstructor<T>>
>;
type Twins = Classes<layers.Layer>;

/** Layers that both Keras and keras_bias have, by the name in either: one twin is both. */
const SHARED: Twins = {
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
};

/** Layers that Keras has, or that stand for what it does between layers. */
const OF_KERAS: Twins = {
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
};

/** Layers. A model.json has `keras_bias>Dense`; tfjs camel-cases that before it looks. */
export const TWINS: Twins = {
  "kerasBias>Bias": Bias,
  "kerasBias>Dense": Dense,
  ...Object.fromEntries(Object.entries(OF_KERAS).map(([name, twin]) => [`keras>${name}`, twin])),
  ...inPackage("keras", SHARED),
  ...inPackage("kerasBias", SHARED),
};

const SHARED_CELLS: Classes<Cell> = { GRUCell, LSTMCell, SimpleRNNCell };

/** What recurrent layers are made of: not layers themselves. */
export const CELLS: Classes<Cell> = {
  "keras>StackedRNNCells": StackedRNNCells,
  ...inPackage("keras", SHARED_CELLS),
  ...inPackage("kerasBias", SHARED_CELLS),
};

/** Optimizers, which a model's `trainingConfig` may name. */
export const OPTIMIZERS: Classes<Optimizer> = {
  "keras>Adam": Adam,
};

/** Make tfjs know all twins: layers, cells, activations and optimizers. Twice is as good as once. */
export function register(): void {
  for (const twin of Object.values(TWINS)) {
    serialization.registerClass(twin);
  }
  for (const cell of Object.values(CELLS)) {
    serialization.registerClass(cell);
  }
  for (const optimizer of Object.values(OPTIMIZERS)) {
    serialization.registerClass(optimizer);
  }
  for (const activation of Object.values(ACTIVATION_CLASSES)) {
    serialization.registerClass(activation);
  }
}

/** The twins under class names of a package's. */
function inPackage<Twin>(
  name: string,
  twins: Readonly<Record<string, Twin>>,
): Readonly<Record<string, Twin>> {
  return Object.fromEntries(
    Object.entries(twins).map(([layer, twin]) => [
      `${name}>${layer}`,
      under(`${name}>${layer}`, twin),
    ]),
  );
}

/** The same class by another name, which is what tfjs finds it by and writes. */
function under<Twin>(className: string, twin: Twin): Twin {
  // TypeScript lets no class extend one that may be either a layer or a cell.
  const known = twin as serialization.SerializableConstructor<layers.Layer>;
  const named = class extends known {
    static override className = className;
  };
  return named as Twin;
}
