/** SimpleRNN, LSTM and GRU: the numbers, slopes, masks and states of their definition. */

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { BiasShape } from "../../export/runtime/src/index";
import { register } from "../../export/runtime/src/index";
import {
  expectNear,
  expectTrueGradients,
  modelOf,
  predicted,
  reloaded,
  seededTensor,
  valuesOf,
} from "./measuring";
import type { CourseByHand, Kind, Row } from "./recurrence_by_hand";
import { allByHand, GATES, seedLayer } from "./recurrence_by_hand";
import type { Layer } from "./recurrent_kinds";
import { byHand, KINDS, layerOf } from "./recurrent_kinds";

beforeAll(register);

function nameOf(weight: { readonly originalName: string }): string {
  return weight.originalName.split("/").at(-1) ?? "";
}

interface BiasRow {
  readonly kind: Kind;
  readonly biasShape: BiasShape;
  readonly stored: Row;
  /** Along the projections, if there are two, the gates and the units. */
  readonly counts: Row;
}

// Four units of four features through four steps: a wrong axis would go unnoticed elsewhere.
const BIASES: readonly BiasRow[] = [
  { kind: "SimpleRNN", biasShape: "vector", stored: [4], counts: [1, 4] },
  { kind: "SimpleRNN", biasShape: "scalar", stored: [1], counts: [1, 1] },
  { kind: "SimpleRNN", biasShape: [2], stored: [2], counts: [1, 2] },
  { kind: "LSTM", biasShape: "vector", stored: [16], counts: [4, 4] },
  { kind: "LSTM", biasShape: "scalar", stored: [1], counts: [1, 1] },
  { kind: "LSTM", biasShape: "gate", stored: [4], counts: [4, 1] },
  { kind: "LSTM", biasShape: [1, null], stored: [4], counts: [1, 4] },
  { kind: "LSTM", biasShape: [2, 1], stored: [2], counts: [2, 1] },
  { kind: "LSTM", biasShape: [null, 2], stored: [8], counts: [4, 2] },
  { kind: "LSTM", biasShape: [2, 2], stored: [4], counts: [2, 2] },
  { kind: "GRU", biasShape: "vector", stored: [2, 12], counts: [2, 3, 4] },
  { kind: "GRU", biasShape: "scalar", stored: [2], counts: [2, 1, 1] },
  { kind: "GRU", biasShape: "gate", stored: [2, 3], counts: [2, 3, 1] },
  { kind: "GRU", biasShape: [1, null], stored: [2, 4], counts: [2, 1, 4] },
  { kind: "GRU", biasShape: [1, 1, 1], stored: [1], counts: [1, 1, 1] },
  { kind: "GRU", biasShape: [1, null, 1], stored: [3], counts: [1, 3, 1] },
  { kind: "GRU", biasShape: [1, null, null], stored: [12], counts: [1, 3, 4] },
  { kind: "GRU", biasShape: [2, 3, 2], stored: [2, 6], counts: [2, 3, 2] },
  { kind: "GRU, reset before", biasShape: "vector", stored: [12], counts: [3, 4] },
  { kind: "GRU, reset before", biasShape: "scalar", stored: [1], counts: [1, 1] },
  { kind: "GRU, reset before", biasShape: "gate", stored: [3], counts: [3, 1] },
  { kind: "GRU, reset before", biasShape: [null, 2], stored: [6], counts: [3, 2] },
];

describe.each(BIASES)("$kind with bias_shape=$biasShape", ({ kind, biasShape, stored, counts }) => {
  test("computes what its definition says", () => {
    const layer = layerOf(kind, { name: "my_layer", units: 4, biasShape, returnSequences: true });
    const model = modelOf(layer, [4, 4]);
    const cell = byHand(kind, layer, counts);
    const x = seededTensor([3, 4, 4]);

    const y = predicted(model, x);

    expect(layer.weights.map(({ originalName, shape }) => [originalName, shape])).toEqual([
      ["my_layer/kernel", [4, GATES[kind] * 4]],
      ["my_layer/recurrent_kernel", [4, GATES[kind] * 4]],
      ["my_layer/bias", stored],
    ]);
    expect(y.shape).toEqual([3, 4, 4]);
    expectNear(
      y,
      allByHand(cell, x).flatMap(({ outputs }) => outputs.flat()),
    );
  });

  test("has the slopes of what it computes as gradients", () => {
    const layer = layerOf(kind, { units: 4, biasShape });
    layer.build([2, 3, 2]);

    expectWeightGradients(layer, seededTensor([2, 3, 2]));
  });

  test("freezes its bias where it shall not be trained, and moves the rest", async () => {
    const layer = layerOf(kind, { units: 4, biasShape, biasTrainable: false });
    const model = modelOf(layer, [4, 4]);
    model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
    const before = layer.weights.map((weight) => valuesOf(weight.read()));

    await model.trainOnBatch(seededTensor([2, 4, 4]), tf.zeros([2, 4]));

    const moved = layer.weights.map(
      (weight, index) => String(valuesOf(weight.read())) !== String(before[index]),
    );
    expect(layer.weights.map(nameOf)).toEqual(["kernel", "recurrent_kernel", "bias"]);
    expect(moved).toEqual([true, true, false]);
  });
});

/** The gradients by x and by every weight. */
function expectWeightGradients(layer: Layer, x: tf.Tensor): void {
  const weights = layer.weights.map(({ shape }, index) =>
    seededTensor(shape as number[], index + 2),
  );
  expectTrueGradients(
    (input, ...values) => {
      layer.weights.forEach((weight, index) => {
        vi.spyOn(weight, "read").mockReturnValue(values[index] ?? tf.scalar(NaN));
      });
      return joined(layer.apply(input));
    },
    [x, ...weights],
  );
  vi.restoreAllMocks();
}

/** All outputs in one row. */
function joined(outputs: unknown): tf.Tensor {
  const all = (Array.isArray(outputs) ? outputs : [outputs]) as tf.Tensor[];
  return tf.concat(all.map((output) => tf.reshape(output, [-1])));
}

const COURSES: readonly (CourseByHand & { readonly returnSequences: boolean })[] = [
  { returnSequences: true, goBackwards: true },
  { returnSequences: false, goBackwards: true },
  ...[true, false].flatMap((returnSequences) =>
    [false, true].flatMap((goBackwards) =>
      [{}, { zeroOutputForMask: true }, { unroll: true }].map((more) => ({
        returnSequences,
        goBackwards,
        mask: [true, false, true, true],
        ...more,
      })),
    ),
  ),
];

describe.each(KINDS)("%s", (kind) => {
  test.each(COURSES)("keeps masked states, from the states it is given: %o", (course) => {
    const { mask, ...options } = course;
    const layer = layerOf(kind, { units: 4, returnState: true, ...options });
    layer.build([2, 4, 3]);
    const cell = byHand(kind, layer);
    const x = seededTensor([2, 4, 3]);
    const given = layer.cell.stateSizes.map((size, place) => seededTensor([2, size], 20 + place));
    // One sequence begins with a masked step, whichever way it is read, and one ends so.
    const masks = mask && [[...mask].reverse().map((_, t) => t === 1 || t === 2), mask];
    const courses = [0, 1].map((sample) => ({
      ...course,
      ...(masks && { mask: masks[sample] as boolean[] }),
      initial: given.map((state) => (state.arraySync() as Row[])[sample] ?? []),
    }));

    const outcome = layer.apply([x, ...given], {
      ...(masks && {
        mask: tf.tensor2d(
          masks.map((each) => each.map(Number)),
          [2, 4],
          "bool",
        ),
      }),
    }) as tf.Tensor[];

    const wanted = allByHand(cell, x, courses);
    const [output = tf.scalar(NaN), ...states] = outcome;
    expectNear(
      output,
      wanted.flatMap(({ outputs }) =>
        (course.returnSequences ? outputs : outputs.slice(-1)).flat(),
      ),
    );
    expect(states).toHaveLength(given.length);
    states.forEach((state, place) => {
      expectNear(
        state,
        wanted.flatMap((each) => each.states[place] ?? []),
      );
    });
  });

  test.each([false, true])(
    "has the slopes of masked steps and of given states as gradients, backwards: %s",
    (goBackwards) => {
      const outputs = { returnSequences: true, returnState: true };
      const layer = layerOf(kind, { units: 2, goBackwards, ...outputs });
      layer.build([2, 3, 2]);
      seedLayer(layer);
      const states = layer.cell.stateSizes.map((size, place) =>
        seededTensor([2, size], 30 + place),
      );
      const mask = tf.tensor2d(
        [
          [1, 0, 1],
          [0, 1, 0],
        ],
        [2, 3],
        "bool",
      );

      expectTrueGradients(
        (...inputs) => joined(layer.apply(inputs, { mask })),
        [seededTensor([2, 3, 2]), ...states],
      );
    },
  );

  test("is the same as stock where stock has it", () => {
    const options = { units: 3, returnSequences: true, goBackwards: true };
    const layer = layerOf(kind, { ...options, activation: "softsign" });
    const sigmoids = { recurrentActivation: "sigmoid" as const, resetAfter: false };
    const stock = {
      SimpleRNN: () => tf.layers.simpleRNN({ ...options, activation: "softsign" }),
      LSTM: () => tf.layers.lstm({ ...options, ...sigmoids, activation: "softsign" }),
      GRU: () => null,
      "GRU, reset before": () => tf.layers.gru({ ...options, ...sigmoids, activation: "softsign" }),
    }[kind]();
    const x = seededTensor([2, 4, 3]);

    const y = predicted(modelOf(layer, [4, 3]), x);

    expect(y.shape).toEqual([2, 4, 3]);
    if (stock) {
      expectNear(y, valuesOf(predicted(modelOf(stock, [4, 3]), x)), 1e-6);
    }
  });

  test("computes without a bias, of one unit, one feature and one step", () => {
    const layer = layerOf(kind, { units: 1, useBias: false, returnSequences: true });
    const model = modelOf(layer, [null, 1]);
    const cell = byHand(kind, layer);
    const x = seededTensor([1, 1, 1]);

    const y = predicted(model, x);

    expect(layer.weights.map(nameOf)).toEqual(["kernel", "recurrent_kernel"]);
    expect(model.outputs[0]?.shape).toEqual([null, null, 1]);
    expectNear(
      y,
      allByHand(cell, x).flatMap(({ outputs }) => outputs.flat()),
    );
  });

  test("takes activations of the twins, and none", () => {
    const layer = layerOf(kind, {
      units: 2,
      activation: null,
      ...(kind !== "SimpleRNN" && { recurrentActivation: "keras>hard_sigmoid" }),
    });
    const model = modelOf(layer, [3, 2]);
    const cell = {
      ...byHand(kind, layer),
      activation: (x: number) => x,
      recurrentActivation: (x: number) => Math.min(6, Math.max(0, x + 3)) / 6,
    };
    const x = seededTensor([2, 3, 2]);

    const y = predicted(model, x);

    expectNear(
      y,
      allByHand(cell, x).flatMap(({ outputs }) => outputs.at(-1) ?? []),
    );
  });

  test("hands out its states, each computed once, in a model that was saved", async () => {
    const layer = layerOf(kind, { units: 3, returnState: true });
    const x = tf.input({ shape: [4, 2] });
    const given = layer.cell.stateSizes.map((size) => tf.input({ shape: [size] }));
    const outputs = layer.apply([x, ...given]) as tf.SymbolicTensor[];
    const model = tf.model({ inputs: [x, ...given], outputs });
    const inputs = [seededTensor([2, 4, 2]), ...given.map((_, n) => seededTensor([2, 3], n + 5))];
    const wanted = (layer.apply(inputs) as tf.Tensor[]).map(valuesOf);
    const run = vi.spyOn(layer, "run");

    const found = model.predict(inputs) as tf.Tensor[];
    const again = (await reloaded(model)).predict(inputs) as tf.Tensor[];

    expect(model.outputs.map(({ shape }) => shape)).toEqual(found.map(() => [null, 3]));
    expect(found.map(valuesOf)).toEqual(wanted);
    expect(again.map(valuesOf)).toEqual(wanted);
    expect(run).toHaveBeenCalledTimes(1);
  });
});
