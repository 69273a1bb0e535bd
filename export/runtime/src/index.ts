/** Twins of the Keras layers that TensorFlow.js lacks or gets wrong. Call `register()` once. */

export { ACTIVATION_CLASSES, ACTIVATIONS } from "./activations";
export type { ActivationFunction, ActivationName } from "./activations";
export { Activation, ELU, ReLU } from "./layers/activation";
export type { ActivationConfig, ELUConfig, ReLUConfig } from "./layers/activation";
export { Bias } from "./layers/bias";
export type { BiasConfig } from "./layers/bias";
export { Dense } from "./layers/dense";
export type { DenseConfig } from "./layers/dense";
export { Dot, Subtract } from "./layers/merging";
export type { DotConfig } from "./layers/merging";
export { BatchNormalization, LayerNormalization } from "./layers/normalization";
export type { BatchNormalizationConfig, LayerNormalizationConfig } from "./layers/normalization";
export { Softmax } from "./layers/softmax";
export type { SoftmaxConfig } from "./layers/softmax";
export type { LayerConfig } from "./options";
export type { Constraint, Given, Initializer, Regularizer, SerializedPart } from "./parts";
export { register, TWINS } from "./registry";
export { biasShape, resolved, resolvedRecurrent } from "./shape";
export type { BiasShape, BiasShapeName, Entry, Resolved, Sizes } from "./shape";
