/** RNN and StackedRNNCells, around the cells of the twins. */

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Cell } from "../../export/runtime/src/index";
import {
  CELLS,
  GRUCell,
  LSTMCell,
  register,
  RNN,
  SimpleRNNCell,
  StackedRNNCells,
} from "../../export/runtime/src/index";
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
import type { Row } from "./recurrence_by_hand";
import { allByHand, cellByHand, seedLayer, sequenceByHand, rows } from "./recurrence_by_hand";

beforeAll(register);

const stacked = (): Cell[] => [
  new LSTMCell({ units: 3, biasShape: "gate" }),
  new GRUCell({ units: 2, resetAfter: false, biasTrainable: false }),
  new SimpleRNNCell({ units: 4, biasShape: "scalar" }),
];

const states = (...sizes: readonly number[]): tf.Tensor[] =>
  sizes.map((size, index) => seededTensor([2, size], 40 + index));

/** The rows of several tensors of states that belong to one sequence. */
const ofSample = (given: readonly tf.Tensor[], sample: number): Row[] =>
  given.map((state) => rows(state)[sample] ?? []);

describe("RNN", () => {
  test("of one cell is the layer of that cell, weights' names and all", () => {
    const layer = new RNN({
      name: "around",
      cell: new GRUCell({ units: 3 }),
      returnSequences: true,
    });
    const model = modelOf(layer, [4, 2]);
    seedLayer(layer);
    const x = seededTensor([2, 4, 2]);

    const y = predicted(model, x);

    const wanted = allByHand(cellByHand("GRU", layer), x);
    expect(layer.weights.map(({ originalName }) => originalName)).toEqual([
      "around/kernel",
      "around/recurrent_kernel",
      "around/bias",
    ]);
    expectNear(
      y,
      wanted.flatMap(({ outputs }) => outputs.flat()),
    );
  });

  test("runs a stack from the lowest cell to the highest, with states in that order", () => {
    const layer = new RNN({ name: "tower", cell: stacked(), returnState: true });
    layer.build([2, 4, 2]);
    seedLayer(layer);
    const x = seededTensor([2, 4, 2]);
    const given = states(3, 3, 2, 4);

    const [y, ...last] = layer.apply([x, ...given]) as [tf.Tensor, ...tf.Tensor[]];

    const low = cellByHand("LSTM", layer, "cell_0/", [4, 1]);
    const middle = cellByHand("GRU, reset before", layer, "cell_1/");
    const high = cellByHand("SimpleRNN", layer, "cell_2/", [1, 1]);
    [0, 1].forEach((sample) => {
      const [h, c, g, s] = ofSample(given, sample) as [Row, Row, Row, Row];
      const xs = rows(x).slice(sample * 4, sample * 4 + 4);
      const first = sequenceByHand(low, xs, { initial: [h, c] });
      const second = sequenceByHand(middle, first.outputs, { initial: [g] });
      const third = sequenceByHand(high, second.outputs, { initial: [s] });
      const wanted = [...first.states, ...second.states, ...third.states];
      expectNear(tf.tensor(rows(y)[sample] as number[]), third.outputs.at(-1) ?? []);
      ofSample(last, sample).forEach((state, place) => {
        expectNear(tf.tensor([...state]), wanted[place] ?? []);
      });
    });
    expect(layer.weights.map(({ originalName }) => originalName)).toEqual([
      ...[0, 1, 2].flatMap((index) => [
        `cell_${index}/kernel`,
        `cell_${index}/recurrent_kernel`,
        ...(index === 1 ? [] : [`cell_${index}/bias`]),
      ]),
      "cell_1/bias", // as frozen ones come last in tfjs
    ]);
    expect(layer.computeOutputShape([null, null, 2])).toEqual(
      [4, 3, 3, 2, 4].map((n) => [null, n]),
    );
  });

  test("keeps the masked output of the highest cell", () => {
    const layer = new RNN({ cell: stacked(), returnSequences: true });
    layer.build([1, 3, 2]);
    seedLayer(layer);
    const x = seededTensor([1, 3, 2]);
    const mask = tf.tensor2d([[1, 0, 1]], [1, 3], "bool");

    const masked = rows(layer.apply(x, { mask }) as tf.Tensor);

    const kept = tf.concat(
      [tf.slice(x, [0, 0, 0], [1, 1, 2]), tf.slice(x, [0, 2, 0], [1, 1, 2])],
      1,
    );
    const [first, last] = rows(layer.apply(kept) as tf.Tensor);
    expect(masked).toEqual([first, first, last]);
  });

  test("has the slopes of a stack as gradients", () => {
    const layer = new RNN({ cell: stacked(), returnSequences: true });
    layer.build([1, 2, 2]);
    seedLayer(layer);

    expectTrueGradients((x) => layer.apply(x) as tf.Tensor, [seededTensor([1, 2, 2])]);
  });

  test("trains what is trainable of a stack", async () => {
    const cells = [
      new LSTMCell({ units: 2, trainable: false }),
      new GRUCell({ units: 2, dropout: 0.5, recurrentDropout: 0.5 }),
    ];
    const layer = new RNN({ cell: new StackedRNNCells({ cells }) });
    const model = modelOf(layer, [3, 2]);
    model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
    const of = (): string[] =>
      [0, 1].map((cell) =>
        String(
          layer.weights
            .filter(({ originalName }) => originalName.includes(`cell_${cell}`))
            .map((weight) => valuesOf(weight.read())),
        ),
      );
    const before = of();

    await model.trainOnBatch(seededTensor([2, 3, 2]), tf.zeros([2, 2]));

    expect(of()[0]).toBe(before[0]);
    expect(of()[1]).not.toBe(before[1]);
  });

  test.each(Object.keys(CELLS))("is saved with a %s, and comes back whole", async (name) => {
    const units = { name: "my_cell", units: 2, biasShape: [1, null] as const };
    const cells: Readonly<Record<string, Cell>> = {
      SimpleRNNCell: new SimpleRNNCell(units),
      LSTMCell: new LSTMCell({ ...units, unitForgetBias: false }),
      GRUCell: new GRUCell({ ...units, resetAfter: false }),
      StackedRNNCells: new StackedRNNCells({ name: "my_cell", cells: stacked() }),
    };
    const config = cells[name.split(">")[1] ?? ""]?.getConfig() ?? {};
    const layer = new RNN({ cell: { className: name, config }, zeroOutputForMask: true });
    const model = modelOf(layer, [3, 2]);
    const x = seededTensor([2, 3, 2]);

    const again = await reloaded(model);

    const [, written] = await savedLayers(model);
    expect(layer.cell.getClassName()).toBe(name);
    expect(written?.config).toMatchObject({
      zero_output_for_mask: true,
      cell: { class_name: name, config: { name: "my_cell" } },
    });
    expect(await savedLayers(again)).toEqual(await savedLayers(model));
    expect(valuesOf(predicted(again, x))).toEqual(valuesOf(predicted(model, x)));
  });

  test("refuses what is no cell", () => {
    const wrong = (cell: unknown): (() => void) => {
      return () => {
        new RNN({ name: "around", cell: cell as Cell });
      };
    };

    expect(wrong({ className: "LSTMCell", config: { units: 2 } })).toThrow(
      "Layer 'around': cell='LSTMCell' is none that this layer can run. " +
        "Use one of keras-tfjs, and call register() before.",
    );
    expect(wrong({ className: "mine>Cell", config: {} })).toThrow("cell='mine>Cell' is none");
    expect(wrong([])).toThrow("cells=[] is empty. Give it one cell at least.");
  });
});
