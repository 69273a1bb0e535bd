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
  return STOCK.has(className) || /^keras(?:_bias|Bias)?>\w+$/u.test(className);
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
