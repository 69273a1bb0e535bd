/** All operations of `keras.ops` that a model may have, by Keras's class. */

import { ARRANGING } from "./arranging";
import { OF_ONE, OF_SEVERAL, OF_TWO } from "./elementwise";
import type { Compute } from "./given";
import { MULTIPLYING } from "./multiplying";
import { NETWORKS } from "./networks";
import { REDUCING } from "./reducing";

/** Those whose output has the shape that their inputs are stretched to. */
export const ELEMENTWISE: Readonly<Record<string, Compute>> = /* @__PURE__ */ (() => ({
  ...OF_ONE,
  ...OF_TWO,
  ...OF_SEVERAL,
}))();

/** What computes each of them. */
export const OPERATIONS: Readonly<Record<string, Compute>> = /* @__PURE__ */ (() => ({
  ...ELEMENTWISE,
  ...REDUCING,
  ...ARRANGING,
  ...MULTIPLYING,
  ...NETWORKS,
}))();
