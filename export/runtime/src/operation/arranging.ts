/** Operations of `keras.ops` that move numbers about: shapes, slices, parts. By Keras's class. */

import type { Tensor } from "@tensorflow/tfjs-core";
import {
  expandDims, fill, lessEqual, logicalNot, ones, range, reshape, squeeze, stack, sub, sum,
  tensor1d, where, zerosLike,
} from "@tensorflow/tfjs-core"; // prettier-ignore
import { permuted } from "../einsum";
import { severed } from "../gradient";
import { at, floats } from "../inputs";
import type { Options } from "../options";
import type { Compute, Given, Kind } from "./given";
import { axisOf, Float, of, promoted } from "./given";
import { item } from "./indexing";
import { framed } from "./frames";
import {
  common, extended, flattened, joined, last, part, reversed, steps, stretched,
  stretchedAny, taken, takenAlong,
} from "./parts"; // prettier-ignore
import { rearranged } from "./rearranging";
import { product } from "../sizes";

/** Of one tensor, in its own type. */
const one =
  (compute: (x: Tensor, options: Options, given: Given) => Tensor): Compute =>
  (given) =>
    compute(given.tensor(0), given.options, given);

/** Of all tensors, along an axis that is there or is put there. */
const along =
  (axis: (tensors: readonly Tensor[]) => number, least = 0): Compute =>
  (given) => {
    const tensors = given.tensors().map((x) => raised(x, least));
    return joined(tensors, axis(tensors));
  };

/** With axes of 1 as `numpy.atleast_2d` and `atleast_3d` add them. */
function raised(x: Tensor, rank: number): Tensor {
  const shape = x.rank === 0 ? [1] : x.shape;
  if (rank === 2 && shape.length < 2) {
    return reshape(x, [1, ...shape]);
  }
  if (rank === 3 && shape.length < 3) {
    return reshape(x, shape.length === 1 ? [1, ...shape, 1] : [...shape, 1]);
  }
  return reshape(x, shape);
}

/** An axis so many times as long, all that stands behind the first `inner` axes copied as one. */
function copied(x: Tensor, axis: number, times: number, inner: number): Tensor {
  const { shape } = x;
  const [outer, each] = [product(shape.slice(0, inner)), product(shape.slice(inner))];
  const copies = stretchedAny(reshape(x, [outer, 1, each]), [outer, times, each]);
  return reshape(copies, shape.map((size, at) => (at === axis ? size * times : size))); // prettier-ignore
}

/** In parts along an axis: so many, or up to each of some places. */
function parts(given: Given, axis: number): Tensor[] {
  const x = given.tensor(0);
  const where = given.options.given("indicesOrSections");
  const size = x.shape[axis] ?? 1;
  const ends = Array.isArray(where)
    ? [...(where as number[]), size]
    : sections(size, Number(where));
  const bounded = ends.map((end) => Math.min(Math.max(end < 0 ? end + size : end, 0), size));
  return bounded.map((end, at) => {
    const start = bounded[at - 1] ?? 0;
    return part(x, axis, start, Math.max(end - start, 0));
  });
}

/** The ends of so many parts, the first ones being larger by one where it does not come out even. */
function sections(size: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => {
    const small = Math.floor(size / count);
    return small * (at + 1) + Math.min(at + 1, size % count);
  });
}

/** An axis longer by copies of its own numbers: "reflect" leaves the edge out, "symmetric" not. */
function mirrored(x: Tensor, axis: number, before: number, after: number, edge: number): Tensor {
  const size = x.shape[axis] ?? 1;
  const front = before > 0 ? [reversed(part(x, axis, 1 - edge, before), [axis])] : [];
  const back = after > 0 ? [reversed(part(x, axis, size - after - 1 + edge, after), [axis])] : [];
  return joined([...front, x, ...back], axis);
}

function padded(x: Tensor, options: Options, given: Given): Tensor {
  const width = options.given("padWidth");
  const pairs = Array.isArray(width) ? (width as readonly (number | readonly number[])[]) : [width];
  const value = numberAt(given, 1);
  const mode = options.text("mode");
  return Array.from(x.shape.keys()).reduce((y, axis) => {
    const flat = pairs.every((each) => typeof each === "number");
    const pair = flat ? pairs : [pairs[axis] ?? pairs[0]].flat();
    const [before, after] = [Number(pair[0]), Number(pair.at(-1))];
    return mode === "constant"
      ? extended(y, axis, before, after, value)
      : mirrored(y, axis, before, after, mode === "symmetric" ? 1 : 0);
  }, x);
}

/** The rows and columns on or below a diagonal. */
function below(x: Tensor, k: number): Tensor {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  return lessEqual(
    sub(reshape(range(0, columns, 1, "int32"), [1, columns]), k),
    reshape(range(0, rows, 1, "int32"), [rows, 1]),
  );
}

/** The numbers of x where the mask says so, and 0 elsewhere. */
function kept(x: Tensor, mask: Tensor): Tensor {
  const full = of("bool", stretched(of("int32", mask), x.shape));
  return where(full, x, zerosLike(x));
}

function diagonal(x: Tensor, options: Options): Tensor {
  const [one, other] = [options.axis("axis1", 0), options.axis("axis2", 1)].map((axis) =>
    axisOf(axis, x),
  ) as [number, number];
  const others = [...x.shape.keys()].filter((axis) => axis !== one && axis !== other);
  const [rows, columns] = [x.shape[one] ?? 1, x.shape[other] ?? 1];
  const outer = others.map((axis) => x.shape[axis] ?? 1);
  const flat = reshape(permuted(x, [...others, one, other]), [product(outer), rows * columns]);
  const offset = options.axis("offset", 0);
  const [row, column] = [Math.max(-offset, 0), Math.max(offset, 0)];
  const count = Math.max(Math.min(rows - row, columns - column), 0);
  const found = steps(flat, 1, row * columns + column, count, columns + 1);
  return reshape(found, [...outer, count]);
}

/** The updates where they are put, and where that is. */
function updated(given: Given): Tensor {
  const [x, updates] = promoted(given.value(0), given.value(2)) as [Tensor, Tensor];
  const starts = given.wholes(1);
  const place = (y: Tensor): Tensor =>
    starts.reduce((z, start, axis) => {
      const size = z.shape[axis] ?? 1;
      return extended(z, axis, start, (x.shape[axis] ?? 1) - start - size);
    }, y);
  const covered = of("bool", place(ones(updates.shape, "int32")));
  return where(covered, place(updates), x);
}

/** An argument that is a number, or 0 if it is not given. */
function numberAt(given: Given, at: number): number {
  const value = given.value(at);
  return value instanceof Float ? value.value : Number(value);
}

/** The type that is asked for, or the tensor's own. */
function kindOf(given: Given): Kind {
  return (given.options.optionalText("dtype") ?? given.tensor(0).dtype) as Kind;
}

export const ARRANGING: Readonly<Record<string, Compute>> = /* @__PURE__ */ (() => ({
  BroadcastTo: one((x, options) => {
    const shape = options.sizes("shape");
    const own = (axis: number): number => x.shape[axis - shape.length + x.rank] ?? 1;
    return stretchedAny(x, shape.map((size, axis) => size ?? own(axis))); // prettier-ignore
  }),
  Cast: (given) => {
    const x = given.tensor(0);
    const kind = kindOf(given);
    // tfjs would let a gradient pass through whole numbers.
    return kind === "float32" ? floats(x) : severed([x], () => of(kind, x).clone());
  },
  Concatenate: (given) => {
    const tensors = given.tensors();
    return given.options.optionalAxes("axis") === null
      ? joined(tensors.map(flattened), 0)
      : joined(tensors, given.axis("axis", at(tensors, 0)));
  },
  CropImages: one((x, options) => framed(x, options, "Cropping", -1)),
  Diagonal: one(diagonal),
  Dstack: along(() => 2, 3),
  ExpandDims: one((x, options) => {
    const axes = [options.axes("axis")].flat();
    const rank = x.rank + axes.length;
    const there = axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
    return there.reduce((y, axis) => expandDims(y, axis), x);
  }),
  Flip: one((x, _, given) => reversed(x, given.axes("axis", x))),
  FullLike: (given) => {
    const x = given.tensor(0);
    return severed([x], () => fill(x.shape, numberAt(given, 1), kindOf(given)));
  },
  GetItem: one((x, _, given) => item(x, given.value(1))),
  Hstack: along((tensors) => (tensors[0]?.rank === 1 ? 0 : 1), 1),
  Meshgrid: (given) => {
    const tensors = given.tensors().map(flattened);
    const order = [...tensors.keys()];
    if (given.options.text("indexing") === "xy" && order.length > 1) {
      order.splice(0, 2, 1, 0);
    }
    const shape = order.map((at) => tensors[at]?.size ?? 1);
    return tensors.map((x, at) => {
      const own = order.map((each) => (each === at ? x.size : 1));
      return stretchedAny(reshape(x, own), shape);
    });
  },
  Pad: one(padded),
  PadImages: one((x, options) => framed(x, options, "Padding", 1)),
  Rearrange: one(rearranged),
  Repeat: (given) => {
    const [x, axis] = given.line();
    const repeats = [given.options.axes("repeats")].flat();
    if (repeats.length > 1) {
      const places = repeats.flatMap((times, at) => Array<number>(times).fill(at));
      return taken(x, axis, tensor1d(places, "int32"));
    }
    return copied(x, axis, repeats[0] ?? 1, axis + 1);
  },
  Reshape: one((x, options) => {
    const sizes = [options.given("newshape")].flat() as readonly (number | null)[];
    return reshape(x, sizes.map((size) => size ?? -1)); // prettier-ignore
  }),
  Roll: (given) => {
    const x = given.tensor(0);
    const flat = given.options.optionalAxes("axis") === null;
    const axes = flat ? [0] : given.axes("axis", x);
    const shifts = [given.options.axes("shift")].flat();
    const rolled = axes.reduce(
      (z, axis, at) => {
        const size = z.shape[axis] ?? 1;
        const shift = (((shifts[at] ?? shifts[0] ?? 0) % size) + size) % size;
        return shift
          ? joined([part(z, axis, size - shift, shift), part(z, axis, 0, size - shift)], axis)
          : z;
      },
      flat ? reshape(x, [-1]) : x,
    );
    return reshape(rolled, x.shape);
  },
  Rot90: one((x, options) => {
    const [one, other] = [options.axes("axes")].flat().map((axis) => axisOf(axis, x)) as [
      number,
      number,
    ];
    const order = [...x.shape.keys()];
    [order[one], order[other]] = [other, one];
    const turns = ((options.axis("k", 1) % 4) + 4) % 4;
    // One turn is a flip of the second axis, then a swap.
    return Array.from({ length: turns }).reduce<Tensor>(
      (y) => permuted(reversed(y, [other]), order),
      x,
    );
  }),
  Slice: one((x, options, given) => {
    const sizes = [options.axes("shape")].flat();
    return given.wholes(1).reduce((y, start, axis) => {
      const size = sizes[axis] ?? 1;
      const most = y.shape[axis] ?? 1;
      const count = size < 0 ? most - start : size;
      return part(y, axis, Math.min(Math.max(start, 0), most - count), count);
    }, x);
  }),
  SliceUpdate: updated,
  Split: (given) => parts(given, given.axis("axis", given.tensor(0), 0)),
  Squeeze: one((x, _, given) => {
    const axes = given.options.optionalAxes("axis");
    return squeeze(x, axes === null ? undefined : given.axes("axis", x));
  }),
  Stack: (given) => {
    const tensors = given.tensors();
    const axis = given.options.axis("axis", 0);
    return stack(tensors, axis < 0 ? axis + (tensors[0]?.rank ?? 0) + 1 : axis);
  },
  Take: (given) => taken(...given.line(), given.tensor(1)),
  TakeAlongAxis: (given) => {
    const [x, axis] = given.line();
    const indices = x.rank === given.tensor(0).rank ? given.tensor(1) : flattened(given.tensor(1));
    const sizes = x.shape.map((size, at) => (at === axis ? 1 : size));
    const own = indices.shape.map((size, at) => (at === axis ? 1 : size));
    const outer = common(sizes, own);
    const full = (y: Tensor): Tensor =>
      stretchedAny(y, outer.map((size, at) => (at === axis ? (y.shape[axis] ?? 1) : size))); // prettier-ignore
    const [rows] = last(full(x), axis);
    const [places, back] = last(full(of("int32", indices)), axis);
    return back(takenAlong(rows, places));
  },
  Tile: one((x, options) => {
    const repeats = [options.axes("repeats")].flat();
    const rank = Math.max(repeats.length, x.rank);
    const times = [...Array<number>(rank - repeats.length).fill(1), ...repeats];
    const full = reshape(x, [...Array<number>(rank - x.rank).fill(1), ...x.shape]);
    return times.reduce((y, time, axis) => copied(y, axis, time, axis), full);
  }),
  Trace: one((x, options) => sum(diagonal(x, options), -1)),
  Transpose: one((x, options) => {
    const axes = options.optionalAxes("axes");
    const reversedAxes = [...x.shape.keys()].reverse();
    return permuted(x, axes === null ? reversedAxes : [axes].flat().map((axis) => axisOf(axis, x))); // prettier-ignore
  }),
  Tril: one((x, options) => kept(x, below(x, options.axis("k", 0)))),
  Triu: one((x, options) => {
    const left = below(x, options.axis("k", 0) - 1);
    return kept(x, logicalNot(left));
  }),
  Unstack: (given) => {
    const x = given.tensor(0);
    const axis = given.axis("axis", x, 0);
    const size = x.shape[axis] ?? 1;
    return Array.from({ length: size }, (_, at) => squeeze(part(x, axis, at, 1), [axis]));
  },
  Vstack: along(() => 0, 2),
}))();
