/** Convolutions compute what their definition says, and their gradients are its slopes. */

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import type { GroupedMoves, Moves } from "../../export/runtime/src/convolve";
import { convolve, convolveDepthwise, convolvedSize } from "../../export/runtime/src/convolve";
import { convolvedByHand, depthwiseByHand } from "./convolution_by_hand";
import { expectNear, expectTrueGradients, seededTensor, valuesOf } from "./measuring";

interface Row {
  readonly name: string;
  readonly x: readonly number[];
  readonly kernel: readonly number[];
  readonly moves: GroupedMoves;
}

// Sizes are equal where a mistaken axis would show, and leave a rest where strides may.
const ROWS: readonly Row[] = [
  { name: "1-D", x: [2, 5, 3], kernel: [3, 3, 3], moves: {} },
  {
    name: "1-D, causal and dilated",
    x: [1, 6, 2],
    kernel: [3, 2, 2],
    moves: { padding: "causal", dilation: [2] },
  },
  {
    name: "1-D, causal with strides",
    x: [1, 7, 2],
    kernel: [2, 2, 3],
    moves: { padding: "causal", strides: [3] },
  },
  {
    name: "1-D, channels first, same, dilated beyond the input",
    x: [2, 3, 3],
    kernel: [3, 3, 2],
    moves: { padding: "same", dilation: [3], dataFormat: "channelsFirst" },
  },
  {
    name: "1-D, a group to each channel",
    x: [2, 4, 4],
    kernel: [2, 1, 8],
    moves: { groups: 4, padding: "same", strides: [2] },
  },
  {
    name: "2-D, same with strides that are longer than the kernel",
    x: [1, 6, 7, 2],
    kernel: [1, 2, 2, 3],
    moves: { padding: "same", strides: [2, 3] },
  },
  {
    name: "2-D, strides that leave a rest",
    x: [1, 5, 6, 2],
    kernel: [2, 3, 2, 2],
    moves: { strides: [2, 2] },
  },
  {
    name: "2-D, dilated on one axis",
    x: [2, 4, 5, 2],
    kernel: [2, 3, 2, 3],
    moves: { dilation: [1, 2] },
  },
  {
    name: "2-D, dilated and same, an even kernel",
    x: [1, 4, 4, 2],
    kernel: [2, 3, 2, 2],
    moves: { dilation: [3, 2], padding: "same" },
  },
  {
    name: "2-D, dilated with strides",
    x: [1, 7, 6, 2],
    kernel: [2, 2, 2, 2],
    moves: { dilation: [2, 3], strides: [2, 1], padding: "same" },
  },
  {
    name: "2-D, two groups, channels first, dilated",
    x: [1, 4, 4, 4],
    kernel: [2, 2, 2, 4],
    moves: { groups: 2, dilation: [2, 1], dataFormat: "channelsFirst" },
  },
  {
    name: "2-D, a group to each channel, dilated, two filters each",
    x: [2, 4, 4, 3],
    kernel: [2, 2, 1, 6],
    moves: { groups: 3, dilation: [2, 3], padding: "same" },
  },
  {
    name: "2-D, a group to each channel, dilated with strides",
    x: [1, 5, 6, 2],
    kernel: [2, 2, 1, 2],
    moves: { groups: 2, dilation: [2, 1], strides: [1, 2], padding: "same" },
  },
  { name: "3-D", x: [1, 3, 3, 3, 2], kernel: [2, 1, 2, 2, 2], moves: { padding: "same" } },
  {
    name: "3-D, same with strides that are longer than the kernel",
    x: [1, 4, 4, 3, 1],
    kernel: [1, 1, 2, 1, 2],
    moves: { padding: "same", strides: [2, 3, 2] },
  },
  {
    name: "3-D, dilated, channels first",
    x: [1, 2, 3, 4, 3],
    kernel: [2, 2, 2, 2, 1],
    moves: { dilation: [1, 2, 2], dataFormat: "channelsFirst", padding: "same" },
  },
  {
    name: "3-D, a group to each channel",
    x: [1, 3, 2, 3, 2],
    kernel: [2, 2, 2, 1, 4],
    moves: { groups: 2 },
  },
  { name: "size 1 everywhere", x: [1, 1, 1, 1], kernel: [1, 1, 1, 1], moves: {} },
];

describe.each(ROWS)("a convolution ($name)", ({ x: shape, kernel: size, moves }) => {
  const [x, kernel] = [seededTensor(shape), seededTensor(size, 2)];

  test("is the sum of what the kernel sees", () => {
    const wanted = convolvedByHand(x, kernel, moves);

    const y = convolve(x, kernel, moves);

    expect(y.shape).toEqual(wanted.shape);
    expectNear(y, valuesOf(wanted));
  });

  test("has a true gradient", () => {
    expectTrueGradients((input, weights) => convolve(input, weights, moves), [x, kernel]);
  });
});

const DEPTHWISE: readonly { name: string; x: number[]; kernel: number[]; moves: Moves }[] = [
  { name: "1-D", x: [2, 4, 4], kernel: [3, 4, 2], moves: { padding: "same", strides: [2] } },
  {
    name: "1-D, dilated, channels first",
    x: [2, 3, 5],
    kernel: [2, 3, 2],
    moves: { dilation: [3], dataFormat: "channelsFirst" },
  },
  {
    name: "2-D, strides of two lengths",
    x: [1, 5, 6, 2],
    kernel: [3, 2, 2, 3],
    moves: { strides: [2, 3], padding: "same" },
  },
  {
    name: "2-D, dilated",
    x: [2, 4, 4, 2],
    kernel: [3, 2, 2, 2],
    moves: { dilation: [1, 2], padding: "same" },
  },
  {
    name: "2-D, dilated with strides",
    x: [1, 6, 5, 2],
    kernel: [2, 3, 2, 2],
    moves: { dilation: [2, 2], strides: [2, 2] },
  },
];

describe.each(DEPTHWISE)("a depthwise convolution ($name)", ({ x: shape, kernel: size, moves }) => {
  const [x, kernel] = [seededTensor(shape), seededTensor(size, 2)];

  test("is the sum of what the channel's kernels see", () => {
    const wanted = depthwiseByHand(x, kernel, moves);

    const y = convolveDepthwise(x, kernel, moves);

    expect(y.shape).toEqual(wanted.shape);
    expectNear(y, valuesOf(wanted));
  });

  test("has a true gradient", () => {
    expectTrueGradients((input, weights) => convolveDepthwise(input, weights, moves), [x, kernel]);
  });
});

test("the size of a convolved axis is known before it is convolved", () => {
  const found = [
    convolvedSize(null, 9, 1, "valid", 1),
    convolvedSize(7, 3, 2, "valid", 2),
    convolvedSize(7, 3, 2, "same", 2),
    convolvedSize(7, 3, 3, "causal", 2),
  ];

  expect(found).toEqual([null, 2, 4, 3]);
});

test("a kernel that does not fit is refused", () => {
  expect(() => convolve(tf.zeros([1, 4, 1]), tf.zeros([3, 1, 1]), { dilation: [2] })).toThrow(
    "a kernel that spans 5 does not fit into a spatial axis of size 4 with padding='valid'. " +
      "Use a larger input, a smaller kernel or padding='same'.",
  );
});

test("a dilated convolution leaves no tensor behind, predicting or learning", () => {
  const [x, kernel] = [seededTensor([1, 5, 5, 2]), seededTensor([2, 2, 1, 2])];
  const moves: GroupedMoves = { dilation: [2, 2], groups: 2 };
  const before = tf.memory().numTensors;

  tf.tidy(() => convolve(x, kernel, moves)).dispose();
  tf.tidy(() => tf.grads((a, b) => convolve(a, b, moves))([x, kernel])).forEach((gradient) => {
    gradient.dispose();
  });

  expect(tf.memory().numTensors).toBe(before);
});
