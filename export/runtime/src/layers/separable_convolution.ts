/** A convolution of each channel by itself, then a mix of channels, with a bias of any shape. */

import type { Tensor } from "@tensorflow/tfjs-core";
import type { LayerVariable, Shape } from "@tensorflow/tfjs-layers";
import { convolve, convolveDepthwise } from "../convolve";
import type { WeightParts } from "../options";
import type { Constraint, Given, Initializer, Regularizer } from "../parts";
import type { ConvolutionalConfig } from "./convolutional";
import { Convolutional } from "./convolutional";
import type { Axes } from "./of_axes";
import { ofAxes } from "./of_axes";

/** What a separable convolution is made of: all that Keras takes, and the bias's two options. */
export interface SeparableConvolutionConfig extends ConvolutionalConfig {
  /** Number of channels in the output. */
  readonly filters: number;
  /** Number of channels between the two steps, for each of the input's; 1 if left out. */
  readonly depthMultiplier?: number;
  readonly depthwiseInitializer?: Given<Initializer>;
  readonly depthwiseRegularizer?: Given<Regularizer> | null;
  readonly depthwiseConstraint?: Given<Constraint> | null;
  readonly pointwiseInitializer?: Given<Initializer>;
  readonly pointwiseRegularizer?: Given<Regularizer> | null;
  readonly pointwiseConstraint?: Given<Constraint> | null;
}

/** `activation(convolve(convolveDepthwise(input, depthwiseKernel), pointwiseKernel) + bias)`. */
abstract class SeparableConvolution extends Convolutional {
  private readonly filters: number;
  private readonly multiplier: number;
  readonly #depthwiseParts: WeightParts;
  readonly #pointwiseParts: WeightParts;
  #depthwiseKernel!: LayerVariable;
  #pointwiseKernel!: LayerVariable;

  constructor(axes: Axes, config: SeparableConvolutionConfig) {
    super(axes, config, `separable_conv${axes}d`);
    this.filters = this.options.positive("filters");
    this.multiplier = this.options.positive("depthMultiplier", 1);
    this.#depthwiseParts = this.options.weight("depthwise", "glorotUniform");
    this.#pointwiseParts = this.options.weight("pointwise", "glorotUniform");
  }

  protected override buildKernels(inputShape: Shape): void {
    const { kernelSize, multiplier, filters } = this;
    const inputDim = this.inputDim(inputShape);
    const ones = kernelSize.map(() => 1);
    this.#depthwiseKernel = this.weight(
      "depthwise_kernel",
      [...kernelSize, inputDim, multiplier],
      this.#depthwiseParts,
    );
    this.#pointwiseKernel = this.weight(
      "pointwise_kernel",
      [...ones, inputDim * multiplier, filters],
      this.#pointwiseParts,
    );
  }

  protected override outputChannels(): number {
    return this.filters;
  }

  protected override product(x: Tensor): Tensor {
    const apart = convolveDepthwise(x, this.#depthwiseKernel.read(), this.moves());
    return convolve(apart, this.#pointwiseKernel.read(), { dataFormat: this.dataFormat });
  }
}

/**
 * A depthwise convolution along steps, then a mix of channels.
 *
 * Input shape: `(batch, steps, channels)`. Output shape: `(batch, newSteps, filters)`. Channels come
 * after the batch with `dataFormat: "channelsFirst"`.
 */
export const SeparableConv1D = /* @__PURE__ */ ofAxes("SeparableConv1D", 1, SeparableConvolution);

/**
 * A depthwise convolution over images, then a mix of channels.
 *
 * Input shape: `(batch, height, width, channels)`. Output shape:
 * `(batch, newHeight, newWidth, filters)`. Channels come after the batch with
 * `dataFormat: "channelsFirst"`.
 */
export const SeparableConv2D = /* @__PURE__ */ ofAxes("SeparableConv2D", 2, SeparableConvolution);
