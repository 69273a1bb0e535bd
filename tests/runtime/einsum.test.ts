/** Products by an equation: numbers and gradients as the equation defines them. */

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { einsum } from "../../export/runtime/src/einsum";
import { byDefinition } from "./einsum_by_hand";
import { expectNear, expectTrueGradients, seededTensor } from "./measuring";

interface Row {
  readonly equation: string;
  readonly x: readonly number[];
  readonly kernel: readonly number[];
  /** The same without an ellipsis. */
  readonly plain?: string;
}

// Sizes that are alike hide nothing here: the definition goes by letters alone.
const ROWS: readonly Row[] = [
  { equation: "ab,bc->ac", x: [2, 3], kernel: [3, 4] },
  { equation: "abc,cd->abd", x: [2, 3, 3], kernel: [3, 3] },
  { equation: "abc,cde->abde", x: [2, 3, 4], kernel: [4, 2, 3] },
  { equation: "abcd,cde->abe", x: [2, 3, 2, 4], kernel: [2, 4, 3] },
  { equation: "abc,abd->acd", x: [2, 3, 4], kernel: [2, 3, 5] },
  { equation: "abc,bcd->abd", x: [2, 3, 4], kernel: [3, 4, 2] },
  { equation: "abc,cd->dba", x: [2, 3, 4], kernel: [4, 5] },
  { equation: "aecd,abcd->acbe", x: [2, 3, 2, 4], kernel: [2, 5, 2, 4] },
  { equation: "acbe,aecd->abcd", x: [2, 2, 5, 3], kernel: [2, 3, 2, 4] },
  { equation: "abgde,acgdf->abcgdef", x: [2, 2, 2, 2, 2], kernel: [2, 2, 2, 2, 2] },
  { equation: "abcdef,adef->fedcba", x: [2, 1, 2, 2, 2, 2], kernel: [2, 2, 2, 2] },
  { equation: "abcdefg,gfa->bdca", x: [2, 1, 2, 2, 1, 2, 2], kernel: [2, 2, 2] },
  { equation: "abc,de->ad", x: [2, 3, 2], kernel: [3, 2] },
  { equation: "abc,cd->d", x: [2, 3, 4], kernel: [4, 2] },
  { equation: "ab,cd->bc", x: [2, 3], kernel: [4, 2] },
  { equation: "ab,ab->ab", x: [2, 3], kernel: [2, 3] },
  { equation: "ab,ab->", x: [2, 3], kernel: [2, 3] },
  { equation: "a,b->ab", x: [1], kernel: [1] },
  { equation: "aB,BC->aC", x: [2, 3], kernel: [3, 4] },
  { equation: "...x,xy->...y", x: [2, 3, 4], kernel: [4, 2], plain: "abx,xy->aby" },
  { equation: "...x,xy->...y", x: [4], kernel: [4, 2], plain: "x,xy->y" },
  { equation: "...bc,cd->...bd", x: [2, 1, 3, 4], kernel: [4, 2], plain: "xybc,cd->xybd" },
  { equation: "ab...,bc->ac...", x: [2, 3, 2, 4], kernel: [3, 5], plain: "abxy,bc->acxy" },
  { equation: "a...b,bc->c...a", x: [2, 3, 4], kernel: [4, 2], plain: "axb,bc->cxa" },
];

describe.each(ROWS)("$equation of $x and $kernel", ({ equation, x, kernel, plain }) => {
  const [one, other] = [seededTensor(x, 1), seededTensor(kernel, 2)];

  test("is the sum that it says", () => {
    const y = einsum(equation, one, other);

    expectNear(y, byDefinition(plain ?? equation, one, other));
  });

  test("has the slopes as gradients", () => {
    expectTrueGradients((left, right) => einsum(equation, left, right), [one, other]);
  });
});

test("the shape is the output's letters'", () => {
  const y = einsum("abc,cd->dba", tf.ones([2, 3, 4]), tf.ones([4, 5]));

  expect(y.shape).toEqual([5, 3, 2]);
});

test("no samples give none", () => {
  expect(einsum("abc,cd->abd", tf.ones([0, 3, 4]), tf.ones([4, 5])).shape).toEqual([0, 3, 5]);
});

test("nothing is left behind", () => {
  const [one, other] = [tf.ones([2, 3, 4]), tf.ones([4, 5])];
  const before = tf.memory().numTensors;

  tf.tidy(() => einsum("abc,cd->dba", one, other)).dispose();

  expect(tf.memory().numTensors).toBe(before);
});

describe("nonsense is refused in words", () => {
  test.each<readonly [string, readonly number[], readonly number[], string]>([
    [
      "ab,bc",
      [2, 3],
      [3, 4],
      "equation='ab,bc' is not of the form 'ab,bc->ac'. Use letters, and '...' once a side.",
    ],
    [
      "......a,ab->...b",
      [2, 3],
      [3, 4],
      "equation='......a,ab->...b' is not of the form 'ab,bc->ac'. Use letters, and '...' once a side.",
    ],
    [
      "ab,bc->ad",
      [2, 3],
      [3, 4],
      "equation='ab,bc->ad' has the output axis 'd', which is in neither operand. Use letters of the operands.",
    ],
    [
      "aa,ab->b",
      [2, 2],
      [2, 4],
      "equation='aa,ab->b' has the input 'aa', which names 'a' twice. Use a letter for each axis.",
    ],
    [
      "ab,bc->aa",
      [2, 2],
      [2, 4],
      "equation='ab,bc->aa' has the output 'aa', which names 'a' twice. Use a letter for each axis.",
    ],
    [
      "ab,bc->ac",
      [2, 3, 3],
      [3, 4],
      "equation='ab,bc->ac' has the input 'ab', which does not name the axes of a tensor of 3. Use a letter for each axis.",
    ],
    [
      "...ab,bc->...ac",
      [2],
      [3, 4],
      "equation='...ab,bc->...ac' has the input '...ab', which does not name the axes of a tensor of 1. Use a letter for each axis.",
    ],
    [
      "...b,bc->c",
      [2, 3],
      [3, 4],
      "equation='...b,bc->c' has '...' on one side only. Put it on both sides, or on none.",
    ],
    [
      "ab,bc->ac",
      [2, 3],
      [5, 4],
      "equation='ab,bc->ac' has the sizes 3 and 5 for 'b' (shapes (2, 3) and (5, 4)). Use equal sizes.",
    ],
  ])("%s", (equation, x, kernel, message) => {
    expect(() => einsum(equation, tf.ones([...x]), tf.ones([...kernel]))).toThrow(
      new Error(message),
    );
  });
});
