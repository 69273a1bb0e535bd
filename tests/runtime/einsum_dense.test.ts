/** EinsumDense: kernel and bias have the shapes that Keras derives, and are used as it says. */

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { EinsumDenseConfig } from "../../export/runtime/src/index";
import { EinsumDense, register } from "../../export/runtime/src/index";
import { byDefinition } from "./einsum_by_hand";
import {
  expectNear,
  expectTrueGradients,
  modelOf,
  predicted,
  product,
  reloaded,
  savedLayers,
  seededTensor,
  valuesOf,
} from "./measuring";

beforeAll(register);

interface Row {
  readonly config: EinsumDenseConfig;
  /** Without the batch. */
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly kernel: readonly number[];
  readonly bias: readonly number[] | null;
  /** Biases along each of the output's axes without the batch. */
  readonly counts?: readonly number[];
  /** The equation without an ellipsis. */
  readonly plain?: string;
}

const dense = { equation: "abc,cd->abd", outputShape: [4, 4] } as const;
const dense4 = { config: dense, input: [4, 4], output: [4, 4], kernel: [4, 4] } as const;
const heads = { equation: "abc,cde->abde", outputShape: [null, 3, 3] } as const;
const heads3 = { input: [3, 3], output: [3, 3, 3], kernel: [3, 3, 3] } as const;

const ROWS: readonly Row[] = [
  { ...dense4, bias: null },
  { ...dense4, config: { ...dense, biasAxes: "d" }, bias: [4], counts: [1, 4] },
  { ...dense4, config: { ...dense, biasAxes: "b" }, bias: [4, 1], counts: [4, 1] },
  { ...dense4, config: { ...dense, biasAxes: "db" }, bias: [4, 4], counts: [4, 4] },
  {
    ...dense4,
    config: { ...dense, biasAxes: "d", biasShape: "scalar" },
    bias: [1],
    counts: [1, 1],
  },
  {
    ...dense4,
    config: { ...dense, biasAxes: "d", biasShape: "location" },
    bias: [4, 1],
    counts: [4, 1],
  },
  {
    ...dense4,
    config: { ...dense, biasAxes: "b", biasShape: "location" },
    bias: [1, 4],
    counts: [1, 4],
  },
  {
    ...dense4,
    config: { ...dense, biasAxes: "d", biasShape: "untied" },
    bias: [4, 4],
    counts: [4, 4],
  },
  { ...dense4, config: { ...dense, biasShape: "location" }, bias: [4, 1], counts: [4, 1] },
  { ...dense4, config: { ...dense, biasShape: [2] }, bias: [2], counts: [1, 2] },
  { ...dense4, config: { ...dense, biasShape: [2, null] }, bias: [2, 4], counts: [2, 4] },
  { ...heads3, config: { ...heads, biasAxes: "de" }, bias: [3, 3], counts: [1, 3, 3] },
  { ...heads3, config: { ...heads, biasAxes: "d" }, bias: [3, 1], counts: [1, 3, 1] },
  {
    ...heads3,
    config: { ...heads, biasAxes: "d", biasShape: "location" },
    bias: [3, 1, 3],
    counts: [3, 1, 3],
  },
  {
    ...heads3,
    config: { ...heads, biasAxes: "de", biasShape: "location" },
    bias: [3, 1, 1],
    counts: [3, 1, 1],
  },
  {
    config: { equation: "abcd,cde->abe", outputShape: [null, 5], biasAxes: "e" },
    input: [2, 3, 4],
    output: [2, 5],
    kernel: [3, 4, 5],
    bias: [5],
    counts: [1, 5],
  },
  {
    config: { equation: "abc,bcd->abd", outputShape: [2, 5], biasAxes: "bd" },
    input: [2, 3],
    output: [2, 5],
    kernel: [2, 3, 5],
    bias: [2, 5],
    counts: [2, 5],
  },
  {
    config: { equation: "ab,bc->ac", outputShape: 1, biasAxes: "c", activation: "tanh" },
    input: [1],
    output: [1],
    kernel: [1, 1],
    bias: [1],
    counts: [1],
  },
  {
    config: { equation: "aB,BC->aC", outputShape: [4], biasAxes: "C" },
    input: [3],
    output: [4],
    kernel: [3, 4],
    bias: [4],
    counts: [4],
  },
  {
    config: { equation: "...x,xy->...y", outputShape: 4, biasAxes: "y" },
    plain: "abcx,xy->abcy",
    input: [2, 3, 5],
    output: [2, 3, 4],
    kernel: [5, 4],
    bias: [4],
    counts: [1, 1, 4],
  },
  {
    config: { equation: "...x,xyz->...yz", outputShape: [2, 3], biasAxes: "z" },
    plain: "abx,xyz->abyz",
    input: [2, 5],
    output: [2, 2, 3],
    kernel: [5, 2, 3],
    bias: [3],
    counts: [1, 1, 3],
  },
  {
    config: { equation: "ab...,bc->ac...", outputShape: 4, biasAxes: "c" },
    plain: "abxy,bc->acxy",
    input: [5, 2, 3],
    output: [4, 2, 3],
    kernel: [5, 4],
    bias: [4, 1, 1],
    counts: [4, 1, 1],
  },
  {
    config: { equation: "ab...,bc->ac...", outputShape: 4, biasAxes: "c", biasShape: "location" },
    plain: "abxy,bc->acxy",
    input: [5, 2, 3],
    output: [4, 2, 3],
    kernel: [5, 4],
    bias: [1, 2, 3],
    counts: [1, 2, 3],
  },
];

/** Along an axis of size n with k biases, index i has bias i * k // n. */
function biasAt(
  flat: number,
  bias: readonly number[],
  counts: readonly number[],
  sizes: readonly number[],
): number {
  let [rest, place, step] = [flat, 0, 1];
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    const [size = 1, count = 1] = [sizes[axis], counts[axis]];
    place += step * Math.floor(((rest % size) * count) / size);
    step *= count;
    rest = Math.floor(rest / size);
  }
  return bias[place] ?? NaN;
}

describe.each(ROWS)("$config on $input", ({ config, input, output, kernel, bias, ...row }) => {
  test("computes what the equation says, and adds the bias where it belongs", () => {
    const layer = new EinsumDense(config);
    const model = modelOf(layer, input);
    const x = seededTensor([2, ...input]);

    const y = predicted(model, x);

    const weights = layer.getWeights();
    const [first = tf.scalar(NaN)] = weights;
    const sums = byDefinition(row.plain ?? config.equation, x, first);
    const added = weights[1] ? valuesOf(weights[1]) : null;
    const wanted = sums.map((sum, index) => {
      const place = index % product(output);
      return sum + (added ? biasAt(place, added, row.counts ?? [], output) : 0);
    });
    expect(y.shape).toEqual([2, ...output]);
    expect(model.outputs[0]?.shape).toEqual([null, ...output]);
    expect(weights.map(({ shape }) => shape)).toEqual(bias ? [kernel, bias] : [kernel]);
    expect(layer.weights.map(({ originalName }) => originalName)).toEqual(
      ["kernel", "bias"].slice(0, weights.length).map((name) => `${layer.name}/${name}`),
    );
    expectNear(y, config.activation === "tanh" ? wanted.map(Math.tanh) : wanted);
  });

  test("has the slopes as gradients", () => {
    const layer = new EinsumDense(config);
    layer.build([null, ...input]);
    const weights = layer.getWeights().map(({ shape }, index) => seededTensor(shape, index + 2));

    expectTrueGradients(
      (x, ...values) => {
        layer.weights.forEach((weight, index) => {
          vi.spyOn(weight, "read").mockReturnValue(values[index] ?? tf.scalar(NaN));
        });
        return layer.apply(x) as tf.Tensor;
      },
      [seededTensor([2, ...input]), ...weights],
    );
    vi.restoreAllMocks();
  });

  test("comes back from a file as it was", async () => {
    const model = modelOf(new EinsumDense(config), input);
    const x = seededTensor([2, ...input]);

    const again = await reloaded(await reloaded(model));

    expect(valuesOf(predicted(again, x))).toEqual(valuesOf(predicted(model, x)));
  });
});

test("takes any number of steps where the equation leaves them open", () => {
  const config = { equation: "abc,cd->abd", outputShape: [null, 4], biasAxes: "d" } as const;
  const model = modelOf(new EinsumDense(config), [null, 3]);

  expect(model.outputs[0]?.shape).toEqual([null, null, 4]);
  expect(predicted(model, tf.zeros([2, 7, 3])).shape).toEqual([2, 7, 4]);
  expect(predicted(model, tf.zeros([1, 1, 3])).shape).toEqual([1, 1, 4]);
});

test("is saved with Keras's options, and no others but ours", async () => {
  const layer = new EinsumDense({ ...dense, biasAxes: "d", biasTrainable: false });

  const written = await savedLayers(modelOf(layer, [4, 4]));

  expect(written.at(-1)?.config).toMatchObject({
    equation: "abc,cd->abd",
    output_shape: [4, 4],
    bias_axes: "d",
    bias_shape: "vector",
    bias_trainable: false,
  });
  expect(written.at(-1)?.config).not.toHaveProperty("use_bias");
});

describe("bad input is refused in words", () => {
  const built = (config: object, shape: readonly (number | null)[]) => () => {
    new EinsumDense({ name: "e", ...dense, ...config }).build([null, ...shape]);
  };

  test.each<readonly [string, () => unknown, string]>([
    [
      "an equation that is none",
      built({ equation: "ab->b" }, [4, 4]),
      "Layer 'e': equation='ab->b' is not of the form 'ab,bc->ac'. Use letters, and '...' once a side.",
    ],
    [
      "no equation",
      built({ equation: null }, [4, 4]),
      "Layer 'e': equation=None is not a text. Use letters.",
    ],
    [
      "another rank",
      built({}, [4]),
      "Layer 'e': equation='abc,cd->abd' has the input 'abc', which does not name the axes of a tensor of 2. Use a letter for each axis.",
    ],
    [
      "too few sizes",
      built({ outputShape: 4 }, [4, 4]),
      "Layer 'e': output_shape=(4,) does not fit equation='abc,cd->abd', whose output has 2 letters besides the batch. Use one size for each.",
    ],
    [
      "sizes that are none",
      built({ outputShape: [4, "d"] }, [4, 4]),
      "Layer 'e': output_shape=[4, 'd'] is not a shape. Use positive whole numbers.",
    ],
    [
      "a size that the input has not",
      built({}, [3, 4]),
      "Layer 'e': output_shape=(4, 4) gives 'b' the size 4, and the input has 3 there (input shape (None, 3, 4)). Use None.",
    ],
    [
      "an unknown size of the kernel",
      built({}, [4, null]),
      "Layer 'e': the size of axis 'c' of equation='abc,cd->abd' is None, and the kernel's shape needs it. Give it in output_shape, or build the layer on a fixed size.",
    ],
    [
      "a bias along an axis that is none",
      built({ biasAxes: "c" }, [4, 4]),
      "Layer 'e': bias_axes='c' are not all axes of the output of equation='abc,cd->abd'. Use letters behind the arrow.",
    ],
    [
      "a bias along the batch",
      built({ biasAxes: "ad" }, [4, 4]),
      "Layer 'e': bias_axes='ad' has the batch among them, along which a bias cannot vary. Use letters of the other axes of 'abc,cd->abd'.",
    ],
    [
      "group",
      built({ biasAxes: "b", biasShape: "group" }, [4, 4]),
      "Layer 'e': bias_shape='group' needs a layer with groups, and this one has none. Use a tuple with a number of equal blocks, such as (2, 1).",
    ],
    [
      "a location at an unknown size",
      built({ outputShape: [null, 4], biasShape: "location" }, [null, 4]),
      "Layer 'e': bias_shape='location' needs one bias per index of output axis 1, whose size is None (output shape (None, None, 4)). Build the layer on a fixed size, or share the bias along that axis.",
    ],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(new Error(message));
  });
});
