/** What all convolutions are given, and do alike: plain, transposed, depthwise and separable ones. */

import type { Shape } from "@tensorflow/tfjs-layers";
import { InputSpec } from "@tensorflow/tfjs-layers";
import type { DataFormat, Moves, Padding } from "../convolve";
import { convolvedSize } from "../convolve";
import { knownSize, onlyShape } from "../inputs";
import { tuple } from "../python";
import type { BiasedConfig } from "./biased_twin";
import { BiasedTwin } from "./biased_twin";
import type { Axes } from "./of_axes";

/** What every convolution is given. A number is for all spatial axes, a list has one for each. */
export interface ConvolutionalConfig extends BiasedConfig {
  readonly kernelSize: number | readonly number[];
  /** 1 if left out. */
  readonly strides?: number | readonly number[];
  /** "valid" if left out; "causal" is for `Conv1D`. */
  readonly padding?: Padding;
  /** "channelsLast" if left out. */
  readonly dataFormat?: DataFormat;
  /** 1 if left out. */
  readonly dilationRate?: number | readonly number[];
}

/** Whatever moves a kernel over one, two or three spatial axes. */
export abstract class Convolutional extends BiasedTwin {
  protected readonly kernelSize: readonly number[];
  protected readonly strides: readonly number[];
  protected readonly padding: Padding;
  protected readonly dataFormat: DataFormat;
  protected readonly dilation: readonly number[];

  protected constructor(
    axes: Axes,
    config: ConvolutionalConfig,
    stem: string,
    paddings: readonly [Padding, ...Padding[]] = ["valid", "same"],
  ) {
    super(config, stem);
    this.kernelSize = this.options.perAxis("kernelSize", axes);
    this.strides = this.options.perAxis("strides", axes, 1);
    this.padding = this.options.oneOf("padding", paddings);
    this.dataFormat = this.options.oneOf("dataFormat", ["channelsLast", "channelsFirst"]);
    this.dilation = this.options.perAxis("dilationRate", axes, 1);
    this.inputSpec = [new InputSpec({ ndim: axes + 2 })];
    this.supportsMasking = false; // in Keras a mask ends here
  }

  /** Number of filters, or of channels, in the output. */
  protected abstract outputChannels(inputShape: Shape): number | null;

  /** Size of a spatial axis in the output. */
  protected outputSize(size: number | null, axis: number): number | null {
    const { kernelSize, strides, dilation } = this;
    return convolvedSize(
      size,
      kernelSize[axis] ?? 1,
      strides[axis] ?? 1,
      this.padding,
      dilation[axis] ?? 1,
    );
  }

  protected override shapeOf(inputShape: Shape | Shape[]): Shape {
    const shape = onlyShape(inputShape);
    const [batch = null, ...rest] = shape;
    const first = this.dataFormat === "channelsFirst";
    const sizes = (first ? rest.slice(1) : rest.slice(0, -1)).map((size, axis) =>
      this.outputSize(size, axis),
    );
    const channels = this.outputChannels(shape);
    return first ? [batch, channels, ...sizes] : [batch, ...sizes, channels];
  }

  protected override channelAxis(): number {
    return this.dataFormat === "channelsFirst" ? 0 : -1;
  }

  /** The input's channels, which from now on it must have. */
  protected inputDim(inputShape: Shape): number {
    const axis = this.dataFormat === "channelsFirst" ? 1 : -1;
    const inputDim = knownSize(axis, inputShape);
    this.inputSpec = [new InputSpec({ ndim: inputShape.length, axes: { [axis]: inputDim } })];
    return inputDim;
  }

  /** As an operation takes it. */
  protected moves(): Required<Moves> {
    const { strides, padding, dilation, dataFormat } = this;
    return { strides, padding, dilation, dataFormat };
  }

  /** Refuses strides together with dilation, as Keras does here. */
  protected refuseBoth(): void {
    const { strides, dilation } = this;
    if (Math.max(...strides) > 1 && Math.max(...dilation) > 1) {
      throw new Error(
        `Layer '${this.name}': strides=${tuple(strides)} are given with ` +
          `dilation_rate=${tuple(dilation)}. Use 1 for one of the two.`,
      );
    }
  }
}
