/** The largest or the mean of every window that moves over spatial axes. */

import type { Rank, Tensor, Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";
import { avgPool, maxPool, mul, pad, reshape, tensor4d } from "@tensorflow/tfjs-core";
import { convolvedSize, padsOf } from "../convolve";
import { floats } from "../inputs";
import type { Axes } from "./convolutional";
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
  private readonly windows: readonly Window[];

  protected constructor(axes: Axes, config: PoolingConfig, stem: string) {
    super(axes, config, stem);
    const { options } = this;
    const widths = options.perAxis("poolSize", axes, 2);
    const strides = options.perAxis("strides", axes, widths);
    this.windows = widths.map((width, index) => ({ width, stride: strides[index] ?? width }));
    this.padding = options.oneOf("padding", ["valid", "same"]);
  }

  /** `(batch, size, 1, channels)`, pooled along its size. */
  protected abstract pooled(x: Tensor4D, window: Window): Tensor;

  protected override size(size: number, index: number): number {
    const { width, stride } = this.window(index);
    return convolvedSize(size, width, stride, this.padding, 1) ?? 0;
  }

  protected override along(x: Tensor3D, index: number): Tensor {
    const [outer, size, inner] = x.shape;
    return this.pooled(reshape<Rank.R4>(floats(x), [outer, size, 1, inner]), this.window(index));
  }

  private window(index: number): Window {
    return this.windows[index] ?? { width: 1, stride: 1 };
  }
}

abstract class AveragePooling extends Pooling {
  protected constructor(axes: Axes, config: PoolingConfig = {}) {
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
  protected constructor(axes: Axes, config: PoolingConfig = {}) {
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
export class MaxPooling1D extends MaxPooling {
  static readonly className = "keras>MaxPooling1D";

  constructor(config?: PoolingConfig) {
    super(1, config);
  }
}

/**
 * The largest of every window of a volume. Stock tfjs trains wrongly in windows that are not square.
 *
 * Input shape: `(batch, depth, height, width, channels)`, or channels first. Output shape: the same,
 * smaller.
 */
export class MaxPooling3D extends MaxPooling {
  static readonly className = "keras>MaxPooling3D";

  constructor(config?: PoolingConfig) {
    super(3, config);
  }
}

/**
 * The mean of every window of steps.
 *
 * Input shape: `(batch, steps, channels)`, or channels first. Output shape: with fewer steps.
 */
export class AveragePooling1D extends AveragePooling {
  static readonly className = "keras>AveragePooling1D";

  constructor(config?: PoolingConfig) {
    super(1, config);
  }
}

/**
 * The mean of every window of an image.
 *
 * Input shape: `(batch, height, width, channels)`, or channels first. Output shape: the same,
 * smaller.
 */
export class AveragePooling2D extends AveragePooling {
  static readonly className = "keras>AveragePooling2D";

  constructor(config?: PoolingConfig) {
    super(2, config);
  }
}

/**
 * The mean of every window of a volume.
 *
 * Input shape: `(batch, depth, height, width, channels)`, or channels first. Output shape: the same,
 * smaller.
 */
export class AveragePooling3D extends AveragePooling {
  static readonly className = "keras>AveragePooling3D";

  constructor(config?: PoolingConfig) {
    super(3, config);
  }
}
