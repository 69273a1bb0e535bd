/** Attention with as many heads for query, key and value, over any axes. */

import type { Tensor } from "@tensorflow/tfjs-core";
import type { Shape } from "@tensorflow/tfjs-layers";
import { einsum } from "../../einsum";
import { knownSize } from "../../inputs";
import { spoken } from "../../python";
import type { AttentionConfig } from "./attention";
import { Attention } from "./attention";
import type { Plan } from "./projection";

/** What a `MultiHeadAttention` is made of. */
export interface MultiHeadAttentionConfig extends AttentionConfig {
  readonly numHeads: number;
  /** Size of a head of query and key. */
  readonly keyDim: number;
  /** Size of a head of the value; that of the key if left out. */
  readonly valueDim?: number | null;
  /** Sizes in place of the query's last; its own if left out. */
  readonly outputShape?: number | readonly number[] | null;
  /** Axes that are attended over, the batch being 0; all others if left out. */
  readonly attentionAxes?: number | readonly number[] | null;
}

/**
 * The twin of `keras.layers.MultiHeadAttention` and of `keras_bias.layers.MultiHeadAttention`.
 *
 * Input shape: query `(batch, ..., targets, size)`, value and key `(batch, ..., sources, size)`,
 * masks. Output shape: the query's, its last axis of the output's size; and `(batch, ..., heads,
 * targets, sources)` if scores are returned.
 */
export class MultiHeadAttention extends Attention {
  static get className(): string {
    return "keras>MultiHeadAttention";
  }

  protected override readonly keepsAboveHalf = false;
  protected override readonly takesQueryMask = false; // Keras puts the one it came with in its place
  private readonly numHeads: number;
  private readonly keyDim: number;
  private readonly valueDim: number;
  readonly #outputSizes: readonly number[] | null;
  readonly #attentionAxes: readonly number[] | null;

  constructor(config: MultiHeadAttentionConfig) {
    super(config, "multi_head_attention");
    this.numHeads = this.options.positive("numHeads");
    this.keyDim = this.options.positive("keyDim");
    this.valueDim = this.options.positive("valueDim", this.keyDim);
    this.#outputSizes = this.options.optionalSizes("outputShape");
    const axes = this.options.optionalAxes("attentionAxes");
    this.#attentionAxes = this.options.record(
      "attentionAxes",
      axes === null ? null : [axes].flat(),
    );
  }

  protected override plans(query: Shape, value: Shape, key: Shape): readonly Plan[] {
    const { numHeads, keyDim, valueDim } = this;
    const plan = (name: Plan["name"], of: Shape, size: number): Plan => ({
      name,
      leading: of.slice(1, -1),
      summed: [knownSize(-1, of)],
      made: [numHeads, size],
    });
    return [
      plan("query", query, keyDim),
      plan("key", key, keyDim),
      ...(this.useGate ? [plan("gate", query, valueDim)] : []),
      plan("value", value, valueDim),
      {
        name: "output",
        leading: query.slice(1, -1),
        summed: [numHeads, valueDim],
        made: this.#outputSizes ?? [knownSize(-1, query)],
      },
    ];
  }

  protected override axesOf(rank: number, fused: boolean): readonly number[] {
    if (fused) {
      return [1]; // Keras's fused operation asks for no axes
    }
    const heads = rank - 2;
    const given = this.#attentionAxes ?? Array.from({ length: heads - 1 }, (_, index) => index + 1);
    const axes = given.map((axis) => (axis < 0 ? axis + rank - 1 : axis));
    if (new Set(axes).size < axes.length || axes.some((axis) => axis < 0 || axis > heads)) {
      throw new Error(
        `attention_axes=${spoken(given)} are not different axes of its inputs of ${rank - 1}. ` +
          `Use 1 to ${heads - 1}.`,
      );
    }
    return axes;
  }

  protected override scores(query: Tensor, key: Tensor, axes: readonly number[]): Tensor {
    const { target, source, product } = letters(query.rank, axes);
    return einsum(`${target},${source}->${product}`, query, key);
  }

  protected override combined(shares: Tensor, value: Tensor, axes: readonly number[]): Tensor {
    const { target, source, product } = letters(value.rank, axes);
    return einsum(`${product},${source}->${target}`, shares, value);
  }

  protected override shapes(query: Shape, value: Shape): readonly [Shape, Shape] {
    const output = [...query.slice(0, -1), ...(this.#outputSizes ?? query.slice(-1))];
    const rank = query.length + 1;
    const axes = this.axesOf(rank, false);
    const projectedShapes = [query, value].map((shape) => [...shape.slice(0, -1), this.numHeads]);
    const [targets, sources] = projectedShapes as [Shape, Shape];
    const others = targets.filter((_, axis) => !axes.includes(axis));
    const along = (shape: Shape): Shape => axes.map((axis) => shape[axis] ?? null);
    return [output, [...others, ...along(targets), ...along(sources)]];
  }

  protected override headSize(): number {
    return this.keyDim;
  }
}

const ALPHABET = "abcdefghijklmnopqrstuvwxyz";

/** The axes of query, of key and value, and of scores, as Keras's equations have them. */
function letters(
  rank: number,
  axes: readonly number[],
): { readonly target: string; readonly source: string; readonly product: string } {
  const target = Array.from(ALPHABET.slice(0, rank));
  const others = target.filter((_, axis) => !axes.includes(axis) && axis !== rank - 1);
  let next = rank;
  const source = target.map((letter, axis) =>
    axes.includes(axis) ? ALPHABET.charAt(next++) : letter,
  );
  const along = (names: readonly string[]): readonly string[] =>
    axes.map((axis) => names[axis] ?? "");
  const product = [...others, ...along(target), ...along(source)];
  return { target: target.join(""), source: source.join(""), product: product.join("") };
}
