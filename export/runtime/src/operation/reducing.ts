/** Operations of `keras.ops` along axes: sums, norms, orders. By Keras's class. */

import type { Tensor } from "@tensorflow/tfjs-core";
import {
  abs, add, all, any, argMax, argMin, cumsum, div, expandDims, isNaN, logSumExp, logicalNot,
  max, maximum, mean, min, minimum, mul, neg, notEqual, pow, prod, reshape, rsqrt, sigmoid, sqrt,
  square, sub, sum, topk, where,
} from "@tensorflow/tfjs-core"; // prettier-ignore
import { ACTIVATIONS } from "../activations";
import { permuted } from "../einsum";
import { severed } from "../gradient";
import { at, floats } from "../inputs";
import { logSoftmax, softmax } from "../layers/softmax";
import type { Compute, Given, Kind } from "./given";
import { of } from "./given";
import { joined, last, part, stretched, takenAlong } from "./parts";

type Reduction = (x: Tensor, axes: number[], keepdims: boolean) => Tensor;

const reduced =
  (compute: Reduction, prepared: (x: Tensor) => Tensor = floats): Compute =>
  (given) => {
    const x = prepared(given.tensor(0));
    return compute(x, given.axes("axis", x), given.options.bool("keepdims", false));
  };

const numbers = (x: Tensor): Tensor => (x.dtype === "bool" ? of("int32", x) : x);

/** Yes or no about all numbers along axes, through which no gradient passes. */
const judged = (compute: Reduction): Compute =>
  reduced(
    (x, axes, keepdims) => severed([x], () => compute(of("bool", x), axes, keepdims)),
    (x) => x,
  );

const variance: Reduction = (x, axes, keepdims) =>
  mean(square(sub(x, mean(x, axes, true))), axes, keepdims);

/** Of the numbers that are numbers. */
const ofNumbers = (compute: Reduction, instead: number): Compute =>
  reduced((x, axes, keepdims) => {
    const missing = severed([x], () => isNaN(x));
    return compute(where(missing, instead, x), axes, keepdims);
  });

/** How many of them there are. */
function count(x: Tensor, axes: number[], keepdims: boolean): Tensor {
  return severed([x], () => sum(of("float32", logicalNot(isNaN(x))), axes, keepdims));
}

const meanOfNumbers: Reduction = (x, axes, keepdims) => {
  const zero = where(
    severed([x], () => isNaN(x)),
    0,
    x,
  );
  return div(sum(zero, axes, keepdims), count(x, axes, keepdims));
};

const varianceOfNumbers: Reduction = (x, axes, keepdims) => {
  const missing = severed([x], () => isNaN(x));
  const known = where(missing, 0, x);
  const far = sub(known, meanOfNumbers(x, axes, true));
  const squares = where(missing, 0, square(far));
  return div(sum(squares, axes, keepdims), count(x, axes, keepdims));
};

/** Along one axis moved to the end, and back. */
const alongAxis =
  (compute: (x: Tensor, given: Given) => Tensor): Compute =>
  (given) => {
    const x = numbers(given.tensor(0));
    const [rows, back] = last(x, given.axis("axis", x));
    return back(compute(rows, given));
  };

/** The first place of the largest or smallest number. */
const place =
  (compute: (x: Tensor, axis: number) => Tensor): Compute =>
  (given) => {
    const [x, axis] = given.line();
    const found = severed([x], () => compute(numbers(x), axis));
    if (!given.options.bool("keepdims", false)) {
      return found;
    }
    const { shape } = given.tensor(0);
    return reshape(found, shape.map((size, at) => (found.rank && at !== axis ? size : 1))); // prettier-ignore
  };

/** Sums or products of all numbers up to each. */
const running =
  (compute: (x: Tensor, axis: number) => Tensor): Compute =>
  (given) => {
    const [x, axis] = given.line();
    const kind = given.options.optionalText("dtype") as Kind | null;
    return compute(kind ? of(kind, x) : numbers(x), axis);
  };

/** tfjs's own has no gradient. */
function products(x: Tensor, axis: number): Tensor {
  const size = x.shape[axis] ?? 1;
  const found: Tensor[] = [];
  for (let at = 0; at < size; at++) {
    const next = part(x, axis, at, 1);
    const before = found.at(-1);
    found.push(before ? mul(before, next) : next);
  }
  return joined(found, axis);
}

/** The places of the numbers of the last axis, from the smallest on. */
function order(x: Tensor): Tensor {
  return severed([x], () => topk(neg(floats(x)), x.shape.at(-1) ?? 1).indices);
}

function sorted(x: Tensor): Tensor {
  return takenAlong(x, order(x));
}

/** Numbers below which lie so large shares of all numbers along axes. */
function quantiles(given: Given, shares: readonly number[], scalar: boolean): Tensor {
  const x = given.floats(0);
  const axes = given.axes("axis", x);
  const others = [...x.shape.keys()].filter((axis) => !axes.includes(axis));
  const outer = others.map((axis) => x.shape[axis] ?? 1);
  const rows = sorted(reshape(permuted(x, [...others, ...axes]), [...outer, -1]));
  const size = rows.shape.at(-1) ?? 1;
  const shape = given.options.bool("keepdims", false)
    ? x.shape.map((each, axis) => (axes.includes(axis) ? 1 : each))
    : outer;
  const found = shares.map((share) => {
    const at = share * (size - 1);
    const [low, high] = [Math.floor(at), Math.ceil(at)].map((each) =>
      part(rows, outer.length, each, 1),
    ) as [Tensor, Tensor];
    const between = add(mul(low, 1 - (at - Math.floor(at))), mul(high, at - Math.floor(at)));
    return reshape(between, shape);
  });
  return scalar ? at(found, 0) : joined(found.map((each) => expandDims(each, 0)), 0); // prettier-ignore
}

/** The p-norm along axes; of rows and columns, where there are two axes and an order. */
function norm(x: Tensor, order: unknown, axes: number[], keepdims: boolean): Tensor {
  if (order === null || order === undefined || order === "fro" || order === 2) {
    return sqrt(sum(square(x), axes, keepdims));
  }
  const size = abs(x);
  if (order === "inf" || order === "-inf") {
    return (order === "inf" ? max : min)(size, axes, keepdims);
  }
  const power = Number(order);
  if (power === 0) {
    return sum(
      severed([x], () => of("float32", notEqual(x, 0))),
      axes,
      keepdims,
    );
  }
  return power === 1
    ? sum(size, axes, keepdims)
    : pow(sum(pow(size, power), axes, keepdims), 1 / power);
}

/** Along axes or, without any, over all numbers. */
const overAxes =
  (compute: (x: Tensor, axes: number[]) => Tensor): Compute =>
  (given) => {
    const x = given.floats(0);
    return compute(x, given.axes("axis", x));
  };

/** Along one axis, or of all numbers in a row. */
const ordering =
  (compute: (rows: Tensor) => Tensor): Compute =>
  (given) => {
    const [x, axis] = given.line();
    const [rows, back] = last(numbers(x), axis);
    return back(compute(rows));
  };

export const REDUCING: Readonly<Record<string, Compute>> = /* @__PURE__ */ (() => ({
  All: judged(all),
  Any: judged(any),
  Argmax: place(argMax),
  Argmin: place(argMin),
  Argsort: ordering(order),
  Average: (given) => {
    const x = given.floats(0);
    const weights = given.optionalFloats(1);
    const axes = given.axes("axis", x);
    if (weights === null) {
      return mean(x, axes);
    }
    const shape = x.shape.map((size, axis) => (axes.includes(axis) ? size : 1));
    const full = weights.rank === x.rank ? weights : reshape(weights, shape);
    return div(sum(mul(x, full), axes), sum(stretched(full, x.shape), axes));
  },
  CountNonzero: reduced((x, axes) => severed([x], () => sum(of("int32", notEqual(x, 0)), axes))),
  Cumprod: running(products),
  // tfjs's own has a gradient along the last axis only.
  Cumsum: running((x, axis) => {
    const [rows, back] = last(x, axis);
    return back(cumsum(rows, rows.rank - 1));
  }),
  Diff: alongAxis((x, given) => {
    const axis = x.rank - 1;
    return Array.from({ length: given.options.axis("n", 1) }).reduce<Tensor>((y) => {
      const size = (y.shape[axis] ?? 1) - 1;
      return sub(part(y, axis, 1, size), part(y, axis, 0, size));
    }, x);
  }),
  Glu: (given) => {
    const x = given.floats(0);
    const axis = given.axis("axis", x);
    const half = (x.shape[axis] ?? 2) / 2;
    return mul(part(x, axis, 0, half), sigmoid(part(x, axis, half, half)));
  },
  LogSoftmax: overAxes(logSoftmax),
  Logsumexp: reduced((x, axes, keepdims) => logSumExp(x, axes, keepdims)),
  Max: reduced(max, numbers),
  Mean: reduced((x, axes, keepdims) => mean(x, axes, keepdims)),
  Min: reduced(min, numbers),
  Moments: (given) => {
    const x = given.floats(0);
    const axes = given.axes("axes", x);
    const keepdims = given.options.bool("keepdims", false);
    return [mean(x, axes, keepdims), variance(x, axes, keepdims)];
  },
  Nanmax: ofNumbers(max, -Infinity),
  Nanmean: reduced(meanOfNumbers),
  Nanmin: ofNumbers(min, Infinity),
  Nanprod: ofNumbers(prod, 1),
  Nanstd: reduced((x, axes, keepdims) => sqrt(varianceOfNumbers(x, axes, keepdims))),
  Nansum: ofNumbers(sum, 0),
  Nanvar: reduced(varianceOfNumbers),
  Norm: (given) =>
    reduced((x, axes, keepdims) => norm(x, given.options.given("ord"), axes, keepdims))(given),
  Normalize: (given) => {
    const x = given.floats(0);
    const axes = given.axes("axis", x);
    const epsilon = given.options.optionalNumber("epsilon") ?? 1e-7;
    const power = given.options.number("order", 2);
    return power === 2
      ? mul(x, minimum(rsqrt(sum(square(x), axes, true)), 1 / epsilon))
      : div(x, maximum(norm(x, power, axes, true), epsilon));
  },
  Prod: reduced(prod, numbers),
  Ptp: reduced((x, axes, keepdims) => sub(max(x, axes, keepdims), min(x, axes, keepdims))),
  Quantile: (given) => {
    const shares = given.floats(1);
    return quantiles(given, Array.from(shares.dataSync()), shares.rank === 0);
  },
  Softmax: overAxes(softmax),
  Sort: ordering(sorted),
  Sparsemax: alongAxis((x) => ACTIVATIONS.sparsemax(floats(x))),
  Std: reduced((x, axes, keepdims) => sqrt(variance(x, axes, keepdims))),
  Sum: reduced((x, axes, keepdims) => sum(x, axes, keepdims), numbers),
  TopK: (given) => {
    const x = numbers(given.tensor(0));
    const places = severed([x], () => topk(floats(x), given.options.positive("k")).indices);
    return [takenAlong(x, places), places];
  },
  Var: reduced(variance),
}))();
