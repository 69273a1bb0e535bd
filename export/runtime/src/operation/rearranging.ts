/** `keras.ops.rearrange`: axes by their names. */

import type { Tensor } from "@tensorflow/tfjs-core";
import { reshape } from "@tensorflow/tfjs-core";
import { permuted } from "../einsum";
import type { Options } from "../options";
import { product } from "../sizes";

/**
 * The tensor by a pattern such as `"a (b c) -> a c b"`.
 *
 * @param options the pattern, and the sizes that cannot be worked out.
 */
export function rearranged(x: Tensor, options: Options): Tensor {
  const sizes = (options.given("sizes") ?? {}) as Readonly<Record<string, number>>;
  const [from, to] = options.text("pattern").split("->").map(groups) as [Groups, Groups];
  const named = Object.values(from).flat();
  const elided = x.rank - from.length + (named.includes("...") ? 1 : 0);
  const dots = Array.from({ length: elided }, (_, at) => `...${at}`);
  const spread = (group: readonly string[]): string[] =>
    group.flatMap((name) => (name === "..." ? dots : [name]));
  const known = new Map<string, number>(Object.entries(sizes));
  const left = from.flatMap((group) => (group[0] === "..." ? dots.map((dot) => [dot]) : [group]));
  left.forEach((group, axis) => {
    const size = x.shape[axis] ?? 1;
    const open = group.filter((name) => !known.has(name));
    const rest = product(group.map((name) => known.get(name) ?? 1));
    open.forEach((name) => known.set(name, size / rest));
  });
  const size = (name: string): number => (name === "1" ? 1 : (known.get(name) ?? 1));
  const before = left.flat().filter((name) => name !== "1");
  const after = to.flatMap(spread).filter((name) => name !== "1");
  const apart = reshape(x, before.map(size));
  const moved = permuted(apart, after.map((name) => before.indexOf(name))); // prettier-ignore
  const shape = to.flatMap((group) =>
    group[0] === "..." && group.length === 1 ? dots.map(size) : [product(spread(group).map(size))],
  );
  return reshape(moved, shape);
}

type Groups = readonly (readonly string[])[];

/** `"a (b c)"` as `[["a"], ["b", "c"]]`. */
function groups(side: string): Groups {
  return [...side.matchAll(/\(([^)]*)\)|(\S+)/g)].map(([, inner, name]) =>
    inner === undefined ? [name ?? ""] : inner.trim().split(/\s+/),
  );
}
