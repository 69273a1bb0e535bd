/** Every twin is saved by tfjs in Keras's words, and comes back whole: twice, too, in one session. */

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  Activation,
  BatchNormalization,
  Bias,
  Dense,
  Dot,
  ELU,
  LayerNormalization,
  register,
  ReLU,
  Softmax,
  Subtract,
  TWINS,
} from "../../export/runtime/src/index";
import { CONV_LSTMS } from "./conv_lstm_saving";
import { CONVOLUTIONS } from "./convolution_saving";
import { ATTENTION_ROWS } from "./attention_rows";
import { NORMALIZATION } from "./normalization_saving";
import { PREPROCESSING } from "./preprocessing_saving";
import { RECURRENT } from "./recurrent_saving";
import { SPATIAL } from "./spatial_saving";
import {
  modelOf,
  predicted,
  product,
  reloaded,
  saved,
  savedLayers,
  seededTensor,
  seedWeights,
  valuesOf,
} from "./measuring";

register();

interface Row {
  /** The class name in a model.json. */
  readonly written: string;
  readonly make: () => tf.layers.Layer;
  readonly shapes: readonly (readonly number[])[];
  /** Keras's words for the options that were given. */
  readonly config: Readonly<Record<string, unknown>>;
}

const l1l2 = { class_name: "L1L2", config: { l1: 0.1, l2: 0.2 } };
// Any other constraint alters weights as tfjs loads them.
const nonNeg = { class_name: "NonNeg", config: {} };
const given = {
  l1l2: tf.regularizers.l1l2({ l1: 0.1, l2: 0.2 }),
  nonNeg: tf.constraints.nonNeg(),
};

const ROWS: readonly Row[] = [
  {
    written: "kerasBias>Dense",
    make: () =>
      new Dense({
        name: "my_dense",
        units: 4,
        activation: "keras>hard_silu",
        biasShape: [null, 2],
        biasTrainable: false,
        kernelInitializer: "heNormal",
        biasInitializer: { className: "Constant", config: { value: 2 } },
        kernelRegularizer: given.l1l2,
        biasConstraint: given.nonNeg,
      }),
    shapes: [[3, 2]],
    config: {
      name: "my_dense",
      trainable: true,
      units: 4,
      activation: "keras>hard_silu",
      use_bias: true,
      bias_shape: [null, 2],
      bias_trainable: false,
      kernel_initializer: {
        class_name: "VarianceScaling", // as tfjs itself writes what it was given as HeNormal
        config: { scale: 2, mode: "fan_in", distribution: "normal", seed: null },
      },
      bias_initializer: { class_name: "Constant", config: { value: 2 } },
      kernel_regularizer: l1l2,
      bias_regularizer: null,
      kernel_constraint: null,
      bias_constraint: nonNeg,
    },
  },
  {
    written: "kerasBias>Bias",
    make: () =>
      new Bias({
        biasShape: "location",
        dataFormat: "channelsFirst",
        groups: 3,
        activation: "keras>leaky_relu",
      }),
    shapes: [[3, 2, 2]],
    config: {
      bias_shape: "location",
      bias_trainable: true,
      data_format: "channels_first",
      groups: 3,
      activation: "keras>leaky_relu",
      bias_initializer: { class_name: "Zeros", config: {} },
      bias_regularizer: null,
      bias_constraint: null,
    },
  },
  {
    written: "keras>Activation",
    make: () => new Activation({ activation: "keras>glu" }),
    shapes: [[4]],
    config: { activation: "keras>glu" },
  },
  {
    written: "keras>ReLU",
    make: () => new ReLU({ maxValue: 0.9, negativeSlope: 0.1, threshold: 0.2 }),
    shapes: [[4]],
    config: { max_value: 0.9, negative_slope: 0.1, threshold: 0.2 },
  },
  {
    written: "keras>ELU",
    make: () => new ELU({ alpha: 0.5 }),
    shapes: [[4]],
    config: { alpha: 0.5 },
  },
  {
    written: "keras>Softmax",
    make: () => new Softmax({ axis: [1, 2] }),
    shapes: [[2, 3]],
    config: { axis: [1, 2] },
  },
  {
    written: "keras>BatchNormalization",
    make: () => new BatchNormalization({ axis: 1, momentum: 0.5, epsilon: 0.1, center: false }),
    shapes: [[3, 3]],
    config: {
      axis: 1,
      momentum: 0.5,
      epsilon: 0.1,
      center: false,
      scale: true,
      moving_variance_initializer: { class_name: "Ones", config: {} },
    },
  },
  {
    written: "keras>LayerNormalization",
    make: () => new LayerNormalization({ axis: [1, 2], rmsScaling: true, epsilon: 0.1 }),
    shapes: [[3, 3]],
    config: { axis: [1, 2], rms_scaling: true, epsilon: 0.1, scale: true, center: true },
  },
  {
    written: "keras>Subtract",
    make: () => new Subtract(),
    shapes: [
      [3, 2],
      [1, 2],
    ],
    config: {},
  },
  {
    written: "keras>Dot",
    make: () => new Dot({ axes: [3, 1], normalize: true }),
    shapes: [
      [2, 2, 3],
      [3, 2],
    ],
    config: { axes: [3, 1], normalize: true },
  },
  ...CONVOLUTIONS,
  ...CONV_LSTMS,
  ...ATTENTION_ROWS,
  ...NORMALIZATION,
  ...RECURRENT,
  ...PREPROCESSING,
  ...SPATIAL,
];

const inputsOf = ({ shapes }: Row): tf.Tensor[] =>
  shapes.map((shape, index) => seededTensor([2, ...shape], index + 1));

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((total, each) => total + each, 0) / numbers.length;

test("every twin has a row here, and goes by the name under which it is registered", () => {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();

  expect(ROWS.map((row) => row.written).sort()).toEqual(Object.keys(TWINS).sort());
  for (const [name, twin] of Object.entries(TWINS)) {
    expect(twin.className).toBe(name);
    expect(classNameMap[name]?.[0]).toBe(twin);
  }
});

describe.each(ROWS)("$written", (row) => {
  test("is saved in Keras's words", async () => {
    const written = await savedLayers(modelOf(row.make(), ...row.shapes));

    const layer = written.at(-1);
    expect(layer?.class_name).toBe(row.written);
    expect(layer?.config).toMatchObject(row.config);
  });

  test("is read by the name that Keras registers it under", async () => {
    const model = modelOf(row.make(), ...row.shapes);
    const artifacts = await saved(model);
    const topology = JSON.stringify(artifacts.modelTopology).replaceAll(
      "kerasBias>",
      "keras_bias>",
    );
    const inputs = inputsOf(row);

    const read = await tf.loadLayersModel(
      tf.io.fromMemory({ ...artifacts, modelTopology: JSON.parse(topology) as object }),
    );

    expect(valuesOf(predicted(read, ...inputs))).toEqual(valuesOf(predicted(model, ...inputs)));
  });

  test("comes back with the same numbers, twice beside itself, and once more from there", async () => {
    const model = modelOf(row.make(), ...row.shapes);
    const inputs = inputsOf(row);
    const wanted = valuesOf(predicted(model, ...inputs));

    const [first, second] = [await reloaded(model), await reloaded(model)];
    const third = await reloaded(second);

    for (const each of [first, second, third]) {
      expect(valuesOf(predicted(each, ...inputs))).toEqual(wanted);
      expect(await savedLayers(each)).toEqual(await savedLayers(model));
      expect(each.weights.map(({ originalName }) => originalName)).toEqual(
        model.weights.map(({ originalName }) => originalName),
      );
      expect(each.trainableWeights.map(({ shape }) => shape)).toEqual(
        model.trainableWeights.map(({ shape }) => shape),
      );
    }
  });

  test("leaves no tensor behind: predicting, training, saving, going", async () => {
    const outside = tf.memory().numTensors;
    const inputs = inputsOf(row);
    const model = modelOf(row.make(), ...row.shapes);
    const optimizer = tf.train.sgd(0.01);
    // A layer without weights is trained in front of one that has some.
    const [output] = model.outputs as [tf.SymbolicTensor];
    const flat = tf.layers.reshape({ targetShape: [product(output.shape.slice(1) as number[])] });
    const last = tf.layers.dense({ units: 1 });
    const outputs = last.apply(flat.apply(output)) as tf.SymbolicTensor;
    const whole = tf.model({ inputs: model.inputs, outputs });
    whole.compile({ optimizer, loss: "meanSquaredError" });
    const targets = tf.zeros([2, 1]);
    const x = inputs.length === 1 && inputs[0] ? inputs[0] : inputs;
    const step = async (): Promise<number> => {
      tf.dispose(predicted(whole, ...inputs));
      await whole.trainOnBatch(x, targets);
      await saved(whole);
      return tf.memory().numTensors;
    };
    await step();

    const after = [await step(), await step(), await step()];

    expect(new Set(after).size).toBe(1);
    whole.dispose();
    optimizer.dispose();
    tf.dispose([...inputs, targets]);
    expect(tf.memory().numTensors).toBe(outside);
  });

  test("learns: training makes the loss smaller, with dropout too", async () => {
    const model = modelOf(row.make(), ...row.shapes);
    if (model.trainableWeights.length === 0) {
      expect(model.weights).toEqual(model.nonTrainableWeights);
      return;
    }
    model.compile({ optimizer: tf.train.sgd(0.01), loss: "meanSquaredError" });
    const inputs = inputsOf(row);
    const x = inputs.length === 1 && inputs[0] ? inputs[0] : inputs;
    const targets = tf.zerosLike(predicted(model, ...inputs));
    const frozen = model.nonTrainableWeights.filter(({ originalName }) =>
      originalName.endsWith("bias"),
    );
    const before = frozen.map((weight) => valuesOf(weight.read()));

    const losses: number[] = [];
    for (let step = 0; step < 30; step++) {
      losses.push((await model.trainOnBatch(x, targets)) as number);
    }
    const [first, last] = [losses.slice(0, 10), losses.slice(-10)].map(mean);

    expect(last).toBeLessThan(first ?? 0);
    expect(frozen.map((weight) => valuesOf(weight.read()))).toEqual(before);
  });

  test("knows its own output shape", () => {
    const model = modelOf(row.make(), ...row.shapes);

    const [batch, ...rest] = predicted(model, ...inputsOf(row)).shape;

    expect(batch).toBe(2);
    expect(model.outputs[0]?.shape).toEqual([null, ...rest]);
    expect(product(rest)).toBeGreaterThan(0);
  });
});

test("two models with layers of one name live side by side", async () => {
  const make = (): tf.LayersModel => {
    const model = tf.sequential({
      layers: [new Dense({ name: "same", units: 2, biasShape: "scalar", inputShape: [3] })],
    });
    seedWeights(model);
    return model;
  };
  const [one, other] = [make(), make()];

  const again = [await reloaded(one), await reloaded(other)];

  expect(other.weights[0]?.name).not.toBe(one.weights[0]?.name);
  expect(again.map((model) => model.getWeights().map(valuesOf))).toEqual(
    [one, other].map((model) => model.getWeights().map(valuesOf)),
  );
});

test("the first layer of a model keeps the input's shape and type", async () => {
  const model = tf.sequential({ layers: [new Bias({ inputShape: [2, 3], dtype: "int32" })] });

  const again = await reloaded(model);

  expect(again.inputs[0]?.shape).toEqual([null, 2, 3]);
  expect(again.inputs[0]?.dtype).toBe("int32");
});

test("layers without a name get one that tfjs accepts, each its own", () => {
  const model = tf.sequential({
    layers: [new Bias({ inputShape: [2] }), new Bias(), new Dense({ units: 1 })],
  });

  expect(new Set(model.layers.map((layer) => layer.name)).size).toBe(3);
});
