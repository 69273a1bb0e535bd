/** Normalization as Keras computes it: any axis, any rank, any choice of parameters. */

import type { Rank, Tensor } from "@tensorflow/tfjs-core";
import {
  add,
  batchNorm2d,
  cast,
  div,
  expandDims,
  moments,
  mul,
  neg,
  ones,
  onesLike,
  reshape,
  rsqrt,
  square,
  sub,
  sum,
  tidy,
  where,
  zeros,
} from "@tensorflow/tfjs-core";
import type { LayerVariable, Shape } from "@tensorflow/tfjs-layers";
import { InputSpec } from "@tensorflow/tfjs-layers";
import type { Kwargs } from "../inputs";
import { floats, knownSize, only, onlyShape, positiveAxis } from "../inputs";
import { ownMask } from "../masks";
import type { LayerConfig, WeightParts } from "../options";
import type { Constraint, Given, Initializer, Regularizer } from "../parts";
import { tuple } from "../python";
import { Twin } from "./twin";

/** What all normalizations with gamma and beta are made of. */
export interface NormalizationConfig extends LayerConfig {
  /** Added to the variance; 1e-3 if left out. */
  readonly epsilon?: number;
  /** Whether beta is added; true if left out. */
  readonly center?: boolean;
  /** Whether the result is multiplied by gamma; true if left out. */
  readonly scale?: boolean;
  readonly betaInitializer?: Given<Initializer>;
  readonly gammaInitializer?: Given<Initializer>;
  readonly betaRegularizer?: Given<Regularizer> | null;
  readonly gammaRegularizer?: Given<Regularizer> | null;
  readonly betaConstraint?: Given<Constraint> | null;
  readonly gammaConstraint?: Given<Constraint> | null;
}

/** What a `BatchNormalization` is made of. */
export interface BatchNormalizationConfig extends NormalizationConfig {
  /** The axis that keeps statistics of its own, the batch being 0; the last if left out. */
  readonly axis?: number;
  /** How much of a moving average stays at each step; 0.99 if left out. */
  readonly momentum?: number;
  readonly movingMeanInitializer?: Given<Initializer>;
  readonly movingVarianceInitializer?: Given<Initializer>;
}

/** What a `LayerNormalization` is made of. */
export interface LayerNormalizationConfig extends NormalizationConfig {
  /** The axis or axes that are normalized over; the last if left out. */
  readonly axis?: number | readonly number[];
  /** Whether to divide by the deviation alone, without beta; false if left out. */
  readonly rmsScaling?: boolean | null;
}

interface Statistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** Gamma and beta: what such a normalization learns. */
export abstract class Normalization extends Twin {
  protected readonly epsilon: number;
  protected readonly center: boolean;
  protected readonly scale: boolean;
  protected gamma?: LayerVariable;
  protected beta?: LayerVariable;
  readonly #betaParts: WeightParts;
  readonly #gammaParts: WeightParts;

  protected constructor(config: NormalizationConfig, stem: string) {
    super(config, stem);
    const { options } = this;
    this.epsilon = options.number("epsilon", 1e-3);
    this.center = options.bool("center", true);
    this.scale = options.bool("scale", true);
    this.#betaParts = options.weight("beta", "zeros");
    this.#gammaParts = options.weight("gamma", "ones");
  }

  protected addGamma(shape: readonly number[]): void {
    this.gamma = this.weight("gamma", shape, this.#gammaParts);
  }

  protected addBeta(shape: readonly number[]): void {
    this.beta = this.weight("beta", shape, this.#betaParts);
  }

  /**
   * `(x - mean) / sqrt(variance + epsilon) * gamma + beta`, computed as Keras does.
   *
   * @param x any shape.
   * @param shape what gamma and beta are brought to, of x's rank.
   */
  protected normalized(x: Tensor, { mean, variance }: Statistics, shape: number[]): Tensor {
    const inverse = this.scaled(rsqrt(add(variance, this.epsilon)), shape);
    const offset = neg(mul(mean, inverse));
    const shift = this.beta ? add(offset, reshape(this.beta.read(), shape)) : offset;
    return add(mul(x, inverse), shift);
  }

  protected scaled(x: Tensor, shape: number[]): Tensor {
    return this.gamma ? mul(x, reshape(this.gamma.read(), shape)) : x;
  }
}

/**
 * Normalization over a batch: the twin of `keras.layers.BatchNormalization`.
 *
 * Stock tfjs takes two to five axes, is wrong along any but the last, and cannot train without gamma
 * and beta.
 *
 * Input shape: any of rank 2 or more. Output shape: the same.
 */
export class BatchNormalization extends Normalization {
  static get className(): string {
    return "keras>BatchNormalization";
  }

  readonly #axis: number;
  readonly #momentum: number;
  readonly #movingMeanInitializer: Initializer;
  readonly #movingVarianceInitializer: Initializer;
  private movingMean!: LayerVariable;
  private movingVariance!: LayerVariable;

  constructor(config: BatchNormalizationConfig = {}) {
    super(config, "batch_normalization");
    const { options } = this;
    this.#axis = options.axis("axis", -1);
    this.#momentum = options.number("momentum", 0.99);
    this.#movingMeanInitializer = options.initializer("movingMeanInitializer", "zeros");
    this.#movingVarianceInitializer = options.initializer("movingVarianceInitializer", "ones");
  }

  protected override make(inputShape: Shape | Shape[]): void {
    const input = onlyShape(inputShape);
    const size = knownSize(this.#axis, input);
    if (this.scale) {
      this.addGamma([size]);
    }
    if (this.center) {
      this.addBeta([size]);
    }
    this.movingMean = this.#addStatistic("moving_mean", size, this.#movingMeanInitializer);
    this.movingVariance = this.#addStatistic(
      "moving_variance",
      size,
      this.#movingVarianceInitializer,
    );
    this.inputSpec = [new InputSpec({ ndim: input.length, axes: { [this.#axis]: size } })];
  }

  protected override compute(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor {
    const x = floats(only(inputs));
    const axis = positiveAxis(this.#axis, x.shape);
    const shape = x.shape.map((size, each) => (each === axis ? size : 1));
    const { movingMean, movingVariance } = this;
    // A frozen layer uses what it has learned, in training too.
    if (kwargs["training"] !== true || !this.trainable) {
      return this.#byChannel(
        x,
        { mean: movingMean.read(), variance: movingVariance.read() },
        shape,
      );
    }
    const others = [...x.shape.keys()].filter((each) => each !== axis);
    const mask = ownMask(this, kwargs);
    const statistics = mask ? maskedMoments(x, mask, others) : moments(x, others, true);
    this.#follow(movingMean, statistics.mean);
    this.#follow(movingVariance, statistics.variance);
    return this.#byChannel(x, statistics, shape);
  }

  /** The same in one operation, which is faster, where tfjs has one: along the last axis. */
  #byChannel(x: Tensor, { mean, variance }: Statistics, shape: number[]): Tensor {
    if (shape.at(-1) !== mean.size) {
      const brought = { mean: reshape(mean, shape), variance: reshape(variance, shape) };
      return this.normalized(x, brought, shape);
    }
    const { size } = mean;
    const y = batchNorm2d(
      reshape(x, [-1, size]),
      reshape<Rank.R1>(mean, [size]),
      reshape<Rank.R1>(variance, [size]),
      reshape<Rank.R1>(this.beta?.read() ?? zeros([size]), [size]),
      reshape<Rank.R1>(this.gamma?.read() ?? ones([size]), [size]),
      this.epsilon,
    );
    return reshape(y, x.shape);
  }

  #addStatistic(name: string, size: number, initializer: Initializer): LayerVariable {
    return this.addWeight(name, [size], "float32", initializer, undefined, false);
  }

  /** One step of a moving average. */
  #follow(average: LayerVariable, value: Tensor): void {
    tidy(() => {
      const kept = mul(average.read(), this.#momentum);
      average.write(add(kept, mul(reshape(value, average.shape as number[]), 1 - this.#momentum)));
    });
  }
}

/**
 * Normalization over axes of each sample: the twin of `keras.layers.LayerNormalization`.
 *
 * Stock tfjs ignores `rms_scaling` and takes up to four axes. With it, Keras leaves the mean in what
 * it divides, and divides by the deviation from the mean, not by the root of the mean square.
 *
 * Input shape: any. Output shape: the same.
 */
export class LayerNormalization extends Normalization {
  static get className(): string {
    return "keras>LayerNormalization";
  }

  readonly #axis: number | readonly number[];
  readonly #rmsScaling: boolean;

  constructor(config: LayerNormalizationConfig = {}) {
    super(config, "layer_normalization");
    const { options } = this;
    this.#axis = options.axes("axis", -1);
    this.#rmsScaling = options.bool("rmsScaling", false);
  }

  protected override make(inputShape: Shape | Shape[]): void {
    const input = onlyShape(inputShape);
    const shape = this.#axes().map((axis) => knownSize(axis, input));
    if (this.scale || this.#rmsScaling) {
      this.addGamma(shape);
    }
    if (this.center && !this.#rmsScaling) {
      this.addBeta(shape);
    }
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    const x = floats(only(inputs));
    const axes = this.#axes().map((axis) => positiveAxis(axis, x.shape));
    const shape = x.shape.map((size, axis) => (axes.includes(axis) ? size : 1));
    const statistics = moments(x, axes, true);
    return this.#rmsScaling
      ? this.scaled(mul(x, rsqrt(add(statistics.variance, this.epsilon))), shape)
      : this.normalized(x, statistics, shape);
  }

  /** In the order that Keras sorts them to, negative ones first. */
  #axes(): number[] {
    return [this.#axis].flat().sort((one, other) => one - other);
  }
}

/** Mean and variance of what the mask keeps; Keras adds 1e-7 to the number of it. */
function maskedMoments(x: Tensor, mask: Tensor, axes: number[]): Statistics {
  if (mask.rank !== x.rank - 1) {
    throw new Error(
      `its input has shape ${tuple(x.shape)} and a mask of shape ${tuple(mask.shape)}. ` +
        "A mask has one axis less than the input: put the layer where no other arrives.",
    );
  }
  const kept = expandDims(cast(mask, "bool"), -1);
  const number = add(sum(where(kept, onesLike(x), 0), axes, true), 1e-7);
  const mean = div(sum(where(kept, x, 0), axes, true), number);
  const variance = div(sum(square(where(kept, sub(x, mean), 0)), axes, true), number);
  return { mean, variance };
}
