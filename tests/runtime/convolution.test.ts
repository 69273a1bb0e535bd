/** Convolutional layers: what the definition says, plus a bias of any shape, then the activation. */

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test, vi } from "vitest";
import type { DataFormat, Moves, Padding } from "../../export/runtime/src/convolve";
import type { ConvolutionConfig } from "../../export/runtime/src/index";
import {
  Conv1D,
  Conv1DTranspose,
  Conv2D,
  Conv2DTranspose,
  Conv3D,
  Conv3DTranspose,
  DepthwiseConv1D,
  DepthwiseConv2D,
  register,
  SeparableConv1D,
  SeparableConv2D,
} from "../../export/runtime/src/index";
import { convolvedByHand, depthwiseByHand, transposedByHand } from "./convolution_by_hand";
import {
  expectNear,
  expectTrueGradients,
  modelOf,
  predicted,
  seededTensor,
  valuesOf,
} from "./measuring";

register();

type BiasShape = NonNullable<ConvolutionConfig["biasShape"]>;

/** What all rows say, in full; each class has options beside. */
interface Config {
  readonly kernelSize: number[];
  readonly strides?: number[];
  readonly padding?: Padding;
  readonly dilationRate?: number[];
  readonly dataFormat?: DataFormat;
  readonly groups?: number;
}

type Product = (x: tf.Tensor, kernel: tf.Tensor, second: tf.Tensor) => tf.Tensor;

interface Row {
  readonly name: string;
  readonly make: (more?: Partial<ConvolutionConfig>) => tf.layers.Layer;
  /** Shapes without batch. */
  readonly input: readonly number[];
  readonly output: readonly number[];
  /** The axis of channels in both. */
  readonly channelAxis: number;
  readonly kernels: readonly string[];
  readonly product: Product;
  /** Blocks of channels that "group" tells apart; undefined where the layer has none. */
  readonly groups?: number | undefined;
}

function row<Given extends Config>(
  Layer: new (config: Given) => tf.layers.Layer,
  input: readonly number[],
  output: readonly number[],
  config: Given,
  product: (moves: Moves, output: readonly number[]) => Product,
  { groups, kernels = ["kernel"] }: { groups?: number | undefined; kernels?: string[] } = {},
): Row {
  const { strides, padding, dilationRate, dataFormat = "channelsLast" } = config;
  const channelsFirst = dataFormat === "channelsFirst";
  const moves: Moves = {
    strides: strides ?? config.kernelSize.map(() => 1),
    padding: padding ?? "valid",
    dilation: dilationRate ?? config.kernelSize.map(() => 1),
    dataFormat,
  };
  return {
    name: `${Layer.name} with ${JSON.stringify(config)}`,
    make: (more) => new Layer({ ...config, ...more }),
    input,
    output,
    channelAxis: channelsFirst ? 0 : input.length - 1,
    kernels,
    product: product(moves, channelsFirst ? output.slice(1) : output.slice(0, -1)),
    groups,
  };
}

const inGroups =
  (groups = 1) =>
  (moves: Moves): Product =>
  (x, kernel) =>
    convolvedByHand(x, kernel, { ...moves, groups });

const depthwise =
  (moves: Moves): Product =>
  (x, kernel) =>
    depthwiseByHand(x, kernel, moves);

const separable =
  (moves: Moves): Product =>
  (x, apart, mix) =>
    convolvedByHand(depthwiseByHand(x, apart, moves), mix, {
      dataFormat: moves.dataFormat ?? "channelsLast",
    });

/** @param left how much Keras cuts off before the first place. */
const transposed =
  (left: readonly number[]) =>
  ({ strides = [], dilation = [], dataFormat = "channelsLast" }: Moves, sizes: readonly number[]) =>
  (x: tf.Tensor, kernel: tf.Tensor): tf.Tensor =>
    transposedByHand(x, kernel, { strides, dilation, left, sizes, dataFormat });

const first = { dataFormat: "channelsFirst" } as const;
const two = { kernels: ["depthwise_kernel", "pointwise_kernel"] };

// Sizes are alike wherever they can be: there an addition along the wrong axis fits.
const ROWS: readonly Row[] = [
  row(Conv1D, [5, 3], [3, 3], { filters: 3, kernelSize: [3] }, inGroups(), { groups: 1 }),
  row(
    Conv1D,
    [4, 4],
    [4, 4],
    { filters: 4, kernelSize: [2], padding: "causal", dilationRate: [2], groups: 2 },
    inGroups(2),
    { groups: 2 },
  ),
  row(
    Conv1D,
    [2, 3],
    [2, 2],
    { filters: 2, kernelSize: [3], strides: [2], padding: "same", ...first },
    inGroups(),
    { groups: 1 },
  ),
  row(
    Conv2D,
    [4, 4, 4],
    [4, 4, 4],
    { filters: 4, kernelSize: [3, 2], padding: "same", groups: 2 },
    inGroups(2),
    { groups: 2 },
  ),
  row(
    Conv2D,
    [2, 5, 6],
    [4, 4, 4],
    { filters: 4, kernelSize: [2, 2], dilationRate: [1, 2], ...first },
    inGroups(),
    { groups: 1 },
  ),
  row(
    Conv2D,
    [5, 4, 1],
    [2, 2, 2],
    { filters: 2, kernelSize: [2, 1], strides: [2, 2] },
    inGroups(),
    { groups: 1 },
  ),
  row(
    Conv3D,
    [2, 2, 2, 2],
    [2, 2, 2, 2],
    { filters: 2, kernelSize: [1, 2, 2], padding: "same", dilationRate: [1, 1, 2] },
    inGroups(),
    { groups: 1 },
  ),
  row(
    Conv3D,
    [2, 3, 2, 2],
    [4, 2, 2, 2],
    { filters: 4, kernelSize: [2, 1, 1], groups: 2, ...first },
    inGroups(2),
    { groups: 2 },
  ),
  row(
    Conv1DTranspose,
    [3, 2],
    [6, 6],
    { filters: 6, kernelSize: [3], strides: [2], padding: "same" },
    transposed([0]),
  ),
  row(
    Conv2DTranspose,
    [2, 2, 3],
    [4, 4, 4],
    { filters: 4, kernelSize: [2, 2], strides: [2, 1], outputPadding: [0, 0], ...first },
    transposed([0, 0]),
  ),
  row(
    Conv2DTranspose,
    [4, 4, 1],
    [4, 4, 4],
    { filters: 4, kernelSize: [3, 2], padding: "same", dilationRate: [1, 2] },
    transposed([1, 1]),
  ),
  row(
    Conv3DTranspose,
    [1, 1, 2, 2],
    [2, 2, 2, 2],
    { filters: 2, kernelSize: [2, 1, 1], strides: [2, 2, 1], outputPadding: [0, 1, 0] },
    transposed([0, 0, 0]),
  ),
  row(
    DepthwiseConv1D,
    [6, 2],
    [4, 4],
    { kernelSize: [2], depthMultiplier: 2, dilationRate: [2] },
    depthwise,
    { groups: 2 },
  ),
  row(
    DepthwiseConv2D,
    [2, 4, 4],
    [4, 4, 4],
    {
      kernelSize: [2, 3],
      depthMultiplier: 2,
      padding: "same",
      dilationRate: [2, 1],
      ...first,
    },
    depthwise,
    { groups: 2 },
  ),
  row(
    DepthwiseConv2D,
    [3, 3, 4],
    [2, 2, 4],
    { kernelSize: [3, 3], strides: [2, 2], padding: "same" },
    depthwise,
    { groups: 4 },
  ),
  row(
    SeparableConv1D,
    [2, 4],
    [4, 4],
    { filters: 4, kernelSize: [3], padding: "same", ...first },
    separable,
    two,
  ),
  row(
    SeparableConv2D,
    [4, 4, 2],
    [2, 2, 2],
    { filters: 2, kernelSize: [2, 2], depthMultiplier: 3, dilationRate: [2, 2] },
    separable,
    two,
  ),
];

interface BiasRow {
  readonly biasShape: BiasShape;
  readonly stored: readonly number[];
  /** Biases along each axis of the output without batch. */
  readonly counts: readonly number[];
}

/** Every bias shape that the row's layer has. */
function biasesOf({ output, channelAxis, groups }: Row): readonly BiasRow[] {
  const along = (channels: number): number[] =>
    output.map((_, axis) => (axis === channelAxis ? channels : 1));
  const places = output.map((size, axis) => (axis === channelAxis ? 1 : size));
  const filters = output[channelAxis] ?? 0;
  const blocks = output.map((size) => (size % 2 ? 1 : 2));
  return [
    { biasShape: "vector", stored: [filters], counts: along(filters) },
    { biasShape: "scalar", stored: [1], counts: along(1) },
    { biasShape: "location", stored: places, counts: places },
    { biasShape: "untied", stored: output, counts: output },
    { biasShape: blocks, stored: blocks, counts: blocks },
    ...(groups === undefined
      ? []
      : [{ biasShape: "group" as const, stored: [groups], counts: along(groups) }]),
  ];
}

/** At each index of an output, the bias it belongs to: along an axis, index i of n is i * k // n. */
function spread(bias: tf.Tensor, counts: readonly number[], sizes: readonly number[]): tf.Tensor {
  return counts.reduce<tf.Tensor>(
    (found, count, axis) => {
      const size = sizes[axis] ?? 0;
      const blocks = Array.from({ length: size }, (_, index) => Math.floor((index * count) / size));
      return tf.gather(found, blocks, axis);
    },
    tf.reshape(bias, [...counts]),
  );
}

describe.each(ROWS)("$name", (given) => {
  const { make, input, output, channelAxis, kernels, product } = given;
  const x = seededTensor([2, ...input]);

  test.each(biasesOf(given))("adds $biasShape as defined", ({ biasShape, stored, counts }) => {
    const layer = make({ biasShape, activation: "tanh" });
    const model = modelOf(layer, input);

    const y = predicted(model, x);

    const [bias, second, kernel = second] = layer.getWeights().reverse() as [tf.Tensor, tf.Tensor];
    const before = product(x, kernel, second);
    expect(layer.weights.map((weight) => weight.originalName)).toEqual(
      [...kernels, "bias"].map((weight) => `${layer.name}/${weight}`),
    );
    expect(bias.shape).toEqual(stored);
    expect(model.outputs[0]?.shape).toEqual([null, ...output]);
    expect(y.shape).toEqual([2, ...output]);
    expectNear(y, valuesOf(tf.tanh(tf.add(before, spread(bias, counts, output)))));
  });

  test.each(biasesOf(given))("has the slopes of $biasShape as gradients", ({ biasShape }) => {
    const layer = make({ biasShape });
    layer.build([null, ...input]);
    const weights = layer.getWeights().map(({ shape }, index) => seededTensor(shape, index + 2));

    expectTrueGradients(
      (from, ...values) => {
        layer.weights.forEach((weight, index) => {
          vi.spyOn(weight, "read").mockReturnValue(values[index] ?? tf.scalar(NaN));
        });
        return layer.apply(from) as tf.Tensor;
      },
      [seededTensor([1, ...input]), ...weights],
    );
    vi.restoreAllMocks();
  });

  test("takes no samples, and whole numbers", () => {
    const layer = make();
    const whole = tf.cast(tf.mul(x, 9), "int32");

    const none = layer.apply(tf.zeros([0, ...input])) as tf.Tensor;
    const found = layer.apply(whole) as tf.Tensor;

    expect(none.shape).toEqual([0, ...output]);
    expectNear(found, valuesOf(layer.apply(tf.cast(whole, "float32")) as tf.Tensor), 0);
  });

  test("takes any size where the bias is shared, and says so where it is not", () => {
    const unknown = input.map((size, axis) => (axis === channelAxis ? size : null));
    const sizes = output.map((size, axis) => (axis === channelAxis ? size : null));
    const model = modelOf(make(), unknown);
    const untied = make({ biasShape: "untied", name: "c" });

    const y = predicted(model, x);

    const shown = [null, ...sizes].map((size) => size ?? "None").join(", ");
    expect(model.outputs[0]?.shape).toEqual([null, ...sizes]);
    expect(y.shape).toEqual([2, ...output]);
    expect(() => modelOf(untied, unknown)).toThrow(
      new Error(
        `Layer 'c': bias_shape='untied' needs one bias per index of output axis ` +
          `${sizes.indexOf(null) + 1}, whose size is None (output shape (${shown})). ` +
          "Build the layer on a fixed size, or share the bias along that axis.",
      ),
    );
  });

  test("without a bias it has its kernels only", () => {
    const layer = make({ useBias: false });
    layer.build([null, ...input]);

    expect(layer.weights.map((weight) => weight.originalName)).toEqual(kernels);
  });
});
