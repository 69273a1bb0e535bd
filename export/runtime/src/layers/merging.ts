/** Layers that make one tensor of two. */

import type { Tensor } from "@tensorflow/tfjs-core";
import {
  expandDims,
  logicalOr,
  matMul,
  maximum,
  mul,
  reshape,
  rsqrt,
  square,
  sub,
  sum,
  transpose,
} from "@tensorflow/tfjs-core";
import type { Shape } from "@tensorflow/tfjs-layers";
import type { LayerConfig } from "../options";
import { floats, pair, pairOfShapes, positiveAxis } from "../inputs";
import { NO_MASK } from "../masks";
import { spoken, tuple } from "../python";
import { Twin } from "./twin";
import { product } from "../sizes";

/**
 * The first tensor less the second: the twin of `keras.layers.Subtract`, which stock tfjs lacks.
 *
 * Input shape: two, of sizes that are equal or 1; a smaller rank is filled up behind the batch.
 * Output shape: the larger of both along each axis.
 */
export class Subtract extends Twin {
  static get className(): string {
    return "keras>Subtract";
  }

  constructor(config: LayerConfig = {}) {
    super(config, "subtract");
  }

  protected override make(inputShape: Shape | Shape[]): void {
    this.shapeOf(inputShape);
  }

  protected override shapeOf(inputShape: Shape | Shape[]): Shape {
    const [one, other] = pairOfShapes(inputShape);
    const rank = Math.max(one.length, other.length);
    return Array.from({ length: rank }, (_, axis) => {
      const sizes = [sizeAt(one, axis, rank), sizeAt(other, axis, rank)] as const;
      return axis === 0 ? (sizes[0] ?? sizes[1]) : broadcast(...sizes, one, other);
    });
  }

  /** Known where the two are: what either of them keeps is kept. */
  override computeMask(_inputs: Tensor | Tensor[], mask?: Tensor | Tensor[]): Tensor {
    const masks: readonly (Tensor | null | undefined)[] = Array.isArray(mask) ? mask : [];
    const [one, other] = masks;
    return one && other ? logicalOr(one, other) : NO_MASK;
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    const [one, other] = pair(inputs);
    return sub(filledUp(floats(one), other.rank), filledUp(floats(other), one.rank));
  }
}

/** What a `Dot` is made of. */
export interface DotConfig extends LayerConfig {
  /** The axis of both, or of the one and the other, that is summed over; the batch is 0. */
  readonly axes: number | readonly number[];
  /** Whether both are first divided by their norms along that axis; false if left out. */
  readonly normalize?: boolean;
}

/**
 * Products of two tensors, summed over an axis of each: the twin of `keras.layers.Dot`.
 *
 * Stock tfjs takes up to three axes, and divides by another norm. Formula:
 * `keras/src/layers/merging/dot.py`.
 *
 * Input shape: two, of rank 2 or more. Output shape: the first's without its axis, then the
 * second's without batch and its axis; `(batch, 1)` if nothing else is left.
 */
export class Dot extends Twin {
  static get className(): string {
    return "keras>Dot";
  }

  readonly #axes: number | readonly number[];
  readonly #normalize: boolean;

  constructor(config: DotConfig) {
    super(config, "dot");
    const { options } = this;
    this.#axes = options.axes("axes");
    if (typeof this.#axes !== "number" && this.#axes.length !== 2) {
      throw new Error(
        `Layer '${this.name}': axes=${spoken(this.#axes)} are not two. ` +
          "Use one axis for both tensors, or a pair.",
      );
    }
    this.#normalize = options.bool("normalize", false);
  }

  protected override make(inputShape: Shape | Shape[]): void {
    this.shapeOf(inputShape);
  }

  protected override shapeOf(inputShape: Shape | Shape[]): Shape {
    const [one, other] = pairOfShapes(inputShape);
    const [first, second] = this.#summed(one, other);
    const left = [...without(one, 0, first), ...without(other, 0, second)];
    return [one[0] ?? other[0] ?? null, ...(left.length ? left : [1])];
  }

  /** None: no position of the output is one of the inputs'. */
  override computeMask(): Tensor {
    return NO_MASK;
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    const [one, other] = pair(inputs).map(floats) as [Tensor, Tensor];
    const [first, second] = this.#summed(one.shape, other.shape);
    const shape = [...without(one.shape, 0, first), ...without(other.shape, 0, second)];
    const product = matMul(this.#matrices(one, first), this.#matrices(other, second), false, true);
    return reshape(product, [...product.shape.slice(0, 1), ...(shape.length ? shape : [1])]);
  }

  /** `(batch, ..., size, ...)` as `(batch, all other axes, size)`. */
  #matrices(x: Tensor, axis: number): Tensor {
    const others = without([...x.shape.keys()], 0, axis);
    const last = transpose(x, [0, ...others, axis]);
    const [batch, size] = [x.shape[0], x.shape[axis]] as [number, number];
    const rows = product(without(x.shape, 0, axis));
    const matrices = reshape(last, [batch, rows, size]);
    return this.#normalize ? normalized(matrices) : matrices;
  }

  /** The axes that are summed over, counted from the front, checked. */
  #summed(one: Shape, other: Shape): readonly [number, number] {
    const [first, second] =
      typeof this.#axes === "number" ? [this.#axes, this.#axes] : (this.#axes as [number, number]);
    const axes = [positiveAxis(first, one), positiveAxis(second, other)] as const;
    const shown = `axes=${spoken(this.#axes)} of input shapes ${tuple(one)} and ${tuple(other)}`;
    if (axes.includes(0)) {
      throw new Error(`${shown} include the batch. Use axes from 1.`);
    }
    const [size, otherSize] = [one[axes[0]] ?? null, other[axes[1]] ?? null];
    if (size !== null && otherSize !== null && size !== otherSize) {
      throw new Error(`${shown} have the sizes ${size} and ${otherSize}. Use axes of equal sizes.`);
    }
    return axes;
  }
}

/** Along the last axis; Keras divides by the norm, or by 1e-7 if that is larger. */
function normalized(x: Tensor): Tensor {
  return mul(x, rsqrt(maximum(sum(square(x), -1, true), 1e-14)));
}

function without<T>(values: readonly T[], ...indices: readonly number[]): T[] {
  return values.filter((_, index) => !indices.includes(index));
}

/** A size of a shape that is filled up with ones behind the batch. */
function sizeAt(shape: Shape, axis: number, rank: number): number | null {
  const missing = rank - shape.length;
  return axis === 0 ? (shape[0] ?? null) : axis <= missing ? 1 : (shape[axis - missing] ?? null);
}

function broadcast(
  size: number | null,
  other: number | null,
  ...shapes: readonly [Shape, Shape]
): number | null {
  if (size !== null && other !== null && size !== other && size !== 1 && other !== 1) {
    throw new Error(
      `input shapes ${tuple(shapes[0])} and ${tuple(shapes[1])} do not fit. ` +
        "Use sizes that are equal, or 1.",
    );
  }
  return size === null || other === null ? null : size === 1 ? other : size;
}

function filledUp(x: Tensor, rank: number): Tensor {
  return x.rank < rank ? filledUp(expandDims(x, 1), rank) : x;
}
