/** Convolutions over one, two and three spatial axes, whose bias has the shape of your choice. */

import type { Tensor } from "@tensorflow/tfjs-core";
import type { LayerVariable, Shape } from "@tensorflow/tfjs-layers";
import { convolve } from "../convolve";
import type { WeightParts } from "../options";
import type { Constraint, Given, Initializer, Regularizer } from "../parts";
import { tuple } from "../python";
import type { ConvolutionalConfig } from "./convolutional";
import { Convolutional } from "./convolutional";
import type { Axes } from "./of_axes";
import { ofAxes } from "./of_axes";

/** What a convolution is made of: all that Keras takes, and the two options of its bias. */
export interface ConvolutionConfig extends ConvolutionalConfig {
  /** Number of channels in the output. */
  readonly filters: number;
  /** Number of blocks of filters, each of which sees a block of channels; 1 if left out. */
  readonly groups?: number;
  readonly kernelInitializer?: Given<Initializer>;
  readonly kernelRegularizer?: Given<Regularizer> | null;
  readonly kernelConstraint?: Given<Constraint> | null;
}

/** `activation(convolve(input, kernel) + bias)`. */
abstract class Convolution extends Convolutional {
  readonly #filters: number;
  readonly #groups: number;
  readonly #kernelParts: WeightParts;
  #kernel!: LayerVariable;

  constructor(axes: Axes, config: ConvolutionConfig) {
    super(axes, config, `conv${axes}d`, axes === 1 ? ["valid", "same", "causal"] : undefined);
    this.#filters = this.options.positive("filters");
    this.#groups = this.options.positive("groups", 1);
    this.#kernelParts = this.options.weight("kernel", "glorotUniform");
    this.refuseBoth();
    if (this.#filters % this.#groups) {
      throw new Error(
        `Layer '${this.name}': groups=${this.#groups} does not divide filters=${this.#filters}. ` +
          "Use a number that does.",
      );
    }
  }

  protected override buildKernels(inputShape: Shape): void {
    const inputDim = this.inputDim(inputShape);
    if (inputDim % this.#groups) {
      throw new Error(
        `groups=${this.#groups} does not divide the input's ${inputDim} channels ` +
          `(input shape ${tuple(inputShape)}). Use a number that does.`,
      );
    }
    const shape = [...this.kernelSize, inputDim / this.#groups, this.#filters];
    this.#kernel = this.weight("kernel", shape, this.#kernelParts);
  }

  protected override outputChannels(): number {
    return this.#filters;
  }

  protected override biasGroups(): number {
    return this.#groups;
  }

  protected override product(x: Tensor): Tensor {
    const moves = { ...this.moves(), groups: this.#groups };
    return convolve(x, this.#kernel.read(), moves);
  }
}

/**
 * A convolution along steps.
 *
 * Input shape: `(batch, steps, channels)`. Output shape: `(batch, newSteps, filters)`. Channels come
 * after the batch with `dataFormat: "channelsFirst"`.
 */
export const Conv1D = /* @__PURE__ */ ofAxes("Conv1D", 1, Convolution);

/**
 * A convolution over images.
 *
 * Input shape: `(batch, height, width, channels)`. Output shape:
 * `(batch, newHeight, newWidth, filters)`. Channels come after the batch with
 * `dataFormat: "channelsFirst"`.
 */
export const Conv2D = /* @__PURE__ */ ofAxes("Conv2D", 2, Convolution);

/**
 * A convolution over volumes.
 *
 * Input shape: `(batch, depth, height, width, channels)`. Output shape:
 * `(batch, newDepth, newHeight, newWidth, filters)`. Channels come after the batch with
 * `dataFormat: "channelsFirst"`.
 */
export const Conv3D = /* @__PURE__ */ ofAxes("Conv3D", 3, Convolution);
