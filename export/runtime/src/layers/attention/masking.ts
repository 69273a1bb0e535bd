/** Which positions attention sees: all masks of a call in one, as Keras combines them. */

import type { Tensor } from "@tensorflow/tfjs-core";
import {
  abs,
  cast,
  expandDims,
  greater,
  greaterEqual,
  less,
  mul,
  notEqual,
  ones,
  range,
  reshape,
  sub,
} from "@tensorflow/tfjs-core";
import { floats } from "../../inputs";
import { tuple } from "../../python";
import type { ByRole } from "./roles";

/** What hides positions besides the masks of a call. */
export interface Hiding {
  /** Whether a position sees those before it and itself only. */
  readonly causal: boolean;
  /** How far it sees, itself counted, to either side; null for all the way. */
  readonly window: number | null;
  /** Whether a mask given for each pair, if it is the only one, keeps what is above a half. */
  readonly half: boolean;
}

/** Whether any position may be hidden. */
export function hides(masks: Partial<ByRole<Tensor>>, { causal, window }: Hiding): boolean {
  const { queryMask, valueMask, keyMask, attentionMask } = masks;
  const given = [queryMask, valueMask, keyMask, attentionMask].some((mask) => mask !== undefined);
  return given || causal || window !== null;
}

/**
 * All masks in one: 1 where a query's position sees a value's, 0 elsewhere, in float32.
 *
 * Source: `_compute_attention_mask` in `keras/src/layers/attention/multi_head_attention.py`.
 *
 * @param called the masks, `(batch, positions)`, and the tensors, `(batch, positions, ...)`.
 */
export function combinedMask(called: ByRole<Tensor>, hiding: Hiding): Tensor {
  const { query, value, queryMask, valueMask, keyMask, attentionMask } = called;
  const [targets = 1, sources = 1] = [query.shape[1], value.shape[1]];
  const own: Tensor[] = [];
  if (queryMask) {
    own.push(expandDims(kept(queryMask), -1)); // (batch, targets, 1)
  }
  for (const mask of [valueMask, keyMask]) {
    if (mask) {
      own.push(expandDims(kept(mask), -2)); // (batch, 1, sources)
    }
  }
  const row = reshape(range(0, targets), [1, targets, 1]);
  const column = reshape(range(0, sources), [1, 1, sources]);
  if (hiding.causal) {
    own.push(floats(greaterEqual(row, column)));
  }
  if (hiding.window !== null) {
    own.push(floats(less(abs(sub(row, column)), hiding.window)));
  }
  if (attentionMask) {
    const alone = own.length === 0 && hiding.half;
    own.push(alone ? floats(greater(floats(attentionMask), 0.5)) : kept(attentionMask));
  }
  return own.reduce((all, mask) => mul(all, mask));
}

/**
 * A mask as large as the scores: axes that it lacks are put in front of the pairs' axes.
 *
 * @param mask `(batch, ..., targets, sources)`.
 * @param shape of the scores, `(batch, ..., heads, targets, sources)`.
 * @param axes how many axes there are of targets, and as many of sources.
 * @throws Error if it cannot be stretched to them.
 */
export function stretched(mask: Tensor, shape: readonly number[], axes: number): Tensor {
  let full = mask;
  while (full.rank < shape.length && full.rank >= 2 * axes) {
    full = expandDims(full, full.rank - 2 * axes);
  }
  const fits =
    full.rank === shape.length &&
    full.shape.every((size, axis) => size === 1 || size === shape[axis]);
  if (!fits) {
    throw new Error(
      `its scores have shape ${tuple(shape)} and a mask of shape ${tuple(mask.shape)}, which ` +
        "cannot be stretched to it. Use one of (batch, ..., targets, sources).",
    );
  }
  return mul(full, ones([...shape]));
}

/** 1 for what is true or not 0. */
export function kept(mask: Tensor): Tensor {
  return floats(notEqual(mask.dtype === "bool" ? cast(mask, "int32") : mask, 0));
}
