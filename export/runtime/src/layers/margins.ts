/** Zeros put around spatial axes, and margins cut off. */

import type { Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import { pad, slice } from "@tensorflow/tfjs-core";
import { tuple } from "../python";
import type { Axes } from "./of_axes";
import { ofAxes } from "./of_axes";
import type { SpatialConfig } from "./spatial";
import { AxisByAxis } from "./spatial";

/** As many on all sides, or pairs of how many before and behind each axis; on one axis, one pair. */
export type Margins = number | readonly number[] | readonly (readonly number[])[];

/** What a `ZeroPadding` is made of. */
export interface ZeroPaddingConfig extends SpatialConfig {
  /** How many zeros; 1 on all sides if left out. */
  readonly padding?: Margins;
}

/** What a `Cropping` is made of. */
export interface CroppingConfig extends SpatialConfig {
  /** How many numbers to cut off; 1 on all sides if left out. */
  readonly cropping?: Margins;
}

type Pair = readonly [number, number];

abstract class Margin extends AxisByAxis {
  protected readonly margins: readonly Pair[];

  constructor(axes: Axes, config: SpatialConfig, stem: string, key: string, formatless = false) {
    super(axes, config, stem, formatless);
    this.margins = this.options.pairs(key, axes, 1);
  }

  protected margin(index: number): Pair {
    return this.margins[index] ?? [0, 0];
  }
}

abstract class ZeroPadding extends Margin {
  constructor(axes: Axes, config: ZeroPaddingConfig = {}) {
    super(axes, config, "zero_padding", "padding");
  }

  protected override size(size: number, index: number): number {
    const [before, behind] = this.margin(index);
    return before + size + behind;
  }

  protected override along(x: Tensor3D, index: number): Tensor {
    return pad(x, [[0, 0], [...this.margin(index)], [0, 0]]);
  }
}

abstract class Cropping extends Margin {
  constructor(axes: Axes, config: CroppingConfig = {}) {
    super(axes, config, "cropping", "cropping", axes === 1);
  }

  protected override size(size: number, index: number): number {
    const [before, behind] = this.margin(index);
    if (before + behind >= size) {
      throw new Error(
        `cropping=${tuple(this.margin(index))} leaves nothing of a spatial axis of size ${size}. ` +
          "Use a larger input, or cut less off.",
      );
    }
    return size - before - behind;
  }

  protected override along(x: Tensor3D, index: number): Tensor {
    const [outer, size, inner] = x.shape;
    return slice(x, [0, this.margin(index)[0], 0], [outer, this.size(size, index), inner]);
  }
}

/**
 * Zeros before and behind steps.
 *
 * Input shape: `(batch, steps, channels)`, or channels first. Output shape: with more steps.
 */
export const ZeroPadding1D = /* @__PURE__ */ ofAxes("ZeroPadding1D", 1, ZeroPadding);

/**
 * Zeros around volumes.
 *
 * Input shape: `(batch, depth, height, width, channels)`, or channels first. Output shape: the same,
 * larger.
 */
export const ZeroPadding3D = /* @__PURE__ */ ofAxes("ZeroPadding3D", 3, ZeroPadding);

/**
 * Steps without the first and the last of them.
 *
 * Input shape: `(batch, steps, channels)`. Output shape: with fewer steps.
 */
export const Cropping1D = /* @__PURE__ */ ofAxes("Cropping1D", 1, Cropping);

/**
 * Images without their margins. Stock tfjs takes an unknown size for 0.
 *
 * Input shape: `(batch, height, width, channels)`, or channels first. Output shape: the same,
 * smaller.
 */
export const Cropping2D = /* @__PURE__ */ ofAxes("Cropping2D", 2, Cropping);

/**
 * Volumes without their margins.
 *
 * Input shape: `(batch, depth, height, width, channels)`, or channels first. Output shape: the same,
 * smaller.
 */
export const Cropping3D = /* @__PURE__ */ ofAxes("Cropping3D", 3, Cropping);
