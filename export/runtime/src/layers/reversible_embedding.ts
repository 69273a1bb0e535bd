/** A table of vectors that can be gone through both ways. */

import type { Tensor } from "@tensorflow/tfjs-core";
import {
  cast,
  div,
  gather,
  matMul,
  mul,
  notEqual,
  reshape,
  tanh,
  zerosLike,
} from "@tensorflow/tfjs-core";
import type { LayerVariable, Shape } from "@tensorflow/tfjs-layers";
import { floats, knownSize } from "../inputs";
import { NO_MASK } from "../masks";
import type { LayerConfig, WeightParts } from "../options";
import type { Constraint, Given, Initializer, Regularizer } from "../parts";
import { Twin } from "./twin";

/** What a `ReversibleEmbedding` is made of. */
export interface ReversibleEmbeddingConfig extends LayerConfig {
  /** How many vectors there are. */
  readonly inputDim: number;
  /** Size of a vector. */
  readonly outputDim: number;
  /** Whether the way back goes by the same table; true if left out. */
  readonly tieWeights?: boolean;
  /** Whether index 0 is masked; false if left out. */
  readonly maskZero?: boolean;
  /** What the logits of the way back stay below; no limit if left out or null. */
  readonly logitSoftCap?: number | null;
  readonly embeddingsInitializer?: Given<Initializer>;
  readonly embeddingsRegularizer?: Given<Regularizer> | null;
  readonly embeddingsConstraint?: Given<Constraint> | null;
}

/**
 * Vectors of indices, and logits of vectors: the twin of `keras.layers.ReversibleEmbedding`.
 *
 * A node of tfjs has tensors only, so the way back is a call on two: the second is not looked at.
 *
 * Input shape: indices, any. Output shape: one axis more. Back: `(batch, ..., size)` to `(batch,
 * ..., number of vectors)`.
 */
export class ReversibleEmbedding extends Twin {
  static get className(): string {
    return "keras>ReversibleEmbedding";
  }

  private readonly inputDim: number;
  private readonly outputDim: number;
  readonly #tied: boolean;
  /** As stock Embedding calls it. */
  readonly maskZero: boolean;
  readonly #cap: number | null;
  private readonly parts: WeightParts;
  #embeddings!: LayerVariable;
  #reverseEmbeddings?: LayerVariable;

  constructor(config: ReversibleEmbeddingConfig) {
    super(config, "reversible_embedding");
    const { options } = this;
    this.inputDim = options.positive("inputDim");
    this.outputDim = options.positive("outputDim");
    this.#tied = options.bool("tieWeights", true);
    this.maskZero = options.bool("maskZero", false);
    this.#cap = options.optionalNumber("logitSoftCap");
    this.parts = options.weight("embeddings", "randomUniform");
  }

  protected override make(): void {
    const { inputDim, outputDim, parts } = this;
    this.#embeddings = this.weight("embeddings", [inputDim, outputDim], parts);
    if (!this.#tied) {
      const free = { ...parts, regularizer: null, constraint: null };
      this.#reverseEmbeddings = this.weight("reverse_embeddings", [outputDim, inputDim], free);
    }
  }

  protected override shapeOf(inputShape: Shape | Shape[]): Shape {
    const shapes = (Array.isArray(inputShape[0]) ? inputShape : [inputShape]) as Shape[];
    const [shape = [], back] = shapes;
    if (back && knownSize(-1, shape) !== this.outputDim) {
      throw new Error(`called back on ${knownSize(-1, shape)} numbers, not ${this.outputDim}.`);
    }
    return back ? [...shape.slice(0, -1), this.inputDim] : [...shape, this.outputDim];
  }

  /** Of indices only. */
  override computeMask(inputs: Tensor | Tensor[]): Tensor {
    const [x, back] = [inputs].flat() as [Tensor, Tensor?];
    return this.maskZero && !back ? notEqual(x, zerosLike(x)) : NO_MASK;
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    const [x, back] = [inputs].flat() as [Tensor, Tensor?];
    const table = this.#embeddings.read();
    if (!back) {
      const rows = gather(table, reshape(cast(x, "int32"), [-1]));
      return reshape(rows, [...x.shape, this.outputDim]);
    }
    const vectors = reshape(floats(x), [-1, this.outputDim]);
    const logits = this.#reverseEmbeddings
      ? matMul(vectors, this.#reverseEmbeddings.read())
      : matMul(vectors, table, false, true);
    const capped = this.#cap === null ? logits : mul(tanh(div(logits, this.#cap)), this.#cap);
    return reshape(capped, [...x.shape.slice(0, -1), this.inputDim]);
  }
}
