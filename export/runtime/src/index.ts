/** Twins of the Keras layers that TensorFlow.js lacks or gets wrong. Call `register()` once. */

export { ACTIVATION_CLASSES, ACTIVATIONS } from "./activations";
export type { ActivationFunction, ActivationName } from "./activations";
export { Activation, ELU, ReLU } from "./layers/activation";
export type { ActivationConfig, ELUConfig, ReLUConfig } from "./layers/activation";
export {
  AdaptiveAveragePooling1D,
  AdaptiveAveragePooling2D,
  AdaptiveAveragePooling3D,
  AdaptiveMaxPooling1D,
  AdaptiveMaxPooling2D,
  AdaptiveMaxPooling3D,
} from "./layers/adaptive_pooling";
export type { AdaptivePoolingConfig } from "./layers/adaptive_pooling";
export { AdditiveAttention, Attention } from "./layers/attention/dot_attention";
export type { AdditiveAttentionConfig, AttentionConfig } from "./layers/attention/dot_attention";
export { GroupQueryAttention } from "./layers/attention/group_query_attention";
export type { GroupQueryAttentionConfig } from "./layers/attention/group_query_attention";
export { Masked, MaskOf, Unmasked } from "./layers/attention/mask_of";
export { MultiHeadAttention } from "./layers/attention/multi_head_attention";
export type { MultiHeadAttentionConfig } from "./layers/attention/multi_head_attention";
export { Bias } from "./layers/bias";
export type { BiasConfig } from "./layers/bias";
export { Conv1D, Conv2D, Conv3D } from "./layers/convolution";
export type { ConvolutionConfig } from "./layers/convolution";
export { Conv1DTranspose, Conv2DTranspose, Conv3DTranspose } from "./layers/convolution_transpose";
export type { ConvolutionTransposeConfig } from "./layers/convolution_transpose";
export { Dense } from "./layers/dense";
export type { DenseConfig } from "./layers/dense";
export { DepthwiseConv1D, DepthwiseConv2D } from "./layers/depthwise_convolution";
export type { DepthwiseConvolutionConfig } from "./layers/depthwise_convolution";
export { EinsumDense } from "./layers/einsum_dense";
export type { EinsumDenseConfig } from "./layers/einsum_dense";
export {
  GlobalAveragePooling1D,
  GlobalAveragePooling2D,
  GlobalAveragePooling3D,
  GlobalMaxPooling1D,
  GlobalMaxPooling2D,
  GlobalMaxPooling3D,
} from "./layers/global_pooling";
export type { GlobalPoolingConfig } from "./layers/global_pooling";
export { Cropping1D, Cropping2D, Cropping3D, ZeroPadding1D, ZeroPadding3D } from "./layers/margins";
export type { CroppingConfig, Margins, ZeroPaddingConfig } from "./layers/margins";
export { GroupNormalization } from "./layers/group_normalization";
export type { GroupNormalizationConfig } from "./layers/group_normalization";
export { Dot, Subtract } from "./layers/merging";
export type { DotConfig } from "./layers/merging";
export { BatchNormalization, LayerNormalization } from "./layers/normalization";
export type { BatchNormalizationConfig, LayerNormalizationConfig } from "./layers/normalization";
export {
  AveragePooling1D,
  AveragePooling2D,
  AveragePooling3D,
  MaxPooling1D,
  MaxPooling3D,
} from "./layers/pooling";
export type { PoolingConfig } from "./layers/pooling";
export { Bidirectional } from "./layers/recurrent/bidirectional";
export type { BidirectionalConfig } from "./layers/recurrent/bidirectional";
export { Cell } from "./layers/recurrent/cell";
export type { AddWeight, CellConfig, Pass } from "./layers/recurrent/cell";
export { GRUCell, LSTMCell, SimpleRNNCell } from "./layers/recurrent/cells";
export type { GRUCellConfig, LSTMCellConfig, SimpleRNNCellConfig } from "./layers/recurrent/cells";
export { ConvLSTM1D, ConvLSTM2D, ConvLSTM3D } from "./layers/recurrent/conv_lstm";
export type { ConvLSTMConfig } from "./layers/recurrent/conv_lstm";
export { GRU, LSTM, RNN, SimpleRNN } from "./layers/recurrent/layers";
export type { GRUConfig, LSTMConfig, RNNConfig, SimpleRNNConfig } from "./layers/recurrent/layers";
export { StackedRNNCells } from "./layers/recurrent/stacked";
export type { StackedRNNCellsConfig } from "./layers/recurrent/stacked";
export { TimeDistributed } from "./layers/recurrent/time_distributed";
export type { TimeDistributedConfig } from "./layers/recurrent/time_distributed";
export { Operation } from "./layers/operation";
export type { OperationConfig } from "./layers/operation";
export {
  CategoryEncoding,
  Discretization,
  Hashing,
  IntegerLookup,
} from "./layers/preprocessing/categories";
export type {
  CategoriesConfig,
  CategoryEncodingConfig,
  DiscretizationConfig,
  HashingConfig,
  IntegerLookupConfig,
} from "./layers/preprocessing/categories";
export { AutoContrast, CenterCrop, Resizing } from "./layers/preprocessing/images";
export type {
  AutoContrastConfig,
  CenterCropConfig,
  ResizingConfig,
} from "./layers/preprocessing/images";
export { Normalization } from "./layers/preprocessing/normalization";
export type { NormalizationConfig } from "./layers/preprocessing/normalization";
export { MelSpectrogram, STFTSpectrogram } from "./layers/preprocessing/spectrograms";
export type {
  MelSpectrogramConfig,
  STFTSpectrogramConfig,
} from "./layers/preprocessing/spectrograms";
export { RMSNormalization, UnitNormalization } from "./layers/root_normalization";
export type { RMSNormalizationConfig, RootNormalizationConfig } from "./layers/root_normalization";
export { ReversibleEmbedding } from "./layers/reversible_embedding";
export type { ReversibleEmbeddingConfig } from "./layers/reversible_embedding";
export { SeparableConv1D, SeparableConv2D } from "./layers/separable_convolution";
export type { SeparableConvolutionConfig } from "./layers/separable_convolution";
export { Softmax } from "./layers/softmax";
export type { SoftmaxConfig } from "./layers/softmax";
export { UpSampling1D, UpSampling2D, UpSampling3D } from "./layers/up_sampling";
export type { UpSampling2DConfig, UpSamplingConfig } from "./layers/up_sampling";
export type { SpatialConfig } from "./layers/spatial";
export { SpectralNormalization } from "./layers/spectral_normalization";
export type { SpectralNormalizationConfig } from "./layers/spectral_normalization";
export type { WrappingConfig } from "./layers/wrapping";
export { Adam } from "./optimizers/adam";
export type { LayerConfig } from "./options";
export type { Constraint, Given, Initializer, Regularizer, SerializedPart } from "./parts";
export { CELLS, OPTIMIZERS, register, TWINS } from "./registry";
export { biasShape, resolved, resolvedRecurrent } from "./shape";
export type { BiasShape, BiasShapeName, Entry, Resolved, Sizes } from "./shape";
