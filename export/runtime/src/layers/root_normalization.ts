/** Division by the root of a sum of squares, along any axes. */

import type { Tensor } from "@tensorflow/tfjs-core";
import { add, maximum, mean, mul, rsqrt, square, sum } from "@tensorflow/tfjs-core";
import type { LayerVariable, Shape } from "@tensorflow/tfjs-layers";
import { floats, knownSize, only, onlyShape, positiveAxis } from "../inputs";
import type { LayerConfig } from "../options";
import { initializer } from "../parts";
import { Twin } from "./twin";

/** What both are made of. */
export interface RootNormalizationConfig extends LayerConfig {
  /** The axis or axes that are summed over, the batch being 0; the last if left out. */
  readonly axis?: number | readonly number[];
}

/** What an `RMSNormalization` is made of. */
export interface RMSNormalizationConfig extends RootNormalizationConfig {
  /** Added to the mean square; 1e-6 if left out. */
  readonly epsilon?: number;
}

/** Keras's smallest norm is 1e-12. */
const SMALLEST_SQUARE = 1e-24;

abstract class RootNormalization extends Twin {
  protected readonly axis: number | readonly number[];

  protected constructor(config: RootNormalizationConfig, stem: string) {
    super(config, stem);
    this.axis = this.options.axes("axis", -1);
  }

  /** In the order that Keras sorts them to, negative ones first. */
  protected axes(shape: Shape): number[] {
    const sorted = [this.axis].flat().sort((one, other) => one - other);
    return sorted.map((axis) => positiveAxis(axis, shape));
  }
}

/**
 * Vectors of length 1 along the axes: the twin of `keras.layers.UnitNormalization`.
 *
 * Input shape: any. Output shape: the same.
 */
export class UnitNormalization extends RootNormalization {
  static get className(): string {
    return "keras>UnitNormalization";
  }

  constructor(config: RootNormalizationConfig = {}) {
    super(config, "unit_normalization");
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    const x = floats(only(inputs));
    const squares = sum(square(x), this.axes(x.shape), true);
    return mul(x, rsqrt(maximum(squares, SMALLEST_SQUARE)));
  }
}

/**
 * Division by the root of the mean square, times what is learned: the twin of
 * `keras.layers.RMSNormalization`.
 *
 * As there, the scale of several axes is brought to the input's last axes. A mask ends here.
 *
 * Input shape: any. Output shape: the same.
 */
export class RMSNormalization extends RootNormalization {
  static get className(): string {
    return "keras>RMSNormalization";
  }

  readonly #epsilon: number;
  #scale!: LayerVariable;

  constructor(config: RMSNormalizationConfig = {}) {
    super(config, "rms_normalization");
    this.#epsilon = this.options.number("epsilon", 1e-6);
    this.supportsMasking = false;
  }

  protected override make(inputShape: Shape | Shape[]): void {
    const input = onlyShape(inputShape);
    const shape = this.axes(input).map((axis) => knownSize(axis, input));
    const ones = initializer("scale_initializer", "ones");
    this.#scale = this.weight("scale", shape, {
      initializer: ones,
      regularizer: null,
      constraint: null,
    });
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    const x = floats(only(inputs));
    const squares = mean(square(x), this.axes(x.shape), true);
    const y = mul(x, rsqrt(add(squares, this.#epsilon)));
    return mul(y, this.#scale.read());
  }
}
