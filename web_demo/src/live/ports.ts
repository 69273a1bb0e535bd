/** What goes into a model and what comes out, as its own tensors say. */

import type { Shape } from "../model/shapes";
import type { Layer, LayersModel, SymbolicTensor } from "./tf";

export interface Port {
  readonly name: string;
  /** Without the batch; null is an axis whose size is whatever is fed. */
  readonly shape: Shape;
  /** Samples at once, if that is fixed. */
  readonly batch: number | null;
  readonly dtype: "float32" | "int32" | "bool";
  /** Whole numbers from 0 to below this, for what is looked up; null for any number. */
  readonly below: number | null;
  /** What the last layer makes of its numbers; null where that cannot be told. */
  readonly activation: string | null;
}

/** Where nothing tells how many there are. */
const SOME = 10;

export function ports(
  model: LayersModel,
): readonly [inputs: readonly Port[], outputs: readonly Port[]] {
  const inputs = named(model.inputs, model.inputNames).map(([tensor, name]) => ({
    ...port(tensor, name),
    below:
      limit(model, tensor) ?? { float32: null, int32: SOME, bool: 2 }[port(tensor, name).dtype],
  }));
  const outputs = named(model.outputs, model.outputNames).map(([tensor, name]) => ({
    ...port(tensor, name),
    activation: activation(tensor),
  }));
  return [inputs, outputs];
}

function port({ shape, dtype: stated }: SymbolicTensor, name: string): Port {
  const [batch = null, ...rest] = shape;
  const dtype = stated === "int32" || stated === "bool" ? stated : "float32";
  return { name, shape: rest, batch, dtype, below: null, activation: null };
}

/** Names that are told apart: one layer may give several outputs. */
function named(
  tensors: readonly SymbolicTensor[],
  names: readonly string[],
): readonly (readonly [SymbolicTensor, string])[] {
  return tensors.map((tensor, index) => {
    const name = names[index] ?? tensor.sourceLayer.name;
    const same = names.filter((other) => other === name).length > 1;
    const nth = names.slice(0, index).filter((other) => other === name).length;
    return [tensor, same ? `${name} [${nth}]` : name];
  });
}

/** Layers that hand numbers on as they are. */
const HANDS_ON = /(?:Reshape|Flatten|Permute|RepeatVector|Masking|InputLayer)$/u;

/** How many an embedding that the tensor leads to has; null if it leads to none. */
function limit(model: LayersModel, tensor: SymbolicTensor, depth = 0): number | null {
  if (depth > 20) {
    return null;
  }
  const found = model.layers.flatMap((layer) =>
    layer.inboundNodes.flatMap((node) =>
      node.inputTensors.flatMap((input, index) =>
        input.id === tensor.id ? [limitOf(layer, index, node.outputTensors, model, depth)] : [],
      ),
    ),
  );
  const limits = found.filter((each) => each !== null);
  return limits.length ? Math.min(...limits) : null;
}

function limitOf(
  layer: Layer,
  index: number,
  outputs: readonly SymbolicTensor[],
  model: LayersModel,
  depth: number,
): number | null {
  if (isModel(layer)) {
    const inner = layer.inputs[index];
    return inner ? limit(layer, inner, depth + 1) : null;
  }
  const config = layer.getConfig();
  const className = layer.getClassName();
  if (/(?:Embedding|CategoryEncoding|Lookup)$/u.test(className)) {
    const sizes = [config["inputDim"], config["input_dim"], config["numTokens"]];
    return [...sizes, config["num_tokens"]].find((size) => typeof size === "number") ?? SOME;
  }
  const [output] = outputs;
  return output && HANDS_ON.test(className) ? limit(model, output, depth + 1) : null;
}

function isModel(layer: Layer): layer is LayersModel {
  return "layers" in layer;
}

/** The name of the function that comes last, where a layer's configuration says it. */
function activation({ sourceLayer, tensorIndex }: SymbolicTensor): string | null {
  if (isModel(sourceLayer)) {
    const inner = sourceLayer.outputs[tensorIndex];
    return inner ? activation(inner) : null;
  }
  const className = sourceLayer.getClassName();
  if (/(?:^|>)Softmax$/u.test(className)) {
    return "softmax";
  }
  const stated = sourceLayer.getConfig()["activation"];
  return typeof stated === "string" ? stated.replace(/^.*>/u, "").toLowerCase() : null;
}
