/** Images, cut or enlarged to a frame. */

import type { Tensor } from "@tensorflow/tfjs-core";
import type { Options } from "../options";
import { numberOf } from "./given";
import { extended, part } from "./parts";

/** Images, cut or with zeros around them. */
export function framed(x: Tensor, options: Options, what: string, sign: 1 | -1): Tensor {
  const first = options.given("dataFormat") === "channelsFirst";
  const spatial = x.rank - (first ? 2 : 3);
  return [
    ["top", "bottom", "targetHeight"],
    ["left", "right", "targetWidth"],
  ].reduce((y, [low, high, target], at) => {
    const axis = spatial + at;
    const size = y.shape[axis] ?? 1;
    const given = [`${low}${what}`, `${high}${what}`].map((key) => optional(options, key));
    const goal = optional(options, target ?? "");
    const change = goal === null ? null : (goal - size) * sign;
    const before = given[0] ?? (change ?? 0) - (given[1] ?? 0);
    const after = given[1] ?? (change ?? 0) - before;
    return sign > 0
      ? extended(y, axis, before, after)
      : part(y, axis, before, size - before - after);
  }, x);
}

function optional(options: Options, key: string): number | null {
  const value = options.given(key);
  return value === null || value === undefined ? null : numberOf(value);
}
