/** Operations of `keras.ops` that are products of matrices. By Keras's class. */

import type { Tensor } from "@tensorflow/tfjs-core";
import {
  add, cos, floor, matMul, mul, range, reshape, sin, sqrt, square, sub, sum, div, tensor1d,
} from "@tensorflow/tfjs-core"; // prettier-ignore
import { einsum as einsumOfTwo, ordered, permuted } from "../einsum";
import { floats } from "../inputs";
import { picked } from "../resize";
import type { Compute, Given } from "./given";
import { axisOf, promoted, refuse } from "./given";
import { common, extended, flattened, joined, last, part, stretched } from "./parts";
import { product } from "../sizes";

/** Of two tensors, in float32. */
const both =
  (compute: (x: Tensor, y: Tensor, given: Given) => Tensor): Compute =>
  (given) =>
    compute(given.floats(0), given.floats(1), given);

/** Products of the matrices in the last two axes; a vector is a row, or a column. */
function matmul(x: Tensor, y: Tensor): Tensor {
  if (x.rank === 1) {
    return without(matmul(reshape(x, [1, x.size]), y), y.rank === 1 ? -1 : -2);
  }
  if (y.rank === 1) {
    return without(matmul(x, reshape(y, [y.size, 1])), -1);
  }
  const [rows, inner] = x.shape.slice(-2) as [number, number];
  const columns = y.shape.at(-1) ?? 1;
  if (y.rank === 2) {
    const flat = reshape(x, [x.size / (inner || 1), inner]);
    return reshape(matMul(flat, y), [...x.shape.slice(0, -1), columns]);
  }
  const outer = common(x.shape.slice(0, -2), y.shape.slice(0, -2));
  const count = product(outer);
  const left = reshape(stretched(x, [...outer, rows, inner]), [count, rows, inner]);
  const right = reshape(stretched(y, [...outer, inner, columns]), [count, inner, columns]);
  return reshape(matMul(left, right), [...outer, rows, columns]);
}

function without(x: Tensor, axis: number): Tensor {
  const at = axisOf(axis, x);
  return reshape(x, x.shape.filter((_, each) => each !== at)); // prettier-ignore
}

/** By an equation of one operand, two, or more. */
function einsum(equation: string, operands: readonly Tensor[]): Tensor {
  const [left, output] = equation.split("->") as [string, string];
  const terms = left.split(",");
  const [x, ...others] = operands as [Tensor, ...Tensor[]];
  const [term, next, ...rest] = terms as [string, string | undefined, ...string[]];
  const [other, ...after] = others;
  if (next === undefined || other === undefined) {
    return traced(term, output, x);
  }
  // What neither the rest nor the output asks for is summed over as soon as can be.
  const asked = [...rest, output].join();
  const kept = Array.from(new Set((term + next).replaceAll(".", ""))).filter(
    (letter) => rest.length === 0 || asked.includes(letter),
  );
  const dots = (term + next).includes("...") ? "..." : "";
  const made = rest.length === 0 ? output : dots + kept.join("");
  const found = einsumOfTwo(`${term},${next}->${made}`, x, other);
  return rest.length === 0
    ? found
    : einsum(`${[made, ...rest].join()}->${output}`, [found, ...after]);
}

/** The axes of one tensor in another order, those left out summed over. */
function traced(term: string, output: string, x: Tensor): Tensor {
  const names = (side: string): string[] => {
    const [before = "", after = ""] = side.split("...");
    const elided = side.includes("...") ? x.rank - term.replace("...", "").length : 0;
    return [
      before.split(""),
      Array.from({ length: elided }, (_, at) => `.${at}`),
      after.split(""),
    ].flat();
  };
  return ordered(x, names(term), names(output));
}

/** The Fourier transform along one axis, as a product with the matrix of waves. */
function transformed(
  [real, imaginary]: readonly [Tensor, Tensor | null],
  axis: number,
  sign: 1 | -1,
): [Tensor, Tensor] {
  const [rows, back] = last(real, axis);
  const size = rows.shape.at(-1) ?? 1;
  const places = range(0, size, 1, "float32");
  const outer = matMul(reshape(places, [size, 1]), reshape(places, [1, size]));
  // Whole turns taken off: the cosine of a large angle is inexact.
  const turns = sub(outer, mul(size, floor(div(outer, size))));
  const angle = mul(turns, (sign * 2 * Math.PI) / size);
  const [waves, shifted] = [cos(angle), sin(angle)];
  const made = (x: Tensor, waves: Tensor): Tensor => back(matmul(x, waves));
  if (imaginary === null) {
    return [made(rows, waves), made(rows, shifted)];
  }
  const [others] = last(imaginary, axis);
  return [
    sub(made(rows, waves), made(others, shifted)),
    add(made(rows, shifted), made(others, waves)),
  ];
}

/** The two parts of complex numbers. */
function complex(given: Given): [Tensor, Tensor] {
  const pair = given.value(0);
  return Array.isArray(pair)
    ? (promoted(...(pair as readonly Tensor[])).map(floats) as [Tensor, Tensor])
    : refuse("is not called on a real and an imaginary part");
}

/** As many numbers of the last axis, cut or with zeros behind. */
function fitted(x: Tensor, size: number): Tensor {
  const there = x.shape.at(-1) ?? 1;
  const axis = x.rank - 1;
  if (size <= there) {
    return part(x, axis, 0, size);
  }
  return extended(x, axis, 0, size - there);
}

export const MULTIPLYING: Readonly<Record<string, Compute>> = /* @__PURE__ */ (() => ({
  CDist: both((x, y) => {
    const [m, n] = [x.shape.at(-2) ?? 1, y.shape.at(-2) ?? 1];
    const outer = x.shape.slice(0, -2);
    const size = x.shape.at(-1) ?? 1;
    const far = sub(reshape(x, [...outer, m, 1, size]), reshape(y, [...outer, 1, n, size]));
    return sqrt(sum(square(far), -1));
  }),
  Cross: both((x, y, given) => {
    const axis = (key: string, z: Tensor): number =>
      given.options.optionalAxes("axis") === null ? given.axis(key, z) : given.axis("axis", z);
    const [one] = last(x, axis("axisa", x));
    const [other] = last(y, axis("axisb", y));
    const at = (z: Tensor, index: number): Tensor => part(z, z.rank - 1, index, 1);
    const term = (i: number, j: number): Tensor =>
      sub(mul(at(one, i), at(other, j)), mul(at(one, j), at(other, i)));
    const made = joined([term(1, 2), term(2, 0), term(0, 1)], Math.max(one.rank, other.rank) - 1);
    const to = axis("axisc", made);
    const order = [...Array(made.rank - 1).keys()];
    order.splice(to, 0, made.rank - 1);
    return permuted(made, order);
  }),
  Einsum: (given) => einsum(given.options.text("subscripts"), given.tensors().map(floats)),
  FFT: (given) => {
    const [real, imaginary] = complex(given);
    return transformed([real, imaginary], real.rank - 1, -1);
  },
  FFT2: (given) => {
    const [real, imaginary] = complex(given);
    const once = transformed([real, imaginary], real.rank - 1, -1);
    return transformed(once, real.rank - 2, -1);
  },
  IFFT2: (given) => {
    const [real, imaginary] = complex(given);
    const once = transformed([real, imaginary], real.rank - 1, 1);
    const size = product(real.shape.slice(-2));
    return transformed(once, real.rank - 2, 1).map((x) => div(x, size));
  },
  IRFFT: (given) => {
    const [real, imaginary] = complex(given);
    const axis = real.rank - 1;
    const size = given.options.optionalNumber("fftLength") ?? 2 * ((real.shape[axis] ?? 1) - 1);
    const half = Math.floor(size / 2) + 1;
    const indices = Array.from({ length: size }, (_, at) => (at < half ? at : size - at));
    const whole = (x: Tensor): Tensor => picked(fitted(x, half), axis, indices);
    const signs = tensor1d(indices.map((from, at) => (from === at ? 1 : -1)));
    return div(transformed([whole(real), mul(whole(imaginary), signs)], axis, 1)[0], size);
  },
  Matmul: both(matmul),
  Outer: both((x, y) => mul(reshape(x, [x.size, 1]), reshape(y, [1, y.size]))),
  RFFT: (given) => {
    const x = given.floats(0);
    const size = given.options.optionalNumber("fftLength") ?? x.shape.at(-1) ?? 1;
    const made = transformed([fitted(x, size), null], x.rank - 1, -1);
    return made.map((y) => part(y, y.rank - 1, 0, Math.floor(size / 2) + 1));
  },
  Vdot: both((x, y) => sum(mul(flattened(x), flattened(y)))),
}))();
