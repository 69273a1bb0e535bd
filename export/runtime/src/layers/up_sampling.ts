/** Spatial axes made larger, by repeating what is there or by numbers in between. */

import type { Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import { mul, ones, reshape } from "@tensorflow/tfjs-core";
import type { Interpolation } from "../resize";
import { INTERPOLATIONS, resizedAlong } from "../resize";
import type { Axes } from "./of_axes";
import { ofAxes } from "./of_axes";
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

class UpSampling extends AxisByAxis {
  readonly #factors: readonly number[];

  constructor(axes: Axes, config: UpSamplingConfig = {}) {
    super(axes, config, "up_sampling", axes === 1);
    this.#factors = this.options.perAxis("size", axes, 2);
    if (axes === 1) {
      this.options.record("size", this.factor(0)); // Keras knows no list here
    }
  }

  protected factor(index: number): number {
    return this.#factors[index] ?? 1;
  }

  protected override size(size: number, index: number): number {
    return size * this.factor(index);
  }

  protected override along(x: Tensor3D, index: number): Tensor {
    const [outer, size, inner] = x.shape;
    return mul(reshape(x, [outer, size, 1, inner]), ones([1, 1, this.factor(index), 1], x.dtype));
  }
}

class Interpolating extends UpSampling {
  readonly #interpolation: Interpolation;

  constructor(axes: Axes, config: UpSampling2DConfig = {}) {
    super(axes, config);
    this.#interpolation = this.options.oneOf("interpolation", INTERPOLATIONS);
  }

  protected override along(x: Tensor3D, index: number): Tensor {
    return this.#interpolation === "nearest"
      ? super.along(x, index)
      : resizedAlong(x, 1, this.size(x.shape[1], index), this.#interpolation);
  }
}

/**
 * Each step several times.
 *
 * Input shape: `(batch, steps, channels)`. Output shape: `(batch, size * steps, channels)`.
 */
export const UpSampling1D = /* @__PURE__ */ ofAxes("UpSampling1D", 1, UpSampling);

/**
 * Larger images. Stock tfjs has two interpolations, of which "bilinear" starts in the corner, where
 * Keras starts in the middle of a pixel.
 *
 * Input shape: `(batch, height, width, channels)`, or channels first. Output shape: the same, larger.
 */
export const UpSampling2D = /* @__PURE__ */ ofAxes("UpSampling2D", 2, Interpolating);

/**
 * Larger volumes: each number several times.
 *
 * Input shape: `(batch, depth, height, width, channels)`, or channels first. Output shape: the same,
 * larger.
 */
export const UpSampling3D = /* @__PURE__ */ ofAxes("UpSampling3D", 3, UpSampling);
