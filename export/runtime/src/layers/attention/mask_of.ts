/** The mask that a tensor carries, as a tensor: tfjs hands a layer the mask of its first input only. */

import type { Tensor } from "@tensorflow/tfjs-core";
import { ones } from "@tensorflow/tfjs-core";
import type { Shape } from "@tensorflow/tfjs-layers";
import type { Kwargs } from "../../inputs";
import { floats, only, onlyShape, within } from "../../inputs";
import type { Selective } from "../../masks";
import { ownMask } from "../../masks";
import type { LayerConfig } from "../../options";
import { Twin } from "../twin";

/**
 * 1 where the input counts and 0 where its mask leaves it out: what Keras has beside the tensor.
 *
 * Input shape: `(batch, ..., size)`. Output shape: `(batch, ...)`.
 */
export class MaskOf extends Twin implements Selective {
  static readonly className = "keras>MaskOf";

  constructor(config: LayerConfig = {}) {
    super(config, "mask_of");
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return within(this.name, () => onlyShape(inputShape).slice(0, -1));
  }

  /** None: the mask is the output itself. */
  override computeMask(): Tensor {
    return null as unknown as Tensor; // tfjs says null where its types know of tensors only
  }

  maskedInput(): null {
    return null;
  }

  protected override compute(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor {
    const mask = ownMask(this, kwargs);
    return mask ? floats(mask) : ones(only(inputs).shape.slice(0, -1));
  }
}
