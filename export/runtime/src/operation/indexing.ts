/** Python's `x[key]`. */

import type { Tensor } from "@tensorflow/tfjs-core";
import { expandDims, squeeze } from "@tensorflow/tfjs-core";
import type { Value } from "./given";
import { ELLIPSIS, promoted, Slice } from "./given";
import { part, reversed, steps, taken } from "./parts";

/**
 * `x[key]`
 *
 * @param key a number, a slice, an ellipsis, null for a new axis, places as a tensor, or a list.
 */
export function item(x: Tensor, key: Value): Tensor {
  const keys = (Array.isArray(key) ? key : [key]) as readonly Value[];
  const used = keys.filter((each) => each !== null && each !== ELLIPSIS).length;
  const dots = keys.indexOf(ELLIPSIS);
  const gap = Array.from({ length: x.rank - used }, () => new Slice(null, null, 1));
  const full: readonly Value[] =
    dots < 0 ? [...keys, ...gap] : [...keys.slice(0, dots), ...gap, ...keys.slice(dots + 1)];
  let y = x;
  let axis = 0;
  for (const each of full) {
    if (each === null) {
      y = expandDims(y, axis);
      axis += 1;
    } else if (each instanceof Slice) {
      y = sliced(y, axis, each);
      axis += 1;
    } else if (typeof each === "number") {
      const at = each < 0 ? each + (y.shape[axis] ?? 0) : each;
      y = squeeze(part(y, axis, at, 1), [axis]);
    } else {
      const [indices] = promoted(each) as [Tensor];
      y = taken(y, axis, indices);
      axis += indices.rank;
    }
  }
  return y;
}

/** One axis by Python's rules. */
function sliced(x: Tensor, axis: number, { start, stop, step }: Slice): Tensor {
  const size = x.shape[axis] ?? 0;
  const bound = (at: number | null, fallback: number, least: number): number =>
    at === null ? fallback : Math.min(Math.max(at < 0 ? at + size : at, least), size + least);
  if (step > 0) {
    const [from, to] = [bound(start, 0, 0), bound(stop, size, 0)];
    return steps(x, axis, from, Math.max(Math.ceil((to - from) / step), 0), step);
  }
  const [from, to] = [bound(start, size - 1, -1), bound(stop, -1, -1)];
  const count = Math.max(Math.ceil((from - to) / -step), 0);
  return steps(reversed(x, [axis]), axis, size - 1 - from, count, -step);
}
