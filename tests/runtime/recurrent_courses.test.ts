/** Recurrent layers from batch to batch, while they are trained, and in models with masks. */

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import type { LSTMConfig } from "../../export/runtime/src/index";
import { GRU, LSTM, register, SimpleRNN, TWINS } from "../../export/runtime/src/index";
import { expectNear, modelOf, predicted, seeded, seededTensor, valuesOf } from "./measuring";
import { allByHand, rows, seedLayer } from "./recurrence_by_hand";
import { byHand, KINDS, layerOf } from "./recurrent_kinds";

beforeAll(register);

describe("stateful", () => {
  const make = (config: Partial<LSTMConfig> = {}): { layer: LSTM; model: tf.LayersModel } => {
    const layer = new LSTM({ units: 3, stateful: true, ...config });
    const x = tf.input({ batchShape: [2, 3, 2] });
    const outputs = layer.apply(x) as tf.SymbolicTensor;
    return { layer, model: tf.model({ inputs: x, outputs }) };
  };

  test("begins a batch with the states that the last one ended with, until they are reset", () => {
    const { layer, model } = make({ returnSequences: true });
    const cell = byHand("LSTM", layer);
    const x = seededTensor([2, 6, 2]);
    const [early, late] = tf.split(x, 2, 1) as [tf.Tensor, tf.Tensor];
    const [whole, half] = [allByHand(cell, x), allByHand(cell, late)];

    const found = [predicted(model, early), predicted(model, late)];
    model.resetStates();
    const afresh = predicted(model, late);

    const wanted = whole.flatMap(({ outputs }) => outputs.flat());
    expectNear(tf.concat(found, 1), wanted);
    expectNear(
      afresh,
      half.flatMap(({ outputs }) => outputs.flat()),
    );
  });

  test("goes on once for a batch, however many of its outputs are used", () => {
    const layer = new LSTM({ units: 3, stateful: true, returnState: true });
    const x = tf.input({ batchShape: [2, 3, 2] });
    const model = tf.model({ inputs: x, outputs: layer.apply(x) as tf.SymbolicTensor[] });
    const cell = byHand("LSTM", layer);
    const sequences = seededTensor([2, 6, 2]);
    const [early, late] = tf.split(sequences, 2, 1) as [tf.Tensor, tf.Tensor];

    model.predict(early);
    const [output, , carry] = model.predict(late) as [tf.Tensor, tf.Tensor, tf.Tensor];

    const wanted = allByHand(cell, sequences);
    expectNear(
      output,
      wanted.flatMap(({ outputs }) => outputs.at(-1) ?? []),
    );
    expectNear(
      carry,
      wanted.flatMap(({ states }) => states[1] ?? []),
    );
  });

  test("learns from one batch after another, and leaves nothing behind", async () => {
    const outside = tf.memory().numTensors;
    const { layer, model } = make();
    const optimizer = tf.train.sgd(0.1);
    model.compile({ optimizer, loss: "meanSquaredError" });
    const [x, y] = [seededTensor([2, 3, 2]), tf.ones([2, 3])];
    const losses: number[] = [];
    const counts: number[] = [];
    for (let step = 0; step < 4; step++) {
      losses.push((await model.trainOnBatch(x, y)) as number);
      counts.push(tf.memory().numTensors);
    }

    expect(losses[3]).toBeLessThan(losses[0] ?? 0);
    expect(new Set(counts).size).toBe(1);
    expect(layer.stateful).toBe(true);
    model.dispose();
    optimizer.dispose();
    tf.dispose([x, y]);
    expect(tf.memory().numTensors).toBe(outside);
  });

  test("begins with states that it is told to begin with", () => {
    const { layer } = make({ returnState: true });
    const states = [seededTensor([2, 3], 4), seededTensor([2, 3], 5)];
    const x = seededTensor([2, 3, 2]);
    const wanted = (layer.apply([x, ...states]) as tf.Tensor[]).map(valuesOf);

    layer.resetStates(states);
    const found = layer.apply(x) as tf.Tensor[];

    expect(found.map(valuesOf)).toEqual(wanted);
  });

  test("wants to know the batch, and then that one", () => {
    const layer = new LSTM({ name: "carry", units: 3, stateful: true });
    const { layer: built } = make({ name: "carry" });

    expect(() => layer.apply(tf.input({ shape: [3, 2] }))).toThrow(
      "Layer 'carry': stateful=True needs a fixed number of sequences " +
        "(input shape (None, 3, 2)). Give the input a batch_shape.",
    );
    expect(() => built.apply(tf.zeros([4, 3, 2]))).toThrow(
      "Layer 'carry': stateful=True keeps the states of 2 sequences, and was called on 4. " +
        "Call it on 2.",
    );
  });
});

describe("dropout", () => {
  // Sums of what remains: nothing is added, nothing is bent.
  const ones = {
    units: 1,
    activation: "linear",
    kernelInitializer: "ones",
    recurrentInitializer: "zeros",
    useBias: false,
    returnSequences: true,
  } as const;

  test("drops the same inputs at every step of a sequence, others in every call", () => {
    const layer = new SimpleRNN({ ...ones, dropout: 0.25 });
    // Each feature has a digit of its own in the sum.
    const x = tf.mul(tf.ones([8, 3, 4]), tf.tensor1d([1, 10, 100, 1000]));

    const [one, other] = [0, 1].map(() => layer.apply(x, { training: true }) as tf.Tensor) as [
      tf.Tensor,
      tf.Tensor,
    ];
    const still = layer.apply(x) as tf.Tensor;

    const digits = rows(one).flatMap((row) =>
      Array.from(String(Math.round((row[0] ?? 0) * 0.75)), Number),
    );
    const perSample = one.arraySync() as number[][][];
    expect(new Set(digits)).toEqual(new Set([0, 1]));
    perSample.forEach(([first, ...rest]) => {
      rest.forEach((step) => {
        expect(step).toEqual(first);
      });
    });
    expect(valuesOf(other)).not.toEqual(valuesOf(one));
    expect(new Set(valuesOf(still))).toEqual(new Set([1111]));
  });

  test.each(KINDS)("drops states of a %s while it is trained, and never else", (kind) => {
    const layer = layerOf(kind, { units: 8, dropout: 0.5, recurrentDropout: 0.5 });
    const sure = layerOf(kind, { units: 8 });
    const x = seededTensor([2, 4, 3]);
    [layer, sure].forEach((each) => {
      each.build([2, 4, 3]);
      seedLayer(each);
    });

    const [trained, again, inferred, wanted] = [
      layer.apply(x, { training: true }),
      layer.apply(x, { training: true }),
      layer.apply(x, { training: false }),
      sure.apply(x),
    ].map((y) => valuesOf(y as tf.Tensor));

    expect(inferred).toEqual(wanted);
    expect(trained).not.toEqual(wanted);
    expect(trained).not.toEqual(again);
  });

  test("drops states of each gate by themselves", () => {
    const layer = new GRU({
      ...ones,
      recurrentActivation: "linear",
      recurrentInitializer: "ones",
      kernelInitializer: "zeros",
      recurrentDropout: 0.5,
    });
    const x = tf.zeros([64, 1, 1]);
    const h = tf.ones([64, 1]);

    const found = layer.apply([x, h], { training: true }) as tf.Tensor;

    // z, r and the candidate's h are 0 or 2 each: z h + (1 - z) r h'.
    expect(new Set(valuesOf(found))).toEqual(new Set([0, 2, 4, -2]));
  });

  test("has gradients", async () => {
    const layer = new LSTM({ units: 4, dropout: 0.2, recurrentDropout: 0.2 });
    const model = modelOf(layer, [3, 2]);
    model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });

    const loss = await model.trainOnBatch(seededTensor([2, 3, 2]), tf.zeros([2, 4]));

    expect(Number.isFinite(loss)).toBe(true);
  });
});

describe("masks of a model", () => {
  test("go from layer to layer, with sequences and not beyond", () => {
    const make = (last: boolean): tf.LayersModel => {
      const model = tf.sequential({
        layers: [
          tf.layers.masking({ maskValue: 9, inputShape: [4, 2] }),
          new LSTM({ units: 2, returnSequences: true }),
          new GRU({ units: 2, returnSequences: !last }),
        ],
      });
      const weights = model.weights.map(({ shape }, n) => seededTensor(shape as number[], n));
      model.setWeights(weights);
      return model;
    };
    const values = seeded(8);
    const x = tf.tensor3d([...values.slice(0, 4), 9, 9, ...values.slice(4, 6)], [1, 4, 2]);
    const short = tf.tensor3d(values.slice(0, 6), [1, 3, 2]);

    const [masked, whole] = [make(true), make(true)].map((model, n) => {
      const [, lstm, gru] = model.layers as [tf.layers.Layer, tf.layers.Layer, tf.layers.Layer];
      return n ? gru.apply(lstm.apply(short)) : predicted(model, x);
    }) as [tf.Tensor, tf.Tensor];

    expectNear(masked, valuesOf(whole), 1e-6);
    expect(predicted(make(false), x).shape).toEqual([1, 4, 2]);
  });

  test("of other layers are not taken", () => {
    const tokens = tf.input({ shape: [3], dtype: "int32" });
    const other = tf.input({ shape: [3, 2] });
    const embedded = tf.layers
      .embedding({ inputDim: 4, outputDim: 2, maskZero: true })
      .apply(tokens);
    const [one, two] = [new LSTM({ units: 2 }), new LSTM({ units: 2 })];
    const outputs = [one.apply(embedded), two.apply(other)] as tf.SymbolicTensor[];
    const model = tf.model({ inputs: [tokens, other], outputs });
    const x = seededTensor([1, 3, 2]);

    const given = [tf.tensor2d([[0, 1, 0]], [1, 3], "int32"), x];
    const [, found] = model.predict(given) as [tf.Tensor, tf.Tensor];

    expect(valuesOf(found)).toEqual(valuesOf(two.apply(x) as tf.Tensor));
  });

  test("are not used where states are given, as in Keras, but handed on", () => {
    const x = tf.input({ shape: [3, 2] });
    const state = tf.input({ shape: [2] });
    const first = new GRU({ units: 2, returnSequences: true });
    const last = new LSTM({ units: 2 });
    const masked = tf.layers.masking({ maskValue: 9 }).apply(x) as tf.SymbolicTensor;
    const all = first.apply([masked, state]) as tf.SymbolicTensor;
    const outputs = [all, last.apply(all) as tf.SymbolicTensor];
    const model = tf.model({ inputs: [x, state], outputs });
    const values = tf.tensor3d([1, 2, 9, 9, 3, 4], [1, 3, 2]);
    const h = seededTensor([1, 2]);
    const read = tf.mul(values, tf.tensor3d([1, 0, 1], [1, 3, 1])); // as Masking hands it on

    const [sequence, y] = model.predict([values, h]) as [tf.Tensor, tf.Tensor];

    const mask = tf.tensor2d([[1, 0, 1]], [1, 3], "bool");
    const [other, same] = [new GRU({ units: 2, returnSequences: true }), new LSTM({ units: 2 })];
    other.build([1, 3, 2]);
    same.build([1, 3, 2]);
    other.setWeights(first.getWeights());
    same.setWeights(last.getWeights());
    const wanted = other.apply([read, h]) as tf.Tensor;
    expectNear(sequence, valuesOf(wanted), 1e-6);
    expectNear(y, valuesOf(same.apply(wanted, { mask }) as tf.Tensor), 1e-6);
  });

  test("may have several marks for a step, any of which keeps it", () => {
    const layer = new LSTM({ units: 2 });
    const x = seededTensor([1, 3, 2]);
    const marks = tf.tensor3d(
      [
        [
          [0, 0],
          [0, 1],
          [1, 1],
        ],
      ],
      [1, 3, 2],
      "bool",
    );

    const y = layer.apply(x, { mask: marks }) as tf.Tensor;

    const kept = layer.apply(tf.slice(x, [0, 1, 0], [1, 2, 2])) as tf.Tensor;
    expectNear(y, valuesOf(kept), 1e-6);
  });
});

describe("LSTM", () => {
  test.each([
    { biasShape: "vector" as const, bias: [5, 5, 1, 1, 5, 5, 5, 5] },
    { biasShape: "gate" as const, bias: [5, 1, 5, 5] },
  ])("starts remembering with bias_shape=$biasShape", ({ biasShape, bias }) => {
    const biasInitializer = { className: "Constant", config: { value: 5 } };
    const before = tf.memory().numTensors;
    const layer = new LSTM({ units: 2, biasShape, biasInitializer });
    layer.build([null, 3, 2]);

    const [, , start] = layer.getWeights() as [tf.Tensor, tf.Tensor, tf.Tensor];
    expect(valuesOf(start)).toEqual(bias);
    expect(tf.memory().numTensors).toBe(before + 3);
  });

  test("refuses what cannot be, by its name", () => {
    const wrong = (config: LSTMConfig, shape = [null, 3, 2]): (() => void) => {
      return () => {
        new LSTM({ name: "carry", ...config }).build(shape);
      };
    };

    expect(wrong({ units: 0 })).toThrow(
      "Layer 'carry': units=0 is not a positive whole number. Use 1 or more.",
    );
    expect(wrong({ units: 2, biasShape: "scalar" })).toThrow(
      "Layer 'carry': unit_forget_bias=True needs a bias for the forget gate alone, and " +
        "bias_shape='scalar' shares it with other gates. " +
        "Use unit_forget_bias=False, or bias_shape='gate'.",
    );
    expect(() => new LSTM({ name: "carry", units: 2 }).apply(tf.zeros([1, 0, 2]))).toThrow(
      "Layer 'carry': called on sequences of no steps. Call it on one step or more.",
    );
    expect(wrong({ units: 3, biasShape: [null, 2] })).toThrow(
      "Layer 'carry': bias_shape=(None, 2)",
    );
    expect(wrong({ units: 2 }, [null, 2])).toThrow(
      "Layer 'carry': called on the shape (None, 2). " +
        "Call it on sequences: (batch, steps, features).",
    );
    expect(() =>
      new LSTM({ name: "carry", units: 2 }).apply([tf.zeros([1, 2, 2]), tf.zeros([1, 2])]),
    ).toThrow(
      "Layer 'carry': called with 1 states, and has 2. " +
        "Call it on the input and 2 states, or on the input alone.",
    );
  });

  test("is charged for the size of its weights", () => {
    const layer = new LSTM({
      units: 2,
      kernelRegularizer: tf.regularizers.l2({ l2: 1 }),
      recurrentRegularizer: tf.regularizers.l1({ l1: 1 }),
    });
    layer.build([null, 3, 2]);

    const losses = layer.calculateLosses().map((loss) => valuesOf(loss)[0]);

    const [kernel, recurrent] = layer.getWeights() as [tf.Tensor, tf.Tensor];
    expect(losses[0]).toBeCloseTo(valuesOf(tf.sum(tf.square(kernel)))[0] ?? NaN, 4);
    expect(losses[1]).toBeCloseTo(valuesOf(tf.sum(tf.abs(recurrent)))[0] ?? NaN, 4);
  });

  test("is one class under both names", () => {
    expect(TWINS["keras>LSTM"]).toBe(LSTM);
    expect(TWINS["kerasBias>LSTM"]?.prototype).toBeInstanceOf(LSTM);
  });
});
