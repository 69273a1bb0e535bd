/** Convolutional LSTMs: every bias is added where its shape says, trained and started so. */

import type * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import type { ConvLSTMConfig } from "../../export/runtime/src/index";
import { ConvLSTM1D, ConvLSTM2D, register } from "../../export/runtime/src/index";
import type { BiasAt } from "./conv_lstm_by_hand";
import { convLSTMByHand, expectWeightGradients } from "./conv_lstm_by_hand";
import { expectNear, modelOf, predicted, seededTensor, valuesOf } from "./measuring";

beforeAll(register);

describe("a bias", () => {
  const FILTERS = 4;
  interface BiasRow {
    readonly biasShape: NonNullable<ConvLSTMConfig["biasShape"]>;
    readonly dataFormat: "channelsLast" | "channelsFirst";
    readonly stored: readonly number[];
    readonly at: (bias: tf.TensorBuffer<tf.Rank>) => BiasAt;
  }
  // Three places along each axis, and channels that are as many as their gates.
  const sizes = (dataFormat: string): number[] =>
    dataFormat === "channelsLast" ? [2, 3, 3, 4] : [2, 4, 3, 3];
  const FORMATS = ["channelsLast", "channelsFirst"] as const;
  const BIASES = FORMATS.flatMap((dataFormat): readonly BiasRow[] => {
    const first = dataFormat === "channelsFirst";
    const rows: readonly Omit<BiasRow, "dataFormat">[] = [
      {
        biasShape: "vector",
        stored: [16],
        at:
          (b) =>
          ([g = 0, f = 0]) =>
            b.get(g * 4 + f),
      },
      { biasShape: "scalar", stored: [1], at: (b) => () => b.get(0) },
      {
        biasShape: "gate",
        stored: [4],
        at:
          (b) =>
          ([g = 0]) =>
            b.get(g),
      },
      {
        biasShape: [null, 1],
        stored: [4],
        at:
          (b) =>
          ([g = 0]) =>
            b.get(g),
      },
      {
        biasShape: [1, null],
        stored: [4],
        at:
          (b) =>
          ([, f = 0]) =>
            b.get(f),
      },
      {
        biasShape: [2],
        stored: [2],
        at:
          (b) =>
          ([, f = 0]) =>
            b.get(Math.floor(f / 2)),
      },
      {
        biasShape: [2, 2],
        stored: [4],
        at:
          (b) =>
          ([g = 0, f = 0]) =>
            b.get(Math.floor(g / 2) * 2 + Math.floor(f / 2)),
      },
      {
        biasShape: "location",
        stored: first ? [1, 3, 3] : [3, 3, 1],
        at:
          (b) =>
          ([, , y = 0, x = 0]) =>
            first ? b.get(0, y, x) : b.get(y, x, 0),
      },
      {
        biasShape: "untied",
        stored: first ? [16, 3, 3] : [3, 3, 16],
        at:
          (b) =>
          ([g = 0, f = 0, y = 0, x = 0]) =>
            first ? b.get(g * 4 + f, y, x) : b.get(y, x, g * 4 + f),
      },
    ];
    return rows.map((row) => ({ ...row, dataFormat }));
  });

  const biased = ({ biasShape, dataFormat }: BiasRow): InstanceType<typeof ConvLSTM2D> =>
    new ConvLSTM2D({ filters: FILTERS, kernelSize: 2, padding: "same", biasShape, dataFormat });

  test.each(BIASES)("of $biasShape is added where it says, $dataFormat", (row) => {
    const layer = biased(row);
    const model = modelOf(layer, sizes(row.dataFormat));
    const x = seededTensor([2, ...sizes(row.dataFormat)]);

    const y = predicted(model, x);

    const [kernel, recurrent, bias] = layer.getWeights() as [tf.Tensor, tf.Tensor, tf.Tensor];
    const { dataFormat } = row;
    const options = { padding: "same", dataFormat } as const;
    const wanted = convLSTMByHand(x, kernel, recurrent, row.at(bias.bufferSync()), options);
    expect(bias.shape).toEqual(row.stored);
    expect(layer.weights.map(({ originalName }) => originalName)).toEqual(
      ["kernel", "recurrent_kernel", "bias"].map((weight) => `${layer.name}/${weight}`),
    );
    expectNear(y, valuesOf(wanted.output));
  });

  test.each(BIASES)("of $biasShape sums its gradient, $dataFormat", (row) => {
    const layer = biased(row);
    layer.build([null, ...sizes(row.dataFormat)]);

    expectWeightGradients(layer, seededTensor([1, ...sizes(row.dataFormat)]), ["bias"]);
  });

  test.each(BIASES)(
    "of $biasShape starts at 1 for a forget gate of its own, $dataFormat",
    (row) => {
      const layer = biased(row);
      layer.build([null, ...sizes(row.dataFormat)]);

      const [, , weight] = layer.getWeights() as [tf.Tensor, tf.Tensor, tf.Tensor];
      const bias = weight.bufferSync();

      const shared = ["scalar", "location", "1,", "2", "2,2"].includes(String(row.biasShape));
      for (let gate = 0; gate < 4; gate++) {
        for (let place = 0; place < 3; place++) {
          expect(row.at(bias)([gate, place, place, 0])).toBe(!shared && gate === 1 ? 1 : 0);
        }
      }
    },
  );

  test("starts as it is told where unitForgetBias says no", () => {
    const layer = new ConvLSTM1D({
      filters: 2,
      kernelSize: 1,
      unitForgetBias: false,
      biasInitializer: "ones",
    });
    layer.build([null, 2, 3, 1]);

    expect(layer.getWeights().map(valuesOf).at(-1)).toEqual(Array<number>(8).fill(1));
  });

  test("that is not trainable is not among what training changes", () => {
    const layer = new ConvLSTM1D({ filters: 2, kernelSize: 1, biasTrainable: false });
    layer.build([null, 2, 3, 1]);

    expect(layer.nonTrainableWeights.map(({ originalName }) => originalName)).toEqual(["bias"]);
  });

  test.each([
    {
      biasShape: "group",
      message:
        "Layer 'c': bias_shape='group' is not for recurrent layers. " +
        "Use 'scalar', 'vector', 'gate' or a tuple over (gate, unit).",
    },
    {
      biasShape: [3, 1],
      message:
        "Layer 'c': bias_shape=(3, 1) needs 3 equal blocks along the gate axis, whose size is 4. " +
        "Use a number that divides 4.",
    },
  ] as const)("of $biasShape is refused", ({ biasShape, message }) => {
    const layer = new ConvLSTM1D({ name: "c", filters: 2, kernelSize: 1, biasShape });

    expect(() => {
      layer.build([null, 2, 3, 1]);
    }).toThrow(new Error(message));
  });
});
