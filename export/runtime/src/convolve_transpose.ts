/**
 * Transposed convolutions as Keras computes them, over 1, 2 or 3 spatial axes, without a bias.
 *
 * Each number of the input writes the whole kernel into the output, a stride further each time. What
 * is written first and last may be cut off, or zeros follow: to the size that Keras gives its output.
 */

import type { Tensor } from "@tensorflow/tfjs-core";
import { reshape, zeros } from "@tensorflow/tfjs-core";
import type { DataFormat } from "./convolve";
import { channelsBack, channelsLast, spanned } from "./convolve";
import type { Pad } from "./correlation";
import { correlate, padded, turned, write } from "./correlation";

export type TransposedPadding = "valid" | "same";

/** How the kernel is written along a spatial axis; one of stride and dilation is 1. */
export interface TransposedStep {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: TransposedPadding;
  /** What decides between the sizes from which a convolution would come back; null for Keras. */
  readonly outputPadding: number | null;
  readonly dilation: number;
}

/** Where the written is cut, along a spatial axis. */
interface Cut {
  readonly step: TransposedStep;
  /** All that is written. */
  readonly full: number;
  /** How much of it is left out at the start. */
  readonly before: number;
  /** Size of the output. */
  readonly size: number;
}

/**
 * The transposed convolution of x with the kernel.
 *
 * @param x `(batch, ...spatial, channels)`, or channels first, in float32.
 * @param kernel `(...size, filters, channels)`.
 * @param steps one for each spatial axis.
 * @returns `(batch, ...spatial, filters)`, or filters first.
 */
export function convolveTranspose(
  x: Tensor,
  kernel: Tensor,
  steps: readonly TransposedStep[],
  dataFormat: DataFormat,
): Tensor {
  const input = channelsLast(x, dataFormat);
  const cuts = steps.map((step, axis) => cut(input.shape[axis + 1] ?? 0, step));
  const [batch = 0] = x.shape;
  // tfjs cannot cut what has no samples.
  const y = batch
    ? transposed(input, kernel, cuts)
    : zeros([0, ...cuts.map(({ size }) => size), kernel.shape.at(-2) ?? 0]);
  return channelsBack(y, dataFormat);
}

/**
 * The size that a spatial axis has after a transposed convolution; null if it is unknown.
 *
 * @throws Error if there would be no output.
 */
export function transposedSize(size: number | null, step: TransposedStep): number | null {
  return size === null ? null : cut(size, step).size;
}

function cut(input: number, step: TransposedStep): Cut {
  const { stride, padding, outputPadding } = step;
  const span = spanned(step.kernel, step.dilation);
  const full = (input - 1) * stride + span;
  if (padding === "valid") {
    return { step, full, before: 0, size: full + (outputPadding ?? Math.max(stride - span, 0)) };
  }
  // Of a convolution with padding "same": how many zeros there are around its input in all.
  const even = span + (span % 2) - 2;
  const around = outputPadding === null ? stride + span - 2 : even + outputPadding;
  const size = full + around - 2 * (span - 1);
  if (size < 1) {
    throw new Error(
      `a kernel that spans ${span} leaves no output of a spatial axis of size ${input} with ` +
        "padding='same'. Use a larger input, a larger output_padding or padding='valid'.",
    );
  }
  return { step, full, before: span - 1 - Math.min(Math.ceil(around / 2), span - 1), size };
}

function transposed(x: Tensor, kernel: Tensor, cuts: readonly Cut[]): Tensor {
  if (x.rank === 3) {
    return inTwoAxes(x, kernel, cuts);
  }
  if (cuts.some(({ step }) => step.dilation > 1)) {
    return ofDilated(x, kernel, cuts);
  }
  const strides = cuts.map(({ step }) => step.stride);
  const after = cuts.map(({ full, before, size }) => full - before - size);
  const off = cuts.map(({ before }, axis): Pad => [before, Math.max(after[axis] ?? 0, 0)]);
  return padded(
    write(x, kernel, strides, off),
    after.map((more): Pad => [0, Math.max(-more, 0)]),
  );
}

/** One spatial axis as two, the first of size 1. */
function inTwoAxes(x: Tensor, kernel: Tensor, cuts: readonly Cut[]): Tensor {
  const [batch, size, channels] = x.shape as [number, number, number];
  const step: TransposedStep = {
    kernel: 1,
    stride: 1,
    padding: "valid",
    outputPadding: null,
    dilation: 1,
  };
  const y = transposed(
    reshape(x, [batch, 1, size, channels]),
    reshape(kernel, [1, ...kernel.shape]),
    [cut(1, step), ...cuts],
  );
  return reshape(y, [batch, ...y.shape.slice(2)]);
}

/** At stride 1: a convolution with the kernel turned round. */
function ofDilated(x: Tensor, kernel: Tensor, cuts: readonly Cut[]): Tensor {
  const dilation = cuts.map(({ step }) => step.dilation);
  const pads = cuts.map(({ step, full, before, size }): Pad => {
    const further = spanned(step.kernel, step.dilation) - 1;
    return [further - before, further - (full - before - size)];
  });
  return correlate(x, turned(kernel), { strides: dilation.map(() => 1), dilation, pads });
}
