/** Operations of `keras.ops` that move numbers about: shapes, slices, parts. By Keras's class. */

import type { Tensor } from "@tensorflow/tfjs-core";
import {
  concat, expandDims, fill, lessEqual, logicalNot, ones, range, reshape, squeeze, stack, sub, sum,
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
  common, extended, flattened, joined, last, part, product, rest, reversed, steps, stretched,
  stretchedAny, taken, takenAlong,
} from "./parts"; // prettier-ignore
import { rearranged } from "./rearranging";

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
  const constant = given.value(1);
  const value = constant instanceof Float ? constant.value : Number(constant ?? 0);
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

/** Space to depth (a block's places become channels), or back. */
function blocks(x: Tensor, options: Options, deeper: boolean): Tensor {
  const block = options.positive("blockSize");
  const first = options.given("dataFormat") === "channelsFirst";
  const y = first ? permuted(x, [0, 2, 3, 1]) : x;
  const [batch, height, width, channels] = y.shape as [number, number, number, number];
  const made = deeper
    ? reshape(
        permuted(
          reshape(y, [batch, height / block, block, width / block, block, channels]),
          [0, 1, 3, 2, 4, 5],
        ),
        [batch, height / block, width / block, block * block * channels],
      )
    : reshape(
        permuted(
          reshape(y, [batch, height, width, block, block, channels / block / block]),
          [0, 1, 3, 2, 4, 5],
        ),
        [batch, height * block, width * block, channels / block / block],
      );
  return first ? permuted(made, [0, 3, 1, 2]) : made;
}

/** A tensor of one number, or in another type, which no gradient reaches. */
const like =
  (value: (given: Given) => number): Compute =>
  (given) => {
    const x = given.tensor(0);
    const kind = (given.options.optionalText("dtype") as Kind | null) ?? (x.dtype as Kind);
    return severed([x], () => fill(x.shape, value(given), kind));
  };

const typed: Compute = (given) => {
  const x = given.tensor(0);
  const kind = (given.options.optionalText("dtype") as Kind | null) ?? (x.dtype as Kind);
  // tfjs would let a gradient pass through whole numbers.
  return kind === "float32" ? floats(x) : severed([x], () => of(kind, x).clone());
};

export const ARRANGING: Readonly<Record<string, Compute>> = /* @__PURE__ */ (() => ({
  Append: (given) => {
    const [x, y] = given.pair();
    return given.options.optionalAxes("axis") === null
      ? concat([flattened(x), flattened(y)], 0)
      : concat([x, y], given.axis("axis", x));
  },
  ArraySplit: (given) => parts(given, given.axis("axis", given.tensor(0), 0)),
  BroadcastTo: one((x, options) => {
    const shape = options.sizes("shape");
    const own = (axis: number): number => x.shape[axis - shape.length + x.rank] ?? 1;
    return stretchedAny(x, shape.map((size, axis) => size ?? own(axis))); // prettier-ignore
  }),
  Cast: typed,
  Concatenate: (given) => {
    const tensors = given.tensors();
    const axis = given.options.optionalAxes("axis");
    return axis === null
      ? joined(tensors.map(flattened), 0)
      : joined(tensors, axisOf(axis as number, at(tensors, 0)));
  },
  ConvertToTensor: typed,
  CropImages: one((x, options) => framed(x, options, "Cropping", -1)),
  DepthToSpace: one((x, options) => blocks(x, options, false)),
  Diagonal: one(diagonal),
  Dsplit: (given) => parts(given, 2),
  Dstack: along(() => 2, 3),
  ExpandDims: one((x, options) => {
    const axes = [options.axes("axis")].flat();
    const rank = x.rank + axes.length;
    const there = axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
    return there.reduce((y, axis) => expandDims(y, axis), x);
  }),
  Flip: one((x, _, given) => reversed(x, given.axes("axis", x))),
  Fliplr: one((x) => reversed(x, [1])),
  Flipud: one((x) => reversed(x, [0])),
  FullLike: like((given) => {
    const value = given.value(1);
    return value instanceof Float ? value.value : Number(value);
  }),
  GetItem: one((x, _, given) => item(x, given.value(1))),
  Hsplit: (given) => parts(given, given.tensor(0).rank === 1 ? 0 : 1),
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
  Moveaxis: one((x, options) => {
    const [from, to] = ["source", "destination"].map((key) =>
      [options.axes(key)].flat().map((axis) => axisOf(axis, x)),
    ) as [number[], number[]];
    const others = [...x.shape.keys()].filter((axis) => !from.includes(axis));
    const order = [...x.shape.keys()].map((axis) => {
      const at = to.indexOf(axis);
      return at < 0 ? (others.shift() ?? 0) : (from[at] ?? 0);
    });
    return permuted(x, order);
  }),
  OnesLike: like(() => 1),
  Pad: one(padded),
  PadImages: one((x, options) => framed(x, options, "Padding", 1)),
  Ravel: one(flattened),
  Rearrange: one(rearranged),
  Repeat: one((x, options) => {
    const whole = options.optionalAxes("axis") === null;
    const y = whole ? flattened(x) : x;
    const axis = whole ? 0 : axisOf(options.axis("axis", 0), x);
    const size = y.shape[axis] ?? 1;
    const repeats = [options.axes("repeats")].flat();
    if (repeats.length > 1) {
      const places = repeats.flatMap((times, at) => Array<number>(times).fill(at));
      return taken(y, axis, tensor1d(places, "int32"));
    }
    const times = repeats[0] ?? 1;
    const outer = product(y.shape.slice(0, axis)) * size;
    const apart = reshape(y, [outer, 1, rest(y.shape, axis)]);
    const full = stretchedAny(apart, [outer, times, rest(y.shape, axis)]);
    return reshape(full, [...y.shape.slice(0, axis), size * times, ...y.shape.slice(axis + 1)]);
  }),
  Reshape: one((x, options) => {
    const sizes = [options.given("newshape")].flat() as readonly (number | null)[];
    return reshape(x, sizes.map((size) => size ?? -1)); // prettier-ignore
  }),
  Roll: one((x, options) => {
    const axes = options.optionalAxes("axis");
    const shifts = [options.axes("shift")].flat();
    const y = axes === null ? flattened(x) : x;
    const rolled = [axes ?? 0].flat().reduce((z, each, at) => {
      const axis = axisOf(each, z);
      const size = z.shape[axis] ?? 1;
      const shift = (((shifts[at] ?? shifts[0] ?? 0) % size) + size) % size;
      return shift
        ? joined([part(z, axis, size - shift, shift), part(z, axis, 0, size - shift)], axis)
        : z;
    }, y);
    return reshape(rolled, x.shape);
  }),
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
  SpaceToDepth: one((x, options) => blocks(x, options, true)),
  Split: (given) => parts(given, given.axis("axis", given.tensor(0), 0)),
  Squeeze: one((x, _, given) => {
    const axes = given.options.optionalAxes("axis");
    const gone = axes === null ? undefined : given.axes("axis", x);
    return squeeze(x, gone);
  }),
  Stack: (given) => {
    const tensors = given.tensors();
    const axis = given.options.axis("axis", 0);
    return stack(tensors, axis < 0 ? axis + (tensors[0]?.rank ?? 0) + 1 : axis);
  },
  Swapaxes: one((x, options) => {
    const [one, other] = ["axis1", "axis2"].map((key) => axisOf(options.axis(key, 0), x)) as [
      number,
      number,
    ];
    const order = [...x.shape.keys()];
    [order[one], order[other]] = [other, one];
    return permuted(x, order);
  }),
  Take: (given) => {
    const x = given.tensor(0);
    const [indices] = promoted(given.value(1)) as [Tensor];
    return given.options.optionalAxes("axis") === null
      ? taken(flattened(x), 0, indices)
      : taken(x, given.axis("axis", x), indices);
  },
  TakeAlongAxis: (given) => {
    const x = given.tensor(0);
    const [indices] = promoted(given.value(1)) as [Tensor];
    if (given.options.optionalAxes("axis") === null) {
      return takenAlong(flattened(x), flattened(indices));
    }
    const axis = given.axis("axis", x);
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
    return times.reduce((y, time, axis) => {
      const outer = product(y.shape.slice(0, axis));
      const apart = reshape(y, [outer, 1, product(y.shape.slice(axis))]);
      const more = stretchedAny(apart, [outer, time, product(y.shape.slice(axis))]);
      const size = (y.shape[axis] ?? 1) * time;
      return reshape(more, [...y.shape.slice(0, axis), size, ...y.shape.slice(axis + 1)]);
    }, full);
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
  Vsplit: (given) => parts(given, 0),
  Vstack: along(() => 0, 2),
  ZerosLike: like(() => 0),
}))();
