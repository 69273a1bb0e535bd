/** All twins, by the class names under which tfjs finds them. */

import { serialization } from "@tensorflow/tfjs-core";
import type { layers } from "@tensorflow/tfjs-layers";
import { ACTIVATION_CLASSES } from "./activations";
import { Activation, ELU, ReLU } from "./layers/activation";
import { Bias } from "./layers/bias";
import { Dense } from "./layers/dense";
import { Dot, Subtract } from "./layers/merging";
import { BatchNormalization, LayerNormalization } from "./layers/normalization";
import { Softmax } from "./layers/softmax";

/** Layers. A model.json has `keras_bias>Dense`; tfjs camel-cases that before it looks. */
export const TWINS = {
  "kerasBias>Bias": Bias,
  "kerasBias>Dense": Dense,
  "keras>Activation": Activation,
  "keras>BatchNormalization": BatchNormalization,
  "keras>Dot": Dot,
  "keras>ELU": ELU,
  "keras>LayerNormalization": LayerNormalization,
  "keras>ReLU": ReLU,
  "keras>Softmax": Softmax,
  "keras>Subtract": Subtract,
} as const satisfies Readonly<Record<string, serialization.SerializableConstructor<layers.Layer>>>;

/** Make tfjs know all twins, layers and activations. Twice is as good as once. */
export function register(): void {
  for (const twin of Object.values(TWINS)) {
    serialization.registerClass(twin);
  }
  for (const activation of Object.values(ACTIVATION_CLASSES)) {
    serialization.registerClass(activation);
  }
}
