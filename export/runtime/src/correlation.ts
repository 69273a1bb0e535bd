/**
 * Sums over all that a kernel sees, with channels last, over 2 or 3 spatial axes: with gradients
 * that every backend can compute.
 *
 * tfjs has no gradient of a dilated convolution, nor any in WebAssembly. But gradients are
 * convolutions themselves: by the input, of the output's gradient with the kernel turned round; by
 * the kernel, of the input with the output's gradient, batch and channels changing places.
 */

import type { GradSaveFunc, Tensor } from "@tensorflow/tfjs-core";
import {
  conv2d,
  conv2dTranspose,
  conv3d,
  customGrad,
  depthwiseConv2d,
  mul,
  pad,
  reshape,
  reverse,
  slice,
  stack,
  stridedSlice,
  sum,
  transpose,
} from "@tensorflow/tfjs-core";
import { product } from "./sizes";

type Two = [number, number];
type Three = [number, number, number];
type Four = [number, number, number, number];

/** Zeros before and after a spatial axis. */
export type Pad = readonly [number, number];

/** How a kernel moves; each has one number for a spatial axis. */
export interface Steps {
  readonly strides: readonly number[];
  readonly dilation: readonly number[];
  readonly pads: readonly Pad[];
}

/**
 * Each filter's sum over what it sees.
 *
 * @param x `(batch, ...spatial, channels)`.
 * @param kernel `(...size, channels, filters)`.
 */
export function correlate(x: Tensor, kernel: Tensor, steps: Steps): Tensor {
  const { strides, dilation, pads } = steps;
  if (isMany(strides) && isMany(dilation)) {
    return correlate(x, stuffed(kernel, dilation), { ...steps, dilation: ones(dilation) });
  }
  return withGradients(
    x,
    kernel,
    (input, weights) => forward(input, weights, steps),
    (dy, input, weights) => {
      const around = padded(input, pads);
      const dx = isMany(strides)
        ? written(
            dy,
            weights,
            strides,
            pads.map(() => [0, 0]),
          )
        : forward(padded(dy, reach(weights, dilation)), turned(weights), unmoved(dilation));
      const dk = kernelGradient(around, dy, weights, strides, dilation);
      return [unpadded(dx, input, pads), dk];
    },
  );
}

/**
 * Each channel's sums over what its own kernels see.
 *
 * @param x `(batch, height, width, channels)`.
 * @param kernel `(...size, channels, multiplier)`.
 */
export function correlateDepthwise(x: Tensor, kernel: Tensor, steps: Steps): Tensor {
  const { strides, dilation, pads } = steps;
  if (isMany(strides) && isMany(dilation)) {
    return correlateDepthwise(x, stuffed(kernel, dilation), { ...steps, dilation: ones(dilation) });
  }
  return withGradients(
    x,
    kernel,
    (input, weights) => forwardDepthwise(input, weights, steps),
    (dy, input, weights) => {
      const [height, width, channels, multiplier] = weights.shape as Four;
      const spaced = padded(stuffed(dy, [1, ...strides]), reach(weights, dilation));
      const each = reshape(flipped(weights), [height, width, channels * multiplier, 1]);
      const apart = forwardDepthwise(spaced, each, unmoved(dilation));
      const dx = sum(reshape(apart, [...apart.shape.slice(0, 3), channels, multiplier]), -1);
      const dk = depthwiseKernelGradient(padded(input, pads), dy, weights, steps);
      return [unpadded(dx, input, pads), dk];
    },
  );
}

/**
 * What a kernel writes when each number of x writes the whole of it, a stride further each time.
 *
 * @param x `(batch, ...spatial, channels)`.
 * @param kernel `(...size, filters, channels)`.
 * @param cut how much of it is left out before and after.
 * @returns `(batch, ...(spatial - 1) * stride + size - cut, filters)`.
 */
export function write(
  x: Tensor,
  kernel: Tensor,
  strides: readonly number[],
  cut: readonly Pad[],
): Tensor {
  return withGradients(
    x,
    kernel,
    (input, weights) => written(input, weights, strides, cut),
    (dy, input, weights) => [
      forward(dy, weights, { strides, dilation: ones(strides), pads: cut }),
      kernelGradient(padded(dy, cut), input, weights, strides, ones(strides)),
    ],
  );
}

/** tfjs's operation, whose strides or dilation are 1. */
function forward(x: Tensor, kernel: Tensor, { strides, dilation, pads }: Steps): Tensor {
  if (x.rank === 5) {
    return conv3d(
      padded(x, pads) as Parameters<typeof conv3d>[0],
      kernel as Parameters<typeof conv3d>[1],
      strides as Three,
      "valid",
      "NDHWC",
      dilation as Three,
    );
  }
  return conv2d(
    x as Parameters<typeof conv2d>[0],
    kernel as Parameters<typeof conv2d>[1],
    strides as Two,
    [[0, 0], ...pads, [0, 0]] as Parameters<typeof conv2d>[3],
    "NHWC",
    dilation as Two,
  );
}

/** The same of each channel. */
function forwardDepthwise(x: Tensor, kernel: Tensor, { strides, dilation, pads }: Steps): Tensor {
  return depthwiseConv2d(
    x as Parameters<typeof depthwiseConv2d>[0],
    kernel as Parameters<typeof depthwiseConv2d>[1],
    strides as Two,
    [[0, 0], ...pads, [0, 0]] as Parameters<typeof depthwiseConv2d>[3],
    "NHWC",
    dilation as Two,
  );
}

/** What `write` gives. */
function written(
  x: Tensor,
  kernel: Tensor,
  strides: readonly number[],
  cut: readonly Pad[],
): Tensor {
  const [batch = 0, ...spatial] = x.shape.slice(0, -1);
  const sizes = spatial.map((size, axis) => {
    const [before, after] = cut[axis] ?? [0, 0];
    return (size - 1) * (strides[axis] ?? 1) + (kernel.shape[axis] ?? 1) - before - after;
  });
  const shape = [batch, ...sizes, kernel.shape.at(-2) ?? 0];
  if (x.rank === 5) {
    const begin = [0, ...cut.map(([before]) => before), 0];
    return slice(writtenInPhases(x, kernel, strides), begin, shape);
  }
  return conv2dTranspose(
    x as Parameters<typeof conv2dTranspose>[0],
    kernel as Parameters<typeof conv2dTranspose>[1],
    shape as Four,
    strides as Two,
    [[0, 0], ...cut, [0, 0]] as Parameters<typeof conv2dTranspose>[4],
  );
}

/**
 * All that is written, of those places at once that are as far from a stride.
 *
 * tfjs's own operation over 3 axes is wrong in WebAssembly.
 */
function writtenInPhases(x: Tensor, kernel: Tensor, strides: readonly number[]): Tensor {
  const axis = strides.findIndex((stride) => stride > 1);
  if (axis < 0) {
    return forward(padded(x, reach(kernel, strides)), turned(kernel), unmoved(strides));
  }
  const stride = strides[axis] ?? 1;
  const size = kernel.shape[axis] ?? 1;
  const places = Math.ceil(size / stride);
  const others = strides.map((each, index) => (index === axis ? 1 : each));
  const [before, after] = [kernel.shape.slice(0, axis), kernel.shape.slice(axis + 1)];
  const [lines, numbers] = [product(before), product(after)];
  const whole = pad(reshape(kernel, [lines, size, numbers]), [
    [0, 0],
    [0, places * stride - size],
    [0, 0],
  ]);
  const phased = reshape(whole, [lines, places, stride, numbers]);
  const phases = Array.from({ length: stride }, (_, phase) => {
    const seen = slice(phased, [0, 0, phase, 0], [lines, places, 1, numbers]);
    return writtenInPhases(x, reshape(seen, [...before, places, ...after]), others);
  });
  const full = stack(phases, axis + 2);
  const [left, right] = [full.shape.slice(0, axis + 1), full.shape.slice(axis + 3)];
  const count = full.shape[axis + 1] ?? 0;
  const end = ((x.shape[axis + 1] ?? 0) - 1) * stride + size;
  return slice(reshape(full, [...left, count * stride, ...right]), zeros(x.shape), [
    ...left,
    end,
    ...right,
  ]);
}

/** @param x with its pads, which the kernel saw. */
function kernelGradient(
  x: Tensor,
  dy: Tensor,
  kernel: Tensor,
  strides: readonly number[],
  dilation: readonly number[],
): Tensor {
  const last = x.rank - 1;
  const spatial = dilation.map((_, axis) => axis + 1);
  // Steps of the kernel's places are those between its numbers, and the other way round.
  const found = forward(transpose(x, [last, ...spatial, 0]), transpose(dy, [...spatial, 0, last]), {
    ...unmoved(strides),
    strides: dilation,
  });
  const gradient = transpose(found, [...spatial, 0, last]);
  // Strides may leave a rest of the input to which the kernel never came.
  return slice(gradient, zeros(kernel.shape), kernel.shape);
}

/** One number of the kernel after the other: no operation keeps channels apart here. */
function depthwiseKernelGradient(
  x: Tensor,
  dy: Tensor,
  kernel: Tensor,
  { strides, dilation }: Steps,
): Tensor {
  const [height, width, channels, multiplier] = kernel.shape as Four;
  const [batch, rows, columns] = dy.shape as Three;
  const [down, across] = strides as Two;
  const slopes = reshape(dy, [batch * rows * columns, channels, multiplier]);
  const taps = Array.from({ length: height * width }, (_, tap) => {
    const top = Math.floor(tap / width) * (dilation[0] ?? 1);
    const left = (tap % width) * (dilation[1] ?? 1);
    const end = [batch, top + (rows - 1) * down + 1, left + (columns - 1) * across + 1, channels];
    const seen = stridedSlice(x, [0, top, left, 0], end, [1, down, across, 1]);
    return sum(mul(reshape(seen, [batch * rows * columns, channels, 1]), slopes), 0);
  });
  return reshape(stack(taps), kernel.shape);
}

/** The tensor with zeros between its numbers along its first axes, at so many steps. */
function stuffed(x: Tensor, steps: readonly number[]): Tensor {
  return steps.reduce((filled, step, axis) => stuffedAlong(filled, step, axis), x);
}

function stuffedAlong(x: Tensor, step: number, axis: number): Tensor {
  const size = x.shape[axis] ?? 1;
  if (step === 1 || size === 1) {
    return x;
  }
  const before = product(x.shape.slice(0, axis));
  const after = product(x.shape.slice(axis + 1));
  const spaced = pad(reshape(x, [before * size, 1, after]), [
    [0, 0],
    [0, step - 1],
    [0, 0],
  ]);
  const span = (size - 1) * step + 1;
  const filled = slice(
    reshape(spaced, [before, size * step, after]),
    [0, 0, 0],
    [before, span, after],
  );
  return reshape(
    filled,
    x.shape.map((found, index) => (index === axis ? span : found)),
  );
}

/** The kernel the other way round along each spatial axis, inputs and outputs changing places. */
export function turned(kernel: Tensor): Tensor {
  const spatial = kernel.shape.slice(2).map((_, axis) => axis);
  return transpose(flipped(kernel), [...spatial, kernel.rank - 1, kernel.rank - 2]);
}

/** The kernel the other way round along each of its spatial axes. */
function flipped(kernel: Tensor): Tensor {
  const [inputs, outputs] = kernel.shape.slice(-2) as Two;
  // All of them at once: not every backend reverses five axes.
  return reshape(reverse(reshape(kernel, [-1, inputs, outputs]), 0), kernel.shape);
}

/** Zeros before and after each spatial axis. */
export function padded(x: Tensor, pads: readonly Pad[]): Tensor {
  if (pads.every(([before, after]) => before === 0 && after === 0)) {
    return x;
  }
  if (x.rank === 5) {
    // The first apart: WebGL pads no five axes.
    const [batch, depth, ...others] = x.shape as [number, number, number, number, number];
    const [first, ...rest] = pads as [Pad, Pad, Pad];
    const inner = padded(reshape(x, [batch * depth, ...others]), rest);
    const flat = pad(reshape(inner, [batch, depth, product(inner.shape.slice(1))]), [
      [0, 0],
      [...first],
      [0, 0],
    ]);
    return reshape(flat, [batch, depth + first[0] + first[1], ...inner.shape.slice(1)]);
  }
  return pad(x, [[0, 0], ...pads.map(([before, after]): Two => [before, after]), [0, 0]]);
}

/** A gradient by what was padded, as one by what it was before; it may lack the last places. */
function unpadded(dx: Tensor, x: Tensor, pads: readonly Pad[]): Tensor {
  const missing = pads.map(([before, after], axis): Pad => {
    const size = (x.shape[axis + 1] ?? 0) + before + after;
    return [0, size - (dx.shape[axis + 1] ?? 0)];
  });
  return slice(padded(dx, missing), [0, ...pads.map(([before]) => before), 0], x.shape);
}

/** How much further than one number a kernel reaches, before and after. */
function reach(kernel: Tensor, dilation: readonly number[]): readonly Pad[] {
  return dilation.map((rate, axis) => {
    const further = ((kernel.shape[axis] ?? 1) - 1) * rate;
    return [further, further];
  });
}

/** Steps that say nothing but how far a kernel's numbers are apart. */
function unmoved(dilation: readonly number[]): Steps {
  return { strides: ones(dilation), dilation, pads: dilation.map(() => [0, 0]) };
}

/** `compute(x, kernel)`, whose gradients are `back(dy, x, kernel)`. */
function withGradients(
  x: Tensor,
  kernel: Tensor,
  compute: (x: Tensor, kernel: Tensor) => Tensor,
  back: (dy: Tensor, x: Tensor, kernel: Tensor) => [Tensor, Tensor],
): Tensor {
  const operation = (input: Tensor, weights: Tensor, save: GradSaveFunc) => {
    save([input, weights]);
    const gradFunc = (dy: Tensor, saved: Tensor[]) => back(dy, ...(saved as [Tensor, Tensor]));
    return { value: compute(input, weights), gradFunc };
  };
  // tfjs types every argument as either a tensor or the function that saves.
  return customGrad(operation as Parameters<typeof customGrad>[0])(x, kernel);
}

function isMany(steps: readonly number[]): boolean {
  return steps.some((step) => step > 1);
}

function ones(axes: readonly unknown[]): readonly number[] {
  return axes.map(() => 1);
}

function zeros(axes: readonly unknown[]): number[] {
  return axes.map(() => 0);
}
