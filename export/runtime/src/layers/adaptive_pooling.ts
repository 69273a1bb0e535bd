/**
 * The largest or the mean of windows that are as many as one asks for, whatever the input's size.
 *
 * Windows are those of Keras with TensorFlow, PyTorch and NumPy. With JAX, where `at * size / to` is
 * a whole number, float32 may round it up: Keras then has NaN, or a window too large (3 to 7, 4 to 28).
 */

import type { Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import { argMax, cast, equal, expandDims, max, mul, range, reshape } from "@tensorflow/tfjs-core";
import { withGradient } from "../gradient";
import { floats } from "../inputs";
import { combined, picked, selecting } from "../resize";
import type { Axes } from "./of_axes";
import { ofAxes } from "./of_axes";
import type { SpatialConfig } from "./spatial";
import { AxisByAxis } from "./spatial";

/** What an adaptive pooling layer is made of. */
export interface AdaptivePoolingConfig extends SpatialConfig {
  /** The size of each spatial axis of the output; a number is for all of them. */
  readonly outputSize: number | readonly number[];
}

abstract class AdaptivePooling extends AxisByAxis {
  readonly #outputSize: readonly number[];

  constructor(axes: Axes, config: AdaptivePoolingConfig, stem: string) {
    super(axes, config, stem);
    this.#outputSize = this.options.perAxis("outputSize", axes);
  }

  protected override size(_size: number, index: number): number {
    return this.#outputSize[index] ?? 1;
  }

  protected override sizeIfKnown(_size: number | null, index: number): number {
    return this.size(0, index);
  }

  /**
   * The indices in each window, from `at * size / to` to where the next one starts, outwards to
   * whole numbers.
   */
  protected windows(size: number, index: number): readonly (readonly number[])[] {
    const to = this.size(size, index);
    return Array.from({ length: to }, (_, at) => {
      const first = Math.floor((at * size) / to);
      const end = Math.ceil(((at + 1) * size) / to);
      return Array.from({ length: end - first }, (_, inside) => first + inside);
    });
  }
}

abstract class AdaptiveAveragePooling extends AdaptivePooling {
  constructor(axes: Axes, config: AdaptivePoolingConfig) {
    super(axes, config, "adaptive_average_pooling");
  }

  protected override along(x: Tensor3D, index: number): Tensor {
    const [, size] = x.shape;
    const weights = this.windows(size, index).map((window) =>
      Array.from({ length: size }, (_, at) => (window.includes(at) ? 1 / window.length : 0)),
    );
    return combined(floats(x), 1, weights);
  }
}

abstract class AdaptiveMaxPooling extends AdaptivePooling {
  constructor(axes: Axes, config: AdaptivePoolingConfig) {
    super(axes, config, "adaptive_max_pooling");
  }

  /** A shorter window has its last number several times: the first of the largest has the gradient. */
  protected override along(x: Tensor3D, index: number): Tensor {
    const [outer, size, inner] = x.shape;
    const windows = this.windows(size, index);
    const width = Math.max(...windows.map((window) => window.length));
    const indices = windows.flatMap((window) =>
      Array.from({ length: width }, (_, at) => window[at] ?? window.at(-1) ?? 0),
    );
    const parts = [outer, windows.length, width, inner];
    const numbers = (input: Tensor): Tensor => reshape(picked(input, 1, indices), parts);
    return withGradient(
      floats(x),
      (input) => max(numbers(input), 2),
      (dy, _y, input) => {
        const largest = expandDims(argMax(numbers(input), 2), 2);
        const places = reshape(range(0, width, 1, "int32"), [1, 1, width, 1]);
        const spread = mul(expandDims(dy, 2), cast(equal(largest, places), "float32"));
        return combined(reshape(spread, [outer, -1, inner]), 1, selecting(indices, size));
      },
    );
  }
}

/**
 * Means along steps, of which so many come out.
 *
 * Input shape: `(batch, steps, channels)`, or channels first. Output shape: with `outputSize` steps.
 */
export const AdaptiveAveragePooling1D = /* @__PURE__ */ ofAxes(
  "AdaptiveAveragePooling1D",
  1,
  AdaptiveAveragePooling,
);

/**
 * Means over an image, of which so many come out along each axis.
 *
 * Input shape: `(batch, height, width, channels)`, or channels first. Output shape: the same in
 * `outputSize`.
 */
export const AdaptiveAveragePooling2D = /* @__PURE__ */ ofAxes(
  "AdaptiveAveragePooling2D",
  2,
  AdaptiveAveragePooling,
);

/**
 * Means over a volume, of which so many come out along each axis.
 *
 * Input shape: `(batch, depth, height, width, channels)`, or channels first. Output shape: the same
 * in `outputSize`.
 */
export const AdaptiveAveragePooling3D = /* @__PURE__ */ ofAxes(
  "AdaptiveAveragePooling3D",
  3,
  AdaptiveAveragePooling,
);

/**
 * The largest along steps, of which so many come out.
 *
 * Input shape: `(batch, steps, channels)`, or channels first. Output shape: with `outputSize` steps.
 */
export const AdaptiveMaxPooling1D = /* @__PURE__ */ ofAxes(
  "AdaptiveMaxPooling1D",
  1,
  AdaptiveMaxPooling,
);

/**
 * The largest over an image, of which so many come out along each axis.
 *
 * Input shape: `(batch, height, width, channels)`, or channels first. Output shape: the same in
 * `outputSize`.
 */
export const AdaptiveMaxPooling2D = /* @__PURE__ */ ofAxes(
  "AdaptiveMaxPooling2D",
  2,
  AdaptiveMaxPooling,
);

/**
 * The largest over a volume, of which so many come out along each axis.
 *
 * Input shape: `(batch, depth, height, width, channels)`, or channels first. Output shape: the same
 * in `outputSize`.
 */
export const AdaptiveMaxPooling3D = /* @__PURE__ */ ofAxes(
  "AdaptiveMaxPooling3D",
  3,
  AdaptiveMaxPooling,
);
