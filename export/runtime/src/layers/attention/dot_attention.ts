/** Attention without projections: Luong's and Bahdanau's. */

import type { Tensor } from "@tensorflow/tfjs-core";
import {
  add,
  dropout,
  expandDims,
  greaterEqual,
  matMul,
  mul,
  range,
  reshape,
  scalar,
  sub,
  sum,
  tanh,
} from "@tensorflow/tfjs-core";
import type { LayerVariable, Shape } from "@tensorflow/tfjs-layers";
import { constant } from "../../gradient";
import type { Kwargs } from "../../inputs";
import { floats, knownSize } from "../../inputs";
import type { Selective } from "../../masks";
import { NO_MASK } from "../../masks";
import type { LayerConfig } from "../../options";
import { initializer } from "../../parts";
import { tuple } from "../../python";
import { softmax } from "../softmax";
import { Twin } from "../twin";
import { implicitMasks } from "./implicit";
import { kept } from "./masking";
import type { Role } from "./roles";
import { byRole, rolesOf } from "./roles";

/** What an `AdditiveAttention` is made of, and how it is called. */
export interface AdditiveAttentionConfig extends LayerConfig {
  /** Whether what is learned multiplies the scores. */
  readonly useScale?: boolean;
  readonly dropout?: number;
  readonly seed?: number | null;
  /** What the inputs are, in their order; query and value if left out. */
  readonly inputs?: readonly Role[];
  /** Whether a position sees those before it and itself only. */
  readonly useCausalMask?: boolean;
  /** Whether the shares come out too, behind the output. */
  readonly returnAttentionScores?: boolean;
}

/** What an `Attention` is made of, and how it is called. */
export interface AttentionConfig extends AdditiveAttentionConfig {
  /** "dot" for the product of query and key, "concat" for the hyperbolic tangent of their sum. */
  readonly scoreMode?: "dot" | "concat";
}

/** What Keras takes from the score of a pair that is hidden. */
const HIDDEN = 1e9;

/** Source: `keras/src/layers/attention/attention.py`. */
abstract class Unprojected extends Twin<Tensor | Tensor[]> implements Selective {
  protected readonly useScale: boolean;
  protected scale?: LayerVariable;
  readonly #rate: number;
  readonly #roles: readonly Role[];
  readonly #causal: boolean;
  readonly #withShares: boolean;

  protected constructor(config: AdditiveAttentionConfig, stem: string, useScale: boolean) {
    super(config, stem);
    this.useScale = this.options.bool("useScale", useScale);
    this.#rate = this.options.number("dropout", 0, 0);
    this.#roles = rolesOf(this.name, this.options);
    this.#causal = this.options.bool("useCausalMask", false);
    this.#withShares = this.options.bool("returnAttentionScores", false);
    this.options.optionalNumber("seed");
  }

  /** `(batch, targets, sources)` of query and key, `(batch, positions, size)`; batches in one. */
  protected abstract scores(query: Tensor, key: Tensor): Tensor;

  protected factor(name: string, shape: readonly number[], start: string): LayerVariable {
    const starts = initializer("initializer", start);
    return this.weight(name, shape, { initializer: starts, regularizer: null, constraint: null });
  }

  protected override shapeOf(inputShape: Shape | Shape[]): Shape | Shape[] {
    const { query, value, key } = byRole(this.#roles, inputShape as Shape[]);
    const others = [value, key ?? value];
    if (query.length < 3 || others.some((shape) => shape.length !== query.length)) {
      throw new Error(
        `its inputs have the shapes ${[query, ...others].map(tuple).join(", ")}. ` +
          "Use (batch, positions, size).",
      );
    }
    const places = query.slice(0, -1);
    const output = [...places, value.at(-1) ?? null];
    return this.#withShares ? [output, [...places, value.at(-2) ?? null]] : output;
  }

  /** The query's own. */
  override computeMask(_inputs: Tensor | Tensor[], mask?: Tensor | Tensor[]): Tensor | Tensor[] {
    const masks: readonly (Tensor | null | undefined)[] = Array.isArray(mask) ? mask : [];
    const own = masks[this.#roles.indexOf("query")] ?? NO_MASK;
    return this.#withShares ? [own, NO_MASK] : own;
  }

  maskedInput(output: number): number | null {
    return output === 0 ? this.#roles.indexOf("query") : null;
  }

  protected override compute(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor | Tensor[] {
    const called = byRole(this.#roles, Array.isArray(inputs) ? inputs : [inputs]);
    const flat = (x: Tensor): Tensor => reshape(floats(x), [-1, ...x.shape.slice(-2)]);
    const back = (x: Tensor): Tensor =>
      reshape(x, [...called.query.shape.slice(0, -2), ...x.shape.slice(-2)]);
    const [query, value] = [flat(called.query), flat(called.value)];
    const masks = implicitMasks(this, kwargs, this.#roles, called, ["query", "value"]);
    const [queryMask, valueMask] = [
      called.queryMask ?? masks.query,
      called.valueMask ?? masks.value,
    ];
    if (called.query.rank > 3 && (queryMask ?? valueMask)) {
      throw new Error("has a mask for more than one axis of batches. Put it where none arrives.");
    }
    const scores = this.scores(query, called.key ? flat(called.key) : value);
    const hidden = this.#hidden(query, value, valueMask);
    const all = softmax(hidden ? sub(scores, hidden) : scores, [2]);
    const shares = kwargs["training"] === true && this.#rate > 0 ? dropout(all, this.#rate) : all;
    const seen = matMul(shares, value);
    const output = queryMask
      ? mul(
          seen,
          constant(() => expandDims(kept(queryMask), -1)),
        )
      : seen;
    return this.#withShares ? [back(output), back(shares)] : back(output);
  }

  /** What is taken from the scores where a mask hides them; null for nothing. */
  #hidden(query: Tensor, value: Tensor, valueMask: Tensor | undefined): Tensor | null {
    if (!valueMask && !this.#causal) {
      return null;
    }
    return constant(() => {
      const own = valueMask ? kept(valueMask) : scalar(1);
      const pairs = own.rank === 2 ? expandDims(own, 1) : own;
      const row = reshape(range(0, query.shape[1] ?? 1), [1, -1, 1]);
      const column = reshape(range(0, value.shape[1] ?? 1), [1, 1, -1]);
      const seen = this.#causal ? mul(pairs, floats(greaterEqual(row, column))) : pairs;
      return mul(sub(1, seen), HIDDEN);
    });
  }
}

/**
 * Attention by the product of query and key, or the tangent of their sum: the twin of
 * `keras.layers.Attention`.
 *
 * Input shape: query `(batch, targets, size)`, value and key `(batch, sources, size)`, masks; without
 * these, more axes of batches may stand before. Output shape: `(batch, targets, size of the value)`;
 * and `(batch, targets, sources)` if scores are returned.
 */
export class Attention extends Unprojected {
  static get className(): string {
    return "keras>Attention";
  }

  readonly #mode: "dot" | "concat";
  #concatScoreWeight?: LayerVariable;

  constructor(config: AttentionConfig = {}) {
    super(config, "attention", false);
    this.#mode = this.options.oneOf("scoreMode", ["dot", "concat"]);
  }

  protected override make(): void {
    if (this.useScale) {
      this.scale = this.factor("scale", [], "ones");
    }
    if (this.#mode === "concat") {
      this.#concatScoreWeight = this.factor("concat_score_weight", [], "ones");
    }
  }

  protected override scores(query: Tensor, key: Tensor): Tensor {
    if (this.#mode === "dot") {
      return times(matMul(query, key, false, true), this.scale);
    }
    const sums = sum(tanh(times(pairs(query, key), this.scale)), -1);
    return times(sums, this.#concatScoreWeight);
  }
}

/**
 * Attention by a weighted tangent of the sum of query and key: the twin of
 * `keras.layers.AdditiveAttention`.
 *
 * Shapes: as those of `Attention`.
 */
export class AdditiveAttention extends Unprojected {
  static get className(): string {
    return "keras>AdditiveAttention";
  }

  constructor(config: AdditiveAttentionConfig = {}) {
    super(config, "additive_attention", true);
  }

  protected override make(inputShape: Shape | Shape[]): void {
    if (this.useScale) {
      const size = knownSize(-1, (inputShape as Shape[])[0] ?? []);
      this.scale = this.factor("scale", [size], "glorotUniform");
    }
  }

  protected override scores(query: Tensor, key: Tensor): Tensor {
    return sum(times(tanh(pairs(query, key)), this.scale), -1);
  }
}

/** The sum of each target's vector and each source's, `(batch, targets, sources, size)`. */
function pairs(query: Tensor, key: Tensor): Tensor {
  return add(expandDims(query, 2), expandDims(key, 1));
}

function times(x: Tensor, factor: LayerVariable | undefined): Tensor {
  return factor ? mul(x, factor.read()) : x;
}
