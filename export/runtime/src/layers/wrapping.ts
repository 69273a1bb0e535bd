/** A layer around another: what it hands through to it. */

import type { Tensor, serialization } from "@tensorflow/tfjs-core";
import type { LayerVariable } from "@tensorflow/tfjs-layers";
import { layers } from "@tensorflow/tfjs-layers";
import type { LayerConfig } from "../options";
import type { SerializedPart } from "../parts";
import { made } from "./recurrent/made";
import { Twin } from "./twin";

/** What a layer around another is made of. */
export interface WrappingConfig extends LayerConfig {
  readonly layer: layers.Layer | SerializedPart;
}

/** The weights of the layer in it go by the outer one's name, as in stock tfjs: `<name>/kernel`. */
export abstract class Wrapping extends Twin {
  readonly layer: layers.Layer;

  protected constructor(config: WrappingConfig, stem: string) {
    super(config, stem);
    this.layer = this.options.checked(() => made("layer", config.layer, layers.Layer));
  }

  protected abstract override compute(
    inputs: Tensor | Tensor[],
    kwargs: Parameters<layers.Layer["call"]>[1],
  ): Tensor;

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
    const { layer } = this;
    const inner = this.trainable ? layer.nonTrainableWeights : layer.weights;
    return [...inner, ...super.nonTrainableWeights];
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
