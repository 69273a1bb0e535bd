/** ConvLSTM1D, 2D and 3D compute, train and keep their states as the definition says. */

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { ConvLSTMConfig } from "../../export/runtime/src/index";
import { ConvLSTM1D, ConvLSTM2D, ConvLSTM3D, register } from "../../export/runtime/src/index";
import type { BiasAt, ByHand } from "./conv_lstm_by_hand";
import { biasOfVector, convLSTMByHand } from "./conv_lstm_by_hand";
import {
  expectNear,
  expectTrueGradients,
  modelOf,
  predicted,
  product,
  reloaded,
  seededTensor,
  valuesOf,
} from "./measuring";

beforeAll(register);

const CLASSES = { 1: ConvLSTM1D, 2: ConvLSTM2D, 3: ConvLSTM3D };

interface Row {
  /** Of the input, without batch. */
  readonly sizes: readonly number[];
  readonly more: ConvLSTMConfig;
}

// As many steps as rows, channels and filters: an axis taken for another is not seen in any shape.
const ROWS: readonly Row[] = [
  { sizes: [3, 3, 3], more: { filters: 3, kernelSize: 3, padding: "same" } },
  { sizes: [2, 5, 1], more: { filters: 1, kernelSize: 2, strides: 2, returnSequences: true } },
  { sizes: [1, 1, 1], more: { filters: 2, kernelSize: 1, returnSequences: true } },
  { sizes: [3, 3, 3, 3], more: { filters: 3, kernelSize: 3, padding: "same" } },
  { sizes: [2, 4, 5, 2], more: { filters: 3, kernelSize: [2, 3], goBackwards: true } },
  {
    sizes: [3, 5, 4, 2],
    more: {
      filters: 2,
      kernelSize: [3, 2],
      strides: [2, 1],
      padding: "same",
      returnSequences: true,
      goBackwards: true,
    },
  },
  {
    sizes: [2, 5, 4, 1],
    more: { filters: 2, kernelSize: [2, 3], dilationRate: [2, 1], padding: "same" },
  },
  {
    sizes: [3, 3, 3, 3],
    more: {
      filters: 3,
      kernelSize: 2,
      padding: "same",
      dataFormat: "channelsFirst",
      returnSequences: true,
    },
  },
  {
    sizes: [2, 2, 5, 4],
    more: { filters: 3, kernelSize: [2, 3], dilationRate: 2, dataFormat: "channelsFirst" },
    // the width leaves no room for this: see below
  },
  { sizes: [2, 2, 3, 2, 2], more: { filters: 2, kernelSize: [1, 2, 2], padding: "same" } },
  {
    sizes: [2, 2, 3, 2, 2],
    more: {
      filters: 1,
      kernelSize: [2, 2, 1],
      strides: [1, 1, 2],
      dataFormat: "channelsFirst",
      returnSequences: true,
    },
  },
  { sizes: [2, 3, 3, 2], more: { filters: 2, kernelSize: 2, useBias: false } },
].map((row) =>
  row.more.dilationRate === 2
    ? { ...row, more: { ...row.more, padding: "same" as const } }
    : (row as Row),
);

function make({ sizes, more }: Row, extra: Partial<ConvLSTMConfig> = {}) {
  const axes = (sizes.length - 2) as 1 | 2 | 3;
  return new CLASSES[axes]({ ...more, ...extra });
}

/** The same options, written out. */
function moves({ sizes, more }: Row): ByHand {
  const all = (value: number | readonly number[] = 1): readonly number[] =>
    typeof value === "number" ? Array<number>(sizes.length - 2).fill(value) : value;
  const { strides, dilationRate, padding, dataFormat, returnSequences, goBackwards } = more;
  return {
    strides: all(strides),
    dilation: all(dilationRate),
    padding: padding ?? "valid",
    dataFormat: dataFormat ?? "channelsLast",
    returnSequences: returnSequences ?? false,
    goBackwards: goBackwards ?? false,
  };
}

describe.each(ROWS)("on $sizes with $more", (row) => {
  test("computes the definition, and hands out both states", () => {
    const layer = make(row, { returnState: true });
    const model = modelOf(layer, row.sizes);
    const x = seededTensor([2, ...row.sizes]);

    const [output, h, c] = model.predict(x) as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];

    const [kernel, recurrent, bias] = layer.getWeights() as [tf.Tensor, tf.Tensor];
    const at = biasOfVector(bias as tf.Tensor | undefined, row.more.filters);
    const wanted = convLSTMByHand(x, kernel, recurrent, at, moves(row));
    expect(output.shape).toEqual(wanted.output.shape);
    expect(model.outputs.map(({ shape }) => shape.slice(1))).toEqual(
      [output, h, c].map(({ shape }) => shape.slice(1)),
    );
    expectNear(output, valuesOf(wanted.output));
    expectNear(h, valuesOf(wanted.states[0]));
    expectNear(c, valuesOf(wanted.states[1]));
  });

  test("has its slopes as gradients", () => {
    const layer = make(row);
    layer.build([null, ...row.sizes]);

    expectWeightGradients(layer, seededTensor([1, ...row.sizes]));
  });
});

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
  const BIASES: readonly BiasRow[] = (["channelsLast", "channelsFirst"] as const).flatMap(
    (dataFormat): BiasRow[] => {
      const first = dataFormat === "channelsFirst";
      return [
        {
          biasShape: "vector",
          stored: [16],
          at:
            (b) =>
            ([g, f]) =>
              b.get(g * 4 + f),
        },
        { biasShape: "scalar", stored: [1], at: (b) => () => b.get(0) },
        {
          biasShape: "gate",
          stored: [4],
          at:
            (b) =>
            ([g]) =>
              b.get(g),
        },
        {
          biasShape: [null, 1],
          stored: [4],
          at:
            (b) =>
            ([g]) =>
              b.get(g),
        },
        {
          biasShape: [1, null],
          stored: [4],
          at:
            (b) =>
            ([, f]) =>
              b.get(f),
        },
        {
          biasShape: [2],
          stored: [2],
          at:
            (b) =>
            ([, f]) =>
              b.get(Math.floor(f / 2)),
        },
        {
          biasShape: [2, 2],
          stored: [4],
          at:
            (b) =>
            ([g, f]) =>
              b.get(Math.floor(g / 2) * 2 + Math.floor(f / 2)),
        },
        {
          biasShape: "location",
          stored: first ? [1, 3, 3] : [3, 3, 1],
          at:
            (b) =>
            ([, , y, x]) =>
              first ? b.get(0, y, x) : b.get(y, x, 0),
        },
        {
          biasShape: "untied",
          stored: first ? [16, 3, 3] : [3, 3, 16],
          at:
            (b) =>
            ([g, f, y, x]) => {
              const channel = g * 4 + f;
              return first ? b.get(channel, y, x) : b.get(y, x, channel);
            },
        },
      ].map((row) => ({ ...row, dataFormat }) as BiasRow);
    },
  );

  const biased = ({ biasShape, dataFormat }: BiasRow): ConvLSTM2D =>
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

      const bias = layer.getWeights().at(-1)?.bufferSync() as tf.TensorBuffer<tf.Rank>;

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

    expect(valuesOf(layer.getWeights().at(-1) as tf.Tensor)).toEqual(Array(8).fill(1));
  });

  test("that is not trainable is not among what training changes", () => {
    const layer = new ConvLSTM1D({ filters: 2, kernelSize: 1, biasTrainable: false });
    layer.build([null, 2, 3, 1]);

    expect(layer.nonTrainableWeights.map(({ originalName }) => originalName)).toEqual([
      "bias",
    ]);
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
      const again = model.layers[1] as ConvLSTM2D;
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

describe("activations", () => {
  test("of the gates are those of the configuration", () => {
    const layer = new ConvLSTM1D({
      filters: 2,
      kernelSize: 2,
      recurrentActivation: "keras>hardSigmoid",
    });
    const model = modelOf(layer, [2, 4, 3]);
    const x = seededTensor([2, 2, 4, 3]);

    const y = predicted(model, x);

    const [kernel, recurrent, bias] = layer.getWeights() as [tf.Tensor, tf.Tensor, tf.Tensor];
    const gate = (z: number): number => Math.min(Math.max(z / 6 + 0.5, 0), 1);
    const at = biasOfVector(bias, 2);
    const wanted = convLSTMByHand(x, kernel, recurrent, at, { gate });
    expectNear(y, valuesOf(wanted.output));
  });

  test("along an axis are along the last, wherever the channels are", () => {
    const layer = new ConvLSTM1D({
      filters: 3,
      kernelSize: 1,
      activation: "softmax",
      recurrentActivation: "linear",
      dataFormat: "channelsFirst",
      useBias: false,
    });
    layer.build([null, 1, 2, 4]);
    // Gates of 1 for the input and the output: what comes out is softmax(softmax(z)).
    const [one, zero] = [tf.ones([1, 2, 3]), tf.zeros([1, 2, 3])];
    const ofCandidate = seededTensor([1, 2, 3]);
    const x = tf.concat([tf.ones([2, 1, 1, 4]), seededTensor([2, 1, 1, 4])], 2);
    const kernel = tf.concat([half(one), zero, ofCandidate, half(one)], -1);
    layer.setWeights([kernel, tf.zeros([1, 3, 12])]);

    const y = layer.apply(x) as tf.Tensor;

    const [step] = tf.unstack(x, 1) as [tf.Tensor3D];
    const z = tf.einsum("bcp,cf->bfp", step, tf.reshape(ofCandidate, [2, 3]) as tf.Tensor2D);
    expectNear(y, valuesOf(tf.softmax(tf.softmax(z))));

    /** Of the first channel alone, which is 1 everywhere. */
    function half(kernelOfOne: tf.Tensor): tf.Tensor {
      return tf.mul(kernelOfOne, tf.tensor3d([[[1], [0]]]));
    }
  });
});

describe("dropout", () => {
  const dropping = (more: Partial<ConvLSTMConfig>): ConvLSTM1D => {
    const layer = new ConvLSTM1D({ filters: 3, kernelSize: 2, padding: "same", ...more });
    modelOf(layer, [3, 5, 2]);
    return layer;
  };

  test.each([{ dropout: 0.5 }, { recurrentDropout: 0.5 }])("%j is for training alone", (more) => {
    const layer = dropping(more);
    const x = seededTensor([2, 3, 5, 2]);

    const [out, again, inTraining] = [false, false, true].map((training) =>
      valuesOf(layer.apply(x, { training }) as tf.Tensor),
    );

    expect(again).toEqual(out);
    expect(inTraining).not.toEqual(out);
  });

  test("drops the same at every step", () => {
    const layer = new ConvLSTM1D({
      filters: 1,
      kernelSize: 1,
      dropout: 0.5,
      activation: "linear",
      recurrentActivation: "linear",
      returnSequences: true,
    });
    layer.build([null, 4, 8, 1]);
    // No state is seen, and the output is input * candidate * output: 8 where none was dropped.
    layer.setWeights([tf.tensor3d([[[1, 0, 1, 1]]]), tf.zeros([1, 1, 4]), tf.zeros([4])]);

    const y = layer.apply(tf.ones([2, 4, 8, 1]), { training: true }) as tf.Tensor;

    const [first, ...others] = tf.unstack(y, 1).map(valuesOf);
    expect(new Set(first)).toEqual(new Set([0, 8]));
    expect(others).toEqual([first, first, first]);
  });
});

describe("refusals", () => {
  test.each<{ config: Partial<ConvLSTMConfig>; message: string }>([
    {
      config: { strides: 2, dilationRate: 2 },
      message:
        "Layer 'c': strides=(2, 2) are given with dilation_rate=(2, 2). Use 1 for one of the two.",
    },
    {
      config: { kernelSize: [1, 2, 3] },
      message:
        "Layer 'c': kernel_size=[1, 2, 3] is not for a layer with 2 spatial axes. " +
        "Use a whole number from 1, or a tuple of 2.",
    },
    {
      config: { activation: "keras>glu" },
      message:
        "Layer 'c': activation='keras>glu' halves the last axis. " +
        "Put it in a layer of its own: keras>Activation.",
    },
  ])("$message", ({ config, message }) => {
    expect(() => new ConvLSTM2D({ name: "c", filters: 2, kernelSize: 2, ...config })).toThrow(
      new Error(message),
    );
  });

  test.each([
    {
      shape: [null, 3, 4, 2],
      message:
        "Layer 'c': called on the shape (None, 3, 4, 2). " +
        "Call it on sequences of images, of 5 axes: batch, steps, 2 spatial and the channels.",
    },
    {
      shape: [null, 3, 4, 1, 2],
      message:
        "Layer 'c': a kernel that spans 2 does not fit into a spatial axis of size 1 with " +
        "padding='valid'. Use a larger input, a smaller kernel or padding='same'.",
    },
    {
      shape: [null, 3, 4, null, 2],
      message:
        "Layer 'c': the size of axis 1 is None (input shape (4, None, 2)), and a weight's shape " +
        "needs it. Build the layer on a fixed size.",
    },
  ])("$message", ({ shape, message }) => {
    const layer = new ConvLSTM2D({ name: "c", filters: 2, kernelSize: 2 });

    expect(() => {
      layer.build(shape);
    }).toThrow(new Error(message));
  });

  test("a size that it was not built for", () => {
    const layer = new ConvLSTM1D({ name: "c", filters: 2, kernelSize: 2 });
    layer.build([null, 2, 4, 3]);

    expect(() => layer.call(tf.zeros([1, 2, 3, 4]), {})).toThrow(
      new Error(
        "Layer 'c': was built for steps of shape (4, 3), and called on (1, 2, 3, 4). " +
          "Call it on the size it was built on.",
      ),
    );
  });
});

/** Every gradient is a slope: of the input, and of the weights or those of the given names. */
function expectWeightGradients(
  layer: tf.layers.Layer,
  x: tf.Tensor,
  names: readonly string[] = ["kernel", "recurrent_kernel", "bias"],
): void {
  const own = (name: string): string => name.slice(layer.name.length + 1);
  const all = layer.weights.map(({ shape }, index) => {
    const sizes = shape as number[];
    return tf.mul(seededTensor(sizes, index + 2), 4 / Math.sqrt(product(sizes)));
  });
  const moved = layer.weights.flatMap(({ originalName }, index) =>
    names.includes(own(originalName)) ? [index] : [],
  );
  expectTrueGradients(
    (input, ...values) => {
      layer.weights.forEach((weight, index) => {
        const value = values[moved.indexOf(index)] ?? all[index];
        vi.spyOn(weight, "read").mockReturnValue(value ?? tf.scalar(NaN));
      });
      return layer.apply(input) as tf.Tensor;
    },
    [x, ...moved.map((index) => all[index] as tf.Tensor)],
  );
  vi.restoreAllMocks();
}
