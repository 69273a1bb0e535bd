/** Transposed convolutions write what their definition says, and their gradients are its slopes. */

import { describe, expect, test } from "vitest";
import type { DataFormat } from "../../export/runtime/src/convolve";
import type { TransposedStep } from "../../export/runtime/src/convolve_transpose";
import { convolveTranspose, transposedSize } from "../../export/runtime/src/convolve_transpose";
import { transposedByHand } from "./convolution_by_hand";
import { expectNear, expectTrueGradients, seededTensor, valuesOf } from "./measuring";

const step = (kernel: number, given: Partial<TransposedStep> = {}): TransposedStep => ({
  kernel,
  stride: 1,
  padding: "valid",
  outputPadding: null,
  dilation: 1,
  ...given,
});

interface Axis {
  readonly input: number;
  readonly step: TransposedStep;
  /** What Keras has of it: the output's size, and how much of the written is cut off before it. */
  readonly size: number;
  readonly left: number;
}

// Sizes are keras.layers.Conv1DTranspose's, and so are the cuts: where the first number is written.
const AXES: Readonly<Record<string, Axis>> = {
  plain: { input: 3, step: step(3), size: 5, left: 0 },
  "a stride": { input: 3, step: step(3, { stride: 2 }), size: 7, left: 0 },
  "a stride beyond the kernel": { input: 3, step: step(2, { stride: 3 }), size: 9, left: 0 },
  "more room": { input: 3, step: step(2, { stride: 3, outputPadding: 2 }), size: 10, left: 0 },
  "no more room": { input: 3, step: step(2, { stride: 3, outputPadding: 0 }), size: 8, left: 0 },
  dilated: { input: 3, step: step(3, { dilation: 2 }), size: 7, left: 0 },
  same: { input: 3, step: step(3, { padding: "same" }), size: 3, left: 1 },
  "same, even": { input: 3, step: step(4, { padding: "same" }), size: 3, left: 1 },
  "same, a stride": { input: 3, step: step(3, { padding: "same", stride: 2 }), size: 6, left: 0 },
  "same, a stride beyond the kernel": {
    input: 3,
    step: step(1, { padding: "same", stride: 3 }),
    size: 9,
    left: 0,
  },
  "same, odd, no more room": {
    input: 3,
    step: step(3, { padding: "same", stride: 2, outputPadding: 0 }),
    size: 5,
    left: 1,
  },
  "same, even, more room": {
    input: 3,
    step: step(4, { padding: "same", stride: 3, outputPadding: 2 }),
    size: 8,
    left: 1,
  },
  "same, dilated": { input: 4, step: step(3, { padding: "same", dilation: 2 }), size: 4, left: 2 },
};

interface Row {
  readonly name: string;
  readonly axes: readonly string[];
  readonly dataFormat?: DataFormat;
}

const ROWS: readonly Row[] = [
  ...Object.keys(AXES).map((name) => ({ name: `steps: ${name}`, axes: [name] })),
  { name: "images", axes: ["a stride", "same, a stride"] },
  {
    name: "images, channels first",
    axes: ["same, even, more room", "a stride beyond the kernel"],
    dataFormat: "channelsFirst",
  },
  { name: "images, dilated on one axis", axes: ["dilated", "same"] },
  { name: "volumes", axes: ["plain", "same", "same, even"] },
  {
    name: "volumes, channels first",
    axes: ["a stride", "same, a stride beyond the kernel", "same, odd, no more room"],
    dataFormat: "channelsFirst",
  },
  { name: "volumes, dilated", axes: ["same, dilated", "plain", "dilated"] },
];

describe.each(ROWS)(
  "a transposed convolution of $name",
  ({ axes, dataFormat = "channelsLast" }) => {
    const known = axes.map((name) => AXES[name]).filter((axis) => axis !== undefined);
    const steps = known.map((axis) => axis.step);
    const sizes = known.map(({ input }) => input);
    const few = known.length > 2;
    const [channels, filters] = few ? [1, 2] : [3, 2];
    const shape = dataFormat === "channelsFirst" ? [channels, ...sizes] : [...sizes, channels];
    const x = seededTensor([few ? 1 : 2, ...shape]);
    const kernel = seededTensor([...steps.map((each) => each.kernel), filters, channels], 2);

    test("is the sum of what each number writes", () => {
      const wanted = transposedByHand(x, kernel, {
        strides: steps.map(({ stride }) => stride),
        dilation: steps.map(({ dilation }) => dilation),
        left: known.map(({ left }) => left),
        sizes: known.map(({ size }) => size),
        dataFormat,
      });

      const y = convolveTranspose(x, kernel, steps, dataFormat);

      expect(y.shape).toEqual(wanted.shape);
      expectNear(y, valuesOf(wanted));
    });

    test("has a true gradient", () => {
      expectTrueGradients(
        (input, weights) => convolveTranspose(input, weights, steps, dataFormat),
        [x, kernel],
      );
    });

    test("knows its size beforehand", () => {
      const found = known.map((axis) => transposedSize(axis.input, axis.step));

      expect(found).toEqual(known.map(({ size }) => size));
      expect(steps.map((each) => transposedSize(null, each))).toEqual(steps.map(() => null));
    });
  },
);

test("a kernel that leaves no output is refused", () => {
  const none = step(2, { padding: "same", stride: 2, outputPadding: 0 });

  expect(() => transposedSize(1, none)).toThrow(
    "a kernel that spans 2 leaves no output of a spatial axis of size 1 with padding='same'. " +
      "Use a larger input, a larger output_padding or padding='valid'.",
  );
});
