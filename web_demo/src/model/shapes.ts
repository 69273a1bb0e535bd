/**
 * Output shapes, as far as configurations tell them without building a layer.
 *
 * A class that is not in the table, and everything that follows from it, has no shape here: null.
 */

import { at, isList, type Json, type JsonObject, numberAt, textAt } from "../loader/json";
import { baseClass } from "./classes";
import { entries, type Entry, isModel } from "./layers";

/** With the batch; null is an axis of unknown size. */
export type Shape = readonly (number | null)[];

type Rule = (config: JsonObject, input: Shape, inputs: readonly Shape[]) => Shape | null;

const same: Rule = (_, input) => input;

const merged: Rule = (_config, first, inputs) =>
  inputs.every((shape) => shape.length === first.length)
    ? first.map((size, axis) => {
        const sizes = inputs.map((shape) => shape[axis] ?? null);
        return sizes.includes(null) ? size : Math.max(...sizes.map(Number));
      })
    : null;

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...(
    "Activation ReLU LeakyReLU PReLU ELU ThresholdedReLU Softmax Dropout AlphaDropout GaussianNoise " +
    "GaussianDropout SpatialDropout1D BatchNormalization LayerNormalization Masking Rescaling Bias " +
    "InputLayer"
  )
    .split(" ")
    .map((name): [string, Rule] => [name, same]),
  ...["Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"].map(
    (name): [string, Rule] => [name, merged],
  ),
  ["Dense", (config, input) => withLast(input, numberAt(config, "units"))],
  ["Embedding", (config, input) => [...input, numberAt(config, "output_dim") ?? null]],
  ["Flatten", (_, [batch = null, ...rest]) => [batch, product(rest)]],
  [
    "RepeatVector",
    (config, [batch = null, ...rest]) => [batch, numberAt(config, "n") ?? null, ...rest],
  ],
  [
    "Permute",
    (config, input) => [
      input[0] ?? null,
      ...sizes(at(config, "dims")).map((axis) => input[axis ?? 0] ?? null),
    ],
  ],
  ["Reshape", reshaped],
  ["Concatenate", concatenated],
  ...["GlobalAveragePooling", "GlobalMaxPooling"].flatMap((stem) =>
    [1, 2, 3].map((axes): [string, Rule] => [
      `${stem}${axes}D`,
      (config, input) => (input.length === axes + 2 ? pooledGlobally(config, input) : null),
    ]),
  ),
  ...["Conv1D", "Conv2D", "Conv3D", "SeparableConv2D"].map((name): [string, Rule] => [
    name,
    (config, input) => slid(config, input, "kernel_size", numberAt(config, "filters") ?? null),
  ]),
  ["DepthwiseConv2D", (config, input) => slid(config, input, "kernel_size", "depth")],
  ...["MaxPooling", "AveragePooling"].flatMap((stem) =>
    [1, 2, 3].map((axes): [string, Rule] => [
      `${stem}${axes}D`,
      (config, input) => slid(config, input, "pool_size", "same"),
    ]),
  ),
  ...["SimpleRNN", "LSTM", "GRU"].map((name): [string, Rule] => [name, recurrent]),
]);

/** Output shapes by the path of names, joined with `/`; of a layer called twice, the first call's. */
export function outputShapes(topology: JsonObject): ReadonlyMap<string, Shape | null> {
  const found = new Map<string, Shape | null>();
  modelOutputs(topology, null, "", found);
  return found;
}

/** Shapes of a model's outputs, given its inputs' if it is nested. */
function modelOutputs(
  model: JsonObject,
  inputs: readonly (Shape | null)[] | null,
  prefix: string,
  found: Map<string, Shape | null>,
): readonly (Shape | null)[] {
  const layers = entries(model);
  const graph = layers.some(({ json }) => isList(at(json, "inbound_nodes")));
  if (!graph) {
    let shape = inputs?.[0] ?? null;
    for (const layer of layers) {
      shape = layerOutputs(layer, [shape], prefix, found)[0] ?? null;
    }
    return [shape];
  }
  const outputs = new Map<string, readonly (Shape | null)[]>();
  const tensor = (reference: Json): Shape | null | undefined => {
    const [, , index] = references(reference);
    const shapes = outputs.get(layerOf(reference));
    return shapes?.[typeof index === "number" ? index : 0];
  };
  const config = at(model, "config");
  const fed = references(at(config, "input_layers")).map(layerOf);
  for (const layer of layers) {
    const node = references(at(layer.json, "inbound_nodes"))[0];
    const given = references(node).map((reference) => tensor(reference) ?? null);
    const outer = inputs?.[fed.indexOf(layer.name)];
    outputs.set(layer.name, layerOutputs(layer, outer ? [outer] : given, prefix, found));
  }
  return references(at(config, "output_layers")).map((reference) => tensor(reference) ?? null);
}

function layerOutputs(
  { name, className, config }: Entry,
  inputs: readonly (Shape | null)[],
  prefix: string,
  found: Map<string, Shape | null>,
): readonly (Shape | null)[] {
  const path = prefix + name;
  if (isModel(config)) {
    return modelOutputs({ config }, inputs, `${path}/`, found);
  }
  const stated = at(config, "batch_input_shape") ?? at(config, "batchInputShape");
  const given = isList(stated) ? [sizes(stated)] : inputs;
  const known = given.filter((shape) => shape !== null);
  const [first] = known;
  const rule = RULES.get(baseClass(className));
  const shape = rule && first && known.length === given.length ? rule(config, first, known) : null;
  found.set(path, shape);
  return [shape];
}

function pooledGlobally(config: JsonObject, input: Shape): Shape {
  const channels = channelsFirst(config) ? 1 : input.length - 1;
  const kept = at(config, "keepdims") === true;
  return input
    .map((size, axis) => (axis === 0 || axis === channels ? size : 1))
    .filter((_, axis) => kept || axis === 0 || axis === channels);
}

/** The name in `[layer, node, tensor]`. */
function layerOf(reference: Json): string {
  const [name] = references(reference);
  return typeof name === "string" ? name : "";
}

function references(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

function sizes(value: Json | undefined): Shape {
  return references(value).map((size) => (typeof size === "number" ? size : null));
}

function withLast(input: Shape, size: number | undefined): Shape | null {
  return input.length > 1 ? [...input.slice(0, -1), size ?? null] : null;
}

function product(factors: Shape): number | null {
  return factors.includes(null)
    ? null
    : factors.reduce<number>((all, size) => all * (size ?? 1), 1);
}

function channelsFirst(config: JsonObject): boolean {
  return textAt(config, "data_format") === "channels_first";
}

function reshaped(config: JsonObject, [batch = null, ...rest]: Shape): Shape {
  const target = sizes(at(config, "target_shape"));
  const total = product(rest);
  const others = product(target.filter((size) => size !== -1));
  const free = total !== null && others ? total / others : null;
  return [batch, ...target.map((size) => (size === -1 ? free : size))];
}

function concatenated(config: JsonObject, first: Shape, inputs: readonly Shape[]): Shape | null {
  const stated = numberAt(config, "axis") ?? -1;
  const axis = stated < 0 ? stated + first.length : stated;
  if (!inputs.every((shape) => shape.length === first.length)) {
    return null;
  }
  const along = inputs.map((shape) => shape[axis] ?? null);
  const total = along.includes(null)
    ? null
    : along.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  return first.map((size, index) => (index === axis ? total : size));
}

/** What a window leaves that is slid over the spatial axes: convolution and pooling. */
function slid(
  config: JsonObject,
  input: Shape,
  window: "kernel_size" | "pool_size",
  channels: number | null | "same" | "depth",
): Shape | null {
  const axes = input.length - 2;
  const first = channelsFirst(config);
  const perAxis = (key: string, missing: (axis: number) => number): number[] => {
    const value = at(config, key);
    const all = isList(value) ? value : Array.from({ length: axes }, () => value);
    return all.map((each, axis) => (typeof each === "number" ? each : missing(axis)));
  };
  const widths = perAxis(window, () => 1);
  if (axes < 1 || widths.length !== axes) {
    return null;
  }
  const strides = perAxis("strides", (axis) => (window === "pool_size" ? (widths[axis] ?? 1) : 1));
  const dilations = perAxis("dilation_rate", () => 1);
  const padding = textAt(config, "padding") ?? "valid";
  const space = (first ? input.slice(2) : input.slice(1, -1)).map((size, axis) => {
    const covered = ((widths[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1;
    const whole = padding === "valid" ? (size ?? 0) - covered + 1 : (size ?? 0);
    return size === null ? null : Math.ceil(whole / (strides[axis] ?? 1));
  });
  const before = (first ? input[1] : input.at(-1)) ?? null;
  const multiplied = before === null ? null : before * (numberAt(config, "depth_multiplier") ?? 1);
  const after = channels === "same" ? before : channels === "depth" ? multiplied : channels;
  const batch = input[0] ?? null;
  return first ? [batch, after, ...space] : [batch, ...space, after];
}

function recurrent(config: JsonObject, input: Shape): Shape | null {
  const units = numberAt(config, "units") ?? null;
  const [batch = null, steps = null] = input;
  if (at(config, "return_state") === true) {
    return null;
  }
  return at(config, "return_sequences") === true ? [batch, steps, units] : [batch, units];
}
