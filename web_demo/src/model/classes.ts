/** Layer classes: which ones a browser can run, and which ones have a bias to speak of. */

const names = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/u));

/** What TensorFlow.js 4.22 registers. */
const STOCK = names(`
  Activation Add AlphaDropout Average AveragePooling1D AveragePooling2D AveragePooling3D
  BatchNormalization Bidirectional CategoryEncoding CenterCrop Concatenate Conv1D Conv2D
  Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM2D ConvLSTM2DCell Cropping2D Dense DepthwiseConv2D
  Dot Dropout ELU Embedding Flatten Functional GRU GRUCell GaussianDropout GaussianNoise
  GlobalAveragePooling1D GlobalAveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D InputLayer LSTM
  LSTMCell LayerNormalization LeakyReLU Masking MaxPooling1D MaxPooling2D MaxPooling3D Maximum
  Minimum Model Multiply PReLU Permute RNN RandomHeight RandomWidth ReLU RepeatVector Rescaling
  Reshape Resizing SeparableConv2D Sequential SimpleRNN SimpleRNNCell Softmax SpatialDropout1D
  StackedRNNCells ThresholdedReLU TimeDistributed UpSampling2D ZeroPadding2D
`);

/** What keras-tfjs.js brings by names of Keras and of keras_bias alike. */
const TWINS_OF_BOTH = names(`
  Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D
  ConvLSTM3D DepthwiseConv1D DepthwiseConv2D EinsumDense GRU GRUCell GroupQueryAttention LSTM
  LSTMCell MultiHeadAttention SeparableConv1D SeparableConv2D SimpleRNN SimpleRNNCell
`);

/** What it brings as Keras's own. */
const TWINS_OF_KERAS = names(`
  Activation AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D
  AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D AdditiveAttention Attention
  AutoContrast AveragePooling1D AveragePooling2D AveragePooling3D BatchNormalization Bidirectional
  CategoryEncoding CenterCrop Cropping1D Cropping2D Cropping3D Discretization Dot ELU
  GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D
  GlobalMaxPooling2D GlobalMaxPooling3D GroupNormalization Hashing IntegerLookup LayerNormalization
  MaskOf Masked MaxPooling1D MaxPooling3D MelSpectrogram Normalization Operation RMSNormalization
  RNN ReLU Resizing ReversibleEmbedding STFTSpectrogram Softmax SpectralNormalization
  StackedRNNCells Subtract TimeDistributed UnitNormalization Unmasked UpSampling1D UpSampling2D
  UpSampling3D ZeroPadding1D ZeroPadding3D
`);

const TWINS_OF_BIAS = names("Bias Dense");

const BIASED = names(`
  Bias Dense EinsumDense Conv1D Conv2D Conv3D Conv1DTranspose Conv2DTranspose Conv3DTranspose
  DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D
  SimpleRNN LSTM GRU SimpleRNNCell LSTMCell GRUCell ConvLSTM1D ConvLSTM2D ConvLSTM3D
`);

const RECURRENT = names(`
  SimpleRNN LSTM GRU SimpleRNNCell LSTMCell GRUCell ConvLSTM1D ConvLSTM2D ConvLSTM3D
`);

/** Axes of a layer's output besides the batch, where its class says so. */
const OUTPUT_RANK: ReadonlyMap<string, number> = new Map(
  ["Conv", "DepthwiseConv", "SeparableConv"].flatMap((stem) =>
    [1, 2, 3].flatMap((axes): [string, number][] => [
      [`${stem}${axes}D`, axes + 1],
      [`${stem}${axes}DTranspose`, axes + 1],
    ]),
  ),
);

/** `Dense` of `keras_bias>Dense`: a twin does what its namesake does. */
export function baseClass(className: string): string {
  return className.slice(className.lastIndexOf(">") + 1);
}

/** Whether tfjs, with keras-tfjs.js where it is needed, knows the class. */
export function isKnown(className: string): boolean {
  const [package_, name = "", ...more] = className.split(">");
  if (more.length || !className.includes(">")) {
    return STOCK.has(className);
  }
  return package_ === "keras"
    ? TWINS_OF_BOTH.has(name) || TWINS_OF_KERAS.has(name)
    : // tfjs writes keras_bias in its own case.
      (package_ === "keras_bias" || package_ === "kerasBias") &&
        (TWINS_OF_BOTH.has(name) || TWINS_OF_BIAS.has(name));
}

export function hasBias(className: string): boolean {
  return BIASED.has(baseClass(className));
}

export function isRecurrent(className: string): boolean {
  return RECURRENT.has(baseClass(className));
}

export function outputRank(className: string): number | null {
  return OUTPUT_RANK.get(baseClass(className)) ?? null;
}
