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

type TwinClass = serialization.SerializableConstructor<layers.Layer>;
type Twins = Readonly<Record<string, TwinClass>>;

/** Layers that both Keras and keras_bias have, by the name in either: one twin is both. */
const SHARED: Twins = {};

/** Layers. A model.json has `keras_bias>Dense`; tfjs camel-cases that before it looks. */
export const TWINS: Twins = {
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
  ...inPackage("keras", SHARED),
  ...inPackage("kerasBias", SHARED),
};

/** Make tfjs know all twins, layers and activations. Twice is as good as once. */
export function register(): void {
  for (const twin of Object.values(TWINS)) {
    serialization.registerClass(twin);
  }
  for (const activation of Object.values(ACTIVATION_CLASSES)) {
    serialization.registerClass(activation);
  }
}

/** The twins under class names of a package's. */
function inPackage(name: string, twins: Twins): Twins {
  return Object.fromEntries(
    Object.entries(twins).map(([layer, twin]) => [
      `${name}>${layer}`,
      under(`${name}>${layer}`, twin),
    ]),
  );
}

/** The same class by another name, which is what tfjs finds it by and writes. */
function under(className: string, twin: TwinClass): TwinClass {
  return class extends twin {
    static override className = className;
  };
}
