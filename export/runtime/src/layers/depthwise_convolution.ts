/** Convolutions of each channel by itself, whose bias has the shape of your choice. */

import type { Tensor } from "@tensorflow/tfjs-core";
import type { LayerVariable, Shape } from "@tensorflow/tfjs-layers";
import { convolveDepthwise } from "../convolve";
import type { WeightParts } from "../options";
import type { Constraint, Given, Initializer, Regularizer } from "../parts";
import type { ConvolutionalConfig } from "./convolutional";
import { Convolutional } from "./convolutional";
import type { Axes } from "./of_axes";
import { ofAxes } from "./of_axes";

/** What a depthwise convolution is made of: all that Keras takes, and the bias's two options. */
export interface DepthwiseConvolutionConfig extends ConvolutionalConfig {
  /** Number of output channels made of each of the input's; 1 if left out. */
  readonly depthMultiplier?: number;
  readonly depthwiseInitializer?: Given<Initializer>;
  readonly depthwiseRegularizer?: Given<Regularizer> | null;
  readonly depthwiseConstraint?: Given<Constraint> | null;
}

/** `activation(convolveDepthwise(input, kernel) + bias)`. */
abstract class DepthwiseConvolution extends Convolutional {
  readonly #multiplier: number;
  readonly #kernelParts: WeightParts;
  #kernel!: LayerVariable;

  constructor(axes: Axes, config: DepthwiseConvolutionConfig) {
    super(axes, config, `depthwise_conv${axes}d`);
    this.#multiplier = this.options.positive("depthMultiplier", 1);
    this.#kernelParts = this.options.weight("depthwise", "glorotUniform");
  }

  protected override buildKernels(inputShape: Shape): void {
    const shape = [...this.kernelSize, this.inputDim(inputShape), this.#multiplier];
    this.#kernel = this.weight("kernel", shape, this.#kernelParts);
  }

  protected override outputChannels(inputShape: Shape): number | null {
    const channels = this.#channelsOf(inputShape);
    return channels === null ? null : channels * this.#multiplier;
  }

  /** The input's channels, each of which is convolved by itself. */
  protected override biasGroups(inputShape: Shape): number | null {
    return this.#channelsOf(inputShape);
  }

  #channelsOf(inputShape: Shape): number | null {
    return inputShape.slice(1).at(this.channelAxis()) ?? null;
  }

  protected override product(x: Tensor): Tensor {
    return convolveDepthwise(x, this.#kernel.read(), this.moves());
  }
}

/**
 * A convolution of each channel by itself, along steps.
 *
 * Input shape: `(batch, steps, channels)`. Output shape:
 * `(batch, newSteps, channels * depthMultiplier)`. Channels come after the batch with
 * `dataFormat: "channelsFirst"`.
 */
export const DepthwiseConv1D = /* @__PURE__ */ ofAxes("DepthwiseConv1D", 1, DepthwiseConvolution);

/**
 * A convolution of each channel of an image by itself.
 *
 * Input shape: `(batch, height, width, channels)`. Output shape:
 * `(batch, newHeight, newWidth, channels * depthMultiplier)`. Channels come after the batch with
 * `dataFormat: "channelsFirst"`.
 */
export const DepthwiseConv2D = /* @__PURE__ */ ofAxes("DepthwiseConv2D", 2, DepthwiseConvolution);
