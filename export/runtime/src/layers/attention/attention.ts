/** What all attention layers do alike: projections, masks, shares that sum to 1, their dropout. */

import type { Tensor, serialization } from "@tensorflow/tfjs-core";
import { cast, dropout, mul, reshape, sigmoid, where } from "@tensorflow/tfjs-core";
import type { Shape } from "@tensorflow/tfjs-layers";
import { constant } from "../../gradient";
import type { Kwargs } from "../../inputs";
import { floats } from "../../inputs";
import type { Selective } from "../../masks";
import { NO_MASK } from "../../masks";
import type { LayerConfig, WeightParts } from "../../options";
import type { Constraint, Given, Initializer, Regularizer } from "../../parts";
import { spoken, tuple } from "../../python";
import type { BiasShape } from "../../shape";
import { LEFT_OUT, softmax } from "../softmax";
import { Twin } from "../twin";
import { implicitMasks } from "./implicit";
import { combinedMask, hides, stretched } from "./masking";
import type { Biases, PerProjection, Plan, Projection, ProjectionName } from "./projection";
import { biasesInConfig, biasesOf, projected, projections } from "./projection";
import type { ByRole, Role } from "./roles";
import { byRole, rolesOf } from "./roles";
import { product } from "../../sizes";

/** What every attention layer is made of, and how it is called. */
export interface AttentionConfig extends LayerConfig {
  readonly dropout?: number;
  /** Whether a projection of the query, between 0 and 1, multiplies what comes out of the heads. */
  readonly useGate?: boolean;
  /** How far a position sees to either side, itself counted; all the way if left out. */
  readonly slidingWindow?: number | null;
  readonly useBias?: PerProjection<boolean>;
  readonly biasShape?: PerProjection<BiasShape | "tied">;
  readonly biasTrainable?: PerProjection<boolean>;
  readonly kernelInitializer?: Given<Initializer>;
  readonly kernelRegularizer?: Given<Regularizer> | null;
  readonly kernelConstraint?: Given<Constraint> | null;
  readonly biasInitializer?: Given<Initializer>;
  readonly biasRegularizer?: Given<Regularizer> | null;
  readonly biasConstraint?: Given<Constraint> | null;
  /** What the inputs are, in their order; query and value if left out. */
  readonly inputs?: readonly Role[];
  /** Whether a position sees those before it and itself only. */
  readonly useCausalMask?: boolean;
  /** Whether the shares come out too, behind the output. */
  readonly returnAttentionScores?: boolean;
  readonly seed?: number | null;
}

const DROPS_NOTHING = { training: false };

/**
 * A subclass has `plans`, the sizes of its projections, and the two products between them.
 *
 * Source: `keras/src/layers/attention/multi_head_attention.py` and `grouped_query_attention.py`,
 * which are the same but for these products.
 */
export abstract class Attention extends Twin<Tensor | Tensor[]> implements Selective {
  protected readonly useGate: boolean;
  readonly #roles: readonly Role[];
  readonly #rate: number;
  readonly #window: number | null;
  readonly #causal: boolean;
  readonly #withShares: boolean;
  readonly #biases: Biases;
  readonly #parts: { readonly kernel: WeightParts; readonly bias: WeightParts };
  #projections: Readonly<Partial<Record<ProjectionName, Projection>>> = {};

  /** Whether the mask of each pair, where it is the only one, keeps what is above a half. */
  protected abstract readonly keepsAboveHalf: boolean;
  /** Whether a mask of the query that is given counts, and not only the one it came with. */
  protected abstract readonly takesQueryMask: boolean;

  protected constructor(config: AttentionConfig, stem: string) {
    super(config, stem);
    this.#roles = rolesOf(this.name, this.options);
    this.#rate = this.options.number("dropout", 0, 0);
    this.useGate = this.options.bool("useGate", false);
    this.#window = this.options.optionalPositive("slidingWindow");
    this.#causal = this.options.bool("useCausalMask", false);
    this.#withShares = this.options.bool("returnAttentionScores", false);
    this.options.optionalNumber("seed");
    this.#biases = biasesOf(this.name, this.options);
    this.#parts = {
      kernel: this.options.weight("kernel", "glorotUniform"),
      bias: this.options.weight("bias", "zeros"),
    };
  }

  /** Sizes of the projections, in Keras's order. */
  protected abstract plans(query: Shape, value: Shape, key: Shape): readonly Plan[];

  /** The last axes that scores are shared out over, and as many of the query's before them. */
  protected abstract axesOf(rank: number, fused: boolean): readonly number[];

  /** `(batch, ..., heads, targets, sources)` of projected query and key. */
  protected abstract scores(query: Tensor, key: Tensor, axes: readonly number[]): Tensor;

  /** `(batch, ..., targets, heads, size)` of the shares and the projected value. */
  protected abstract combined(shares: Tensor, value: Tensor, axes: readonly number[]): Tensor;

  /** The output's shape, then that of the shares. */
  protected abstract shapes(query: Shape, value: Shape): readonly [Shape, Shape];

  /** Size of a head of the query, by whose root the scores are divided. */
  protected abstract headSize(): number;

  protected override make(inputShape: Shape | Shape[]): void {
    this.shapeOf(inputShape);
    const { query, value, key = value } = byRole(this.#roles, inputShape as Shape[]);
    const plans = this.plans(query, value, key);
    this.#projections = projections(this.name, plans, this.#biases, this.#parts, (...weight) =>
      this.weight(...weight),
    );
  }

  protected override shapeOf(inputShape: Shape | Shape[]): Shape | Shape[] {
    const { query, value, key } = byRole(this.#roles, inputShape as Shape[]);
    checkShapes(query, value, key ?? value);
    const [output, shares] = this.shapes(query, value);
    return this.#withShares ? [output, shares] : output;
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
    const [query, value] = [floats(called.query), floats(called.value)];
    const gate = this.#projections.gate && sigmoid(projected(query, this.#projections.gate));
    const q = this.#project("query", query);
    const k = this.#project("key", called.key ? floats(called.key) : value);
    const v = this.#project("value", value);

    const fused = this.#rate === 0 && !this.#withShares && q.rank === 4;
    const axes = this.axesOf(q.rank, fused);
    const scaled = mul(q, 1 / Math.sqrt(this.headSize()));
    const scores = this.scores(scaled, k, axes);
    const shares = this.#shared(scores, axes.length, fused, this.#allMasks(called, kwargs));
    const kept = this.#dropped(shares, kwargs);
    const heads = this.combined(kept, v, axes);
    const output = this.#project("output", gate ? mul(heads, gate) : heads);
    return this.#withShares ? [output, shares] : output;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...biasesInConfig(this.options, this.#biases) };
  }

  #project(name: ProjectionName, x: Tensor): Tensor {
    const projection = this.#projections[name];
    return projection ? projected(x, projection) : x;
  }

  /** The tensors of a call with all masks, those that came beside them too. */
  #allMasks(called: ByRole<Tensor>, kwargs: Kwargs): ByRole<Tensor> {
    const implicit = implicitMasks(this, kwargs, this.#roles, called);
    const { queryMask, valueMask, keyMask, ...rest } = called;
    const query = (this.takesQueryMask ? queryMask : undefined) ?? implicit.query;
    const [of, ofKey] = [valueMask ?? implicit.value, keyMask ?? implicit.key];
    return {
      ...rest,
      ...(query && { queryMask: query }),
      ...(of && { valueMask: of }),
      ...(ofKey && { keyMask: ofKey }),
    };
  }

  /**
   * Scores as numbers that sum to 1 over the sources.
   *
   * A target that sees no source has shares of 0; where Keras leaves all to its fused operation,
   * shares that are all equal.
   */
  #shared(scores: Tensor, axes: number, fused: boolean, called: ByRole<Tensor>): Tensor {
    const { shape } = scores;
    const columns = product(shape.slice(shape.length - axes));
    // Two axes: where() knows no more than four on WebGL.
    const matrix: [number, number] = [scores.size / Math.max(columns, 1), columns];
    const rows = reshape(scores, matrix);
    const hiding = {
      causal: this.#causal,
      window: this.#window,
      half: this.keepsAboveHalf && !fused,
    };
    if (!hides(called, hiding)) {
      return reshape(softmax(rows, [1]), shape);
    }
    const seen = constant(() => {
      const full = stretched(combinedMask(called, hiding), shape, axes);
      return cast(reshape(full, matrix), "bool");
    });
    const shares = softmax(where(seen, rows, LEFT_OUT), [1]);
    return reshape(fused ? shares : where(seen, shares, 0), shape);
  }

  #dropped(shares: Tensor, kwargs: Kwargs): Tensor {
    const { training } = { ...DROPS_NOTHING, ...kwargs };
    return training && this.#rate > 0 ? dropout(shares, this.#rate) : shares;
  }
}

function checkShapes(query: Shape, value: Shape, key: Shape): void {
  const shown = `query ${tuple(query)}, value ${tuple(value)} and key ${tuple(key)}`;
  if (query.length !== value.length || query.length < 3) {
    throw new Error(
      `its inputs have the shapes ${shown}. Use tensors of the same rank, 3 or more.`,
    );
  }
  if (spoken(value.slice(1, -1)) !== spoken(key.slice(1, -1))) {
    throw new Error(
      `its inputs have the shapes ${shown}. Use a key of the value's sizes but the last.`,
    );
  }
}
