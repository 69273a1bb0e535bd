/** The opened model in Python: built layer by layer if that is certain, else how to load it. */

import { at, isList, type JsonObject } from "../loader/json";
import type { Dtype } from "../loader/manifest";
import type { Description } from "../model/describe";
import { graph, type Node } from "../model/graph";
import { kerasCall, python } from "./kerasLayers";

/** Read as floats, an int32 weight takes as much room, and is then left out. */
const FOUR_BYTES: ReadonlySet<Dtype> = new Set(["float32", "int32"] as const);

export function kerasCode(model: Description): string {
  const { manifest } = model.artefacts;
  const nodes = inOrder([...graph(manifest.topology).values()]);
  const built = nodes && buildCode(nodes, manifest.topology);
  if (!built) {
    return loadCode(model);
  }
  const weights = manifest.groups.flatMap((group) => group.weights);
  const own = weights.filter(({ isOptimizer }) => !isOptimizer);
  const isPlain =
    own.every(({ dtype }) => dtype === "float32") &&
    weights.every(({ dtype, quantization }) => FOUR_BYTES.has(dtype) && !quantization);
  const assign = 'variables[spec["name"]].assign(numbers[:size].reshape(spec["shape"]))';
  const layers = model.layers.some(({ className }) => /^keras_?bias>/iu.test(className))
    ? "from keras_bias import layers"
    : "from keras import layers";
  return isPlain && own.length > 0
    ? [
        "import json",
        "import math",
        "from pathlib import Path",
        "",
        "import keras",
        "import numpy as np",
        layers,
        "",
        ...built,
        "",
        "# The exported numbers, by layer and name.",
        'folder = Path(".")',
        'groups = json.loads((folder / "model.json").read_text())["weightsManifest"]',
        'files = [folder / path for group in groups for path in group["paths"]]',
        'numbers = np.frombuffer(b"".join(path.read_bytes() for path in files), "<f4")',
        'variables = {f"{layer.name}/{v.name}": v for layer in model.layers for v in layer.weights}',
        'for spec in (spec for group in groups for spec in group["weights"]):',
        '    size = math.prod(spec["shape"])',
        ...(own.length === weights.length
          ? [`    ${assign}`]
          : ['    if spec.get("group") != "optimizer":', `        ${assign}`]),
        "    numbers = numbers[size:]",
      ].join("\n")
    : ["import keras", layers, "", ...built].join("\n");
}

function loadCode({ layers }: Description): string {
  const isOurs = layers.some(({ className }) => /^keras_?bias>/iu.test(className));
  return [
    "# Not every layer of this model is one that this page can write as Python for certain.",
    "# The .keras file that it was exported from holds all of it.",
    "import keras",
    ...(isOurs ? ["import keras_bias.layers  # so that Keras knows its classes"] : []),
    "",
    'model = keras.saving.load_model("model.keras")',
    "model.summary()",
  ].join("\n");
}

/** Each behind those that it takes its input from; null if some call is not a plain one. */
function inOrder(nodes: readonly Node[]): readonly Node[] | null {
  if (nodes.some(({ isModel, calls }) => isModel || calls !== 1)) {
    return null;
  }
  const rest = new Set(nodes);
  const placed = new Set<string>();
  const ordered: Node[] = [];
  while (rest.size > 0) {
    const ready = [...rest].filter(({ inputs }) => inputs.every((path) => placed.has(path)));
    if (ready.length === 0) {
      return null;
    }
    for (const node of ready) {
      rest.delete(node);
      placed.add(node.path);
      ordered.push(node);
    }
  }
  return ordered;
}

function buildCode(nodes: readonly Node[], topology: JsonObject): readonly string[] | null {
  const outputs = nodes.filter(({ leaves }) => leaves);
  const inner = nodes.filter(({ leaves, users }) => leaves && users.length > 0);
  // A layer that is an output and used besides may also be a mask: that is not told apart.
  if (inner.length > 0 || outputs.length !== outputCount(topology)) {
    return null;
  }
  const isChain = nodes.every(
    ({ inputs, users }, index) => inputs.length === (index === 0 ? 0 : 1) && users.length <= 1,
  );
  return isChain ? sequentialCode(nodes) : functionalCode(nodes, outputs);
}

function outputCount(topology: JsonObject): number {
  const listed = at(at(topology, "config"), "output_layers");
  return isList(listed) ? listed.length : 1;
}

function sequentialCode(nodes: readonly Node[]): readonly string[] | null {
  const [first] = nodes;
  if (first && first.className !== "InputLayer") {
    const input = inputCall(first.config, null);
    const calls = nodes.map(call);
    return calls.includes(null) || !input ? null : sequence([input, ...calls.filter(isText)]);
  }
  const calls = nodes.map(call);
  return calls.includes(null) ? null : sequence(calls.filter(isText));
}

function sequence(calls: readonly string[]): readonly string[] {
  return [
    "model = keras.Sequential(",
    "    [",
    ...calls.map((line) => `        ${line},`),
    "    ]",
    ")",
  ];
}

function functionalCode(
  nodes: readonly Node[],
  outputs: readonly Node[],
): readonly string[] | null {
  const names = new Map(nodes.map(({ path }, index) => [path, `x${index}`]));
  const tuple = (paths: readonly string[]): string => {
    const listed = paths.map((path) => names.get(path) ?? "");
    return listed.length === 1 ? (listed[0] ?? "") : `[${listed.join(", ")}]`;
  };
  const lines = nodes.map((node) => {
    const made = call(node);
    const fed = node.inputs.length ? `(${tuple(node.inputs)})` : "";
    return made === null ? null : `${names.get(node.path) ?? ""} = ${made}${fed}`;
  });
  const inputs = nodes.filter(({ inputs: of }) => of.length === 0);
  const isWhole = inputs.every(({ className }) => className === "InputLayer") && outputs.length > 0;
  return lines.includes(null) || !isWhole || outputs.length > 1 || inputs.length > 1
    ? null
    : [
        ...lines.filter(isText),
        `model = keras.Model(${tuple(inputs.map(({ path }) => path))}, ${tuple(outputs.map(({ path }) => path))})`,
      ];
}

function call({ className, config }: Node): string | null {
  const name = at(config, "name");
  return className === "InputLayer"
    ? inputCall(config, typeof name === "string" ? name : null)
    : kerasCall(className, config);
}

function inputCall(config: JsonObject, name: string | null): string | null {
  const shape = at(config, "batch_input_shape");
  const dtype = at(config, "dtype") ?? "float32";
  if (!isList(shape) || (dtype !== "float32" && dtype !== "int32")) {
    return null;
  }
  const typed = dtype === "float32" ? "" : `, dtype="${dtype}"`;
  const named = name === null ? "" : `, name=${JSON.stringify(name)}`;
  return `keras.Input(${python(shape.slice(1))}${typed}${named})`;
}

function isText(text: string | null): text is string {
  return text !== null;
}
