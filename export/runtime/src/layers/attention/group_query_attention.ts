/** Attention in which several heads of the query share one of key and value. */

import type { Tensor } from "@tensorflow/tfjs-core";
import { reshape } from "@tensorflow/tfjs-core";
import type { Shape } from "@tensorflow/tfjs-layers";
import { einsum } from "../../einsum";
import { knownSize } from "../../inputs";
import { tuple } from "../../python";
import type { AttentionConfig } from "./attention";
import { Attention } from "./attention";
import type { Plan } from "./projection";

/** What a `GroupQueryAttention` is made of. */
export interface GroupQueryAttentionConfig extends AttentionConfig {
  /** Size of a head. */
  readonly headDim: number;
  readonly numQueryHeads: number;
  /** Heads of key and value, a divisor of those of the query. */
  readonly numKeyValueHeads: number;
}

/**
 * The twin of `keras.layers.GroupQueryAttention` and of `keras_bias.layers.GroupQueryAttention`.
 *
 * Input shape: query `(batch, targets, size)`, value and key `(batch, sources, size)`, masks. Output
 * shape: the query's; and `(batch, heads, targets, sources)` if scores are returned.
 */
export class GroupQueryAttention extends Attention {
  static get className(): string {
    return "keras>GroupQueryAttention";
  }

  protected override readonly keepsAboveHalf = true;
  protected override readonly takesQueryMask = true;
  readonly #headDim: number;
  readonly #numQueryHeads: number;
  readonly #numKeyValueHeads: number;

  constructor(config: GroupQueryAttentionConfig) {
    super(config, "group_query_attention");
    this.#headDim = this.options.positive("headDim");
    this.#numQueryHeads = this.options.positive("numQueryHeads");
    this.#numKeyValueHeads = this.options.positive("numKeyValueHeads");
    if (this.#numQueryHeads % this.#numKeyValueHeads) {
      throw new Error(
        `Layer '${this.name}': num_key_value_heads=${this.#numKeyValueHeads} does not divide ` +
          `num_query_heads=${this.#numQueryHeads}. Use a divisor.`,
      );
    }
  }

  protected override plans(query: Shape, value: Shape, key: Shape): readonly Plan[] {
    const plan = (name: Plan["name"], of: Shape, heads: number): Plan => ({
      name,
      leading: of.slice(1, -1),
      summed: [knownSize(-1, of)],
      made: [heads, this.#headDim],
    });
    return [
      plan("query", query, this.#numQueryHeads),
      plan("key", key, this.#numKeyValueHeads),
      ...(this.useGate ? [plan("gate", query, this.#numQueryHeads)] : []),
      plan("value", value, this.#numKeyValueHeads),
      {
        name: "output",
        leading: query.slice(1, -1),
        summed: [this.#numQueryHeads, this.#headDim],
        made: [knownSize(-1, query)],
      },
    ];
  }

  protected override axesOf(): readonly number[] {
    return [1];
  }

  protected override scores(query: Tensor, key: Tensor): Tensor {
    const [batch, targets, heads, size] = query.shape as [number, number, number, number];
    const groups = this.#numKeyValueHeads;
    const grouped = reshape(query, [batch, targets, groups, heads / groups, size]);
    const scores = einsum("btgrh,bsgh->bgrts", grouped, key);
    return reshape(scores, [batch, heads, targets, key.shape[1] ?? 1]);
  }

  protected override combined(shares: Tensor, value: Tensor): Tensor {
    const [batch, heads, targets, sources] = shares.shape as [number, number, number, number];
    const groups = this.#numKeyValueHeads;
    const grouped = reshape(shares, [batch, groups, heads / groups, targets, sources]);
    const combined = einsum("bgrts,bsgh->btgrh", grouped, value);
    return reshape(combined, [batch, targets, heads, this.#headDim]);
  }

  protected override shapes(query: Shape, value: Shape): readonly [Shape, Shape] {
    if (query.length !== 3 || query[2] !== value[2]) {
      throw new Error(
        `its query has the shape ${tuple(query)} and its value ${tuple(value)}. ` +
          "Use two of (batch, positions, size), the last of equal size.",
      );
    }
    const [batch = null, targets = null] = query;
    return [[...query], [batch, this.#numQueryHeads, targets, value[1] ?? null]];
  }

  protected override headSize(): number {
    return this.#headDim;
  }
}
