/** Attention: numbers, shares and gradients as its definition has them, masks as Keras combines them. */

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type {
  GroupQueryAttentionConfig,
  MultiHeadAttentionConfig,
} from "../../export/runtime/src/index";
import { GroupQueryAttention, MultiHeadAttention, register } from "../../export/runtime/src/index";
import type { Attending } from "./attention_by_hand";
import { attended, linearOf, placesOf } from "./attention_by_hand";
import {
  expectNear,
  expectTrueGradients,
  modelOf,
  predicted,
  reloaded,
  savedLayers,
  seededTensor,
  valuesOf,
} from "./measuring";

beforeAll(register);

type Attention = MultiHeadAttention | GroupQueryAttention;
type Shape = readonly number[];

interface Row {
  readonly name: string;
  readonly make: (more?: object) => Attention;
  /** Without the batch; a value like the query, and a key like the value, if left out. */
  readonly query: Shape;
  readonly value?: Shape;
  readonly key?: Shape;
  readonly axes?: readonly number[];
  readonly sees?: Attending["sees"];
  /** Shapes of all weights, in order. */
  readonly weights?: readonly Shape[];
}

const multi =
  (config: Omit<MultiHeadAttentionConfig, "name">) =>
  (more: object = {}) =>
    new MultiHeadAttention({ ...config, ...more });
const grouped =
  (config: Omit<GroupQueryAttentionConfig, "name">) =>
  (more: object = {}) =>
    new GroupQueryAttention({ ...config, ...more });

const two = { numHeads: 2, keyDim: 3 } as const;
const three = { numHeads: 3, keyDim: 3 } as const;

const before: Attending["sees"] = (target, source) => (source[1] ?? 0) <= (target[1] ?? 0);
const near: Attending["sees"] = (target, source) =>
  Math.abs((source[1] ?? 0) - (target[1] ?? 0)) < 2;

const MULTI: readonly Row[] = [
  {
    name: "of a sequence to itself",
    make: multi(two),
    query: [4, 5],
    weights: [[5, 2, 3], [2, 3], [5, 2, 3], [2, 3], [5, 2, 3], [2, 3], [2, 3, 5], [5]],
  },
  { name: "of as many steps as heads, units and sizes", make: multi(three), query: [3, 3] },
  {
    name: "of size 1",
    make: multi({ numHeads: 1, keyDim: 1 }),
    query: [1, 1],
  },
  {
    name: "to a longer sequence, with sizes of its own",
    make: multi({ ...two, valueDim: 4, outputShape: 6, inputs: ["query", "value", "key"] }),
    query: [3, 5],
    value: [4, 2],
    key: [4, 3],
    weights: [[5, 2, 3], [2, 3], [3, 2, 3], [2, 3], [2, 2, 4], [2, 4], [2, 4, 6], [6]],
  },
  {
    name: "with several axes out",
    make: multi({ ...two, outputShape: [2, 3] }),
    query: [3, 5],
  },
  {
    name: "that sees what was before",
    make: multi({ ...three, useCausalMask: true }),
    query: [3, 3],
    sees: before,
  },
  {
    name: "that sees what was before, of another length",
    make: multi({ ...two, useCausalMask: true }),
    query: [3, 5],
    value: [5, 5],
    sees: before,
  },
  {
    name: "that sees not far",
    make: multi({ ...two, slidingWindow: 2 }),
    query: [4, 3],
    sees: near,
  },
  {
    name: "that sees not far before",
    make: multi({ ...two, slidingWindow: 2, useCausalMask: true }),
    query: [4, 3],
    sees: (target, source) => before(target, source) && near(target, source),
  },
  {
    name: "with a gate",
    make: multi({ ...two, valueDim: 2, useGate: true }),
    query: [3, 4],
    weights: [
      [4, 2, 3],
      [2, 3],
      [4, 2, 3],
      [2, 3],
      [4, 2, 2],
      [2, 2],
      [4, 2, 2],
      [2, 2],
      [2, 2, 4],
      [4],
    ],
  },
  {
    name: "without biases",
    make: multi({ ...two, useBias: false }),
    query: [3, 4],
    weights: [
      [4, 2, 3],
      [4, 2, 3],
      [4, 2, 3],
      [2, 3, 4],
    ],
  },
  {
    name: "with a bias of another shape for each",
    make: multi({
      ...two,
      useBias: { value: false },
      biasShape: { query: "location", key: "scalar", output: "untied" },
    }),
    query: [3, 4],
    weights: [[4, 2, 3], [3, 1, 1], [4, 2, 3], [1], [4, 2, 3], [2, 3, 4], [3, 4]],
  },
  {
    name: "with biases of one shape for those that have any",
    make: multi({ ...two, useBias: { query: false, key: false }, biasShape: [null, 1] }),
    query: [3, 4],
    weights: [
      [4, 2, 3],
      [4, 2, 3],
      [4, 2, 3],
      [2, 1],
      [2, 3, 4],
      [3, 1],
    ],
  },
  { name: "over two axes", make: multi(two), query: [2, 3, 4], axes: [1, 2] },
  {
    name: "over two axes of another size",
    make: multi(two),
    query: [2, 3, 4],
    value: [3, 2, 4],
    axes: [1, 2],
  },
  {
    name: "over the second axis",
    make: multi({ ...two, attentionAxes: 2 }),
    query: [3, 3, 4],
    value: [3, 2, 4],
    axes: [2],
  },
  {
    name: "over the first axis",
    make: multi({ ...two, attentionAxes: [1] }),
    query: [3, 3, 4],
    axes: [1],
  },
  {
    name: "over the axis before the last",
    make: multi({ ...two, attentionAxes: -2 }),
    query: [2, 3, 4],
    axes: [2],
  },
  {
    name: "over two axes, the second first",
    make: multi({ ...two, attentionAxes: [2, 1] }),
    query: [2, 3, 4],
    axes: [1, 2],
  },
  {
    name: "over three axes",
    make: multi({ ...two, numHeads: 1 }),
    query: [2, 1, 2, 3],
    axes: [1, 2, 3],
  },
];

const GROUPED: readonly Row[] = [
  {
    name: "of heads that share one of two",
    make: grouped({ headDim: 3, numQueryHeads: 4, numKeyValueHeads: 2 }),
    query: [3, 5],
    value: [4, 5],
    weights: [[5, 4, 3], [4, 3], [5, 2, 3], [2, 3], [5, 2, 3], [2, 3], [4, 3, 5], [5]],
  },
  {
    name: "of heads that share one",
    make: grouped({ headDim: 3, numQueryHeads: 3, numKeyValueHeads: 1, useCausalMask: true }),
    query: [3, 3],
    sees: before,
  },
  {
    name: "of heads that share none",
    make: grouped({ headDim: 2, numQueryHeads: 2, numKeyValueHeads: 2, slidingWindow: 2 }),
    query: [2, 2],
    sees: near,
  },
  {
    name: "of size 1, shared",
    make: grouped({ headDim: 1, numQueryHeads: 1, numKeyValueHeads: 1 }),
    query: [1, 1],
  },
  {
    name: "with a gate and biases of their own shapes, shared",
    make: grouped({
      headDim: 2,
      numQueryHeads: 4,
      numKeyValueHeads: 2,
      useGate: true,
      biasShape: { gate: "untied", key: [2], value: "location" },
      inputs: ["query", "value", "key"],
    }),
    query: [3, 3],
    value: [2, 3],
    key: [2, 5],
    weights: [
      [3, 4, 2],
      [4, 2],
      [5, 2, 2],
      [2],
      [3, 4, 2],
      [3, 4, 2],
      [3, 2, 2],
      [2, 1, 1],
      [4, 2, 3],
      [3],
    ],
  },
];

const ROWS = [...MULTI, ...GROUPED];

/** The inputs of a row, with their shapes without the batch. */
function inputsOf({ query, value = query, key }: Row): tf.Tensor[] {
  const shapes = key ? [query, value, key] : [query, value];
  return shapes.map((shape, index) => seededTensor([2, ...shape], index + 1));
}

function definition(
  layer: tf.layers.Layer,
  [query, value, key = value]: readonly tf.Tensor[],
  { axes = [1], sees = () => true }: Pick<Row, "axes" | "sees">,
  blind: Attending["blind"] = "nothing",
): ReturnType<typeof attended> {
  if (!query || !value || !key) {
    throw new Error("no inputs");
  }
  return attended({ query, value, key, linear: linearOf(layer), axes, sees, blind });
}

describe.each(ROWS)("attention $name", (row) => {
  const shapes = inputsOf(row).map((input) => input.shape.slice(1));

  test("computes what it is", () => {
    const layer = row.make();
    const model = modelOf(layer, ...shapes);
    const inputs = inputsOf(row);

    const y = predicted(model, ...inputs);

    expectNear(y, definition(layer, inputs, row).output);
    expect(model.outputs[0]?.shape).toEqual([null, ...y.shape.slice(1)]);
    if (row.weights) {
      expect(layer.weights.map(({ shape }) => shape)).toEqual(row.weights);
    }
  });

  test("has the slopes as gradients", () => {
    const layer = row.make();
    layer.build(shapes.map((shape) => [null, ...shape]));
    const weights = layer.getWeights().map(({ shape }, index) => seededTensor(shape, index + 2));
    const inputs = inputsOf(row);

    expectTrueGradients(
      (...x) => {
        layer.weights.forEach((weight, index) => {
          vi.spyOn(weight, "read").mockReturnValue(x[inputs.length + index] ?? tf.scalar(NaN));
        });
        return layer.apply(x.slice(0, inputs.length)) as tf.Tensor;
      },
      [...inputs, ...weights],
    );
    vi.restoreAllMocks();
  });

  test("returns the shares too, if it is told to", () => {
    const layer = row.make({ returnAttentionScores: true });
    const model = modelOf(layer, ...shapes);
    const inputs = inputsOf(row);

    const [y, shares] = model.predict(inputs) as unknown as [tf.Tensor, tf.Tensor];

    const { output, shares: wanted } = definition(layer, inputs, row);
    const { axes = [1] } = row;
    const [heads] = (layer.weights[0]?.shape ?? []).slice(-2);
    const own = (place: number[], apart: boolean): number[] =>
      place.filter((_, axis) => axes.includes(axis) === apart);
    const [targets, sources] = [
      placesOf(inputs[0] ?? tf.scalar(0)),
      placesOf(inputs[1] ?? tf.scalar(0)),
    ];
    expectNear(y, output);
    expect(model.outputs.map(({ shape }) => shape)).toEqual(
      [y, shares].map(({ shape }) => [null, ...shape.slice(1)]),
    );
    const order = row.name.endsWith("second first") ? [1, 0] : axes.map((_, index) => index);
    for (const target of targets) {
      for (const source of sources) {
        if (String(own(target, false)) !== String(own(source, false))) {
          continue;
        }
        for (let head = 0; head < (heads ?? 0); head++) {
          const ordered = (place: number[]): number[] =>
            order.map((at) => own(place, true)[at] ?? 0);
          const place = [...own(target, false), head, ...ordered(target), ...ordered(source)];
          const flat = shares.shape.reduce((all, size, axis) => all * size + (place[axis] ?? 0), 0);
          expect(valuesOf(shares)[flat]).toBeCloseTo(wanted(head, target, source), 5);
        }
      }
    }
  });

  test("comes back from a file as it was", async () => {
    const model = modelOf(row.make(), ...shapes);
    const inputs = inputsOf(row);

    const again = await reloaded(await reloaded(model));

    expect(valuesOf(predicted(again, ...inputs))).toEqual(valuesOf(predicted(model, ...inputs)));
    expect(await savedLayers(again)).toEqual(await savedLayers(model));
    expect(again.weights.map(({ originalName }) => originalName)).toEqual(
      model.weights.map(({ originalName }) => originalName),
    );
  });
});
