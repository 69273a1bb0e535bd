/** The largest or the mean of every window that moves over spatial axes. */

import type { Rank, Tensor, Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";
import { avgPool, maxPool, mul, pad, reshape, tensor4d } from "@tensorflow/tfjs-core";
import { convolvedSize, padsOf } from "../convolve";
import { floats } from "../inputs";
import type { Axes } from "./of_axes";
import { ofAxes } from "./of_axes";
import type { SpatialConfig } from "./spatial";
import { AxisByAxis } from "./spatial";

/** What a pooling layer is made of. A number is for all spatial axes, a list has one for each. */
export interface PoolingConfig extends SpatialConfig {
  /** 2 if left out. */
  readonly poolSize?: number | readonly number[];
  /** As large as the windows if left out or null. */
  readonly strides?: number | readonly number[] | null;
  /** "valid" if left out. */
  readonly padding?: "valid" | "same";
}

/** A window along one axis, and how it moves. */
interface Window {
  readonly width: number;
  readonly stride: number;
}

abstract class Pooling extends AxisByAxis {
  protected readonly padding: "valid" | "same";
  readonly #windows: readonly Window[];

  constructor(axes: Axes, config: PoolingConfig, stem: string) {
    super(axes, config, stem);
    const { options } = this;
    const widths = options.perAxis("poolSize", axes, 2);
    const strides = options.perAxis("strides", axes, widths);
    this.#windows = widths.map((width, index) => ({ width, stride: strides[index] ?? width }));
    this.padding = options.oneOf("padding", ["valid", "same"]);
  }

  /** `(batch, size, 1, channels)`, pooled along its size. */
  protected abstract pooled(x: Tensor4D, window: Window): Tensor;

  protected override size(size: number, index: number): number {
    const { width, stride } = this.#window(index);
    return convolvedSize(size, width, stride, this.padding, 1) ?? 0;
  }

  protected override along(x: Tensor3D, index: number): Tensor {
    const [outer, size, inner] = x.shape;
    return this.pooled(reshape<Rank.R4>(floats(x), [outer, size, 1, inner]), this.#window(index));
  }

  #window(index: number): Window {
    return this.#windows[index] ?? { width: 1, stride: 1 };
  }
}

abstract class AveragePooling extends Pooling {
  constructor(axes: Axes, config: PoolingConfig = {}) {
    super(axes, config, "average_pooling");
  }

  /**
   * Padding does not count in a mean. tfjs knows that, but its gradient does not, hence here the
   * zeros are put around by hand.
   */
  protected override pooled(x: Tensor4D, { width, stride }: Window): Tensor {
    const [before, behind] = padsOf(x.shape[1], width, stride, this.padding, 1);
    const around: [number, number][] = [
      [0, 0],
      [before, behind],
      [0, 0],
      [0, 0],
    ];
    const means = avgPool(pad(x, around), [width, 1], [stride, 1], "valid");
    const parts = Array.from({ length: means.shape[1] }, (_, at) => {
      const first = Math.max(at * stride, before);
      const end = Math.min(at * stride + width, before + x.shape[1]);
      return width / (end - first);
    });
    return before + behind ? mul(means, tensor4d(parts, [1, parts.length, 1, 1])) : means;
  }
}

abstract class MaxPooling extends Pooling {
  constructor(axes: Axes, config: PoolingConfig = {}) {
    super(axes, config, "max_pooling");
  }

  protected override pooled(x: Tensor4D, { width, stride }: Window): Tensor {
    return maxPool(x, [width, 1], [stride, 1], this.padding);
  }
}

/**
 * The largest of every window of steps. Stock tfjs knows channels last only.
 *
 * Input shape: `(batch, steps, channels)`, or channels first. Output shape: with fewer steps.
 */
export const MaxPooling1D = /* @__PURE__ */ ofAxes("MaxPooling1D", 1, MaxPooling);

/**
 * The largest of every window of a volume. Stock tfjs trains wrongly in windows that are not square.
 *
 * Input shape: `(batch, depth, height, width, channels)`, or channels first. Output shape: the same,
 * smaller.
 */
export const MaxPooling3D = /* @__PURE__ */ ofAxes("MaxPooling3D", 3, MaxPooling);

/**
 * The mean of every window of steps.
 *
 * Input shape: `(batch, steps, channels)`, or channels first. Output shape: with fewer steps.
 */
export const AveragePooling1D = /* @__PURE__ */ ofAxes("AveragePooling1D", 1, AveragePooling);

/**
 * The mean of every window of an image.
 *
 * Input shape: `(batch, height, width, channels)`, or channels first. Output shape: the same,
 * smaller.
 */
export const AveragePooling2D = /* @__PURE__ */ ofAxes("AveragePooling2D", 2, AveragePooling);

/**
 * The mean of every window of a volume.
 *
 * Input shape: `(batch, depth, height, width, channels)`, or channels first. Output shape: the same,
 * smaller.
 */
export const AveragePooling3D = /* @__PURE__ */ ofAxes("AveragePooling3D", 3, AveragePooling);
