/** Data brought to a mean of 0 and a variance of 1, along some axes. */

import type { Tensor, serialization } from "@tensorflow/tfjs-core";
import { add, div, maximum, mul, reshape, sqrt, sub } from "@tensorflow/tfjs-core";
import type { LayerVariable, Shape } from "@tensorflow/tfjs-layers";
import { floats, knownSize, only, onlyShape, positiveAxis, within } from "../../inputs";
import type { LayerConfig } from "../../options";
import { Options } from "../../options";
import { Twin } from "../twin";

/** What a `Normalization` is made of. */
export interface NormalizationConfig extends LayerConfig {
  /** The axis or axes with a mean and a variance of their own; null for one of each. Else the last. */
  readonly axis?: number | readonly number[] | null;
  /** Whether it brings data back instead. */
  readonly invert?: boolean;
}

/** What Keras divides by at least. */
const LEAST = 1e-7;

/**
 * Fixed statistics taken out of data: the twin of `keras.layers.Normalization`, after `adapt()`.
 *
 * Input shape: any. Output shape: the same. Mean and variance are weights that do not train.
 */
export class Normalization extends Twin {
  static get className(): string {
    return "keras>Normalization";
  }

  readonly #axis: number | readonly number[] | null;
  readonly #invert: boolean;
  readonly #statistics: LayerVariable[] = [];

  constructor(config: NormalizationConfig = {}) {
    super(config, "normalization");
    const options = new Options(this.name, config);
    this.#axis = config.axis === undefined ? -1 : options.optionalAxes("axis");
    this.#invert = options.bool("invert", false);
  }

  override build(inputShape: Shape | Shape[]): void {
    const input = onlyShape(inputShape);
    const shape = within(this.name, () => this.#axes(input).map((axis) => knownSize(axis, input)));
    const options = new Options(this.name, {});
    for (const [name, start] of [
      ["mean", "zeros"],
      ["variance", "ones"],
    ] as const) {
      this.#statistics.push(this.weight(name, shape, options.weight(name, start), false));
    }
    this.built = true;
  }

  override getConfig(): serialization.ConfigDict {
    const axis = typeof this.#axis === "number" ? this.#axis : this.#axis && [...this.#axis];
    return { ...super.getConfig(), axis, mean: null, variance: null, invert: this.#invert };
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    const x = floats(only(inputs));
    const axes = this.#axes(x.shape);
    const shape = x.shape.map((size, axis) => (axes.includes(axis) ? size : 1));
    const [mean, variance] = this.#statistics.map((each) => reshape(each.read(), shape));
    if (!mean || !variance) {
      return x;
    }
    const deviation = maximum(sqrt(variance), LEAST);
    return this.#invert ? add(mean, mul(x, deviation)) : div(sub(x, mean), deviation);
  }

  /** Counted from the front, in their order. */
  #axes(shape: Shape): number[] {
    const axes = [this.#axis ?? []].flat().map((axis) => positiveAxis(axis, shape));
    return axes.sort((one, other) => one - other);
  }
}
