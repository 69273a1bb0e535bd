/**
 * What the page says of a bias is what TensorFlow.js does: a bias called needless can be any number,
 * and one that is not called so cannot.
 */

import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, it } from "vitest";
import { register } from "../../export/runtime/src/index";
import { openedFiles } from "../../web_demo/src/loader/open";
import { described } from "../../web_demo/src/model/describe";
import type { Notice } from "../../web_demo/src/model/notices";
import { file, float32, type LayerJson } from "./files";

register();
afterAll(() => {
  tf.disposeVariables();
});

/** A layer with the names of those whose output it takes. */
type Placed = readonly [layer: LayerJson, inputs: readonly string[]];

const layer = (
  class_name: string,
  name: string,
  config: Record<string, unknown> = {},
): LayerJson => ({ class_name, config: { name, trainable: true, ...config } });

function functional(
  shape: readonly number[],
  placed: readonly Placed[],
  outputs: readonly string[],
) {
  const input = layer("InputLayer", "x", { batch_input_shape: [null, ...shape] });
  return {
    class_name: "Functional",
    config: {
      name: "model",
      layers: [[input, []] as Placed, ...placed].map(([json, inputs]) => ({
        ...json,
        name: json.config["name"],
        inbound_nodes: inputs.length ? [inputs.map((name) => [name, 0, 0, {}])] : [],
      })),
      input_layers: [["x", 0, 0]],
      output_layers: outputs.map((name) => [name, 0, 0]),
    },
  };
}

interface Made {
  readonly model: tf.LayersModel;
  readonly notices: readonly Notice[];
}

/** Built by TensorFlow.js with numbers that are nothing special, and described by the page. */
async function made(topology: unknown): Promise<Made> {
  const copy = JSON.parse(JSON.stringify(topology)) as tf.io.ModelJSON["modelTopology"];
  const model = await tf.models.modelFromJSON({ modelTopology: copy });
  let next = 0;
  const seeded = model.weights.map((weight) => {
    const positive = /variance|gamma/u.test(weight.originalName);
    const numbers = Array.from(
      { length: weight.shape.reduce((a, b) => (a ?? 1) * (b ?? 1), 1) ?? 1 },
      () => {
        next += 1;
        return Math.sin(next * 12.9898) * 0.8 + (positive ? 1.5 : 0);
      },
    );
    return tf.tensor(numbers, weight.shape as number[]);
  });
  model.setWeights(seeded);
  const weights = model.weights.map((weight) => ({
    name: weight.originalName,
    shape: weight.shape,
    dtype: "float32",
  }));
  const numbers = seeded.flatMap((tensor) => [...tensor.dataSync()]);
  const json = {
    modelTopology: { model_config: topology },
    weightsManifest: [{ paths: ["a.bin"], weights }],
  };
  const opened = await openedFiles([file("model.json", json), file("a.bin", float32(numbers))]);
  return { model, notices: described(opened).notices };
}

function sizeOf(weight: { readonly shape: tf.Shape } | undefined): number {
  return tf.util.sizeFromShape((weight?.shape ?? []) as number[]);
}

/** By how much outputs change at most with another bias, and a moving mean that follows it. */
function change({ model }: Made, training = false): number {
  const [, ...shape] = model.inputs[0]?.shape ?? [];
  const x = tf.randomNormal([3, ...(shape as number[])], 0, 1, "float32", 7);
  const run = (): number[] =>
    [model.apply(x, { training }) as tf.Tensor | tf.Tensor[]]
      .flat()
      .flatMap((y) => [...y.dataSync()]);
  const before = run();
  const biases = sizeOf(model.weights.find((weight) => weight.originalName === "biased/bias"));
  for (const weight of model.weights) {
    if (/^biased\/bias$|\/moving_mean$/u.test(weight.originalName)) {
      const block = sizeOf(weight) / biases;
      const added = Array.from(
        { length: sizeOf(weight) },
        (_, unit) => 2 * Math.cos(Math.floor(unit / block)),
      );
      weight.write(tf.add(weight.read(), tf.tensor(added, weight.shape as number[])));
    }
  }
  const after = run();
  return Math.max(...before.map((value, index) => Math.abs(value - (after[index] ?? NaN))));
}

const codes = ({ notices }: Made): string[] =>
  notices.filter(({ where }) => where === "biased").map(({ code }) => code);

const dense = (more: Record<string, unknown> = {}): LayerJson =>
  layer("bias_shape" in more ? "keras_bias>Dense" : "Dense", "biased", {
    units: 4,
    use_bias: true,
    activation: "linear",
    ...more,
  });
const conv = (more: Record<string, unknown> = {}): LayerJson =>
  layer("bias_shape" in more ? "keras_bias>Conv2D" : "Conv2D", "biased", {
    filters: 4,
    kernel_size: [2, 2],
    strides: [1, 1],
    padding: "valid",
    data_format: "channels_last",
    dilation_rate: [1, 1],
    use_bias: true,
    activation: "linear",
    ...more,
  });
const batch = (axis: number | readonly number[], more = {}): LayerJson =>
  layer(axis === -1 ? "BatchNormalization" : "keras>BatchNormalization", "bn", { axis, ...more });
const norm = (axis: unknown, more = {}): LayerJson =>
  layer("keras>LayerNormalization", "ln", { axis, epsilon: 1e-3, ...more });
const groups = (groups: number, axis = -1): LayerJson =>
  layer("keras>GroupNormalization", "gn", { groups, axis, epsilon: 1e-3 });
const soft = (axis: unknown): LayerJson => layer("keras>Softmax", "s", { axis });

const FLAT = [3];
const STEPS = [5, 3];
const IMAGE = [4, 5, 2];

type Row = readonly [
  why: string,
  shape: readonly number[],
  first: LayerJson,
  second: LayerJson | null,
  code: string | null,
];

const ROWS: readonly Row[] = [
  ["a vector before BatchNormalization", FLAT, dense(), batch(-1), "REDUNDANT_BIAS"],
  ["without beta", FLAT, dense(), batch(1, { center: false }), "REDUNDANT_BIAS"],
  ["by its positive axis", FLAT, dense(), batch(1), "REDUNDANT_BIAS"],
  ["behind an activation", FLAT, dense({ activation: "relu" }), batch(-1), null],
  ["channels of an image", IMAGE, conv(), batch(-1), "REDUNDANT_BIAS"],
  ["channels of an image, axis 3", IMAGE, conv(), batch(3), "REDUNDANT_BIAS"],
  ["rows of an image", IMAGE, conv(), batch(1), null],
  [
    "one number, rows of an image",
    IMAGE,
    conv({ bias_shape: "scalar" }),
    batch(1),
    "REDUNDANT_BIAS",
  ],
  ["a bias by location", IMAGE, conv({ bias_shape: "location" }), batch(-1), null],
  ["an untied bias", IMAGE, conv({ bias_shape: "untied" }), batch(-1), null],
  ["blocks of channels", IMAGE, conv({ bias_shape: [2] }), batch(-1), "REDUNDANT_BIAS"],
  ["steps by their channels", STEPS, dense(), batch(-1), "REDUNDANT_BIAS"],
  ["steps by steps", STEPS, dense(), batch(1), null],
  ["a vector before LayerNormalization", FLAT, dense(), norm([-1]), null],
  ["a scalar before it", FLAT, dense({ bias_shape: "scalar" }), norm([-1]), "REDUNDANT_BIAS"],
  ["a scalar before it, axis 1", FLAT, dense({ bias_shape: "scalar" }), norm(1), "REDUNDANT_BIAS"],
  ["a vector, over steps", STEPS, dense(), norm([1]), "REDUNDANT_BIAS"],
  ["a vector, over both", STEPS, dense(), norm([1, 2]), null],
  [
    "one per place, over channels",
    IMAGE,
    conv({ bias_shape: "location" }),
    norm(-1),
    "REDUNDANT_BIAS",
  ],
  ["one per place, over rows", IMAGE, conv({ bias_shape: "location" }), norm(1), null],
  [
    "a mean that is not subtracted",
    FLAT,
    dense({ bias_shape: "scalar" }),
    norm(-1, { rms_scaling: true }),
    null,
  ],
  [
    "RMSNormalization",
    FLAT,
    dense({ bias_shape: "scalar" }),
    layer("keras>RMSNormalization", "r", { axis: -1 }),
    null,
  ],
  ["a vector before GroupNormalization", IMAGE, conv(), groups(2), null],
  ["as many groups as channels", IMAGE, conv(), groups(-1), "REDUNDANT_BIAS"],
  ["a scalar before groups", IMAGE, conv({ bias_shape: "scalar" }), groups(2), "REDUNDANT_BIAS"],
  ["blocks that hold groups", IMAGE, conv({ bias_shape: [2] }), groups(4), "REDUNDANT_BIAS"],
  ["blocks that are groups", IMAGE, conv({ bias_shape: [2] }), groups(2), "REDUNDANT_BIAS"],
  ["a group over blocks", IMAGE, conv({ bias_shape: [2] }), groups(1), null],
  ["groups along rows", IMAGE, conv(), groups(3, 1), null],
  [
    "its own softmax, a scalar",
    FLAT,
    dense({ bias_shape: "scalar", activation: "softmax" }),
    null,
    "NO_EFFECT",
  ],
  ["its own softmax, a vector", FLAT, dense({ activation: "softmax" }), null, null],
  [
    "its own softmax, one per place",
    IMAGE,
    conv({ bias_shape: "location", activation: "softmax" }),
    null,
    "NO_EFFECT",
  ],
  ["its own sigmoid", FLAT, dense({ bias_shape: "scalar", activation: "sigmoid" }), null, null],
  [
    "an Activation of softmax",
    FLAT,
    dense({ bias_shape: "scalar" }),
    layer("Activation", "s", { activation: "softmax" }),
    "NO_EFFECT",
  ],
  ["Softmax over channels", IMAGE, conv(), soft(-1), null],
  ["Softmax over rows, a vector", IMAGE, conv(), soft(1), "NO_EFFECT"],
  ["Softmax over rows, one per place", IMAGE, conv({ bias_shape: "location" }), soft(1), null],
  [
    "Dropout between",
    FLAT,
    dense({ bias_shape: "scalar" }),
    layer("Dropout", "d", { rate: 0 }),
    null,
  ],
];

describe("a bias", () => {
  it.each(ROWS)("%s", async (_, shape, first, second, code) => {
    const name = (second ?? first).config["name"] as string;
    const placed: Placed[] = [[first, ["x"]], ...(second ? [[second, ["biased"]] as Placed] : [])];
    const found = await made(functional(shape, placed, [name]));

    expect(codes(found)).toEqual(code === null ? [] : [code]);

    const isBatch = name === "bn";
    // A batch's own statistics need no moving mean to follow.
    const changes = [change(found), ...(isBatch ? [change(found, true)] : [])];
    if (code === null) {
      expect(Math.max(...changes)).toBeGreaterThan(1e-2);
    } else {
      expect(Math.max(...changes)).toBeLessThan(2e-5); // single precision, numbers of size 5
    }
  });

  it.each<readonly [string, readonly Placed[], readonly string[], string | null]>([
    [
      "two normalizations that both take it",
      [
        [dense(), ["x"]],
        [batch(-1), ["biased"]],
        [{ ...batch(-1), config: { ...batch(-1).config, name: "bn2" } }, ["biased"]],
      ],
      ["bn", "bn2"],
      "REDUNDANT_BIAS",
    ],
    [
      "another user that does not",
      [
        [dense(), ["x"]],
        [batch(-1), ["biased"]],
        [layer("Add", "sum"), ["biased", "bn"]],
      ],
      ["sum"],
      null,
    ],
    [
      "an output besides",
      [
        [dense(), ["x"]],
        [batch(-1), ["biased"]],
      ],
      ["bn", "biased"],
      null,
    ],
    [
      "an Activation between that is none",
      [
        [dense(), ["x"]],
        [layer("Activation", "a", { activation: "linear" }), ["biased"]],
        [batch(-1), ["a"]],
      ],
      ["bn"],
      "REDUNDANT_BIAS",
    ],
    [
      "a list that is in another order than the graph",
      [
        [batch(-1), ["other"]],
        [dense(), ["x"]],
        [layer("Dense", "other", { units: 4, activation: "linear" }), ["biased"]],
      ],
      ["bn"],
      null,
    ],
  ])("%s", async (_, placed, outputs, code) => {
    const found = await made(functional(FLAT, placed, outputs));

    expect(codes(found)).toEqual(code === null ? [] : [code]);
    expect(change(found) < 2e-5).toBe(code !== null);
  });

  it("one normalization called twice serves two biases, and takes neither away", async () => {
    const topology = functional(
      FLAT,
      [
        [dense(), ["x"]],
        [layer("Dense", "other", { units: 4, activation: "linear" }), ["x"]],
        [batch(-1), ["biased"]],
      ],
      ["bn"],
    );
    const layers = topology.config.layers as { inbound_nodes: unknown[] }[];
    layers.at(-1)?.inbound_nodes.push([["other", 0, 0, {}]]);
    topology.config.output_layers.push(["bn", 1, 0] as never);

    expect(codes(await made(topology))).toEqual([]);
  });

  it("an argument such as a mask is a use like another", async () => {
    const topology = functional(
      FLAT,
      [
        [dense(), ["x"]],
        [batch(-1), ["biased"]],
        [layer("Dense", "last", { units: 2 }), ["bn"]],
      ],
      ["last"],
    );
    const json = JSON.parse(
      JSON.stringify(topology).replace('["bn",0,0,{}]', '["bn",0,0,{"mask":["biased",0,0]}]'),
    ) as unknown;
    const weights = ["biased/bias"].map((name) => ({ name, shape: [4], dtype: "float32" }));
    const opened = await openedFiles([
      file("model.json", {
        modelTopology: { model_config: json },
        weightsManifest: [{ paths: ["a.bin"], weights }],
      }),
      file("a.bin", float32([1, 2, 3, 4])),
    ]);

    expect(described(opened).notices).toEqual([]);
  });
});
