/** Files that were made to harm: refused by name or shown as they are, soon, and nothing leaks out. */

import { zipSync } from "fflate";
import { afterEach, describe, expect, it, vi } from "vitest";
import { compared } from "../../web_demo/src/compare/compare";
import { LoadError, type LoadErrorCode, shown } from "../../web_demo/src/loader/errors";
import { openedFiles, openedServed } from "../../web_demo/src/loader/open";
import { fromFile, type SourceFile } from "../../web_demo/src/loader/source";
import { described } from "../../web_demo/src/model/describe";
import { tfjsCode } from "../../web_demo/src/save/browserCode";
import { savedFiles } from "../../web_demo/src/save/files";
import { kerasCode } from "../../web_demo/src/save/kerasCode";
import { statisticsCsv } from "../../web_demo/src/save/statisticsFile";
import { zipped } from "../../web_demo/src/save/zip";
import { dense, exported, file, float32, INPUT, modelJson, sequential } from "./files";

/** The code of what they are refused for; null if they open, and all that is made of them is made. */
async function refusal(files: readonly SourceFile[]): Promise<LoadErrorCode | null> {
  try {
    const model = described(await openedFiles(files));
    zipped(savedFiles(model.artefacts, new Map()));
    statisticsCsv(model);
    tfjsCode(model);
    kerasCode(model);
    compared(model, model);
    return null;
  } catch (error) {
    if (error instanceof LoadError) {
      return error.code;
    }
    throw error;
  }
}

const layersOf = (...layers: readonly unknown[]): readonly SourceFile[] =>
  exported({ modelTopology: sequential(layers as never), weightsManifest: [] }, "");

const text = (json: string): readonly SourceFile[] => [file("model.json", json)];
const whole = JSON.stringify(modelJson());

function graphOf(...layers: readonly (readonly [name: string, inbound: unknown])[]) {
  return exported(
    {
      modelTopology: {
        class_name: "Functional",
        config: {
          name: "model",
          layers: layers.map(([name, inbound_nodes]) => ({
            ...dense(name, 2),
            name,
            inbound_nodes,
          })),
          input_layers: [["__proto__", 0, 0]],
          output_layers: "constructor",
        },
      },
      weightsManifest: [],
    },
    "",
  );
}

function nested(depth: number): unknown {
  let model: unknown = dense("deep", 1);
  for (let level = 0; level < depth; level += 1) {
    model = { class_name: "Sequential", config: { name: `m${level}`, layers: [model] } };
  }
  return model;
}

function weightNamed(name: string, more: Record<string, unknown> = {}): readonly SourceFile[] {
  const json = {
    modelTopology: sequential([INPUT, dense(name.split("/")[0] ?? "", 1)]),
    weightsManifest: [
      {
        paths: ["group1-shard1of1.bin"],
        weights: [{ name, shape: [1], dtype: "float32", ...more }],
      },
    ],
  };
  return exported(json, float32([1]));
}

const ROWS: readonly (readonly [string, readonly SourceFile[], LoadErrorCode | null])[] = [
  ["NaN in JSON", text(whole.replace("[1,5]", "[NaN,5]")), "BAD_JSON"],
  ["a number beyond all numbers", text(whole.replace("[1,5]", "[1e999,5]")), "SHAPE"],
  [
    "a scale beyond all numbers",
    weightNamed("w/bias", { quantization: { dtype: "uint8", scale: "1", min: 0 } }),
    "NOT_LAYERS_MODEL",
  ],
  [
    "strings that are longer than the file",
    weightNamed("w/bias", { dtype: "string", shape: [2] }),
    "SIZE_MISMATCH",
  ],
  [
    "more strings than anybody has",
    weightNamed("w/bias", { dtype: "string", shape: [2 ** 28] }),
    "SIZE_MISMATCH",
  ],
  [
    "a weight of no numbers, 2^29 times",
    weightNamed("w/bias", { shape: [0, 2 ** 29] }),
    "SIZE_MISMATCH",
  ],
  [
    "too many layers",
    layersOf(...Array.from({ length: 20_001 }, (_, index) => dense(`d${index}`, 1))),
    "NOT_LAYERS_MODEL",
  ],
  ["models in models", layersOf(nested(40)), null],
  ["models in models without end", layersOf(nested(120)), "BAD_JSON"],
  [
    "a layer named __proto__",
    layersOf(INPUT, dense("__proto__", 2), dense("constructor", 2)),
    null,
  ],
  [
    "a class named __proto__",
    layersOf({ class_name: "__proto__", config: { name: "hasOwnProperty" } }),
    null,
  ],
  ["a weight named __proto__", weightNamed("__proto__/bias"), null],
  ["a weight named toString", weightNamed("toString"), null],
  [
    "a graph that goes in circles",
    graphOf(["a", [[["b", 0, 0, {}]]]], ["b", [[["a", 0, 0, {}]]]]),
    null,
  ],
  ["a layer that feeds itself", graphOf(["a", [[["a", 0, 0, {}]]]]), null],
  ["a graph of nonsense", graphOf(["a", [[5, null, [["a"]], { x: ["b"] }]]], ["b", "a"]), null],
  [
    "inputs that are nowhere",
    graphOf([
      "a",
      [
        [
          ["__proto__", 0, 0, {}],
          ["constructor", -1, 1e9],
        ],
      ],
    ]),
    null,
  ],
  [
    "options of another kind than they should be",
    layersOf(
      { class_name: "InputLayer", config: { name: "x", batch_input_shape: [null, "8", {}, 3] } },
      {
        class_name: "Conv2D",
        config: {
          name: "c",
          filters: -1,
          kernel_size: "3",
          strides: [0, 0],
          data_format: 7,
          padding: {},
        },
      },
      { class_name: "Reshape", config: { name: "r", target_shape: [-1, -1, 0] } },
      {
        class_name: "Dense",
        config: {
          name: "d",
          units: 1e308,
          activation: { class_name: "x" },
          bias_shape: [null, {}, -3],
        },
      },
      { class_name: "BatchNormalization", config: { name: "b", axis: "last" } },
      { class_name: "GroupNormalization", config: { name: "g", groups: 0, axis: [[]] } },
      {
        class_name: "Bidirectional",
        config: { name: "w", layer: { class_name: "LSTM", config: null } },
      },
    ),
    null,
  ],
  ["a config that is a list", layersOf({ class_name: "Dense", config: [1, 2] }), null],
  [
    "a zip of __proto__.json alone",
    [file("m.zip", zipSync({ "__proto__.json": new TextEncoder().encode(whole) }))],
    "NO_WEIGHTS",
  ],
  [
    "a zip with a way out",
    [file("m.zip", zipSync({ "../../model.json": new TextEncoder().encode(whole) }))],
    "NO_WEIGHTS",
  ],
];

describe("files that were made to harm", () => {
  it.each(ROWS)("%s", { timeout: 1000 }, async (_, files, code) => {
    const before = Object.getOwnPropertyNames(Object.prototype);

    expect(await refusal(files)).toBe(code);

    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  });

  it("too large a model.json is not even read as text", async () => {
    const huge: SourceFile = {
      path: "model.json",
      bytesLong: null,
      read: () =>
        Promise.resolve({ byteLength: 2 ** 28 + 1, subarray: () => new Uint8Array() } as never),
    };

    expect(await refusal([huge])).toBe("TOO_LARGE");
  });

  it("names that would hide or turn round what is beside them are spelt out", () => {
    expect(shown("a\u202Eb\u0000\u200B")).toBe("a\\u{202e}b\\u{0}\\u{200b}");
    expect(shown("x".repeat(100))).toHaveLength(80);
  });
});

describe("files that are not there", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it.each<readonly [string, () => Promise<unknown>, string]>([
    [
      "gone from the server",
      () => Promise.resolve({ ok: false, status: 404 }),
      "The server answered 404.",
    ],
    [
      "a server that is gone",
      () => Promise.reject(new TypeError("Failed to fetch")),
      "The server is gone.",
    ],
  ])("%s", async (_, fetch, what) => {
    vi.stubGlobal("fetch", fetch);
    vi.stubGlobal("location", { protocol: "http:" });

    const error: unknown = await openedServed("models/x/model.json", "x").catch((e: unknown) => e);

    expect(error).toMatchObject({ code: "NOT_FOUND", parts: { what } });
  });

  it("gone from the disk since they were picked", async () => {
    const gone = { name: "model.json", size: 9, arrayBuffer: () => Promise.reject(new Error()) };

    expect(await refusal([fromFile(gone as never, "model.json")])).toBe("NOT_FOUND");
  });
});
