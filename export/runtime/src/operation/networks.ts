/** Operations of `keras.ops.nn` and `keras.ops.image`: layers without weights. By Keras's class. */

import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import {
  add, clipByValue, div, eye, log, max, mean, mul, oneHot, reshape, rsqrt, square, sub,
  sum, tensor1d, matMul, where, softplus, neg, 
} from "@tensorflow/tfjs-core"; // prettier-ignore
import type { DataFormat, Padding } from "../convolve";
import { channelsBack, channelsLast, convolve, convolveDepthwise } from "../convolve";
import { einsum, permuted } from "../einsum";
import { severed } from "../gradient";
import { floats } from "../inputs";
import { logSoftmax, softmax } from "../layers/softmax";
import type { Options } from "../options";
import type { Interpolation } from "../resize";
import { resized } from "../resize";
import type { Compute, Given, Kind } from "./given";
import { axisOf, of, promoted } from "./given";
import { flattened, stretched } from "./parts";
import { product } from "../sizes";

const EPSILON = 1e-7;

/** Where attention is not to look, before the softmax. */
const NOWHERE = -2.38e38;

function formatOf(options: Options): DataFormat {
  return options.given("dataFormat") === "channelsFirst" ? "channelsFirst" : "channelsLast";
}

/** How a kernel moves over so many axes. */
function moves(options: Options, axes: number): Parameters<typeof convolve>[2] {
  return {
    strides: options.perAxis("strides", axes, 1),
    padding: options.text("padding") as Padding,
    dilation: options.perAxis("dilationRate", axes, 1),
    dataFormat: formatOf(options),
  };
}

const convolved =
  (
    compute: (x: Tensor, kernel: Tensor, moves: Parameters<typeof convolve>[2]) => Tensor,
  ): Compute =>
  (given) => {
    const [x, kernel] = [given.floats(0), given.floats(1)];
    return compute(x, kernel, moves(given.options, x.rank - 2));
  };

/** With ones where the tensor's sizes are not the parameter's. */
function along(parameter: Tensor, x: Tensor, axes: readonly number[]): Tensor {
  const shape = x.shape.map((size, axis) => (axes.includes(axis) ? size : 1));
  return parameter.rank === x.rank ? parameter : reshape(parameter, shape);
}

/** Times a scale, plus an offset, as far as they are given. */
function scaled(given: Given, x: Tensor, like: Tensor, axes: number[], first: number): Tensor {
  const [scale, offset] = [given.optionalFloats(first), given.optionalFloats(first + 1)];
  const larger = scale === null ? x : mul(x, along(scale, like, axes));
  return offset === null ? larger : add(larger, along(offset, like, axes));
}

function attention(given: Given): Tensor {
  const { options } = given;
  const [query, key, value] = [given.floats(0), given.floats(1), given.floats(2)];
  const scale = given.optionalFloats(5) ?? 1 / Math.sqrt(query.shape.at(-1) ?? 1);
  const bias = given.optionalFloats(3);
  const raw = mul(einsum("btnh,bsnh->bnts", query, key), scale);
  const logits = bias === null ? raw : add(raw, bias);
  const masks: Tensor[] = [];
  if (given.value(4) !== null) {
    masks.push(of("bool", given.tensor(4)));
  }
  if (options.bool("isCausal", false)) {
    const [steps, sources] = logits.shape.slice(-2) as [number, number];
    const rows = Array.from({ length: steps }, (_, row) =>
      Array.from({ length: sources }, (_, column) => column <= row),
    );
    masks.push(...promoted(rows));
  }
  const shown = masks.reduce((before, mask) => {
    const full = severed([mask], () => of("bool", stretched(of("int32", mask), logits.shape)));
    return where(full, before, NOWHERE);
  }, logits);
  return einsum("bnts,bsnh->btnh", softmax(shown, [3]), value);
}

/** Ones at the places that the numbers name, along a new axis. */
function ones(given: Given): Tensor {
  const { options } = given;
  const x = given.tensor(0);
  const depth = options.positive("numClasses");
  const kind = (options.optionalText("dtype") as Kind | null) ?? "float32";
  const axis = options.axis("axis", -1);
  return severed([x], () => {
    const hot = reshape(oneHot(flattened(of("int32", x)), depth), [...x.shape, depth]);
    const to = axis < 0 ? axis + hot.rank : axis;
    const order = [...x.shape.keys()];
    order.splice(to, 0, x.rank);
    return of(kind, permuted(of("float32", hot), order));
  });
}

/** Numbers between 0 and 1, kept off both ends. */
function between(x: Tensor): Tensor {
  return clipByValue(x, EPSILON, 1 - EPSILON);
}

/** Patches of images or volumes as channels: a convolution with the identity. */
function patches(given: Given): Tensor {
  const { options } = given;
  const images = given.floats(0);
  const written = options.given("size");
  const axes = Array.isArray(written) ? written.length : 2;
  const batched = images.rank === axes + 2 ? images : reshape(images, [1, ...images.shape]);
  const first = formatOf(options) === "channelsFirst";
  const channels = batched.shape[first ? 1 : axes + 1] ?? 1;
  const size = options.perAxis("size", axes);
  const kernel = reshape(eye(product(size) * channels), [...size, channels, -1]);
  const made = convolve(batched, kernel, {
    strides: options.given("strides") ? options.perAxis("strides", axes) : size,
    padding: options.text("padding") as Padding,
    dilation: options.perAxis("dilationRate", axes, 1),
    dataFormat: formatOf(options),
  });
  return images.rank === axes + 2 ? made : reshape(made, made.shape.slice(1));
}

export const NETWORKS: Readonly<Record<string, Compute>> = /* @__PURE__ */ (() => ({
  BatchNorm: (given) => {
    const x = given.floats(0);
    const axes = [given.axis("axis", x)];
    const mean = along(given.floats(1), x, axes);
    const variance = along(given.floats(2), x, axes);
    const root = rsqrt(add(variance, given.options.number("epsilon", 1e-3)));
    // Keras has the offset before the scale.
    const [offset, scale] = [given.optionalFloats(3), given.optionalFloats(4)];
    const inverse = scale === null ? root : mul(root, along(scale, x, axes));
    const centred = mul(sub(x, mean), inverse);
    return offset === null ? centred : add(centred, along(offset, x, axes));
  },
  BinaryCrossentropy: (given) => {
    const [target, output] = [given.floats(0), given.floats(1)];
    if (given.options.bool("fromLogits", false)) {
      const [yes, no] = [neg(softplus(neg(output))), neg(softplus(output))];
      return neg(add(mul(target, yes), mul(sub(1, target), no)));
    }
    const chance = between(output);
    return neg(add(mul(target, log(chance)), mul(sub(1, target), log(sub(1, chance)))));
  },
  CategoricalCrossentropy: (given) => {
    const [target, output] = [given.floats(0), given.floats(1)];
    const axis = given.axis("axis", output);
    const logs = given.options.bool("fromLogits", false)
      ? logSoftmax(output, [axis])
      : log(between(div(output, sum(output, axis, true))));
    return neg(sum(mul(target, logs), axis));
  },
  Conv: convolved((x, kernel, how) => {
    const first = how?.dataFormat === "channelsFirst";
    const channels = x.shape[first ? 1 : x.rank - 1] ?? 1;
    return convolve(x, kernel, { ...how, groups: channels / (kernel.shape.at(-2) ?? 1) });
  }),
  DepthwiseConv: convolved(convolveDepthwise),
  DotProductAttention: attention,
  ExtractPatches: patches,
  LayerNorm: (given) => {
    const x = given.floats(0);
    const axes = given.axes("axis", x);
    const epsilon = given.options.optionalNumber("epsilon") ?? EPSILON;
    const centred = sub(x, mean(x, axes, true));
    const root = rsqrt(add(mean(square(centred), axes, true), epsilon));
    if (given.options.bool("rmsScaling", false)) {
      const gamma = given.optionalFloats(1);
      return gamma === null ? mul(x, root) : mul(mul(x, root), along(gamma, x, axes));
    }
    return scaled(given, mul(centred, root), x, axes, 1);
  },
  MultiHot: (given) => {
    const hot = ones(given);
    const axis = given.tensor(0).rank > 1 ? 1 : 0;
    return severed([hot], () => of(hot.dtype, max(of("float32", hot), axis)));
  },
  OneHot: ones,
  RGBToGrayscale: (given) => {
    const x = given.floats(0);
    const axis = axisOf(formatOf(given.options) === "channelsFirst" ? -3 : -1, x);
    if (x.shape[axis] === 1) {
      return x;
    }
    const shape = x.shape.map((_, at) => (at === axis ? 3 : 1));
    return sum(mul(x, reshape(tensor1d([0.2989, 0.587, 0.114]), shape)), axis, true);
  },
  RMSNorm: (given) => {
    const x = given.floats(0);
    const axes = given.axes("axis", x);
    const epsilon = given.options.optionalNumber("epsilon") ?? EPSILON;
    const root = rsqrt(add(mean(square(x), axes, true), epsilon));
    const scale = given.optionalFloats(1);
    return scale === null ? mul(x, root) : mul(mul(x, root), scale);
  },
  Resize: (given) => {
    const { options } = given;
    const images = given.tensor(0);
    const single = images.rank === 3;
    const batch = single ? reshape(images, [1, ...images.shape]) : images;
    const [height, width] = options.perAxis("size", 2) as [number, number];
    const made = channelsBack(
      resized(
        channelsLast(batch, formatOf(options)) as Tensor4D,
        [height, width],
        options.text("interpolation") as Interpolation,
        options.bool("antialias", false),
      ),
      formatOf(options),
    );
    return single ? reshape(made, made.shape.slice(1)) : made;
  },
  SegmentSum: (given) => {
    const [data, ids] = [given.floats(0), of("int32", given.tensor(1))];
    const count = given.options.positive("numSegments");
    const rows = severed([ids], () => floats(oneHot(flattened(ids), count)));
    const flat = reshape(data, [ids.size, -1]);
    return reshape(matMul(rows, flat, true), [count, ...data.shape.slice(ids.rank)]);
  },
  SeparableConv: (given) => {
    const x = given.floats(0);
    const how = moves(given.options, x.rank - 2);
    const deep = convolveDepthwise(x, given.floats(1), how);
    return convolve(deep, given.floats(2), { dataFormat: formatOf(given.options) });
  },
}))();
