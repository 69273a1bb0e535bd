/** Spatial axes made larger, by repeating what is there or by numbers in between. */

import type { Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import { mul, ones, reshape } from "@tensorflow/tfjs-core";
import type { Interpolation } from "../resize";
import { INTERPOLATIONS, resizedAlong } from "../resize";
import type { Axes } from "./convolutional";
import type { SpatialConfig } from "./spatial";
import { AxisByAxis } from "./spatial";

/** What an `UpSampling` is made of. */
export interface UpSamplingConfig extends SpatialConfig {
  /** How many times as large each axis becomes; 2 if left out. */
  readonly size?: number | readonly number[];
}

/** What an `UpSampling2D` is made of. */
export interface UpSampling2DConfig extends UpSamplingConfig {
  /** "nearest" if left out, which repeats rows and columns. */
  readonly interpolation?: Interpolation;
}

abstract class UpSampling extends AxisByAxis {
  private readonly factors: readonly number[];

  protected constructor(axes: Axes, config: UpSamplingConfig) {
    super(axes, config, "up_sampling", axes === 1);
    this.factors = this.options.perAxis("size", axes, 2);
    if (axes === 1) {
      this.options.record("size", this.factor(0)); // Keras knows no list here
    }
  }

  protected factor(index: number): number {
    return this.factors[index] ?? 1;
  }

  protected override size(size: number, index: number): number {
    return size * this.factor(index);
  }

  protected override along(x: Tensor3D, index: number): Tensor {
    const [outer, size, inner] = x.shape;
    return mul(reshape(x, [outer, size, 1, inner]), ones([1, 1, this.factor(index), 1], x.dtype));
  }
}

/**
 * Each step several times.
 *
 * Input shape: `(batch, steps, channels)`. Output shape: `(batch, size * steps, channels)`.
 */
export class UpSampling1D extends UpSampling {
  static readonly className = "keras>UpSampling1D";

  constructor(config: UpSamplingConfig = {}) {
    super(1, config);
  }
}

/**
 * Larger images. Stock tfjs has two interpolations, of which "bilinear" starts in the corner, where
 * Keras starts in the middle of a pixel.
 *
 * Input shape: `(batch, height, width, channels)`, or channels first. Output shape: the same, larger.
 */
export class UpSampling2D extends UpSampling {
  static readonly className = "keras>UpSampling2D";

  private readonly interpolation: Interpolation;

  constructor(config: UpSampling2DConfig = {}) {
    super(2, config);
    this.interpolation = this.options.oneOf("interpolation", INTERPOLATIONS);
  }

  protected override along(x: Tensor3D, index: number): Tensor {
    return this.interpolation === "nearest"
      ? super.along(x, index)
      : resizedAlong(x, 1, this.size(x.shape[1], index), this.interpolation);
  }
}

/**
 * Larger volumes: each number several times.
 *
 * Input shape: `(batch, depth, height, width, channels)`, or channels first. Output shape: the same,
 * larger.
 */
export class UpSampling3D extends UpSampling {
  static readonly className = "keras>UpSampling3D";

  constructor(config: UpSamplingConfig = {}) {
    super(3, config);
  }
}
