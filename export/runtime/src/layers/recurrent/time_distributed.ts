/** A layer applied to each step of a sequence. */

import type { Tensor, serialization } from "@tensorflow/tfjs-core";
import { stack } from "@tensorflow/tfjs-core";
import type { LayerVariable, Shape } from "@tensorflow/tfjs-layers";
import { layers } from "@tensorflow/tfjs-layers";
import type { Kwargs } from "../../inputs";
import { only, onlyShape, within } from "../../inputs";
import type { LayerConfig } from "../../options";
import { Options } from "../../options";
import type { SerializedPart } from "../../parts";
import { tuple } from "../../python";
import { Twin } from "../twin";
import { made } from "./made";
import { unstacked } from "./loop";
import { maskOf } from "./on_sequences";

/** What a `TimeDistributed` is made of. */
export interface TimeDistributedConfig extends LayerConfig {
  readonly layer: layers.Layer | SerializedPart;
}

/**
 * A layer on each step, with the same weights: the twin of Keras's `TimeDistributed`.
 *
 * Stock tfjs's hands the layer the mask of all steps, or that of another layer.
 * Its weights go by its own name, as in stock tfjs: `<name>/kernel`.
 *
 * Input shape: `(batch, steps, ...)`. Output shape: `(batch, steps, ...)`.
 */
export class TimeDistributed extends Twin {
  static readonly className: string = "keras>TimeDistributed";

  readonly layer: layers.Layer;

  constructor(config: TimeDistributedConfig) {
    super(config, "time_distributed");
    const options = new Options(this.name, config);
    this.layer = options.checked(() => made("layer", config.layer, layers.Layer));
  }

  override build(inputShape: Shape | Shape[]): void {
    within(this.name, () => {
      const shape = step(onlyShape(inputShape));
      if (!this.layer.built) {
        this.layer.build(shape);
        this.layer.built = true;
      }
    });
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return within(this.name, () => {
      const shape = onlyShape(inputShape);
      const [batch = null, ...rest] = onlyShape(this.layer.computeOutputShape(step(shape)));
      return [batch, shape[1] ?? null, ...rest];
    });
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

  override get trainable(): boolean {
    return super.trainable;
  }

  override set trainable(trainable: boolean) {
    super.trainable = trainable;
    this.layer.trainable = trainable;
  }

  override get trainableWeights(): LayerVariable[] {
    return this.trainable ? this.layer.trainableWeights : [];
  }

  override get nonTrainableWeights(): LayerVariable[] {
    return this.trainable ? this.layer.nonTrainableWeights : this.layer.weights;
  }

  override calculateLosses(): ReturnType<layers.Layer["calculateLosses"]> {
    return this.layer.calculateLosses();
  }

  override setFastWeightInitDuringBuild(value: boolean): void {
    super.setFastWeightInitDuringBuild(value);
    this.layer.setFastWeightInitDuringBuild(value);
  }

  override getConfig(): serialization.ConfigDict {
    const layer = { className: this.layer.getClassName(), config: this.layer.getConfig() };
    return { ...super.getConfig(), layer };
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
