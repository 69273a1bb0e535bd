/** What a model.json says of itself and its weights, checked before a weight is read. */

import { LoadError, shown } from "./errors";
import { at, isList, isObject, type Json, type JsonObject, numberAt, textAt } from "./json";

export type Dtype = "float32" | "int32" | "bool" | "string" | "complex64";

/** How a weight's numbers are stored, if not as themselves. */
export type Quantization =
  | { readonly dtype: "uint8" | "uint16"; readonly scale: number; readonly min: number }
  | { readonly dtype: "float16" };

export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** How many numbers that is. */
  readonly size: number;
  readonly dtype: Dtype;
  readonly quantization: Quantization | null;
  /** Whether it is the optimizer's, not the model's. */
  readonly isOptimizer: boolean;
}

export interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: readonly WeightSpec[];
}

export interface Manifest {
  /** The model itself: `{class_name, config}`. */
  readonly topology: JsonObject;
  readonly groups: readonly WeightGroup[];
  readonly generatedBy: string | null;
  readonly convertedBy: string | null;
  /** Class and activation names that keras-tfjs.js brings. */
  readonly twins: readonly string[];
}

const DTYPES: readonly Dtype[] = ["float32", "int32", "bool", "string", "complex64"];
const MAX_RANK = 16;
const MAX_WEIGHTS = 50_000;
/** Numbers in one weight; one more would not fit a typed array of four bytes each. */
const MAX_SIZE = 2 ** 29;

/**
 * @throws LoadError if it is no layers-model, or not one that can be read.
 */
export function manifest(json: Json, file: string): Manifest {
  const topology = topologyOf(json, file);
  refuseKeras3(topology, file);
  const listed = at(json, "weightsManifest") ?? [];
  if (!isList(listed)) {
    throw notLayersModel(file, "its weightsManifest is no list");
  }
  const groups = listed.map((group) => groupOf(group, file));
  refuseDuplicates(groups.flatMap((group) => group.weights));
  const twins = at(at(at(json, "userDefinedMetadata"), "keras_tfjs"), "twins");
  return {
    topology,
    groups,
    generatedBy: textAt(json, "generatedBy") ?? null,
    convertedBy: textAt(json, "convertedBy") ?? null,
    twins: isList(twins) ? twins.filter((twin) => typeof twin === "string") : [],
  };
}

function topologyOf(json: Json, file: string): JsonObject {
  const format = textAt(json, "format");
  const stated = at(json, "modelTopology");
  if (format === "graph-model" || isList(at(stated, "node"))) {
    throw notLayersModel(file, "it is a graph-model, whose layers are gone");
  }
  const config = at(stated, "model_config");
  const topology = isObject(config) ? config : stated;
  if (!isObject(topology) || textAt(topology, "class_name") === undefined) {
    throw notLayersModel(file, "it has no modelTopology with a class_name");
  }
  const inner = at(topology, "config");
  if (!isList(inner) && !isList(at(inner, "layers"))) {
    throw notLayersModel(file, "its model has no list of layers");
  }
  return topology;
}

/** The configuration that Keras 3 writes, under which tfjs builds nothing. */
function refuseKeras3(topology: JsonObject, file: string): void {
  const open: Json[] = [topology];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (isObject(value)) {
      const sign = keras3Sign(value);
      if (sign) {
        throw new LoadError("KERAS3_CONFIG", {
          where: `${shown(file)}, layer '${shown(sign.layer)}'`,
          what: `${sign.what} is how Keras 3 writes a layer, and TensorFlow.js cannot build from it.`,
          fix: "Export again from the .keras file: keras-tfjs convert model.keras out/",
        });
      }
    }
    if (isObject(value) || isList(value)) {
      Object.values(value).forEach((inner) => open.push(inner));
    }
  }
}

function keras3Sign(value: JsonObject): { readonly layer: string; readonly what: string } | null {
  const config = at(value, "config");
  const layer = textAt(config, "name") ?? textAt(value, "name") ?? "";
  if (textAt(value, "class_name") === "InputLayer" && isList(at(config, "batch_shape"))) {
    return { layer, what: "batch_shape" };
  }
  if (textAt(at(config, "dtype"), "class_name") === "DTypePolicy") {
    return { layer, what: "dtype=DTypePolicy" };
  }
  const nodes = at(value, "inbound_nodes");
  if (isList(nodes) && nodes.some((node) => isObject(node) && isList(at(node, "args")))) {
    return { layer, what: "inbound_nodes with args" };
  }
  return null;
}

function groupOf(group: Json, file: string): WeightGroup {
  const paths = at(group, "paths");
  const weights = at(group, "weights");
  if (!isList(paths) || !paths.every((path) => typeof path === "string") || !isList(weights)) {
    throw notLayersModel(file, "a group of its weightsManifest lacks paths or weights");
  }
  if (weights.length > MAX_WEIGHTS) {
    throw new LoadError("TOO_LARGE", {
      where: shown(file),
      what: `It lists ${weights.length} weights, and this page stops at ${MAX_WEIGHTS}.`,
      fix: "Look at so large a model in Python.",
    });
  }
  return { paths, weights: weights.map((weight, index) => specOf(weight, index, file)) };
}

function specOf(weight: Json, index: number, file: string): WeightSpec {
  const name = textAt(weight, "name");
  if (name === undefined) {
    throw notLayersModel(file, `weight ${index} has no name`);
  }
  const stated = textAt(weight, "dtype");
  const dtype = DTYPES.find((known) => known === stated);
  if (!dtype) {
    const known = DTYPES.join(", ");
    throw notLayersModel(
      file,
      `weight '${shown(name)}' has dtype ${shown(String(stated))}, not ${known}`,
    );
  }
  const shape = shapeOf(at(weight, "shape"), name, file);
  return {
    name,
    shape,
    size: shape.reduce((product, length) => product * length, 1),
    dtype,
    quantization: quantizationOf(at(weight, "quantization"), name, file),
    isOptimizer: textAt(weight, "group") === "optimizer",
  };
}

function shapeOf(shape: Json | undefined, name: string, file: string): readonly number[] {
  const lengths = isList(shape) ? shape.filter((length) => typeof length === "number") : [];
  const product = lengths.reduce((size, length) => size * Math.max(1, length), 1);
  if (
    !isList(shape) ||
    lengths.length !== shape.length ||
    lengths.length > MAX_RANK ||
    !lengths.every((length) => Number.isInteger(length) && length >= 0) ||
    product > MAX_SIZE
  ) {
    throw new LoadError("SHAPE", {
      where: `${shown(file)}, weight '${shown(name)}'`,
      what: `The shape ${shown(JSON.stringify(shape ?? null))} is not one that a weight can have.`,
      fix: "A shape is a list of whole numbers, and their product the number of values. Export again.",
    });
  }
  return lengths;
}

function quantizationOf(
  quantization: Json | undefined,
  name: string,
  file: string,
): Quantization | null {
  if (quantization === undefined || quantization === null) {
    return null;
  }
  const dtype = textAt(quantization, "dtype");
  if (dtype === "float16") {
    return { dtype };
  }
  const scale = numberAt(quantization, "scale");
  const min = numberAt(quantization, "min");
  if ((dtype === "uint8" || dtype === "uint16") && scale !== undefined && min !== undefined) {
    return { dtype, scale, min };
  }
  throw notLayersModel(
    file,
    `weight '${shown(name)}' is quantized in a way that tfjs does not know`,
  );
}

function refuseDuplicates(weights: readonly WeightSpec[]): void {
  const seen = new Set<string>();
  for (const { name } of weights) {
    if (seen.has(name)) {
      throw new LoadError("DUPLICATE_NAME", {
        where: `weight '${shown(name)}'`,
        what: "Two weights have this name, and TensorFlow.js tells weights apart by name alone.",
        fix: "Give the layers different names in Keras, and export again.",
      });
    }
    seen.add(name);
  }
}

function notLayersModel(file: string, what: string): LoadError {
  return new LoadError("NOT_LAYERS_MODEL", {
    where: shown(file),
    what: `This is not a TensorFlow.js layers-model: ${what}.`,
    fix: "Open the model.json that keras-tfjs convert or model.save() wrote.",
  });
}
