/** What all layers do alike that treat each spatial axis by itself, and the channels as they are. */

import type { Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import { reshape } from "@tensorflow/tfjs-core";
import type { Shape } from "@tensorflow/tfjs-layers";
import { InputSpec } from "@tensorflow/tfjs-layers";
import type { DataFormat } from "../convolve";
import type { Kwargs } from "../inputs";
import { only, onlyShape } from "../inputs";
import type { LayerConfig } from "../options";
import { inThree, replaced } from "../resize";
import type { Axes } from "./of_axes";
import { Twin } from "./twin";

/** What every such layer is given. */
export interface SpatialConfig extends LayerConfig {
  /** "channelsLast" if left out. */
  readonly dataFormat?: DataFormat;
}

/** A layer over one, two or three spatial axes, where a mask ends, as in Keras. */
export abstract class Spatial extends Twin {
  protected readonly channelsFirst: boolean;

  /**
   * @param axes how many are spatial.
   * @param config as the subclass takes it.
   * @param stem of the name, where none is given.
   * @param formatless whether it always has channels last, and no such option.
   */
  protected constructor(
    protected readonly axes: Axes,
    config: SpatialConfig,
    stem: string,
    formatless = false,
  ) {
    super(config, `${stem}${axes}d`);
    this.channelsFirst =
      !formatless &&
      this.options.oneOf("dataFormat", ["channelsLast", "channelsFirst"]) === "channelsFirst";
    this.inputSpec = [new InputSpec({ ndim: axes + 2 })];
    this.supportsMasking = false;
  }
}

/** One that takes each of these axes after the other. */
export abstract class AxisByAxis extends Spatial {
  /** The size that a spatial axis comes to have; the first has index 0. */
  protected abstract size(size: number, index: number): number;

  /** The same, where the size may be unknown. */
  protected sizeIfKnown(size: number | null, index: number): number | null {
    return size === null ? null : this.size(size, index);
  }

  /** `(before, size, behind)` with the axis in the middle in its new size. */
  protected abstract along(x: Tensor3D, index: number): Tensor;

  protected override shapeOf(inputShape: Shape | Shape[]): Shape {
    const first = this.channelsFirst ? 2 : 1;
    return onlyShape(inputShape).map((size, axis) =>
      axis < first || axis >= first + this.axes ? size : this.sizeIfKnown(size, axis - first),
    );
  }

  protected override compute(inputs: Tensor | Tensor[], _kwargs: Kwargs): Tensor {
    let x = only(inputs);
    const made = this.shapeOf(x.shape); // for its refusals
    for (let index = 0; index < this.axes; index++) {
      const axis = index + (this.channelsFirst ? 2 : 1);
      const y = this.along(inThree(x, axis), index);
      x = reshape(y, replaced(x.shape, axis, made[axis] ?? 0));
    }
    return x;
  }
}
