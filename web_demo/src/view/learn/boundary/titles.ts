/** The kinds of bias of the four nets, in words. */

import type { NetBias } from "../../../learn/mlp";

export const KIND_TITLES: Readonly<Record<NetBias, string>> = {
  none: "No bias",
  scalar: "One number per layer",
  fixed: "Fixed at 1",
  vector: "One number per unit",
};
