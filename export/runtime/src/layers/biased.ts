/** The one mechanism by which a layer gets a bias of another shape: expanded where it is added. */

import type { Tensor } from "@tensorflow/tfjs-core";
import { add, reshape, zeros } from "@tensorflow/tfjs-core";
import { spoken, tuple } from "../python";
import type { BiasShape, Resolved, Sizes } from "../shape";
import { biasShape, resolved, spokenShape } from "../shape";
import type { Options } from "../options";
import { product } from "../sizes";

/** A bias on an output of known shape. */
export interface SettledBias {
  readonly spec: BiasShape;
  readonly resolved: Resolved;
  /** The output it was built for, without the batch. */
  readonly sizes: Sizes;
}

/** The options that every layer with such a bias has. */
export interface BiasOptions {
  readonly shape: BiasShape;
  readonly trainable: boolean;
}

/**
 * `bias_shape` and `bias_trainable`, checked.
 *
 * @throws Error if they are none, or are given to a layer without a bias.
 */
export function biasOptions(options: Options, useBias: boolean): BiasOptions {
  const shape = options.checked(() => {
    const given = options.given("biasShape");
    const spec = biasShape(given === undefined ? "vector" : given);
    if (!useBias && spec !== "vector") {
      throw new Error(
        `bias_shape=${spokenShape(spec)} is given to a layer with use_bias=False. ` +
          "Leave one of the two out.",
      );
    }
    return spec;
  });
  options.record("biasShape", shape);
  return { shape, trainable: options.bool("biasTrainable", true) };
}

/** The shape that the bias has on an output of these sizes, without the batch. */
export function settled(
  spec: BiasShape,
  sizes: Sizes,
  channelAxis: number | readonly number[],
  groups: number | null,
): SettledBias {
  return { spec, resolved: resolved(spec, sizes, channelAxis, groups), sizes };
}

/**
 * `x + bias`, the bias repeated to x's size.
 *
 * @param x `(batch, ...)`, of the sizes that the bias was settled for where it tells indices apart.
 * @param bias in its stored shape.
 */
export function withBias(x: Tensor, bias: Tensor, of: SettledBias): Tensor {
  checkSize(x, of);
  return add(x, expanded(bias, of));
}

/**
 * The bias as it is added: an axis for each of the output's, blocks repeated to its size.
 *
 * Leading shared axes are left out, so that a layer can be called on other ranks, as in Keras.
 */
export function expanded(bias: Tensor, { resolved: { counts }, sizes }: SettledBias): Tensor {
  const kept = trimmed(counts);
  const last = sizes.slice(sizes.length - kept.length);
  const shape = [...kept];
  let full = equal(bias.shape, shape) ? bias : reshape(bias, shape);
  kept.forEach((blocks, axis) => {
    const size = last[axis];
    if (blocks !== 1 && size && size !== blocks) {
      shape[axis] = size;
      full = reshape(repeated(full, axis, size / blocks), shape);
    }
  });
  return full;
}

/**
 * Each slice along an axis, `times` over, as `(before * blocks, times, after)`.
 *
 * By broadcasting: the gradient of `tile` adds one slice after another, and knows four axes only.
 */
function repeated(x: Tensor, axis: number, times: number): Tensor {
  const slices = product(x.shape.slice(0, axis + 1));
  const after = product(x.shape.slice(axis + 1));
  return add(reshape(x, [slices, 1, after]), zeros([1, times, 1]));
}

/** Refuses an output that the bias would stretch, or that it would not fit. */
function checkSize(x: Tensor, { spec, resolved: { counts }, sizes }: SettledBias): void {
  const kept = trimmed(counts);
  const found = x.shape.slice(1);
  const fits =
    found.length >= kept.length &&
    kept.every((blocks, axis) => {
      const back = axis - kept.length;
      return blocks === 1 || found.at(back) === sizes.at(back);
    });
  if (!fits) {
    throw new Error(
      `bias_shape=${spokenShape(spec)} was built for output shape ${tuple([null, ...sizes])} and ` +
        `cannot be added to ${tuple(x.shape)}. Call the layer on the size it was built on, or ` +
        "share the bias along the axes that change.",
    );
  }
}

/** Without leading ones. */
function trimmed(counts: readonly number[]): readonly number[] {
  const first = counts.findIndex((count) => count !== 1);
  return first < 0 ? [] : counts.slice(first);
}

function equal(one: readonly number[], other: readonly number[]): boolean {
  return spoken(one) === spoken(other);
}
