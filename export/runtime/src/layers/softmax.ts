/** Softmax along any axis, or several at once; stock tfjs knows the last only. */

import type { Tensor } from "@tensorflow/tfjs-core";
import { cast, div, exp, log, max, mul, sub, sum, where } from "@tensorflow/tfjs-core";
import { severed, withGradient } from "../gradient";
import type { Kwargs } from "../inputs";
import { floats, only, positiveAxis } from "../inputs";
import { ownMask } from "../masks";
import type { LayerConfig } from "../options";
import { tuple } from "../python";
import { Twin } from "./twin";

/** Where a mask leaves a number out, as in `keras.layers.Softmax`. */
export const LEFT_OUT = -1e9;

/** What a `Softmax` is made of. */
export interface SoftmaxConfig extends LayerConfig {
  /** The axis or axes that sum to 1, the batch being 0; the last if left out. */
  readonly axis?: number | readonly number[];
}

/**
 * Numbers that sum to 1 along an axis or axes: the twin of `keras.layers.Softmax`.
 *
 * Input shape: any. Output shape: the same. A mask, right-aligned to the input, leaves numbers out.
 */
export class Softmax extends Twin {
  static get className(): string {
    return "keras>Softmax";
  }

  readonly #axis: number | readonly number[];

  constructor(config: SoftmaxConfig = {}) {
    super(config, "softmax");
    this.#axis = this.options.axes("axis", -1);
  }

  protected override compute(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor {
    const x = floats(only(inputs));
    const axes = [this.#axis].flat().map((axis) => positiveAxis(axis, x.shape));
    const mask = ownMask(this, kwargs);
    if (mask === null) {
      return softmax(x, axes);
    }
    checkMask(mask, x);
    const kept = cast(mask, "bool");
    return where(kept, softmax(where(kept, x, LEFT_OUT), axes), 0);
  }
}

/** exp(x) over its sum along the axes, in a form that cannot overflow. */
export function softmax(x: Tensor, axes: number[]): Tensor {
  return withGradient(
    x,
    (logits) => {
      const shares = exp(sub(logits, max(logits, axes, true)));
      return div(shares, sum(shares, axes, true));
    },
    (dy, y) => {
      const weighted = mul(dy, y);
      return sub(weighted, mul(y, sum(weighted, axes, true)));
    },
  );
}

/** The logarithm of that, from the numbers themselves. */
export function logSoftmax(x: Tensor, axes: number[]): Tensor {
  const shifted = sub(
    x,
    severed([x], () => max(x, axes, true)),
  );
  return sub(shifted, log(sum(exp(shifted), axes, true)));
}

/** Keras's own two conditions. */
function checkMask(mask: Tensor, x: Tensor): void {
  const leading = x.rank - mask.rank;
  const fits =
    leading >= 0 &&
    mask.shape.every((size, axis) => size === 1 || size === x.shape[leading + axis]);
  if (!fits) {
    throw new Error(
      `its input has shape ${tuple(x.shape)} and a mask of shape ${tuple(mask.shape)}, which ` +
        "cannot be stretched to it. Put the layer where no mask arrives.",
    );
  }
}
