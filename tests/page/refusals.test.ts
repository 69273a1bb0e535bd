/** Files that are no model are refused by a code that says what to do, and soon. */

import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { LoadError } from "../../web_demo/src/loader/errors";
import { openedFiles } from "../../web_demo/src/loader/open";
import type { SourceFile } from "../../web_demo/src/loader/source";
import { described } from "../../web_demo/src/model/describe";
import {
  dense,
  exported,
  file,
  float32,
  INPUT,
  modelJson,
  type ModelJson,
  NUMBERS,
  sequential,
  type WeightJson,
} from "./files";

/** The model with its first weight changed. */
function withWeight(change: Partial<WeightJson>): ModelJson {
  const json = modelJson();
  Object.assign(json.weightsManifest[0]?.weights[0] ?? {}, change);
  return json;
}

function withTopology(modelTopology: unknown): ModelJson {
  return { ...modelJson(), modelTopology };
}

function withPaths(...paths: string[]): ModelJson {
  const json = modelJson();
  Object.assign(json.weightsManifest[0] ?? {}, { paths });
  return json;
}

/** A zip whose one entry says that it unpacks to this many bytes. */
function bomb(declared: number): Uint8Array {
  const bytes = zipSync({ "model.json": new Uint8Array(1000) });
  const view = new DataView(bytes.buffer);
  // The last 22 bytes say where the list of entries is.
  const central = view.getUint32(bytes.length - 22 + 16, true);
  view.setUint32(central + 24, declared, true);
  return bytes;
}

const inShards = (text: string): SourceFile[] => [file("model.json", text)];
const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;

const REFUSED: readonly (readonly [why: string, files: readonly SourceFile[], message: string])[] =
  [
    [
      "no weight file",
      [file("model.json", modelJson())],
      "NO_WEIGHTS: model.json: It names group1-shard1of1.bin, and that file is not here. Open model.json and its .bin files together, or their folder.",
    ],
    [
      "a weight file elsewhere on the net",
      exported(withPaths("https://example.org/group1-shard1of1.bin")),
      "NO_WEIGHTS: model.json: It names https://example.org/group1-shard1of1.bin, which lies outside of its folder. Put the .bin files beside model.json, and name them so in its weightsManifest.",
    ],
    [
      "a weight file in the folder above",
      exported(withPaths("../group1-shard1of1.bin")),
      "NO_WEIGHTS: model.json: It names ../group1-shard1of1.bin, which lies outside of its folder. Put the .bin files beside model.json, and name them so in its weightsManifest.",
    ],
    [
      "weights cut short",
      exported(modelJson(), float32(NUMBERS.slice(0, 8))),
      "SIZE_MISMATCH: weight 'dense_5/bias': The manifest needs 88 bytes, and the files have 32, and this weight is cut short. Take model.json and all .bin files from the same export, downloaded whole.",
    ],
    [
      "more weights than named",
      exported(modelJson(), float32([...NUMBERS, 0])),
      "SIZE_MISMATCH: the weight files: The manifest needs 88 bytes, and the files have 92. Take model.json and all .bin files from the same export, downloaded whole.",
    ],
    [
      "a comma too many",
      inShards('{\n  "format": "layers-model",\n  "modelTopology": {,}\n}'),
      "BAD_JSON: model.json: This is not valid JSON: Expected property name or '}' at line 3, column 21. Export the model again, or mend the file there.",
    ],
    [
      "JSON that ends too soon",
      inShards('{\n  "format":'),
      "BAD_JSON: model.json: This is not valid JSON: Unexpected end of JSON input at line 2, column 12. Export the model again, or mend the file there.",
    ],
    [
      "nothing",
      inShards(""),
      "BAD_JSON: model.json: This is not valid JSON: Unexpected end of JSON input at line 1, column 1. Export the model again, or mend the file there.",
    ],
    [
      "bytes that are no text",
      [file("model.json", new Uint8Array([0x7b, 0xff, 0xfe]))],
      "BAD_JSON: model.json: This is not valid JSON: it is not UTF-8 text. Export the model again, or mend the file there.",
    ],
    [
      "JSON nested out of all reason",
      inShards(deep),
      "BAD_JSON: model.json: This is not valid JSON: it is nested more than 200 deep. Export the model again, or mend the file there.",
    ],
    [
      "a web page called model.json",
      inShards("<!doctype html><title>404</title>"),
      "BAD_JSON: model.json: This is a web page, not what its name says: line 1, column 1 begins with '<'. The address it was saved from was wrong, or asks for a login. Download the file again.",
    ],
    [
      "a web page called .bin",
      exported(modelJson(), "\n<!DOCTYPE html><title>404</title>"),
      "HTML_INSTEAD_OF_BIN: group1-shard1of1.bin: This is a web page, not what its name says: line 1, column 1 begins with '<'. The address it was saved from was wrong, or asks for a login. Download the file again.",
    ],
    [
      "a graph-model",
      exported({ ...modelJson(), format: "graph-model", modelTopology: { node: [] } }),
      "NOT_LAYERS_MODEL: model.json: This is not a TensorFlow.js layers-model: it is a graph-model, whose layers are gone. Open the model.json that keras-tfjs convert or model.save() wrote.",
    ],
    [
      "some other JSON",
      inShards('{"name": "package"}'),
      "NOT_LAYERS_MODEL: model.json: This is not a TensorFlow.js layers-model: it has no modelTopology with a class_name. Open the model.json that keras-tfjs convert or model.save() wrote.",
    ],
    [
      "an unknown dtype",
      exported(withWeight({ dtype: "float64" })),
      "NOT_LAYERS_MODEL: model.json: This is not a TensorFlow.js layers-model: weight 'dense_5/kernel' has dtype float64, not float32, int32, bool, string, complex64. Open the model.json that keras-tfjs convert or model.save() wrote.",
    ],
    [
      "a quantization of another world",
      exported(withWeight({ quantization: { dtype: "int4", scale: 1, min: 0 } })),
      "NOT_LAYERS_MODEL: model.json: This is not a TensorFlow.js layers-model: weight 'dense_5/kernel' is quantized in a way that tfjs does not know. Open the model.json that keras-tfjs convert or model.save() wrote.",
    ],
    [
      "a layer that is no object",
      exported(withTopology(sequential([INPUT, "dense" as never]))),
      "NOT_LAYERS_MODEL: Layer 1: This is not a TensorFlow.js layers-model: it has no class_name. Open the model.json that keras-tfjs convert or model.save() wrote.",
    ],
    [
      "Keras 3's input layer",
      exported(
        withTopology(
          sequential([
            { class_name: "InputLayer", config: { name: "celsius", batch_shape: [null, 1] } },
          ]),
        ),
      ),
      "KERAS3_CONFIG: model.json, layer 'celsius': batch_shape is how Keras 3 writes a layer, and TensorFlow.js cannot build from it. Export again from the .keras file: keras-tfjs convert model.keras out/",
    ],
    [
      "Keras 3's dtype",
      exported(
        withTopology(
          sequential([
            INPUT,
            dense("dense_5", 5, {
              dtype: { class_name: "DTypePolicy", config: { name: "float32" } },
            }),
          ]),
        ),
      ),
      "KERAS3_CONFIG: model.json, layer 'dense_5': dtype=DTypePolicy is how Keras 3 writes a layer, and TensorFlow.js cannot build from it. Export again from the .keras file: keras-tfjs convert model.keras out/",
    ],
    [
      "Keras 3's graph",
      exported(
        withTopology(
          sequential([{ ...dense("dense_5", 5), inbound_nodes: [{ args: [], kwargs: {} }] }]),
        ),
      ),
      "KERAS3_CONFIG: model.json, layer 'dense_5': inbound_nodes with args is how Keras 3 writes a layer, and TensorFlow.js cannot build from it. Export again from the .keras file: keras-tfjs convert model.keras out/",
    ],
    ...[[-1], [1.5], ["5"], null, [null], [1e300], [65536, 65536], Array(40).fill(1)].map(
      (shape): readonly [string, readonly SourceFile[], string] => [
        `the shape ${JSON.stringify(shape).slice(0, 20)}`,
        exported(withWeight({ shape })),
        `SHAPE: model.json, weight 'dense_5/kernel': The shape ${
          JSON.stringify(shape).length > 80
            ? `${JSON.stringify(shape).slice(0, 77)}...`
            : JSON.stringify(shape)
        } is not one that a weight can have. A shape is a list of whole numbers, and their product the number of values. Export again.`,
      ],
    ),
    [
      "a bias of another layer",
      exported(withTopology(sequential([INPUT, dense("dense_5", 5), dense("dense_2", 3)]))),
      "SHAPE: weight 'dense_2/kernel': The layer needs the shape [inputs, 3], and the manifest has [5, 2]. Layers and weights are of different models. Take both from the same export.",
    ],
    [
      "two weights of one name",
      exported(withWeight({ name: "dense_5/bias" })),
      "DUPLICATE_NAME: weight 'dense_5/bias': Two weights have this name, and TensorFlow.js tells weights apart by name alone. Give the layers different names in Keras, and export again.",
    ],
    [
      "two layers of one name",
      exported(withTopology(sequential([INPUT, dense("dense_5", 5), dense("dense_5", 2)]))),
      "DUPLICATE_NAME: layer 'dense_5': Two layers of one model have this name. Give the layers different names in Keras, and export again.",
    ],
    [
      "a Keras file",
      [file("model.keras", "PK")],
      "NO_MODEL: model.keras: There is no model.json here. Open model.json together with its .bin files, their folder, or a .zip of it. A .keras file goes first through keras-tfjs convert model.keras out/",
    ],
    [
      "two models",
      [file("a/model.json", modelJson()), file("b/model.json", modelJson())],
      "NO_MODEL: a/model.json, b/model.json: There is more than one model here. Open the folder of one of them.",
    ],
    [
      "a zip that is none",
      [file("model.zip", "PK\u0003\u0004 and then nothing")],
      "BAD_ARCHIVE: model.zip: This is not a zip file that can be read to its end. Download or make it again, or unpack it and open the folder.",
    ],
    [
      "a zip that says it is huge",
      [file("model.zip", bomb(0xfffffff0))],
      "TOO_LARGE: model.zip: It unpacks to more than 1 GiB, or than a zip can hold, and this page stops there. Look at so large a model in Python.",
    ],
    [
      "a zip that says it is denser than can be",
      [file("model.zip", bomb(100_000_000))],
      "TOO_LARGE: model.zip: It unpacks to more than 1 GiB, or than a zip can hold, and this page stops there. Look at so large a model in Python.",
    ],
    [
      "more weights than any model has",
      exported({
        ...modelJson(),
        weightsManifest: [
          {
            paths: [],
            weights: Array.from({ length: 50_001 }, (_, index) => ({
              name: `w/${index}`,
              shape: [0],
              dtype: "float32",
            })),
          },
        ],
      }),
      "TOO_LARGE: model.json: It lists 50001 weights, and this page stops at 50000. Look at so large a model in Python.",
    ],
  ];

describe("files that are no model", () => {
  it.each(REFUSED)("%s: refused within a second", { timeout: 1000 }, async (_, files, message) => {
    const refusal = openedFiles(files)
      .then(described)
      .catch((error: unknown) => error);

    const error = await refusal;

    expect(error).toBeInstanceOf(LoadError);
    expect((error as LoadError).message).toBe(message);
  });

  it("missing weights leave the layers to look at, and no numbers", async () => {
    const error: unknown = await openedFiles([file("model.json", modelJson())]).catch(
      (reason: unknown) => reason,
    );

    const layersOnly = error instanceof LoadError ? error.layersOnly : null;

    expect(layersOnly).not.toBeNull();
    const shown = layersOnly && described(layersOnly);
    expect(shown?.layers.map((layer) => layer.parameters)).toEqual([0, 10, 12]);
    expect(shown?.weights.map((weight) => weight.statistics)).toEqual([null, null, null, null]);
    expect(shown?.notices.map((notice) => notice.code)).toEqual(["NO_WEIGHTS", "LINEAR_CHAIN"]);
  });
});
