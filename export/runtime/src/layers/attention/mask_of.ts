/** A mask as a tensor, since tfjs hands a layer that of its first input only; and none at all. */

import type { Tensor } from "@tensorflow/tfjs-core";
import { notEqual, ones } from "@tensorflow/tfjs-core";
import type { Shape } from "@tensorflow/tfjs-layers";
import { severed } from "../../gradient";
import type { Kwargs } from "../../inputs";
import { at, floats, only, onlyShape } from "../../inputs";

import type { Selective } from "../../masks";
import { NO_MASK, ownMask } from "../../masks";
import type { LayerConfig } from "../../options";
import { Twin } from "../twin";
import { unspoiled } from "./implicit";

/**
 * 1 where the input counts and 0 where its mask leaves it out: what Keras has beside the tensor.
 *
 * Input shape: `(batch, ..., size)`. Output shape: `(batch, ...)`.
 */
export class MaskOf extends Twin implements Selective {
  static get className(): string {
    return "keras>MaskOf";
  }

  constructor(config: LayerConfig = {}) {
    super(config, "mask_of");
  }

  protected override shapeOf(inputShape: Shape | Shape[]): Shape {
    return onlyShape(inputShape).slice(0, -1);
  }

  /** None: the mask is the output itself. */
  override computeMask(): Tensor {
    return NO_MASK;
  }

  maskedInput(): null {
    return null;
  }

  protected override compute(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor {
    const x = only(inputs);
    const mask = ownMask(this, kwargs);
    return mask ? floats(unspoiled(mask, x.rank)) : ones(x.shape.slice(0, -1));
  }
}

/**
 * The first input, with the second as its mask.
 *
 * Input shapes: `(batch, ...)` and that of a mask. Output shape: the first.
 */
export class Masked extends Twin {
  static get className(): string {
    return "keras>Masked";
  }

  constructor(config: LayerConfig = {}) {
    super(config, "masked");
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return (inputShape as Shape[])[0] ?? [];
  }

  override computeMask(inputs: Tensor | Tensor[]): Tensor {
    const mask = at(inputs as Tensor[], 1);
    return severed([mask], () => notEqual(mask, 0));
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    return at(inputs as Tensor[], 0).clone();
  }
}

/**
 * The input, without a mask: where Keras has lost it on the way.
 *
 * Input shape: any. Output shape: the same.
 */
export class Unmasked extends Twin {
  static get className(): string {
    return "keras>Unmasked";
  }

  constructor(config: LayerConfig = {}) {
    super(config, "unmasked");
    this.supportsMasking = false;
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    return only(inputs).clone();
  }
}
