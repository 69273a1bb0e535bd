/**
 * Convolutions as Keras computes them, over 1, 2 or 3 spatial axes, without a bias.
 *
 * Paddings are XLA's and TensorFlow's. Every option has a gradient.
 */

import type { Tensor } from "@tensorflow/tfjs-core";
import { concat, reshape, split, transpose } from "@tensorflow/tfjs-core";
import type { Pad, Steps } from "./correlation";
import { correlate, correlateDepthwise } from "./correlation";

export type DataFormat = "channelsLast" | "channelsFirst";

/** "causal" is "valid" after as many zeros as the kernel looks back on: for one spatial axis. */
export type Padding = "valid" | "same" | "causal";

/** How a kernel moves over its input; arrays have one number for each spatial axis. */
export interface Moves {
  /** Steps between the places of the kernel; 1 if left out. */
  readonly strides?: readonly number[];
  /** "valid" if left out. */
  readonly padding?: Padding;
  /** Steps between the numbers that the kernel is applied to; 1 if left out. */
  readonly dilation?: readonly number[];
  /** "channelsLast" if left out. */
  readonly dataFormat?: DataFormat;
}

/** The same, where each block of filters may see a block of channels. */
export interface GroupedMoves extends Moves {
  /** Number of such blocks; 1 if left out. */
  readonly groups?: number;
}

/** An operation with channels last. */
type Operation = (x: Tensor, kernel: Tensor, steps: Steps) => Tensor;

/**
 * The convolution of x with the kernel.
 *
 * @param x `(batch, ...spatial, channels)`, or channels first, in float32.
 * @param kernel `(...size, channels / groups, filters)`.
 * @returns `(batch, ...spatial, filters)`, or filters first.
 */
export function convolve(
  x: Tensor,
  kernel: Tensor,
  { groups = 1, ...moves }: GroupedMoves = {},
): Tensor {
  return moved(x, kernel, moves, (input, weights, steps) => grouped(input, weights, steps, groups));
}

/**
 * The convolution of each channel of x with kernels of its own.
 *
 * @param x `(batch, ...spatial, channels)`, or channels first, in float32; one or two spatial axes.
 * @param kernel `(...size, channels, multiplier)`.
 * @returns `(batch, ...spatial, channels * multiplier)`, or channels first.
 */
export function convolveDepthwise(x: Tensor, kernel: Tensor, moves: Moves = {}): Tensor {
  return moved(x, kernel, moves, depthwise);
}

/**
 * The size that a spatial axis has after a convolution; null if it is unknown.
 *
 * @throws Error if the kernel does not fit into it.
 */
export function convolvedSize(
  size: number | null,
  kernel: number,
  stride: number,
  padding: Padding,
  dilation: number,
): number | null {
  if (size === null) {
    return null;
  }
  const span = spanned(kernel, dilation);
  if (padding !== "valid") {
    return Math.ceil(size / stride);
  }
  if (size < span) {
    throw new Error(
      `a kernel that spans ${span} does not fit into a spatial axis of size ${size} with ` +
        "padding='valid'. Use a larger input, a smaller kernel or padding='same'.",
    );
  }
  return Math.floor((size - span) / stride) + 1;
}

/** How far a dilated kernel reaches. */
export function spanned(kernel: number, dilation: number): number {
  return (kernel - 1) * dilation + 1;
}

/** The tensor with its channels last, from where the format has them. */
export function channelsLast(x: Tensor, dataFormat: DataFormat): Tensor {
  const spatial = axesFrom(2, x.rank);
  return dataFormat === "channelsFirst" ? transpose(x, [0, ...spatial, 1]) : x;
}

/** The tensor with its channels where the format has them, from last. */
export function channelsBack(x: Tensor, dataFormat: DataFormat): Tensor {
  const spatial = axesFrom(1, x.rank - 1);
  return dataFormat === "channelsFirst" ? transpose(x, [0, x.rank - 1, ...spatial]) : x;
}

/** An operation with channels last, on a tensor that may have them first. */
function moved(x: Tensor, kernel: Tensor, moves: Moves, operation: Operation): Tensor {
  const sizes = kernel.shape.slice(0, -2);
  const {
    strides = ones(sizes),
    dilation = ones(sizes),
    padding = "valid",
    dataFormat = "channelsLast",
  } = moves;
  const input = channelsLast(x, dataFormat);
  const pads = sizes.map((size, axis) =>
    padsOf(at(input.shape, axis + 1), size, at(strides, axis), padding, at(dilation, axis)),
  );
  return channelsBack(operation(input, kernel, { strides, dilation, pads }), dataFormat);
}

/** The zeros before and behind a spatial axis, for the padding. */
export function padsOf(
  size: number,
  kernel: number,
  stride: number,
  padding: Padding,
  dilation: number,
): Pad {
  // For its refusal of what does not fit: tfjs would return a tensor of a negative size.
  convolvedSize(size, kernel, stride, padding, dilation);
  const span = spanned(kernel, dilation);
  switch (padding) {
    case "valid":
      return [0, 0];
    case "causal":
      return [span - 1, 0];
    case "same": {
      const total = Math.max((Math.ceil(size / stride) - 1) * stride + span - size, 0);
      const before = Math.floor(total / 2);
      return [before, total - before];
    }
  }
}

/** A convolution in groups. */
function grouped(x: Tensor, kernel: Tensor, steps: Steps, groups: number): Tensor {
  if (groups === 1) {
    return plain(x, kernel, steps);
  }
  const [inputs, filters] = kernel.shape.slice(-2) as [number, number];
  const sizes = kernel.shape.slice(0, -2);
  if (inputs === 1 && sizes.length < 3) {
    return depthwise(x, reshape(kernel, [...sizes, groups, filters / groups]), steps);
  }
  const kernels = split(kernel, groups, -1);
  const blocks = split(x, groups, -1);
  return concat(
    blocks.map((block, group) => plain(block, at(kernels, group), steps)),
    -1,
  );
}

const plain = /* @__PURE__ */ inTwoAxesAtLeast(correlate);

const depthwise = /* @__PURE__ */ inTwoAxesAtLeast(correlateDepthwise);

/** The operation, over one spatial axis as over two, the first of size 1. */
function inTwoAxesAtLeast(operation: Operation): Operation {
  return (x, kernel, steps) => {
    if (x.rank > 3) {
      return operation(x, kernel, steps);
    }
    const [batch, size, channels] = x.shape as [number, number, number];
    const y = operation(
      reshape(x, [batch, 1, size, channels]),
      reshape(kernel, [1, ...kernel.shape]),
      {
        strides: [1, ...steps.strides],
        dilation: [1, ...steps.dilation],
        pads: [[0, 0], ...steps.pads],
      },
    );
    return reshape(y, [batch, ...y.shape.slice(2)]);
  };
}

function ones(axes: readonly unknown[]): readonly number[] {
  return axes.map(() => 1);
}

/** The axes from one up to, not including, another. */
function axesFrom(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, index) => first + index);
}

/** The element at an index that is known to exist. */
function at<T>(values: readonly T[], index: number): T {
  return values.at(index) as T;
}
