/** A layer applied to each step of a sequence. */

import type { Tensor } from "@tensorflow/tfjs-core";
import { stack } from "@tensorflow/tfjs-core";
import type { Shape } from "@tensorflow/tfjs-layers";
import type { Kwargs } from "../../inputs";
import { only, onlyShape } from "../../inputs";
import { tuple } from "../../python";
import type { WrappingConfig } from "../wrapping";
import { Wrapping } from "../wrapping";
import { unstacked } from "./loop";
import { maskOf } from "./on_sequences";

/** What a `TimeDistributed` is made of. */
export type TimeDistributedConfig = WrappingConfig;

/**
 * A layer on each step, with the same weights: the twin of Keras's `TimeDistributed`.
 *
 * Stock tfjs's hands the layer the mask of all steps, or that of another layer.
 *
 * Input shape: `(batch, steps, ...)`. Output shape: `(batch, steps, ...)`.
 */
export class TimeDistributed extends Wrapping {
  static get className(): string {
    return "keras>TimeDistributed";
  }

  constructor(config: TimeDistributedConfig) {
    super(config, "time_distributed");
  }

  protected override make(inputShape: Shape | Shape[]): void {
    const shape = step(onlyShape(inputShape));
    if (!this.layer.built) {
      this.layer.build(shape);
      this.layer.built = true;
    }
  }

  protected override shapeOf(inputShape: Shape | Shape[]): Shape {
    const shape = onlyShape(inputShape);
    const [batch = null, ...rest] = onlyShape(this.layer.computeOutputShape(step(shape)));
    return [batch, shape[1] ?? null, ...rest];
  }

  protected override compute(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor {
    const mask = maskOf(this, kwargs);
    const masks = mask && mask.rank > 1 ? unstacked(mask, 1) : [];
    const outputs = unstacked(only(inputs), 1).map((x, time) => {
      const own: Record<string, unknown> = { ...kwargs, mask: masks[time] };
      return only(this.layer.call(x, own));
    });
    return stack(outputs, 1);
  }
}

/** The shape of a step. */
function step(shape: Shape): Shape {
  if (shape.length < 3) {
    throw new Error(
      `called on the shape ${tuple(shape)}. Call it on sequences: (batch, steps, ...).`,
    );
  }
  return [shape[0] ?? null, ...shape.slice(2)];
}
