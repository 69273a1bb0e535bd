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
import { floats, only, onlyShape, within } from "../inputs";
import { ownMask } from "../masks";
import { tuple } from "../python";
import type { Axes } from "./convolutional";
import type { SpatialConfig } from "./spatial";
import { Spatial } from "./spatial";

/** What a global pooling layer is made of. */
export interface GlobalPoolingConfig extends SpatialConfig {
  /** Whether the spatial axes stay, each of size 1; false if left out. */
  readonly keepdims?: boolean;
}

abstract class GlobalPooling extends Spatial {
  private readonly keepdims: boolean;

  protected constructor(axes: Axes, config: GlobalPoolingConfig, stem: string) {
    super(axes, config, stem);
    this.keepdims = this.options.bool("keepdims", false);
  }

  /** `(batch, places, channels)`, or channels first, without the places, which are on that axis. */
  protected abstract pooled(x: Tensor3D, places: number, kwargs: Kwargs): Tensor;

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return within(this.name, () => {
      const shape = onlyShape(inputShape);
      const channels = this.channelsFirst ? 1 : shape.length - 1;
      return shape
        .map((size, axis) => (axis === 0 || axis === channels ? size : 1))
        .filter((_, axis) => this.keepdims || axis === 0 || axis === channels);
    });
  }

  protected override compute(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor {
    const x = only(inputs);
    const made = this.computeOutputShape(x.shape) as number[];
    const [batch = 0, first = 0] = x.shape;
    const last = x.shape.at(-1) ?? 0;
    const y = this.channelsFirst
      ? this.pooled(reshape<Rank.R3>(x, [batch, first, x.size / (batch * first)]), 2, kwargs)
      : this.pooled(reshape<Rank.R3>(x, [batch, x.size / (batch * last), last]), 1, kwargs);
    return reshape(y, made);
  }
}

abstract class GlobalAveragePooling extends GlobalPooling {
  protected constructor(axes: Axes, config: GlobalPoolingConfig = {}) {
    super(axes, config, "global_average_pooling");
  }

  protected override pooled(x: Tensor3D, places: number, _kwargs: Kwargs): Tensor {
    return mean(x, places);
  }
}

abstract class GlobalMaxPooling extends GlobalPooling {
  protected constructor(axes: Axes, config: GlobalPoolingConfig = {}) {
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
export class GlobalAveragePooling1D extends GlobalAveragePooling {
  static readonly className = "keras>GlobalAveragePooling1D";

  constructor(config?: GlobalPoolingConfig) {
    super(1, config);
  }

  protected override pooled(x: Tensor3D, places: number, kwargs: Kwargs): Tensor {
    const mask = ownMask(this, kwargs);
    if (mask === null) {
      return super.pooled(x, places, kwargs);
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

/**
 * The mean of every channel of an image.
 *
 * Input shape: `(batch, height, width, channels)`, or channels first. Output shape:
 * `(batch, channels)`, or with the other axes in size 1.
 */
export class GlobalAveragePooling2D extends GlobalAveragePooling {
  static readonly className = "keras>GlobalAveragePooling2D";

  constructor(config?: GlobalPoolingConfig) {
    super(2, config);
  }
}

/**
 * The mean of every channel of a volume.
 *
 * Input shape: `(batch, depth, height, width, channels)`, or channels first. Output shape:
 * `(batch, channels)`, or with the other axes in size 1.
 */
export class GlobalAveragePooling3D extends GlobalAveragePooling {
  static readonly className = "keras>GlobalAveragePooling3D";

  constructor(config?: GlobalPoolingConfig) {
    super(3, config);
  }
}

/**
 * The largest of every channel of steps.
 *
 * Input shape: `(batch, steps, channels)`, or channels first. Output shape: `(batch, channels)`, or
 * with the axis of steps in size 1.
 */
export class GlobalMaxPooling1D extends GlobalMaxPooling {
  static readonly className = "keras>GlobalMaxPooling1D";

  constructor(config?: GlobalPoolingConfig) {
    super(1, config);
  }
}

/**
 * The largest of every channel of an image.
 *
 * Input shape: `(batch, height, width, channels)`, or channels first. Output shape:
 * `(batch, channels)`, or with the other axes in size 1.
 */
export class GlobalMaxPooling2D extends GlobalMaxPooling {
  static readonly className = "keras>GlobalMaxPooling2D";

  constructor(config?: GlobalPoolingConfig) {
    super(2, config);
  }
}

/**
 * The largest of every channel of a volume.
 *
 * Input shape: `(batch, depth, height, width, channels)`, or channels first. Output shape:
 * `(batch, channels)`, or with the other axes in size 1.
 */
export class GlobalMaxPooling3D extends GlobalMaxPooling {
  static readonly className = "keras>GlobalMaxPooling3D";

  constructor(config?: GlobalPoolingConfig) {
    super(3, config);
  }
}
