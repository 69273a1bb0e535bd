/** Bidirectional and TimeDistributed, around the twins' layers. */

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import type { BidirectionalConfig } from "../../export/runtime/src/index";
import {
  Bidirectional,
  Dense,
  GRU,
  LSTM,
  register,
  Softmax,
  TimeDistributed,
} from "../../export/runtime/src/index";
import {
  expectNear,
  expectTrueGradients,
  modelOf,
  predicted,
  reloaded,
  savedLayers,
  seededTensor,
  seedWeights,
  valuesOf,
} from "./measuring";
import type { CourseByHand, Row } from "./recurrence_by_hand";
import { allByHand, cellByHand, seedLayer, rows } from "./recurrence_by_hand";

beforeAll(register);

const states = (...sizes: readonly number[]): tf.Tensor[] =>
  sizes.map((size, index) => seededTensor([2, size], 40 + index));

/** The rows of several tensors of states that belong to one sequence. */
const ofSample = (given: readonly tf.Tensor[], sample: number): Row[] =>
  given.map((state) => rows(state)[sample] ?? []);

type Merge = NonNullable<BidirectionalConfig["mergeMode"]>;

const MERGES: readonly (readonly [Merge, (y: number, other: number) => number])[] = [
  ["sum", (y, other) => y + other],
  ["mul", (y, other) => y * other],
  ["ave", (y, other) => (y + other) / 2],
];

describe("Bidirectional", () => {
  const config = { units: 3, returnState: true } as const;

  const ways: readonly { returnSequences: boolean; mask?: readonly (readonly boolean[])[] }[] = [
    true,
    false,
  ].flatMap((returnSequences) => [
    { returnSequences },
    {
      returnSequences,
      mask: [
        [true, true, false, false],
        [false, true, true, false],
      ],
    },
  ]);

  test.each(ways)("reads both ways, from states, with masks: %o", ({ returnSequences, mask }) => {
    const layer = new Bidirectional({
      name: "both",
      layer: new LSTM({ ...config, returnSequences, biasShape: "gate" }),
      mergeMode: null,
    });
    layer.build([2, 4, 2]);
    seedLayer(layer);
    const given = states(3, 3, 3, 3);
    const x = seededTensor([2, 4, 2]);

    const found = layer.apply([x, ...given], {
      ...(mask && {
        mask: tf.tensor2d(
          mask.map((each) => each.map(Number)),
          [2, 4],
          "bool",
        ),
      }),
    }) as tf.Tensor[];

    const course = (sample: number, goBackwards: boolean): CourseByHand => ({
      goBackwards,
      zeroOutputForMask: returnSequences,
      ...(mask && { mask: mask[sample] as boolean[] }),
      initial: ofSample(goBackwards ? given.slice(2) : given.slice(0, 2), sample),
    });
    const [ahead, back] = [false, true].map((backwards) =>
      allByHand(
        cellByHand("LSTM", layer, backwards ? "backward/" : "forward/", [4, 1]),
        x,
        [0, 1].map((sample) => course(sample, backwards)),
      ),
    ) as [ReturnType<typeof allByHand>, ReturnType<typeof allByHand>];
    const outputs = (made: typeof ahead, reverse: boolean): number[] =>
      made.flatMap(({ outputs: all }) =>
        (returnSequences ? (reverse ? [...all].reverse() : all) : all.slice(-1)).flat(),
      );
    const wanted = [
      outputs(ahead, false),
      outputs(back, true),
      ...[ahead, back].flatMap((made) =>
        [0, 1].map((place) => made.flatMap((each) => each.states[place] ?? [])),
      ),
    ];
    expect(found).toHaveLength(6);
    found.forEach((each, index) => {
      expectNear(each, wanted[index] ?? []);
    });
    expect(layer.weights.map(({ originalName }) => originalName)).toEqual(
      ["forward", "backward"].flatMap((way) =>
        ["kernel", "recurrent_kernel", "bias"].map((name) => `${way}/${name}`),
      ),
    );
  });

  test.each(MERGES)("merges by %s", (mergeMode, merge) => {
    const inner = { units: 3, returnSequences: true };
    const apart = new Bidirectional({ layer: new GRU(inner), mergeMode: null });
    const merged = new Bidirectional({ layer: new GRU(inner), mergeMode });
    const x = seededTensor([2, 4, 2]);
    [apart, merged].forEach((layer) => {
      layer.build([2, 4, 2]);
      seedLayer(layer);
    });

    const y = merged.apply(x) as tf.Tensor;

    const [one, other] = (apart.apply(x) as tf.Tensor[]).map(valuesOf) as [number[], number[]];
    expect(merged.computeOutputShape([null, 4, 2])).toEqual([null, 4, 3]);
    expectNear(
      y,
      one.map((value, index) => merge(value, other[index] ?? NaN)),
      1e-6,
    );
  });

  test("puts outputs of different sizes beside each other, of a backward layer of its own", async () => {
    const layer = new Bidirectional({
      layer: new LSTM({ ...config, trainable: false }),
      backwardLayer: new GRU({ units: 2, returnState: true, goBackwards: true }),
    });
    const x = tf.input({ shape: [null, 2] });
    const model = tf.model({ inputs: x, outputs: layer.apply(x) as tf.SymbolicTensor[] });
    seedWeights(model);
    const values = seededTensor([2, 4, 2]);

    const found = model.predict(values) as tf.Tensor[];
    const again = (await reloaded(model)).predict(values) as tf.Tensor[];

    expect(model.outputs.map(({ shape }) => shape)).toEqual([5, 3, 3, 2].map((n) => [null, n]));
    const [output, h, , other] = found as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    expectNear(output, valuesOf(tf.concat([h, other], 1)));
    expect(again.map(valuesOf)).toEqual(found.map(valuesOf));
    expect(layer.trainableWeights.map(({ originalName }) => originalName)).toEqual(
      ["kernel", "recurrent_kernel", "bias"].map((name) => `${layer.name}/backward/${name}`),
    );
  });

  test("is the same as stock where stock has it", () => {
    const options = { units: 3, returnSequences: true, recurrentActivation: "sigmoid" as const };
    const stock = tf.layers.bidirectional({
      layer: tf.layers.lstm(options),
      mergeMode: "concat",
    });
    const ours = new Bidirectional({ layer: new LSTM(options) });
    const x = seededTensor([2, 4, 2]);

    const [y, wanted] = [ours, stock].map((layer) => predicted(modelOf(layer, [4, 2]), x)) as [
      tf.Tensor,
      tf.Tensor,
    ];

    expect(y.shape).toEqual([2, 4, 6]);
    expectNear(y, valuesOf(wanted), 1e-6);
  });

  test("goes on from batch to batch in both layers", () => {
    const layer = new Bidirectional({ layer: new GRU({ units: 2, stateful: true }) });
    layer.build([2, 3, 2]);
    seedLayer(layer);
    const x = seededTensor([2, 3, 2]);

    const [first, second] = [0, 1].map(() => valuesOf(layer.apply(x) as tf.Tensor));
    layer.resetStates();
    const again = valuesOf(layer.apply(x) as tf.Tensor);

    expect(layer.stateful).toBe(true);
    expect(second).not.toEqual(first);
    expect(again).toEqual(first);
  });

  test("hands on a mask with its sequences", () => {
    const model = tf.sequential({
      layers: [
        tf.layers.masking({ maskValue: 9, inputShape: [3, 2] }),
        new Bidirectional({ layer: new GRU({ units: 2, returnSequences: true }) }),
        new LSTM({ units: 2 }),
      ],
    });
    const x = tf.tensor3d([1, 2, 3, 4, 9, 9], [1, 3, 2]);
    const short = tf.slice(x, [0, 0, 0], [1, 2, 2]);
    const [, both, last] = model.layers as [tf.layers.Layer, tf.layers.Layer, tf.layers.Layer];

    const masked = predicted(model, x);

    expectNear(masked, valuesOf(last.apply(both.apply(short)) as tf.Tensor), 1e-6);
  });

  test("has slopes as gradients", () => {
    const layer = new Bidirectional({ layer: new GRU({ units: 2, returnSequences: true }) });
    layer.build([1, 3, 2]);
    seedLayer(layer);

    expectTrueGradients((x) => layer.apply(x) as tf.Tensor, [seededTensor([1, 3, 2])]);
  });

  test("refuses layers that do not go together", () => {
    const pair = (layer: object, backward: object, mergeMode?: Merge): (() => void) => {
      return () => {
        new Bidirectional({
          name: "both",
          layer: new LSTM({ units: 2, ...layer }),
          backwardLayer: new LSTM({ units: 2, goBackwards: true, ...backward }),
          ...(mergeMode && { mergeMode }),
        });
      };
    };

    expect(pair({ goBackwards: true }, {})).toThrow(
      "Layer 'both': layer and backward_layer go the same way. " +
        "Give one of them go_backwards=True.",
    );
    expect(pair({}, { returnSequences: true })).toThrow(
      "Layer 'both': layer and backward_layer differ in return_sequences. Give both the same.",
    );
    expect(pair({}, { units: 3 }, "sum")).toThrow(
      "Layer 'both': merge_mode='sum' needs outputs of one size, and they have 2 and 3. " +
        "Use 'concat' or None.",
    );
    expect(pair({}, {}, "max" as "sum")).toThrow("Layer 'both': merge_mode='max' is unknown.");
  });
});

describe("TimeDistributed", () => {
  test.each([1, 3])("does the same at each of %d steps, with weights by its own name", (steps) => {
    const layer = new TimeDistributed({
      name: "each",
      layer: new Dense({ units: 2, biasShape: "scalar" }),
    });
    const model = modelOf(layer, [steps, 2]);
    const x = seededTensor([4, steps, 2]);

    const y = predicted(model, x);

    const wanted = tf.unstack(x, 1).map((step) => layer.layer.apply(step) as tf.Tensor);
    expect(layer.weights.map(({ originalName }) => originalName)).toEqual([
      "each/kernel",
      "each/bias",
    ]);
    expect(valuesOf(y)).toEqual(valuesOf(tf.stack(wanted, 1)));
    expectTrueGradients((input) => layer.apply(input) as tf.Tensor, [seededTensor([1, steps, 2])]);
  });

  test("gives each step its own mask, and hands on the mask of all", () => {
    const tokens = tf.input({ shape: [2, 3], dtype: "int32" });
    const embedding = tf.layers.embedding({ inputDim: 4, outputDim: 2, maskZero: true });
    const inner = new LSTM({ units: 2 });
    const each = new TimeDistributed({ layer: inner });
    const outputs = each.apply(embedding.apply(tokens)) as tf.SymbolicTensor;
    const model = tf.model({ inputs: tokens, outputs });
    seedWeights(model);
    const x = tf.tensor3d([1, 0, 2, 0, 0, 3], [1, 2, 3], "int32");

    const y = predicted(model, x);

    const alone = [[1, 2], [3]].map((kept) => {
      const embedded = embedding.apply(tf.tensor2d([kept], [1, kept.length], "int32"));
      return valuesOf(inner.apply(embedded) as tf.Tensor);
    });
    expectNear(y, alone.flat(), 1e-6);
  });

  test("comes back with stock layers and twins in it", async () => {
    const x = seededTensor([2, 3, 4]);
    for (const layer of [tf.layers.dense({ units: 2 }), new Softmax(), new Dense({ units: 3 })]) {
      const model = modelOf(new TimeDistributed({ layer }), [3, 4]);

      const again = await reloaded(model);

      expect(valuesOf(predicted(again, x))).toEqual(valuesOf(predicted(model, x)));
      expect(await savedLayers(again)).toEqual(await savedLayers(model));
    }
  });

  test("is frozen and charged with its layer", () => {
    const kernelRegularizer = tf.regularizers.l2({ l2: 1 });
    const dense = (): Dense => new Dense({ units: 2, kernelRegularizer });
    const [frozen, free] = [false, true].map((trainable) => {
      const layer = new TimeDistributed({ layer: dense(), trainable });
      layer.build([null, 3, 2]);
      return layer;
    }) as [TimeDistributed, TimeDistributed];

    expect([frozen, free].map((layer) => layer.trainableWeights.length)).toEqual([0, 2]);
    expect([frozen, free].map((layer) => layer.weights.length)).toEqual([2, 2]);
    expect(free.calculateLosses()).toHaveLength(1);
    free.trainable = false;
    expect(free.trainableWeights).toEqual([]);
  });

  test("wants steps", () => {
    const layer = new TimeDistributed({ name: "each", layer: new Softmax() });

    expect(() => layer.apply(tf.zeros([2, 3]))).toThrow(
      "Layer 'each': called on the shape (2, 3). Call it on sequences: (batch, steps, ...).",
    );
  });
});
