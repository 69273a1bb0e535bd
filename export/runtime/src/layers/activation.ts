/** Activations as layers: any by its name, and those that stock tfjs has with fewer options. */

import type { Tensor } from "@tensorflow/tfjs-core";
import { elu, minimum, mul, relu, sub, where } from "@tensorflow/tfjs-core";
import type { Shape } from "@tensorflow/tfjs-layers";
import type { Activation as ActivationPart } from "../activations";
import { CHANGES_SHAPE } from "../activations";
import { above } from "../gradient";
import { floats, only, onlyShape } from "../inputs";
import type { LayerConfig } from "../options";
import { spoken, tuple } from "../python";
import { Twin } from "./twin";

/** What an `Activation` is made of. */
export interface ActivationConfig extends LayerConfig {
  /** The activation's name, such as "keras>glu". */
  readonly activation: string;
}

/**
 * An activation by its name: the twin of `keras.layers.Activation` where the shape changes.
 *
 * Input shape: any. Output shape: the same; of "keras>glu", half as long on the last axis.
 */
export class Activation extends Twin {
  static get className(): string {
    return "keras>Activation";
  }

  readonly #activation: ActivationPart;

  constructor(config: ActivationConfig) {
    super(config, "activation");
    this.#activation = this.options.anyActivation("activation");
  }

  protected override shapeOf(inputShape: Shape | Shape[]): Shape {
    const shape = onlyShape(inputShape);
    if (this.#activation.getClassName() !== CHANGES_SHAPE) {
      return [...shape];
    }
    const size = shape.at(-1) ?? null;
    if (shape.length < 2 || (size ?? 0) % 2) {
      throw new Error(
        `activation='glu' halves the last axis, whose size is ` +
          `${spoken(size)} (input shape ${tuple(shape)}). ` +
          "Give the layer before it an even number of units.",
      );
    }
    return [...shape.slice(0, -1), size === null ? null : size / 2];
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    return this.#activation.apply(floats(only(inputs)));
  }
}

/** What a `ReLU` is made of. */
export interface ReLUConfig extends LayerConfig {
  /** The largest result; no limit if left out or null. */
  readonly maxValue?: number | null;
  /** The slope below the threshold; 0 if left out. */
  readonly negativeSlope?: number | null;
  /** Where the rectifier begins; 0 if left out. */
  readonly threshold?: number | null;
}

/**
 * `max` where it is reached, `x` above the threshold, `slope * (x - threshold)` elsewhere: the twin
 * of `keras.layers.ReLU`.
 *
 * Stock tfjs knows the maximum only. Formula: `keras.activations.relu`.
 *
 * Input shape: any. Output shape: the same.
 */
export class ReLU extends Twin {
  static get className(): string {
    return "keras>ReLU";
  }

  private readonly maxValue: number | null;
  private readonly negativeSlope: number;
  private readonly threshold: number;

  constructor(config: ReLUConfig = {}) {
    super(config, "re_lu");
    const { options } = this;
    this.maxValue = options.optionalNumber("maxValue", 0);
    this.negativeSlope = options.number("negativeSlope", 0, 0);
    this.threshold = options.number("threshold", 0, 0);
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    const x = floats(only(inputs));
    const { maxValue, negativeSlope, threshold } = this;
    const rectified = threshold ? where(above(x, threshold), x, 0) : relu(x);
    const positive = maxValue === null ? rectified : minimum(rectified, maxValue);
    return negativeSlope ? sub(positive, mul(negativeSlope, relu(sub(threshold, x)))) : positive;
  }
}

/** What an `ELU` is made of. */
export interface ELUConfig extends LayerConfig {
  /** What the negative side approaches, negated; 1 if left out. */
  readonly alpha?: number;
}

/**
 * `x` above 0, `alpha * (exp(x) - 1)` elsewhere: the twin of `keras.layers.ELU`.
 *
 * Stock tfjs refuses any alpha but 1.
 *
 * Input shape: any. Output shape: the same.
 */
export class ELU extends Twin {
  static get className(): string {
    return "keras>ELU";
  }

  readonly #alpha: number;

  constructor(config: ELUConfig = {}) {
    super(config, "elu");
    this.#alpha = this.options.number("alpha", 1);
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    const x = floats(only(inputs));
    const y = elu(x);
    return where(above(x, 0), y, mul(this.#alpha, y));
  }
}
