/**
 * Layers as calls in Python, where configurations say in tfjs what they say in Keras 3.
 *
 * Only classes and options of the tables: of any other it is not known that they mean the same.
 */

import { at, isList, type Json, type JsonObject } from "../loader/json";

/** Options of a class, with what Keras takes if they are left out; undefined if it must be said. */
type Options = Readonly<Record<string, Json | undefined>>;

const LAST: Options = { data_format: "channels_last" };
const SUM: Options = { activation: "linear", use_bias: true };
const BIASED: Options = { bias_shape: "vector", bias_trainable: true };
const CENTRED: Options = { axis: -1, epsilon: 0.001, center: true, scale: true };
const POOL: Options = { pool_size: undefined, strides: null, padding: "valid", ...LAST };
const GLOBAL: Options = { ...LAST, keepdims: false };

function convolution(axes: number): Options {
  const ones = Array<number>(axes).fill(1);
  return {
    filters: undefined,
    kernel_size: undefined,
    strides: ones,
    padding: "valid",
    dilation_rate: ones,
    groups: 1,
    ...LAST,
    ...SUM,
  };
}

const DENSE: Options = { units: undefined, ...SUM };

const CLASSES: ReadonlyMap<string, Options> = new Map<string, Options>([
  ["Dense", DENSE],
  ["Conv1D", convolution(1)],
  ["Conv2D", convolution(2)],
  ["Conv3D", convolution(3)],
  ["Flatten", LAST],
  ["Reshape", { target_shape: undefined }],
  ["RepeatVector", { n: undefined }],
  ["Permute", { dims: undefined }],
  ["Dropout", { rate: undefined, noise_shape: null, seed: null }],
  ["Activation", { activation: undefined }],
  ["ReLU", { max_value: null, negative_slope: 0, threshold: 0 }],
  ["Softmax", { axis: -1 }],
  ["MaxPooling1D", POOL],
  ["MaxPooling2D", POOL],
  ["AveragePooling1D", POOL],
  ["AveragePooling2D", POOL],
  ["GlobalAveragePooling1D", GLOBAL],
  ["GlobalAveragePooling2D", GLOBAL],
  ["GlobalMaxPooling1D", GLOBAL],
  ["GlobalMaxPooling2D", GLOBAL],
  ["BatchNormalization", { ...CENTRED, momentum: 0.99 }],
  ["LayerNormalization", CENTRED],
  ["GroupNormalization", { ...CENTRED, groups: 32 }],
  ["Embedding", { input_dim: undefined, output_dim: undefined, mask_zero: false }],
  ["Add", {}],
  ["Average", {}],
  ["Concatenate", { axis: -1 }],
  ["Maximum", {}],
  ["Minimum", {}],
  ["Multiply", {}],
  ["Subtract", {}],
  ["keras_bias>Dense", { ...DENSE, ...BIASED }],
  ["keras_bias>Conv1D", { ...convolution(1), ...BIASED }],
  ["keras_bias>Conv2D", { ...convolution(2), ...BIASED }],
  ["keras_bias>Conv3D", { ...convolution(3), ...BIASED }],
  ["keras_bias>Bias", { ...LAST, ...BIASED, activation: "linear", groups: null }],
]);

/** Names under which tfjs and Keras 3 compute the same. */
const ACTIVATIONS: ReadonlySet<Json> = new Set<Json>([
  "elu",
  "linear",
  "relu",
  "relu6",
  "selu",
  "sigmoid",
  "softmax",
  "softplus",
  "softsign",
  "swish",
  "tanh",
]);

/** Said of the layer elsewhere, or nothing that its outputs depend on. */
const ASIDE: ReadonlySet<string> = new Set(["name", "trainable", "batch_input_shape"]);

/** `layers.Dense(5, name="hidden")`; null for what is not known to mean the same in Keras. */
export function kerasCall(className: string, config: JsonObject): string | null {
  // A twin by Keras's name is that layer of Keras, whichever tfjs has.
  const options = CLASSES.get(
    className.replace(/^kerasBias>/u, "keras_bias>").replace(/^keras>/u, ""),
  );
  if (!options || !areOthersNothing(config, options)) {
    return null;
  }
  const given: string[] = [];
  for (const [key, usual] of Object.entries(options)) {
    const value = at(config, key);
    if (key === "activation" && !ACTIVATIONS.has(value ?? "linear")) {
      return null;
    }
    if (value === undefined || value === null ? usual === undefined : !isLiteral(value)) {
      return null;
    }
    if (value !== undefined && value !== null && !isSame(value, usual)) {
      given.push(`${key}=${python(value, key)}`);
    }
  }
  if (at(config, "trainable") === false) {
    given.push("trainable=False");
  }
  const name = at(config, "name");
  const named = typeof name === "string" ? [`name=${JSON.stringify(name)}`] : [];
  return `layers.${className.slice(className.lastIndexOf(">") + 1)}(${[...given, ...named].join(", ")})`;
}

/** Python's way to write it. */
export function python(value: Json, key = ""): string {
  if (value === null) {
    return "None";
  }
  if (typeof value === "boolean") {
    return value ? "True" : "False";
  }
  if (isList(value)) {
    const inner = value.map((each) => python(each)).join(", ");
    if (key === "axis") {
      // Of one axis, Keras takes the number; of several, a list.
      return value.length === 1 ? inner : `[${inner}]`;
    }
    return `(${inner}${value.length === 1 ? "," : ""})`;
  }
  return JSON.stringify(value);
}

/** Whether options that the table does not have are left as they are by default. */
function areOthersNothing(config: JsonObject, options: Options): boolean {
  return Object.keys(config).every((key) => {
    const value = at(config, key);
    const isAside = ASIDE.has(key) || key.endsWith("_initializer");
    const isUsual = value === null || value === false || (key === "dtype" && value === "float32");
    return Object.hasOwn(options, key) || isAside || isUsual;
  });
}

function isLiteral(value: Json): boolean {
  return isList(value)
    ? value.every((each) => each === null || typeof each === "number")
    : typeof value !== "object";
}

/** Also a list of one for the number alone. */
function isSame(value: Json, usual: Json | undefined): boolean {
  const plain = (each: Json | undefined): string =>
    JSON.stringify(isList(each) && each.length === 1 ? each[0] : each);
  return usual !== undefined && plain(value) === plain(usual);
}
