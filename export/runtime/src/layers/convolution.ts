/** Convolutions over one, two and three spatial axes, whose bias has the shape of your choice. */

import type { Tensor } from "@tensorflow/tfjs-core";
import type { LayerVariable, Shape } from "@tensorflow/tfjs-layers";
import type { Padding } from "../convolve";
import { convolve } from "../convolve";
import type { WeightParts } from "../options";
import type { Constraint, Given, Initializer, Regularizer } from "../parts";
import { tuple } from "../python";
import type { Axes, ConvolutionalConfig } from "./convolutional";
import { Convolutional } from "./convolutional";

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
  private readonly filters: number;
  private readonly groups: number;
  private readonly kernelParts: WeightParts;
  private kernel?: LayerVariable;

  protected constructor(
    axes: Axes,
    config: ConvolutionConfig,
    paddings?: readonly [Padding, ...Padding[]],
  ) {
    super(axes, config, `conv${axes}d`, paddings);
    this.filters = this.options.positive("filters");
    this.groups = this.options.positive("groups", 1);
    this.kernelParts = this.options.weight("kernel", "glorotUniform");
    this.refuseBoth();
    if (this.filters % this.groups) {
      throw new Error(
        `Layer '${this.name}': groups=${this.groups} does not divide filters=${this.filters}. ` +
          "Use a number that does.",
      );
    }
  }

  protected override buildKernels(inputShape: Shape): void {
    const inputDim = this.inputDim(inputShape);
    if (inputDim % this.groups) {
      throw new Error(
        `groups=${this.groups} does not divide the input's ${inputDim} channels ` +
          `(input shape ${tuple(inputShape)}). Use a number that does.`,
      );
    }
    const shape = [...this.kernelSize, inputDim / this.groups, this.filters];
    this.kernel = this.weight("kernel", shape, this.kernelParts);
  }

  protected override outputChannels(): number {
    return this.filters;
  }

  protected override biasGroups(): number {
    return this.groups;
  }

  protected override product(x: Tensor): Tensor {
    const moves = { ...this.moves(), groups: this.groups };
    return this.kernel ? convolve(x, this.kernel.read(), moves) : x;
  }
}

/**
 * A convolution along steps.
 *
 * Input shape: `(batch, steps, channels)`. Output shape: `(batch, newSteps, filters)`. Channels come
 * after the batch with `dataFormat: "channelsFirst"`.
 */
export class Conv1D extends Convolution {
  static readonly className: string = "keras>Conv1D";

  constructor(config: ConvolutionConfig) {
    super(1, config, ["valid", "same", "causal"]);
  }
}

/**
 * A convolution over images.
 *
 * Input shape: `(batch, height, width, channels)`. Output shape:
 * `(batch, newHeight, newWidth, filters)`. Channels come after the batch with
 * `dataFormat: "channelsFirst"`.
 */
export class Conv2D extends Convolution {
  static readonly className: string = "keras>Conv2D";

  constructor(config: ConvolutionConfig) {
    super(2, config);
  }
}

/**
 * A convolution over volumes.
 *
 * Input shape: `(batch, depth, height, width, channels)`. Output shape:
 * `(batch, newDepth, newHeight, newWidth, filters)`. Channels come after the batch with
 * `dataFormat: "channelsFirst"`.
 */
export class Conv3D extends Convolution {
  static readonly className: string = "keras>Conv3D";

  constructor(config: ConvolutionConfig) {
    super(3, config);
  }
}
