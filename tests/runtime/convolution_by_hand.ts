/** Convolutions as loops over their definitions: slow, and plain to see. */

import * as tf from "@tensorflow/tfjs";
import type { DataFormat, GroupedMoves, Moves } from "../../export/runtime/src/convolve";

type Index = readonly number[];

/** The sum, at each place, of all that the kernel sees there times the kernel. */
export function convolvedByHand(
  x: tf.Tensor,
  kernel: tf.Tensor,
  { strides, padding = "valid", dilation, dataFormat = "channelsLast", groups = 1 }: GroupedMoves,
): tf.Tensor {
  const input = lastOf(x, dataFormat).bufferSync();
  const weights = kernel.bufferSync();
  const [batch = 0, ...rest] = input.shape;
  const sizes = kernel.shape.slice(0, -2);
  const [inputs, filters] = kernel.shape.slice(-2) as [number, number];
  const along = sizes.map((size, axis) => {
    const length = rest[axis] ?? 0;
    const stride = strides?.[axis] ?? 1;
    const rate = dilation?.[axis] ?? 1;
    const span = (size - 1) * rate + 1;
    const free = padding === "valid" ? length - span + 1 : length;
    const out = Math.ceil(free / stride);
    const missing = Math.max((out - 1) * stride + span - length, 0);
    const before = { valid: 0, same: Math.floor(missing / 2), causal: span - 1 }[padding];
    return { length, stride, rate, before, out };
  });
  const y = tf.buffer([batch, ...along.map(({ out }) => out), filters], "float32");
  for (const place of indices(y.shape)) {
    const [sample = 0, ...steps] = place;
    const filter = steps.pop() ?? 0;
    const group = Math.floor(filter / (filters / groups));
    let total = 0;
    for (const tap of indices([...sizes, inputs])) {
      const seen = along.map(
        ({ stride, rate, before }, axis) =>
          (steps[axis] ?? 0) * stride + (tap[axis] ?? 0) * rate - before,
      );
      if (seen.every((at, axis) => at >= 0 && at < (along[axis]?.length ?? 0))) {
        const channel = group * inputs + (tap.at(-1) ?? 0);
        total += input.get(sample, ...seen, channel) * weights.get(...tap, filter);
      }
    }
    y.set(total, ...place);
  }
  return firstOf(y.toTensor(), dataFormat);
}

/** The same for each channel of x apart, `(...size, channels, multiplier)` being the kernel. */
export function depthwiseByHand(x: tf.Tensor, kernel: tf.Tensor, moves: Moves): tf.Tensor {
  const [channels = 0, multiplier = 0] = kernel.shape.slice(-2);
  const apart = kernel.reshape([...kernel.shape.slice(0, -2), 1, channels * multiplier]);
  return convolvedByHand(x, apart, { ...moves, groups: channels });
}

/** How a transposed convolution is made, and where its result is cut: each for every axis. */
export interface TransposedByHand {
  readonly strides: Index;
  readonly dilation: Index;
  /** How much of what the kernel wrote is left out before the first place. */
  readonly left: Index;
  /** Size of the output. */
  readonly sizes: Index;
  readonly dataFormat?: DataFormat;
}

/** Each number of x writes the whole kernel, `(...size, filters, channels)`, into the output. */
export function transposedByHand(
  x: tf.Tensor,
  kernel: tf.Tensor,
  { strides, dilation, left, sizes, dataFormat = "channelsLast" }: TransposedByHand,
): tf.Tensor {
  const input = lastOf(x, dataFormat).bufferSync();
  const weights = kernel.bufferSync();
  const filters = kernel.shape.at(-2) ?? 0;
  const y = tf.buffer([x.shape[0], ...sizes, filters], "float32");
  for (const from of indices(input.shape)) {
    for (const tap of indices(kernel.shape.slice(0, -1))) {
      const to = sizes.map(
        (_, axis) =>
          (from[axis + 1] ?? 0) * (strides[axis] ?? 1) +
          (tap[axis] ?? 0) * (dilation[axis] ?? 1) -
          (left[axis] ?? 0),
      );
      if (to.every((at, axis) => at >= 0 && at < (sizes[axis] ?? 0))) {
        const place = [from[0] ?? 0, ...to, tap.at(-1) ?? 0];
        const written = input.get(...from) * weights.get(...tap, from.at(-1) ?? 0);
        y.set(y.get(...place) + written, ...place);
      }
    }
  }
  return firstOf(y.toTensor(), dataFormat);
}

/** All indices of a tensor, the last axis fastest. */
function indices(shape: Index): Index[] {
  return shape.reduce<Index[]>(
    (found, size) =>
      found.flatMap((index) => Array.from({ length: size }, (_, next) => [...index, next])),
    [[]],
  );
}

function lastOf(x: tf.Tensor, dataFormat: DataFormat): tf.Tensor {
  const spatial = x.shape.slice(2).map((_, axis) => axis + 2);
  return dataFormat === "channelsFirst" ? x.transpose([0, ...spatial, 1]) : x;
}

function firstOf(y: tf.Tensor, dataFormat: DataFormat): tf.Tensor {
  const spatial = y.shape.slice(2).map((_, axis) => axis + 1);
  return dataFormat === "channelsFirst" ? y.transpose([0, y.rank - 1, ...spatial]) : y;
}
