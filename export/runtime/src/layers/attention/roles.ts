/** What each of the tensors is that an attention layer is called on: tfjs knows only their order. */

import type { Options } from "../../options";
import { spoken } from "../../python";

/** The arguments of Keras's `call` that are tensors. */
const ROLES = [
  "query",
  "value",
  "key",
  "queryMask",
  "valueMask",
  "keyMask",
  "attentionMask",
] as const;

export type Role = (typeof ROLES)[number];

/** The roles whose tensors Keras may have a mask of. */
export const MASKED = ["query", "value", "key"] as const;

/** Tensors, or shapes, by what they are. */
export type ByRole<T> = Readonly<Partial<Record<Role, T>> & Record<"query" | "value", T>>;

/**
 * The roles of the inputs in their order, from the option `inputs`.
 *
 * @throws Error if query or value is not among them.
 */
export function rolesOf(layer: string, options: Options): readonly Role[] {
  const roles = options.someOf("inputs", ROLES, ["query", "value"]);
  for (const needed of ["query", "value"] as const) {
    if (!roles.includes(needed)) {
      throw new Error(
        `Layer '${layer}': inputs=${spoken(roles)} has no '${needed}'. Name it in the order of the inputs.`,
      );
    }
  }
  return roles;
}

/**
 * The tensors or shapes that a layer is called on, by their roles.
 *
 * @throws Error if there are more or fewer.
 */
export function byRole<T>(roles: readonly Role[], values: readonly T[]): ByRole<T> {
  if (values.length !== roles.length) {
    throw new Error(
      `called on ${values.length} ${values.length === 1 ? "tensor" : "tensors"}, ` +
        `and inputs=${spoken(roles)} are ${roles.length}. Call it on these.`,
    );
  }
  return Object.fromEntries(roles.map((role, index) => [role, values[index]])) as ByRole<T>;
}
