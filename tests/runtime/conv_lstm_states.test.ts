/** Convolutional LSTMs: what masked steps leave alone, and where states begin and end. */

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { ConvLSTM1D, ConvLSTM2D, register } from "../../export/runtime/src/index";
import { biasOfVector, convLSTMByHand } from "./conv_lstm_by_hand";
import { expectNear, modelOf, predicted, reloaded, seededTensor, valuesOf } from "./measuring";

beforeAll(register);

describe("masked steps", () => {
  const mask = [
    [true, false, true],
    [false, true, false],
  ];
  const marks = tf.tensor2d(mask.map((row) => row.map(Number))).cast("bool");

  test.each(
    [false, true].flatMap((goBackwards) =>
      (["channelsLast", "channelsFirst"] as const).map((dataFormat) => ({
        goBackwards,
        dataFormat,
      })),
    ),
  )("keep output and states as they were: %j", ({ goBackwards, dataFormat }) => {
    // As many samples as rows and columns: a mask along another axis is not seen in any shape.
    const layer = new ConvLSTM2D({
      filters: 2,
      kernelSize: 2,
      padding: "same",
      returnSequences: true,
      returnState: true,
      goBackwards,
      dataFormat,
    });
    modelOf(layer, [3, 2, 2, 2]);
    const x = seededTensor([2, 3, 2, 2, 2]);
    vi.spyOn(layer, "inboundNodes", "get").mockReturnValue([]);

    const [y, h, c] = layer.call(x, { mask: marks }) as [tf.Tensor, tf.Tensor, tf.Tensor];

    const [kernel, recurrent, bias] = layer.getWeights() as [tf.Tensor, tf.Tensor, tf.Tensor];
    const options = {
      padding: "same",
      returnSequences: true,
      goBackwards,
      dataFormat,
      mask,
    } as const;
    const wanted = convLSTMByHand(x, kernel, recurrent, biasOfVector(bias, 2), options);
    expectNear(y, valuesOf(wanted.output));
    expectNear(h, valuesOf(wanted.states[0]));
    expectNear(c, valuesOf(wanted.states[1]));
  });

  test("have zeros where zeroOutputForMask says so", () => {
    const layer = new ConvLSTM1D({
      filters: 2,
      kernelSize: 1,
      returnSequences: true,
      zeroOutputForMask: true,
    });
    layer.build([null, 3, 2, 1]);

    const y = layer.call(seededTensor([2, 3, 2, 1]), { mask: marks }) as tf.Tensor;

    const done = valuesOf(tf.notEqual(tf.max(tf.abs(y), [2, 3]), 0));
    expect(done).toEqual(mask.flat().map(Number));
  });

  test("hand on their mask with sequences, and end it otherwise", () => {
    const x = tf.zeros([2, 3, 2, 1]);
    const handsOn = new ConvLSTM1D({ filters: 1, kernelSize: 1, returnSequences: true });
    const ends = new ConvLSTM1D({ filters: 1, kernelSize: 1 });

    expect(handsOn.computeMask(x, marks)).toBe(marks);
    expect(ends.computeMask(x, marks)).toBeNull();
  });

  test("cannot be masked place by place", () => {
    const layer = new ConvLSTM1D({ name: "c", filters: 2, kernelSize: 1 });
    layer.build([null, 3, 2, 1]);

    expect(() => layer.call(tf.zeros([2, 3, 2, 1]), { mask: tf.ones([2, 3, 2]) })).toThrow(
      new Error(
        "Layer 'c': its mask has shape (2, 3, 2), and a mask is of whole steps here: " +
          "(batch, steps). Build the model without this mask.",
      ),
    );
  });
});

describe("states", () => {
  test.each(["channelsLast", "channelsFirst"] as const)("can be given, %s", (dataFormat) => {
    const layer = new ConvLSTM2D({ filters: 3, kernelSize: 2, padding: "same", dataFormat });
    const state = dataFormat === "channelsFirst" ? [3, 4, 2] : [4, 2, 3];
    const input = dataFormat === "channelsFirst" ? [2, 1, 4, 2] : [2, 4, 2, 1];
    const model = modelOf(layer, input, state, state);
    const [x, h, c] = [input, state, state].map((shape, index) =>
      seededTensor([3, ...shape], index + 1),
    ) as [tf.Tensor, tf.Tensor, tf.Tensor];

    const y = predicted(model, x, h, c);

    const [kernel, recurrent, bias] = layer.getWeights() as [tf.Tensor, tf.Tensor, tf.Tensor];
    const options = { padding: "same", dataFormat } as const;
    const at = biasOfVector(bias, 3);
    const wanted = convLSTMByHand(x, kernel, recurrent, at, options, [h, c]);
    expectNear(y, valuesOf(wanted.output));
  });

  test.each(["channelsLast", "channelsFirst"] as const)(
    "go from one batch to the next, until they are reset, %s",
    async (dataFormat) => {
      const layer = new ConvLSTM2D({
        filters: 2,
        kernelSize: 1,
        dataFormat,
        stateful: true,
        returnSequences: true,
      });
      const input = tf.input({ batchShape: [2, 2, 2, 3, 2] });
      const stateful = tf.model({
        inputs: input,
        outputs: layer.apply(input) as tf.SymbolicTensor,
      });
      const model = await reloaded(stateful);
      const again = model.layers[1] as InstanceType<typeof ConvLSTM2D>;
      const x = seededTensor([2, 4, 2, 3, 2]);
      const [early, late] = tf.split(x, 2, 1) as [tf.Tensor, tf.Tensor];

      const [one, two] = [early, late].map((part) => valuesOf(predicted(model, part)));
      model.resetStates();
      const afresh = valuesOf(predicted(model, early));

      const [kernel, recurrent, bias] = again.getWeights() as [tf.Tensor, tf.Tensor, tf.Tensor];
      const at = biasOfVector(bias, 2);
      const options = { dataFormat, returnSequences: true };
      const whole = convLSTMByHand(x, kernel, recurrent, at, options).output;
      const halves = tf.split(whole, 2, 1) as [tf.Tensor, tf.Tensor];
      expectNear(tf.tensor(one ?? []), valuesOf(halves[0]));
      expectNear(tf.tensor(two ?? []), valuesOf(halves[1]));
      expect(afresh).toEqual(one);
      const before = tf.memory().numTensors;
      tf.dispose(predicted(model, early));
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  test("can be reset to given ones", () => {
    const layer = new ConvLSTM1D({
      filters: 2,
      kernelSize: 1,
      dataFormat: "channelsFirst",
      stateful: true,
    });
    layer.build([2, 2, 1, 3]);
    const states = [seededTensor([2, 2, 3]), seededTensor([2, 2, 3], 2)];
    const x = seededTensor([2, 2, 1, 3], 3);

    layer.resetStates(states);
    const y = layer.apply(x) as tf.Tensor;

    const [kernel, recurrent, bias] = layer.getWeights() as [tf.Tensor, tf.Tensor, tf.Tensor];
    const options = { dataFormat: "channelsFirst" } as const;
    const at = biasOfVector(bias, 2);
    const wanted = convLSTMByHand(x, kernel, recurrent, at, options, states);
    expectNear(y, valuesOf(wanted.output));
  });
});
