/** Normalization within groups of channels. */

import type { Tensor } from "@tensorflow/tfjs-core";
import { moments, reshape } from "@tensorflow/tfjs-core";
import type { Shape } from "@tensorflow/tfjs-layers";
import { InputSpec } from "@tensorflow/tfjs-layers";
import { floats, knownSize, only, onlyShape, positiveAxis } from "../inputs";
import { tuple } from "../python";
import type { NormalizationConfig } from "./normalization";
import { Normalization } from "./normalization";

/** What a `GroupNormalization` is made of. */
export interface GroupNormalizationConfig extends NormalizationConfig {
  /** How many groups of channels there are, -1 for each channel one; 32 if left out. */
  readonly groups?: number;
  /** The axis of the channels, the batch being 0; the last if left out. */
  readonly axis?: number;
}

/**
 * Mean 0 and deviation 1 for each sample and group of channels: the twin of
 * `keras.layers.GroupNormalization`.
 *
 * Input shape: any of rank 2 or more. Output shape: the same.
 */
export class GroupNormalization extends Normalization {
  static get className(): string {
    return "keras>GroupNormalization";
  }

  readonly #axis: number;
  readonly #groups: number;

  constructor(config: GroupNormalizationConfig = {}) {
    super(config, "group_normalization");
    const { options } = this;
    this.#axis = options.axis("axis", -1);
    const each = options.given("groups") === -1;
    this.#groups = each ? options.number("groups", -1) : options.positive("groups", 32);
  }

  protected override make(inputShape: Shape | Shape[]): void {
    const input = onlyShape(inputShape);
    const channels = knownSize(this.#axis, input);
    const axis = positiveAxis(this.#axis, input);
    if (axis === 0 || channels % this.#groupsOf(channels) !== 0) {
      throw new Error(
        `axis=${this.#axis} of input shape ${tuple(input)} cannot be parted into ` +
          `groups=${this.#groups}. Use an axis behind the batch, and a divisor of its size.`,
      );
    }
    if (this.scale) {
      this.addGamma([channels]);
    }
    if (this.center) {
      this.addBeta([channels]);
    }
    this.inputSpec = [new InputSpec({ ndim: input.length, axes: { [this.#axis]: channels } })];
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    const x = floats(only(inputs));
    const axis = positiveAxis(this.#axis, x.shape);
    const [batch, channels] = [x.shape[0], x.shape[axis]] as [number, number];
    const groups = this.#groupsOf(channels);
    const each = channels / groups;
    const [before, after] = [product(x.shape.slice(1, axis)), product(x.shape.slice(axis + 1))];
    const parted = reshape(x, [batch, before, groups, each, after]);
    const statistics = moments(parted, [1, 3, 4], true);
    return reshape(this.normalized(parted, statistics, [1, 1, groups, each, 1]), x.shape);
  }

  #groupsOf(channels: number): number {
    return this.#groups === -1 ? channels : this.#groups;
  }
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}
