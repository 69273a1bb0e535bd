/** The largest or the mean of every channel. */

import type { Rank, Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import {
  cast,
  div,
  equal,
  expandDims,
  max,
  mean,
  mul,
  onesLike,
  reshape,
  sum,
  where,
} from "@tensorflow/tfjs-core";
import type { Shape } from "@tensorflow/tfjs-layers";
import { withGradient } from "../gradient";
import type { Kwargs } from "../inputs";
import { floats, only, onlyShape } from "../inputs";
import { ownMask } from "../masks";
import { tuple } from "../python";
import type { Axes } from "./of_axes";
import { ofAxes } from "./of_axes";
import type { SpatialConfig } from "./spatial";
import { Spatial } from "./spatial";

/** What a global pooling layer is made of. */
export interface GlobalPoolingConfig extends SpatialConfig {
  /** Whether the spatial axes stay, each of size 1; false if left out. */
  readonly keepdims?: boolean;
}

abstract class GlobalPooling extends Spatial {
  readonly #keepdims: boolean;

  constructor(axes: Axes, config: GlobalPoolingConfig, stem: string) {
    super(axes, config, stem);
    this.#keepdims = this.options.bool("keepdims", false);
  }

  /** `(batch, places, channels)`, or channels first, without the places, which are on that axis. */
  protected abstract pooled(x: Tensor3D, places: number, kwargs: Kwargs): Tensor;

  protected override shapeOf(inputShape: Shape | Shape[]): Shape {
    const shape = onlyShape(inputShape);
    const channels = this.channelsFirst ? 1 : shape.length - 1;
    return shape
      .map((size, axis) => (axis === 0 || axis === channels ? size : 1))
      .filter((_, axis) => this.#keepdims || axis === 0 || axis === channels);
  }

  protected override compute(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor {
    const x = only(inputs);
    const made = this.shapeOf(x.shape) as number[];
    const [batch = 0, first = 0] = x.shape;
    const last = x.shape.at(-1) ?? 0;
    const y = this.channelsFirst
      ? this.pooled(reshape<Rank.R3>(x, [batch, first, x.size / (batch * first)]), 2, kwargs)
      : this.pooled(reshape<Rank.R3>(x, [batch, x.size / (batch * last), last]), 1, kwargs);
    return reshape(y, made);
  }
}

abstract class GlobalAveragePooling extends GlobalPooling {
  constructor(axes: Axes, config: GlobalPoolingConfig = {}) {
    super(axes, config, "global_average_pooling");
  }

  /** Of steps, a mask leaves some out. */
  protected override pooled(x: Tensor3D, places: number, kwargs: Kwargs): Tensor {
    const mask = this.axes === 1 ? ownMask(this, kwargs) : null;
    if (mask === null) {
      return mean(x, places);
    }
    if (mask.rank !== 2 || mask.shape[1] !== x.shape[places]) {
      throw new Error(
        `its input has shape ${tuple(x.shape)} and a mask of shape ${tuple(mask.shape)}, which is ` +
          "not one of its steps. Put the layer where no other mask arrives.",
      );
    }
    const kept = expandDims(cast(mask, "bool"), 3 - places);
    const all = where(kept, floats(x), 0);
    return div(sum(all, places), sum(where(kept, onesLike(all), 0), places));
  }
}

abstract class GlobalMaxPooling extends GlobalPooling {
  constructor(axes: Axes, config: GlobalPoolingConfig = {}) {
    super(axes, config, "global_max_pooling");
  }

  /** Its gradient is shared by all that are the largest; tfjs gives each of them the whole of it. */
  protected override pooled(x: Tensor3D, places: number): Tensor {
    return withGradient(
      x,
      (input) => max(input, places),
      (dy, y, input) => {
        const largest = cast(equal(input, expandDims(y, places)), "float32");
        return mul(expandDims(dy, places), div(largest, sum(largest, places, true)));
      },
    );
  }
}

/**
 * The mean of every channel of steps. A mask leaves steps out, where stock tfjs does not look at it.
 *
 * Input shape: `(batch, steps, channels)`, or channels first. Output shape: `(batch, channels)`, or
 * with the axis of steps in size 1.
 */
export const GlobalAveragePooling1D = /* @__PURE__ */ ofAxes(
  "GlobalAveragePooling1D",
  1,
  GlobalAveragePooling,
);

/**
 * The mean of every channel of an image.
 *
 * Input shape: `(batch, height, width, channels)`, or channels first. Output shape:
 * `(batch, channels)`, or with the other axes in size 1.
 */
export const GlobalAveragePooling2D = /* @__PURE__ */ ofAxes(
  "GlobalAveragePooling2D",
  2,
  GlobalAveragePooling,
);

/**
 * The mean of every channel of a volume.
 *
 * Input shape: `(batch, depth, height, width, channels)`, or channels first. Output shape:
 * `(batch, channels)`, or with the other axes in size 1.
 */
export const GlobalAveragePooling3D = /* @__PURE__ */ ofAxes(
  "GlobalAveragePooling3D",
  3,
  GlobalAveragePooling,
);

/**
 * The largest of every channel of steps.
 *
 * Input shape: `(batch, steps, channels)`, or channels first. Output shape: `(batch, channels)`, or
 * with the axis of steps in size 1.
 */
export const GlobalMaxPooling1D = /* @__PURE__ */ ofAxes("GlobalMaxPooling1D", 1, GlobalMaxPooling);

/**
 * The largest of every channel of an image.
 *
 * Input shape: `(batch, height, width, channels)`, or channels first. Output shape:
 * `(batch, channels)`, or with the other axes in size 1.
 */
export const GlobalMaxPooling2D = /* @__PURE__ */ ofAxes("GlobalMaxPooling2D", 2, GlobalMaxPooling);

/**
 * The largest of every channel of a volume.
 *
 * Input shape: `(batch, depth, height, width, channels)`, or channels first. Output shape:
 * `(batch, channels)`, or with the other axes in size 1.
 */
export const GlobalMaxPooling3D = /* @__PURE__ */ ofAxes("GlobalMaxPooling3D", 3, GlobalMaxPooling);
