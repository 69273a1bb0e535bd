/** Transposed convolutions, whose bias has the shape of your choice. */

import type { Tensor } from "@tensorflow/tfjs-core";
import type { LayerVariable, Shape } from "@tensorflow/tfjs-layers";
import type { TransposedStep } from "../convolve_transpose";
import { convolveTranspose, transposedSize } from "../convolve_transpose";
import type { WeightParts } from "../options";
import type { Constraint, Given, Initializer, Regularizer } from "../parts";
import { tuple } from "../python";
import type { ConvolutionalConfig } from "./convolutional";
import { Convolutional } from "./convolutional";
import type { Axes } from "./of_axes";
import { ofAxes } from "./of_axes";

/** What a transposed convolution is made of: all that Keras takes, and the bias's two options. */
export interface ConvolutionTransposeConfig extends ConvolutionalConfig {
  /** Number of channels in the output. */
  readonly filters: number;
  /** What is added to the smallest output, below the stride; Keras's choice if left out. */
  readonly outputPadding?: number | readonly number[] | null;
  readonly kernelInitializer?: Given<Initializer>;
  readonly kernelRegularizer?: Given<Regularizer> | null;
  readonly kernelConstraint?: Given<Constraint> | null;
}

/** `activation(convolveTranspose(input, kernel) + bias)`. */
abstract class ConvolutionTranspose extends Convolutional {
  readonly #filters: number;
  readonly #outputPadding: readonly number[] | null;
  readonly #kernelParts: WeightParts;
  #kernel!: LayerVariable;

  constructor(axes: Axes, config: ConvolutionTransposeConfig) {
    super(axes, config, `conv${axes}d_transpose`);
    this.#filters = this.options.positive("filters");
    this.#outputPadding = this.options.optional("outputPadding", (key) =>
      this.options.perAxis(key, axes, undefined, 0),
    );
    this.#kernelParts = this.options.weight("kernel", "glorotUniform");
    this.refuseBoth();
    if (this.#outputPadding?.some((more, axis) => more >= (this.strides[axis] ?? 1))) {
      throw new Error(
        `Layer '${this.name}': output_padding=${tuple(this.#outputPadding)} is not below ` +
          `strides=${tuple(this.strides)}. Use less along each axis.`,
      );
    }
  }

  protected override buildKernels(inputShape: Shape): void {
    const shape = [...this.kernelSize, this.#filters, this.inputDim(inputShape)];
    this.#kernel = this.weight("kernel", shape, this.#kernelParts);
  }

  protected override outputChannels(): number {
    return this.#filters;
  }

  protected override outputSize(size: number | null, axis: number): number | null {
    const step = this.#steps()[axis];
    return step ? transposedSize(size, step) : null;
  }

  protected override product(x: Tensor): Tensor {
    return convolveTranspose(x, this.#kernel.read(), this.#steps(), this.dataFormat);
  }

  #steps(): readonly TransposedStep[] {
    return this.kernelSize.map((kernel, axis) => ({
      kernel,
      stride: this.strides[axis] ?? 1,
      padding: this.padding === "same" ? "same" : "valid",
      outputPadding: this.#outputPadding?.[axis] ?? null,
      dilation: this.dilation[axis] ?? 1,
    }));
  }
}

/**
 * A transposed convolution along steps, to more of them.
 *
 * Input shape: `(batch, steps, channels)`. Output shape: `(batch, newSteps, filters)`. Channels come
 * after the batch with `dataFormat: "channelsFirst"`.
 */
export const Conv1DTranspose = /* @__PURE__ */ ofAxes("Conv1DTranspose", 1, ConvolutionTranspose);

/**
 * A transposed convolution over images, to larger ones.
 *
 * Input shape: `(batch, height, width, channels)`. Output shape:
 * `(batch, newHeight, newWidth, filters)`. Channels come after the batch with
 * `dataFormat: "channelsFirst"`.
 */
export const Conv2DTranspose = /* @__PURE__ */ ofAxes("Conv2DTranspose", 2, ConvolutionTranspose);

/**
 * A transposed convolution over volumes, to larger ones.
 *
 * Input shape: `(batch, depth, height, width, channels)`. Output shape:
 * `(batch, newDepth, newHeight, newWidth, filters)`. Channels come after the batch with
 * `dataFormat: "channelsFirst"`.
 */
export const Conv3DTranspose = /* @__PURE__ */ ofAxes("Conv3DTranspose", 3, ConvolutionTranspose);
