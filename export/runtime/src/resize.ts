/**
 * Images of another size, as Keras resizes them: `keras.ops.image.resize`, with JAX.
 *
 * With TensorFlow it differs in two places: "bicubic" without antialiasing rounds where a number lies
 * between pixels to 1024ths, and "nearest" may take the pixel before where a new one's centre lies
 * exactly between two.
 *
 * tfjs's `resizeBilinear` knows half-pixel centres, but no other interpolation and no antialiasing,
 * and wasm has no gradient of it. Here a matrix of weights for each axis is multiplied with the
 * image, which every backend can and can take the gradient of.
 */

import type { Rank, Tensor, Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";
import { gather, matMul, reshape, tensor1d, tensor3d } from "@tensorflow/tfjs-core";
import { withGradient } from "./gradient";
import { floats } from "./inputs";

/** How the numbers between pixels are made of those around. */
export const INTERPOLATIONS = ["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"] as const;

export type Interpolation = (typeof INTERPOLATIONS)[number];

/**
 * Images in another size, by half-pixel centres.
 *
 * @param images `(batch, height, width, channels)`; in float32 unless the interpolation is nearest.
 * @param size height and width of what comes out.
 * @param interpolation between pixels.
 * @param antialias whether all pixels take part when an axis shrinks; "nearest" never does so.
 */
export function resized(
  images: Tensor4D,
  size: readonly [number, number],
  interpolation: Interpolation,
  antialias = false,
): Tensor4D {
  const [height, width] = size;
  const taller = resizedAlong(images, 1, height, interpolation, antialias);
  return resizedAlong(taller, 2, width, interpolation, antialias) as Tensor4D;
}

/** The same along one axis, counted from the front, of a tensor of any shape. */
export function resizedAlong(
  x: Tensor,
  axis: number,
  size: number,
  interpolation: Interpolation,
  antialias = false,
): Tensor {
  const from = x.shape[axis] ?? 0;
  if (interpolation === "nearest") {
    return from === size ? x : picked(x, axis, nearest(from, size));
  }
  const input = floats(x);
  return from === size
    ? input
    : combined(input, axis, interpolating(from, size, interpolation, antialias));
}

/**
 * Sums along an axis, a row of weights for each number that comes out.
 *
 * @param x any shape, in float32.
 * @param axis counted from the front.
 * @param weights `(new size, size)`.
 */
export function combined(x: Tensor, axis: number, weights: readonly (readonly number[])[]): Tensor {
  const rows = weights.map((row) => [...row]);
  const product = matMul(tensor3d([rows]), inThree(x, axis));
  return reshape(product, replaced(x.shape, axis, rows.length));
}

/** The numbers at these indices of an axis, of any type. */
export function picked(x: Tensor, axis: number, indices: readonly number[]): Tensor {
  const size = x.shape[axis] ?? 0;
  return withGradient(
    x,
    (input) => gather(input, tensor1d([...indices], "int32"), axis),
    // tfjs's gradient of `gather` is no operation of wasm.
    (dy) => combined(dy, axis, selecting(indices, size)),
  );
}

/** The matrix that sums up what was picked: a row for each number there was to pick. */
export function selecting(indices: readonly number[], size: number): number[][] {
  return Array.from({ length: size }, (_, from) => indices.map((at) => (at === from ? 1 : 0)));
}

/** The pixel that each new one's centre lies in, in whole numbers: no rounding moves it. */
function nearest(from: number, to: number): number[] {
  return Array.from({ length: to }, (_, at) => Math.floor(((2 * at + 1) * from) / (2 * to)));
}

/** The weights along an axis, `(to, from)`: `compute_weight_mat` of `jax/_src/image/scale.py`. */
function interpolating(
  from: number,
  to: number,
  interpolation: Exclude<Interpolation, "nearest">,
  antialias: boolean,
): number[][] {
  const step = from / to;
  const width = antialias ? Math.max(step, 1) : 1;
  const kernel = KERNELS[interpolation];
  return Array.from({ length: to }, (_, at) => {
    const centre = (at + 0.5) * step - 0.5;
    const row = Array.from({ length: from }, (_, pixel) =>
      kernel(Math.abs(centre - pixel) / width),
    );
    // Beyond the edge there are no pixels: those that are there count for more.
    const total = row.reduce((sum, weight) => sum + weight, 0);
    return row.map((weight) => (Math.abs(total) > SMALLEST_TOTAL ? weight / total : 0));
  });
}

/** A thousand times the distance of 1 from the next number in float32. */
const SMALLEST_TOTAL = 1000 * 2 ** -23;

/** How much a pixel counts, by its distance. */
const KERNELS = {
  bilinear: (x: number) => Math.max(0, 1 - x),
  bicubic: keys,
  lanczos3: (x: number) => lanczos(x, 3),
  lanczos5: (x: number) => lanczos(x, 5),
} as const;

/** R. G. Keys, "Cubic convolution interpolation for digital image processing", with a = -0.5. */
function keys(x: number): number {
  if (x >= 2) {
    return 0;
  }
  return x >= 1 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : (1.5 * x - 2.5) * x * x + 1;
}

function lanczos(x: number, radius: number): number {
  if (x <= 1e-3) {
    return 1;
  }
  const turn = Math.PI * x;
  return x > radius ? 0 : (radius * Math.sin(turn) * Math.sin(turn / radius)) / turn ** 2;
}

/** `(before the axis, the axis, behind it)`. */
export function inThree(x: Tensor, axis: number): Tensor3D {
  const product = (sizes: readonly number[]): number => sizes.reduce((all, each) => all * each, 1);
  const { shape } = x;
  return reshape<Rank.R3>(x, [
    product(shape.slice(0, axis)),
    shape[axis] ?? 1,
    product(shape.slice(axis + 1)),
  ]);
}

/** The shape with another size along the axis. */
export function replaced(shape: readonly number[], axis: number, size: number): number[] {
  return shape.map((each, at) => (at === axis ? size : each));
}
