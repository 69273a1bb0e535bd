/** The masks that come beside the tensors of an attention layer, as far as tfjs hands them over. */

import { Tensor, reshape } from "@tensorflow/tfjs-core";
import type { layers } from "@tensorflow/tfjs-layers";
import type { Kwargs } from "../../inputs";
import { carriesMask, maskOrigin } from "../../masks";
import type { ByRole, Role } from "./roles";
import { MASKED } from "./roles";

type Masked = (typeof MASKED)[number];
type Masks = Readonly<Partial<Record<Masked, Tensor>>>;

/**
 * The masks of query, value and key.
 *
 * `executor.ts` of tfjs hands a layer the mask of its first input only, so another tensor's is known
 * where it comes from the same place. A nested model, in `container.ts`, hands over all of them.
 *
 * @param roles what the layer's inputs are.
 * @param called the inputs themselves.
 * @param masked the roles whose masks count.
 * @throws Error if one of the tensors has a mask that is not handed over, and no mask is given for it.
 */
export function implicitMasks(
  layer: layers.Layer,
  kwargs: Kwargs,
  roles: readonly Role[],
  called: ByRole<Tensor>,
  masked: readonly Masked[] = MASKED,
): Masks {
  const masks = Object.entries(handedOver(layer, kwargs, roles, masked)) as [Masked, Tensor][];
  return Object.fromEntries(
    masks.map(([role, mask]) => [role, unspoiled(mask, called[role]?.rank)]),
  );
}

/** The mask of a tensor of that rank: each merge of tfjs puts an axis of 1 in front of its own. */
export function unspoiled(mask: Tensor, rank = Infinity): Tensor {
  return mask.rank >= rank && mask.shape[0] === 1
    ? unspoiled(reshape(mask, mask.shape.slice(1)), rank)
    : mask;
}

function handedOver(
  layer: layers.Layer,
  kwargs: Kwargs,
  roles: readonly Role[],
  masked: readonly Masked[],
): Masks {
  const given: unknown = kwargs["mask"];
  const { inboundNodes } = layer;
  if (Array.isArray(given)) {
    return fromEach(roles, given as readonly unknown[]);
  }
  if (inboundNodes.length === 0) {
    return given instanceof Tensor ? { [roles[0] as Masked]: given } : {};
  }
  const handed = inboundNodes.map(({ inputTensors }) => {
    const [leading] = inputTensors;
    const own = leading && carriesMask(leading) ? maskOrigin(leading) : null;
    return masked.filter((role) => {
      const input = inputTensors[roles.indexOf(role)];
      const given = role !== "query" && roles.includes(`${role}Mask`); // and takes its place
      if (input === undefined || given || !carriesMask(input)) {
        return false;
      }
      const same = maskOrigin(input) === own;
      if (!same && !roles.includes(`${role}Mask`)) {
        throw new Error(
          `its ${role} has a mask, and tfjs hands over that of the first input only. ` +
            `Give it as an input of its own, '${role}_mask', made by keras>MaskOf.`,
        );
      }
      return same;
    });
  });
  const [first = [], ...others] = handed;
  if (others.some((roles) => roles.join() !== first.join())) {
    throw new Error(
      "it is called in several places, and different ones of its inputs have masks there. " +
        "Use a layer of its own for each place.",
    );
  }
  return given instanceof Tensor ? Object.fromEntries(first.map((role) => [role, given])) : {};
}

function fromEach(roles: readonly Role[], given: readonly unknown[]): Masks {
  const found = MASKED.flatMap((role) => {
    const mask = given[roles.indexOf(role)];
    return mask instanceof Tensor ? [[role, mask] as const] : [];
  });
  return Object.fromEntries(found);
}
