/** Models open whole: every number as it was stored, every name as it was given. */

import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { openedFiles } from "../../web_demo/src/loader/open";
import { type Description, described } from "../../web_demo/src/model/describe";
import { EXAMPLE } from "../../web_demo/src/model/example";
import { kerasCode } from "../../web_demo/src/save/kerasCode";
import { outputShape } from "../../web_demo/src/model/words";
import {
  dense,
  exported,
  file,
  float32,
  INPUT,
  type LayerJson,
  modelJson,
  NUMBERS,
  sequential,
  type WeightJson,
} from "./files";

async function opened(...files: Parameters<typeof openedFiles>): Promise<Description> {
  return described(await openedFiles(...files));
}

/** A model of layers, and weights of zeros that fit. */
async function ofLayers(
  layers: readonly LayerJson[],
  weights: readonly WeightJson[] = [],
): Promise<Description> {
  const size = weights.reduce(
    (sum, { shape }) => sum + (shape as number[]).reduce((product, axis) => product * axis, 1),
    0,
  );
  const json = {
    modelTopology: sequential(layers),
    weightsManifest: [{ paths: ["group1-shard1of1.bin"], weights }],
  };
  return opened(exported(json, float32(Array<number>(size).fill(0))));
}

/** One weight, stored in these bytes. */
async function stored(spec: Omit<WeightJson, "name">, bytes: Uint8Array): Promise<Description> {
  const json = modelJson();
  json.modelTopology = sequential([INPUT, { class_name: "Foo", config: { name: "foo" } }]);
  json.weightsManifest = [
    { paths: ["group1-shard1of1.bin"], weights: [{ name: "foo/bias", ...spec }] },
  ];
  return opened(exported(json, bytes));
}

describe("opening", () => {
  it("gives the numbers in the manifest's order", async () => {
    const { weights, parameters, biasParameters } = await opened(exported());

    expect(weights.map((weight) => weight.name)).toEqual([
      "dense_5/kernel",
      "dense_5/bias",
      "dense_2/kernel",
      "dense_2/bias",
    ]);
    expect(weights[1]?.values).toEqual([-5, -4, -3, -2, -1]);
    expect(weights[3]?.values).toEqual([10, 11]);
    expect([parameters, biasParameters]).toEqual([22, 7]);
  });

  it("counts an optimizer's numbers beside the model, not in it", async () => {
    const json = modelJson();
    json.weightsManifest[0]?.weights.push(
      { name: "iter", shape: [], dtype: "int32", group: "optimizer" },
      { name: "dense_2/bias/m", shape: [2], dtype: "float32", group: "optimizer" },
      { name: "momentum/bias", shape: [1], dtype: "float32", group: "optimizer" },
    );

    const model = await opened(exported(json, float32([...NUMBERS, 0, 1, NaN, 3])));

    expect([model.parameters, model.biasParameters, model.strays]).toEqual([22, 7, []]);
    expect(model.layers.map(({ parameters }) => parameters)).toEqual([0, 10, 12]);
    expect(model.optimizer).toMatchObject([
      { name: "iter", isBias: false },
      { name: "dense_2/bias/m", statistics: { nans: 1 } },
      { name: "momentum/bias", isBias: false, values: null },
    ]);
    expect(model.notices).toMatchObject([{ code: "NON_FINITE", where: "dense_2/bias/m" }, {}]);
    expect(kerasCode(model)).toContain('if spec.get("group") != "optimizer":');
  });

  it("joins shards, even where a number is cut in two", async () => {
    const json = modelJson();
    Object.assign(json.weightsManifest[0] ?? {}, { paths: ["a.bin", "b.bin", "c.bin"] });
    const bytes = float32(NUMBERS);
    const shards = [bytes.slice(0, 6), bytes.slice(6, 7), bytes.slice(7)];

    const { weights } = await opened([
      file("out/model.json", json),
      ...["c", "a", "b"].map((name) =>
        file(`out/${name}.bin`, shards["abc".indexOf(name)] ?? new Uint8Array()),
      ),
    ]);

    expect(weights[3]?.values).toEqual([10, 11]);
  });

  it("reads a zip of a folder, and leaves what a Mac adds", async () => {
    const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
    const zip = zipSync({
      "out/model.json": text(modelJson()),
      "out/group1-shard1of1.bin": float32(NUMBERS),
      "__MACOSX/out/._model.json": new Uint8Array([0, 5, 22, 7]),
    });

    const { title, weights } = await opened([file("scalar.zip", zip)]);

    expect(title).toBe("scalar.zip");
    expect(weights[3]?.values).toEqual([10, 11]);
  });

  it("is right about the example that it carries", () => {
    const { layers, notices } = described(EXAMPLE);

    expect(layers.map((layer) => [layer.parameters, layer.bias?.name])).toEqual([
      [0, undefined],
      [10, "vector"],
      [12, "vector"],
    ]);
    expect(notices.map(({ code }) => code)).toEqual(["LINEAR_CHAIN"]);
  });
});

describe("dtypes and quantization", () => {
  it.each<readonly [string, Omit<WeightJson, "name">, Uint8Array, readonly number[]]>([
    ["bool", { shape: [3], dtype: "bool" }, new Uint8Array([1, 0, 1]), [1, 0, 1]],
    [
      "int32",
      { shape: [2], dtype: "int32" },
      new Uint8Array(new Int32Array([-7, 9]).buffer),
      [-7, 9],
    ],
    [
      "uint8",
      {
        shape: [3],
        dtype: "float32",
        quantization: { dtype: "uint8", scale: 0.5, min: -1, original_dtype: "float32" },
      },
      new Uint8Array([0, 2, 255]),
      [-1, 0, 126.5],
    ],
    [
      "uint16",
      { shape: [2], dtype: "float32", quantization: { dtype: "uint16", scale: 0.25, min: 1 } },
      new Uint8Array(new Uint16Array([0, 65535]).buffer),
      [1, 16384.75],
    ],
    [
      "uint8 for integers, which are rounded",
      { shape: [2], dtype: "int32", quantization: { dtype: "uint8", scale: 0.4, min: 0 } },
      new Uint8Array([1, 2]),
      [0, 1],
    ],
    [
      "float16: one, the smallest, the largest, minus two, infinity",
      { shape: [5], dtype: "float32", quantization: { dtype: "float16" } },
      new Uint8Array(new Uint16Array([0x3c00, 0x0001, 0x7bff, 0xc000, 0x7c00]).buffer),
      [1, 2 ** -24, 65504, -2, Infinity],
    ],
  ])("%s", async (_, spec, bytes, values) => {
    const { weights } = await stored(spec, bytes);

    expect(weights[0]?.values).toEqual(values);
  });

  it("strings are counted by their own lengths, and have no statistics", async () => {
    const bytes = new Uint8Array([2, 0, 0, 0, 0x68, 0x69, 0, 0, 0, 0]);

    const { weights } = await stored({ shape: [2], dtype: "string" }, bytes);

    expect(weights[0]?.statistics).toBeNull();
  });
});

describe("notices", () => {
  it("says of an unknown layer that it can be looked at only", async () => {
    const { notices } = await ofLayers([INPUT, { class_name: "Foo", config: { name: "foo" } }]);

    expect(notices).toEqual([
      {
        code: "UNKNOWN_LAYER",
        where: null,
        numbers: null,
        text: "Inspect only: layer class 'Foo' is unknown to TensorFlow.js and to keras-tfjs.js. All numbers below are right; to run the model, register the class first.",
      },
    ]);
  });

  it.each(["__proto__", "constructor", "toString"])("knows no layer class %s", async (name) => {
    const { layers, notices } = await ofLayers([INPUT, { class_name: name, config: { name } }]);

    expect(layers[1]?.isKnown).toBe(false);
    expect(notices[0]?.code).toBe("UNKNOWN_LAYER");
  });

  it("shows names that TensorFlow.js would refuse", async () => {
    const name = "<img src=x onerror=alert(1)>";

    const { layers, notices } = await ofLayers([INPUT, { class_name: "ReLU", config: { name } }]);

    expect(layers[1]?.path).toEqual([name]);
    expect(notices[0]?.code).toBe("UNSAFE_NAME");
  });

  it("marks numbers that are not finite", async () => {
    const numbers = NUMBERS.map((value, index) =>
      index === 5 ? NaN : index === 6 ? Infinity : value,
    );

    const { weights, notices } = await opened(exported(modelJson(), float32(numbers)));

    expect(weights[1]?.statistics).toMatchObject({ nans: 1, infinities: 1, min: -3, max: -1 });
    expect(notices[0]).toMatchObject({
      code: "NON_FINITE",
      where: "dense_5/bias",
      text: "Of 5 values, 1 is NaN and 1 is infinite; the first is at [0]. Whatever is added to NaN, or multiplied with it, is NaN. They are counted and marked; min, max, mean and std are over the others.",
    });
  });

  it("keys named like JavaScript's own are names like others", async () => {
    const json = JSON.stringify(modelJson()).replace(
      '"format"',
      '"__proto__":{"format":"x"},"format"',
    );

    const { layers } = await opened(exported(json));

    expect(layers).toHaveLength(3);
    expect(Object.hasOwn(Object.prototype, "format")).toBe(false);
  });
});

describe("layers", () => {
  it("of nested models stand with their path, and are fixed if the model is", async () => {
    const inner: LayerJson = {
      class_name: "Sequential",
      config: { name: "body", trainable: false, layers: [INPUT, dense("dense_5", 5)] },
    };

    const { layers } = await ofLayers(
      [INPUT, inner, dense("dense_2", 2)],
      [
        { name: "dense_5/kernel", shape: [1, 5], dtype: "float32" },
        { name: "dense_2/bias", shape: [2], dtype: "float32" },
      ],
    );

    expect(layers.map((layer) => layer.path.join(" / "))).toEqual([
      "celsius",
      "body / celsius",
      "body / dense_5",
      "dense_2",
    ]);
    expect(layers.map((layer) => [layer.trainable, layer.parameters])).toEqual([
      [true, 0],
      [false, 0],
      [false, 5],
      [true, 2],
    ]);
    expect(layers.map((layer) => outputShape(layer.outputShape)).at(-1)).toBe("[batch, 2]");
  });

  it("own the weights under their name, however deep those lie", async () => {
    const lstm = { class_name: "LSTM", config: { name: "lstm", units: 1 } };

    const { layers, strays } = await ofLayers(
      [
        INPUT,
        { class_name: "Bidirectional", config: { name: "both/ways", layer: lstm } },
        dense("both", 2),
      ],
      [
        { name: "both/ways/forward_lstm/bias", shape: [4], dtype: "float32" },
        { name: "both/bias", shape: [2], dtype: "float32" },
        { name: "nobody/bias", shape: [1], dtype: "float32" },
      ],
    );

    expect(layers.map((layer) => [layer.parameters, layer.bias?.name])).toEqual([
      [0, undefined],
      [4, "vector"],
      [2, "vector"],
    ]);
    expect(strays.map((weight) => weight.name)).toEqual(["nobody/bias"]);
  });

  it("a fixed bias is told from a trained one", async () => {
    const { weights, trainableParameters } = await ofLayers(
      [
        INPUT,
        {
          ...dense("d", 2, { bias_shape: "vector", bias_trainable: false }),
          class_name: "keras_bias>Dense",
        },
      ],
      [
        { name: "d/kernel", shape: [1, 2], dtype: "float32" },
        { name: "d/bias", shape: [2], dtype: "float32" },
      ],
    );

    expect(weights.map((weight) => weight.trainable)).toEqual([true, false]);
    expect(trainableParameters).toBe(2);
  });

  it.each<readonly [string, readonly (number | null)[], LayerJson[], string]>([
    ["Flatten", [null, 4, 3], [{ class_name: "Flatten", config: { name: "a" } }], "[batch, 12]"],
    [
      "Reshape with a free axis",
      [null, 12],
      [{ class_name: "Reshape", config: { name: "a", target_shape: [3, -1] } }],
      "[batch, 3, 4]",
    ],
    [
      "Conv2D",
      [null, 28, 28, 3],
      [
        {
          class_name: "Conv2D",
          config: { name: "a", filters: 8, kernel_size: [3, 3], strides: [2, 2], padding: "same" },
        },
      ],
      "[batch, 14, 14, 8]",
    ],
    [
      "Conv2D channels_first",
      [null, 3, 28, 28],
      [
        {
          class_name: "Conv2D",
          config: {
            name: "a",
            filters: 8,
            kernel_size: [5, 3],
            strides: [1, 1],
            padding: "valid",
            data_format: "channels_first",
          },
        },
      ],
      "[batch, 8, 24, 26]",
    ],
    [
      "MaxPooling2D",
      [null, 9, 9, 2],
      [
        {
          class_name: "MaxPooling2D",
          config: { name: "a", pool_size: [2, 2], strides: null, padding: "valid" },
        },
      ],
      "[batch, 4, 4, 2]",
    ],
    [
      "LSTM with sequences",
      [null, null, 3],
      [{ class_name: "LSTM", config: { name: "a", units: 4, return_sequences: true } }],
      "[batch, ?, 4]",
    ],
    [
      "after an unknown class",
      [null, 3],
      [{ class_name: "Foo", config: { name: "a" } }, dense("b", 2)],
      "–",
    ],
  ])("output shape of %s", async (_, batch_input_shape, layers, shape) => {
    const { layers: rows } = await ofLayers([
      { class_name: "InputLayer", config: { name: "input", batch_input_shape } },
      ...layers,
    ]);

    expect(outputShape(rows.at(-1)?.outputShape ?? null)).toBe(shape);
  });
});
