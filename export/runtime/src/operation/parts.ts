/** Parts of tensors: slices, copies, places. All have gradients, at any number of axes. */

import type { Tensor } from "@tensorflow/tfjs-core";
import {
  add, concat, fill, gather, lessEqual, mul, range, reshape, reverse,
  scatterND, slice, transpose, zeros,
} from "@tensorflow/tfjs-core"; // prettier-ignore
import { permuted } from "../einsum";
import { severed, withGradient } from "../gradient";
import { at } from "../inputs";
import type { Kind } from "./given";
import { of } from "./given";
import { product } from "../sizes";

/**
 * The tensor in a larger shape, its axes of 1 repeated.
 *
 * tfjs's own broadcastTo and tile have gradients up to four axes only.
 */
export function stretched(x: Tensor, shape: readonly number[]): Tensor {
  const same = x.rank === shape.length && x.shape.every((size, axis) => size === shape[axis]);
  return same ? x : add(x, zeros([...shape], x.dtype === "int32" ? "int32" : "float32"));
}

/** The same of any type. */
export function stretchedAny(x: Tensor, shape: readonly number[]): Tensor {
  return x.dtype === "bool" ? of("bool", stretched(of("int32", x), shape)) : stretched(x, shape);
}

/** A part of one axis. */
export function part(x: Tensor, axis: number, start: number, size: number): Tensor {
  const { shape } = x;
  if (start === 0 && size === shape[axis]) {
    return x;
  }
  // As few axes as can be: backends slice up to some number of them.
  const flat = reshape(x, [product(shape.slice(0, axis)), shape[axis] ?? 1, rest(shape, axis)]);
  const taken = slice(flat, [0, start, 0], [-1, size, -1]);
  return reshape(taken, [...shape.slice(0, axis), size, ...shape.slice(axis + 1)]);
}

/** Every step-th number of one axis from `start` on. */
export function steps(x: Tensor, axis: number, start: number, count: number, step: number): Tensor {
  if (step === 1 || count < 2) {
    return part(x, axis, start, count);
  }
  const size = x.shape[axis] ?? 1;
  const reach = Math.min(size - start, count * step);
  const taken = part(x, axis, start, reach);
  const filled = extended(taken, axis, 0, count * step - reach);
  const apart = reshape(filled, [
    product(x.shape.slice(0, axis)), count, step * rest(x.shape, axis),
  ]); // prettier-ignore
  const firsts = slice(apart, [0, 0, 0], [-1, -1, rest(x.shape, axis)]);
  return reshape(firsts, [...x.shape.slice(0, axis), count, ...x.shape.slice(axis + 1)]);
}

/** With so many copies of a number before and behind along one axis. */
export function extended(
  x: Tensor,
  axis: number,
  before: number,
  after: number,
  value = 0,
): Tensor {
  const block = (size: number): Tensor[] => {
    const shape = x.shape.map((each, at) => (at === axis ? size : each));
    return size > 0 ? [fill(shape, value, x.dtype as Kind)] : [];
  };
  return joined([...block(before), x, ...block(after)], axis);
}

/** One behind the other. */
export function joined(parts: readonly Tensor[], axis: number): Tensor {
  return parts.length === 1 ? at(parts, 0) : concat([...parts], axis);
}

/** Backwards along some axes. */
export function reversed(x: Tensor, axes: readonly number[]): Tensor {
  return axes.reduce((y, axis) => {
    const flat = reshape(y, [product(y.shape.slice(0, axis)), y.shape[axis] ?? 1, -1]);
    return y.size ? reshape(reverse(flat, 1), y.shape) : y;
  }, x);
}

/** The numbers at some places of an axis, which may be counted from behind. */
export function taken(x: Tensor, axis: number, indices: Tensor): Tensor {
  const size = x.shape[axis] ?? 1;
  const flat = reshape(of("int32", indices), [indices.size]);
  const places = severed([flat], () => {
    const behind = of("int32", lessEqual(flat, -1));
    return add(flat, mul(behind, size));
  });
  const found = gathered(x, of("int32", places), axis);
  return reshape(found, [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]);
}

/** The numbers at places of the last axis, for each row its own. */
export function takenAlong(x: Tensor, indices: Tensor): Tensor {
  const size = x.shape.at(-1) ?? 1;
  const count = indices.shape.at(-1) ?? 1;
  const rows = x.size / size;
  const places = severed([indices], () => {
    const own = reshape(of("int32", indices), [rows, count]);
    const wrapped = add(own, mul(of("int32", lessEqual(own, -1)), size));
    return add(wrapped, reshape(mul(range(0, rows, 1, "int32"), size), [rows, 1]));
  });
  const flat = reshape(of("int32", places), [rows * count]);
  return reshape(gathered(reshape(x, [x.size]), flat, 0), indices.shape);
}

/** tfjs's own gives its places a gradient, of a type that it then refuses; and none on wasm. */
function gathered(x: Tensor, places: Tensor, axis: number): Tensor {
  const size = x.shape[axis] ?? 1;
  const outer = product(x.shape.slice(0, axis));
  const inner = rest(x.shape, axis);
  return withGradient(
    x,
    (input) => gather(input, places, axis),
    (dy, _y, input, kept) => {
      const rows = transpose(reshape(dy, [outer, places.size, inner]), [1, 0, 2]);
      const rowsOf = reshape(kept, [places.size, 1]);
      const summed = scatterND(rowsOf, rows, [size, outer, inner]);
      return reshape(transpose(summed, [1, 0, 2]), input.shape);
    },
    places,
  );
}

/** With one axis moved to the end, and how to move it back. */
export function last(x: Tensor, axis: number): readonly [Tensor, (y: Tensor) => Tensor] {
  const order = [...x.shape.keys()].filter((each) => each !== axis).concat(axis);
  return [permuted(x, order), (y) => permuted(y, inverse(order))];
}

/** The numbers one behind the other, for operations without an axis. */
export function flattened(x: Tensor): Tensor {
  return reshape(x, [x.size]);
}

/** How many numbers stand behind one place of an axis. */
export function rest(shape: readonly number[], axis: number): number {
  return product(shape.slice(axis + 1));
}

function inverse(order: readonly number[]): number[] {
  return order.map((_, axis) => order.indexOf(axis));
}

/** The shape that two shapes are stretched to. */
export function common(one: readonly number[], other: readonly number[]): readonly number[] {
  const rank = Math.max(one.length, other.length);
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = [one, other].map((shape) => shape[axis - rank + shape.length] ?? 1);
    return sizes.find((size) => size !== 1) ?? 1;
  });
}
