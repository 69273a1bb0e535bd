/** Numbers looked up in a table, and categories encoded: nothing here has a gradient but weights. */

import type { Tensor, serialization } from "@tensorflow/tfjs-core";
import {
  add,
  cast,
  equal,
  expandDims,
  fill,
  floorDiv,
  gather,
  greaterEqual,
  less,
  lessEqual,
  max,
  minimum,
  mul,
  range,
  reshape,
  scalar,
  string,
  sub,
  sum,
  tensor1d,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import type { LayerVariable, Shape } from "@tensorflow/tfjs-layers";
import { severed } from "../../gradient";
import { at, floats, onlyShape } from "../../inputs";
import type { LayerConfig } from "../../options";
import { Twin } from "../twin";

const MODES = ["int", "oneHot", "multiHot", "count", "tfIdf"] as const;

/** What comes out: the index of a category, or an array with a place for each. */
export type OutputMode = (typeof MODES)[number];

/** What all these layers are made of. */
export interface CategoriesConfig extends LayerConfig {
  /** "int" if left out. */
  readonly outputMode?: OutputMode;
}

/** What a `Discretization` is made of. */
export interface DiscretizationConfig extends CategoriesConfig {
  /** In ascending order. */
  readonly binBoundaries: readonly number[];
}

/** What a `CategoryEncoding` is made of. */
export interface CategoryEncodingConfig extends CategoriesConfig {
  /** How many categories there are. */
  readonly numTokens: number;
}

/** What a `Hashing` is made of. */
export interface HashingConfig extends CategoriesConfig {
  /** How many bins there are. */
  readonly numBins: number;
  /** What goes into the first bin, alone. */
  readonly maskValue?: number | null;
}

/** What an `IntegerLookup` is made of. */
export interface IntegerLookupConfig extends CategoriesConfig {
  /** Without what stands for a mask or for unknown tokens. */
  readonly vocabulary: readonly number[];
  /** How many indices there are for unknown tokens; 1 if left out. */
  readonly numOovIndices?: number;
  /** What becomes 0, or nothing. */
  readonly maskToken?: number | null;
  /** What unknown indices become, if it inverts; -1 if left out. */
  readonly oovToken?: number | null;
  /** "farmhash", or "floormod" if left out. */
  readonly oovMethod?: string;
  /** Whether it goes from indices to tokens. */
  readonly invert?: boolean;
  /** The size of what is encoded. */
  readonly depth: number;
}

abstract class Categories<Own extends object> extends Twin {
  protected readonly outputMode: OutputMode;
  protected readonly own: Own;

  /**
   * @param config as the subclass takes it.
   * @param stem of the name, where none is given.
   * @param defaults of the subclass's own options.
   */
  protected constructor(config: CategoriesConfig, stem: string, defaults: Own) {
    super(config, stem);
    this.outputMode = this.options.oneOf("outputMode", MODES);
    this.own = this.options.like(defaults);
    this.supportsMasking = false;
  }

  /** How many categories there are. */
  protected abstract get depth(): number;

  /** Which each number belongs to; -1 for none. */
  protected abstract indices(x: Tensor): Tensor;

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const shape = onlyShape(Array.isArray(inputShape[0]) ? inputShape.slice(0, 1) : inputShape);
    const [batch, ...rest] = shape;
    switch (this.outputMode) {
      case "int":
        return shape;
      case "oneHot":
        return [...(rest.at(-1) === 1 ? shape.slice(0, -1) : shape), this.depth];
      default:
        return [batch ?? null, ...rest.slice(1), this.depth];
    }
  }

  override getConfig(): serialization.ConfigDict {
    const own = this.own as unknown as serialization.ConfigDict;
    return { ...super.getConfig(), ...own, outputMode: this.outputMode };
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    const [x, weights] = [inputs].flat();
    if (!x) {
      throw new Error("called on nothing. Call it on a tensor.");
    }
    const { outputMode } = this;
    const encoded = severed([x], () => {
      const index = floats(this.indices(x));
      if (outputMode === "int") {
        return index;
      }
      const squeezed = outputMode === "oneHot" && x.rank > 1 && x.shape.at(-1) === 1;
      const one = squeezed ? reshape(index, x.shape.slice(0, -1)) : index;
      return floats(equal(expandDims(one, -1), range(0, this.depth)));
    });
    if (outputMode === "int" || outputMode === "oneHot") {
      return encoded;
    }
    if (outputMode === "multiHot") {
      return severed([encoded], () => max(encoded, 1));
    }
    return sum(weights ? mul(encoded, expandDims(floats(weights), -1)) : encoded, 1);
  }
}

/**
 * Between which boundaries numbers lie: the twin of `keras.layers.Discretization`, after `adapt()`.
 *
 * Input shape: any. Output shape: the same, or with a place for each bin, by the mode.
 */
export class Discretization extends Categories<{ binBoundaries: readonly number[] }> {
  static get className(): string {
    return "keras>Discretization";
  }

  constructor(config: DiscretizationConfig) {
    super(config, "discretization", { binBoundaries: [] });
  }

  protected override get depth(): number {
    return this.own.binBoundaries.length + 1;
  }

  protected override indices(x: Tensor): Tensor {
    const { binBoundaries } = this.own;
    const below = less(expandDims(floats(x), -1), tensor1d([...binBoundaries]));
    return sub(binBoundaries.length, sum(floats(below), -1));
  }
}

/**
 * Which categories there are: the twin of `keras.layers.CategoryEncoding`.
 *
 * Input shape: any, and the same once more for weights to count with. Output shape: with a place for
 * each category, by the mode.
 */
export class CategoryEncoding extends Categories<{ numTokens: number }> {
  static get className(): string {
    return "keras>CategoryEncoding";
  }

  constructor(config: CategoryEncodingConfig) {
    const outputMode = config.outputMode ?? "multiHot";
    super({ ...config, outputMode }, "category_encoding", { numTokens: 1 });
  }

  protected override get depth(): number {
    return this.own.numTokens;
  }

  /** Keras truncates for one of the modes only. */
  protected override indices(x: Tensor): Tensor {
    return this.outputMode === "multiHot" ? cast(x, "int32") : x;
  }
}

/**
 * Bins by hashes of whole numbers: the twin of `keras.layers.Hashing`.
 *
 * Input shape: any. Output shape: the same, or with a place for each bin, by the mode.
 */
export class Hashing extends Categories<{ numBins: number; maskValue: number | null }> {
  static get className(): string {
    return "keras>Hashing";
  }

  constructor(config: HashingConfig) {
    super(config, "hashing", { numBins: 1, maskValue: null });
  }

  protected override get depth(): number {
    return this.own.numBins;
  }

  protected override indices(x: Tensor): Tensor {
    const { numBins, maskValue } = this.own;
    if (maskValue === null || numBins === 1) {
      return hashed(x, numBins);
    }
    const bins = add(hashed(x, numBins - 1), scalar(1, "int32"));
    return where(equal(floats(x), maskValue), zerosLike(bins), bins);
  }
}

/**
 * The place of whole numbers in a vocabulary, or the other way round: the twin of
 * `keras.layers.IntegerLookup`, after `adapt()`.
 *
 * Input shape: any. Output shape: the same, or with a place for each token, by the mode.
 */
export class IntegerLookup extends Categories<
  Required<Omit<IntegerLookupConfig, keyof CategoriesConfig>>
> {
  static get className(): string {
    return "keras>IntegerLookup";
  }

  #idfWeights?: LayerVariable;

  constructor(config: IntegerLookupConfig) {
    super(config, "integer_lookup", {
      vocabulary: [],
      numOovIndices: 1,
      maskToken: null,
      oovToken: -1,
      oovMethod: "floormod",
      invert: false,
      depth: 1,
    });
  }

  protected override get depth(): number {
    return this.own.depth;
  }

  override build(): void {
    if (this.outputMode === "tfIdf") {
      const parts = this.options.weight("idfWeights", "ones");
      this.#idfWeights = this.weight("idf_weights", [this.depth], parts, false);
    }
    this.built = true;
  }

  protected override indices(x: Tensor): Tensor {
    const { vocabulary, numOovIndices, maskToken, invert, oovToken } = this.own;
    const numbers = cast(x, "int32");
    const masking = maskToken !== null && this.outputMode === "int";
    const first = masking ? 1 : 0;
    const places = vocabulary.map((_, index) => index + first + numOovIndices);
    const whole = (value: number): Tensor => fill(x.shape, value, "int32");
    let y: Tensor;
    if (invert) {
      y = lookedUp(numbers, places, vocabulary, whole(oovToken ?? -1));
    } else {
      y = lookedUp(numbers, vocabulary, places, this.#bucket(numbers, first));
    }
    if (maskToken === null) {
      return y;
    }
    const masked = equal(numbers, whole(invert ? 0 : maskToken));
    return where(masked, whole(invert ? maskToken : first - 1), y);
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    const counts = super.compute(inputs);
    return this.#idfWeights ? mul(counts, this.#idfWeights.read()) : counts;
  }

  /** Where unknown tokens go. */
  #bucket(numbers: Tensor, first: number): Tensor {
    const { numOovIndices: unknown, oovMethod } = this.own;
    if (unknown < 2) {
      return fill(numbers.shape, unknown ? first : -1, "int32");
    }
    const bucket =
      oovMethod === "farmhash" ? hashed(numbers, unknown) : remainder(numbers, unknown);
    return add(bucket, scalar(first, "int32"));
  }
}

/** The hash of each whole number's digits, in so many bins: `tf.strings.to_hash_bucket_fast`. */
function hashed(x: Tensor, bins: number): Tensor {
  const digits = Array.from(cast(x, "int32").dataSync(), String);
  return reshape(string.stringToHashBucketFast(digits, bins), x.shape);
}

/** What is left of whole numbers after a division, never negative, also where that is rounded. */
function remainder(x: Tensor, by: number): Tensor {
  const divisor = scalar(by, "int32");
  const rest = sub(x, mul(floorDiv(x, divisor), divisor));
  const under = cast(less(rest, zerosLike(rest)), "int32");
  const over = cast(greaterEqual(rest, divisor), "int32");
  return add(rest, mul(sub(under, over), divisor));
}

/** The value of each number's key, by halving the sorted keys; the fallback where there is none. */
function lookedUp(
  x: Tensor,
  keys: readonly number[],
  values: readonly number[],
  fallback: Tensor,
): Tensor {
  const order = [...keys.keys()].sort((one, other) => at(keys, one) - at(keys, other));
  const sorted = tensor1d(
    order.map((index) => at(keys, index)),
    "int32",
  );
  const flat = reshape(x, [-1]);
  const last = scalar(keys.length - 1, "int32");
  let place: Tensor = zerosLike(flat);
  for (let step = 2 ** Math.floor(Math.log2(keys.length)); step >= 1; step /= 2) {
    const next = minimum(add(place, scalar(step, "int32")), last);
    place = where(lessEqual(gather(sorted, next), flat), next, place);
  }
  const found = gather(
    tensor1d(
      order.map((index) => at(values, index)),
      "int32",
    ),
    place,
  );
  const there = equal(gather(sorted, place), flat);
  return reshape(where(there, found, reshape(fallback, [-1])), x.shape);
}
