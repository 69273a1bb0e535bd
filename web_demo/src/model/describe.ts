/** An opened model -> all that the page shows of it, as plain numbers and words. */

import type { Artefacts, Values, Weight } from "../loader/artefacts";
import { LoadError, shown } from "../loader/errors";
import { at, isList, type JsonObject, numberAt, textAt } from "../loader/json";
import type { WeightSpec } from "../loader/manifest";
import { biasKind, type BiasKind } from "./biasKind";
import { baseClass, isKnown } from "./classes";
import { graph } from "./graph";
import { flattened, type Layer } from "./layers";
import { type Notice, notices } from "./notices";
import { outputShapes, type Shape } from "./shapes";
import { statistics, type Statistics } from "./statistics";

/** Longer biases are drawn as their range. */
const SHORT = 16;

export interface WeightRow {
  /** As the manifest has it. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly size: number;
  /** With what it is stored as, if quantized. */
  readonly dtype: string;
  readonly trainable: boolean;
  readonly isBias: boolean;
  readonly bias: BiasKind | null;
  /** Null for weights that were not read, or are not real numbers. */
  readonly statistics: Statistics | null;
  /** All of a short bias. */
  readonly values: readonly number[] | null;
  /** All of any weight; null where there are no statistics. */
  readonly numbers: Values | null;
}

export interface LayerRow {
  readonly path: readonly string[];
  readonly className: string;
  readonly config: JsonObject;
  /** False for a class of neither TensorFlow.js nor keras-tfjs.js. */
  readonly isKnown: boolean;
  readonly outputShape: Shape | null;
  readonly parameters: number;
  readonly bias: BiasKind | null;
  readonly trainable: boolean;
  readonly weights: readonly WeightRow[];
}

export interface Description {
  readonly title: string;
  readonly className: string;
  readonly layers: readonly LayerRow[];
  /** Weights that belong to no layer. */
  readonly strays: readonly WeightRow[];
  readonly weights: readonly WeightRow[];
  /** What the training goes on from; no part of the model, and counted nowhere. */
  readonly optimizer: readonly WeightRow[];
  readonly parameters: number;
  readonly trainableParameters: number;
  readonly biasParameters: number;
  readonly bytesLong: number;
  readonly origin: readonly string[];
  readonly twins: readonly string[];
  /** Shapes of the model's inputs, for a first prediction. */
  readonly inputs: readonly Shape[];
  readonly notices: readonly Notice[];
  /** What all this was read from. */
  readonly artefacts: Artefacts;
}

/**
 * @throws LoadError DUPLICATE_NAME, NOT_LAYERS_MODEL, SHAPE.
 */
export function described(artefacts: Artefacts): Description {
  const { manifest, hasWeights, title, bytesLong } = artefacts;
  const layers = flattened(manifest.topology);
  const shapes = outputShapes(manifest.topology);
  const read: readonly Weight[] = hasWeights
    ? artefacts.weights
    : manifest.groups
        .flatMap((group) => group.weights)
        .map((spec) => ({ spec, values: null, stored: new Uint8Array() }));
  const { owned, strays } = assigned(
    layers,
    read.filter(({ spec }) => !spec.isOptimizer),
  );
  const optimizer = read
    .filter(({ spec }) => spec.isOptimizer)
    .map((weight) => ({ ...weightRow(weight, null, false), isBias: false, values: null }));
  const rows = layers.map((layer) =>
    layerRow(layer, owned.get(layer.name) ?? [], shapes.get(layer.path.join("/")) ?? null),
  );
  const strayRows = strays.map((weight) => weightRow(weight, null, true));
  const weights = [...rows.flatMap((row) => row.weights), ...strayRows];
  return {
    title,
    className: textAt(manifest.topology, "class_name") ?? "",
    layers: rows,
    strays: strayRows,
    weights,
    optimizer,
    parameters: total(weights),
    trainableParameters: total(weights.filter((weight) => weight.trainable)),
    biasParameters: total(weights.filter((weight) => weight.isBias)),
    bytesLong,
    origin: [manifest.generatedBy, manifest.convertedBy].filter((each) => each !== null),
    twins: manifest.twins,
    inputs: layers
      .filter((layer) => layer.path.length === 1)
      .map((layer) => at(layer.config, "batch_input_shape"))
      .filter((shape) => isList(shape))
      .map((shape) => shape.map((size) => (typeof size === "number" ? size : null))),
    notices: notices({
      layers: rows,
      weights,
      optimizer,
      hasWeights,
      graph: graph(manifest.topology),
    }),
    artefacts,
  };
}

/** Weights by the layer whose name theirs starts with: the longest one, since names may have `/`. */
function assigned(
  layers: readonly Layer[],
  weights: readonly Weight[],
): { readonly owned: ReadonlyMap<string, Weight[]>; readonly strays: readonly Weight[] } {
  const owned = new Map<string, Weight[]>(layers.map((layer) => [layer.name, []]));
  const strays: Weight[] = [];
  for (const weight of weights) {
    const { name } = weight.spec;
    let end = name.lastIndexOf("/");
    while (end > 0 && !owned.has(name.slice(0, end))) {
      end = name.lastIndexOf("/", end - 1);
    }
    (owned.get(name.slice(0, Math.max(0, end))) ?? strays).push(weight);
  }
  return { owned, strays };
}

function layerRow(layer: Layer, weights: readonly Weight[], outputShape: Shape | null): LayerRow {
  const { className, config } = layer.inner;
  const bias = weights.find(({ spec }) => isBias(spec));
  const kernel = weights.find(({ spec }) => /(?:^|\/)kernel$/u.test(spec.name));
  refuseOtherShape(layer, kernel?.spec, bias?.spec);
  const kind = biasKind({
    className,
    config,
    biasShape: bias?.spec.shape ?? null,
    kernelShape: kernel?.spec.shape ?? null,
    outputShape,
  });
  return {
    path: layer.path,
    className: layer.className,
    config: layer.config,
    isKnown: isKnown(layer.className) && isKnown(className),
    outputShape,
    parameters: weights.reduce((sum, { spec }) => sum + spec.size, 0),
    bias: kind,
    trainable: layer.trainable,
    weights: weights.map((weight) => weightRow(weight, kind, isTrained(layer, weight.spec))),
  };
}

function weightRow({ spec, values }: Weight, kind: BiasKind | null, trainable: boolean): WeightRow {
  const bias = isBias(spec);
  const { quantization, dtype } = spec;
  return {
    name: spec.name,
    shape: spec.shape,
    size: spec.size,
    dtype: quantization ? `${dtype} (stored ${quantization.dtype})` : dtype,
    trainable,
    isBias: bias,
    bias: bias ? kind : null,
    statistics: values && statistics(values),
    values: bias && values && spec.size <= SHORT ? [...values] : null,
    numbers: values,
  };
}

function isBias({ name }: WeightSpec): boolean {
  return /(?:^|[/_])bias$/u.test(name);
}

function isTrained(layer: Layer, spec: WeightSpec): boolean {
  const frozen = isBias(spec) && at(layer.inner.config, "bias_trainable") === false;
  const counted = /(?:^|\/)moving_(?:mean|variance)$/u.test(spec.name);
  return layer.trainable && !frozen && !counted;
}

/** Where a Dense layer's configuration fixes the shapes, the weights must have them. */
function refuseOtherShape(layer: Layer, kernel?: WeightSpec, bias?: WeightSpec): void {
  const { className, config } = layer.inner;
  const units = numberAt(config, "units");
  if (baseClass(className) !== "Dense" || units === undefined) {
    return;
  }
  if (kernel && (kernel.shape.length !== 2 || kernel.shape[1] !== units)) {
    throw otherShape(kernel, `[inputs, ${units}]`);
  }
  if (bias && at(config, "bias_shape") === undefined && className === "Dense") {
    if (bias.shape.length !== 1 || bias.shape[0] !== units) {
      throw otherShape(bias, `[${units}]`);
    }
  }
}

function otherShape({ name, shape }: WeightSpec, expected: string): LoadError {
  return new LoadError("SHAPE", {
    where: `weight '${shown(name)}'`,
    what: `The layer needs the shape ${expected}, and the manifest has [${shape.join(", ")}].`,
    fix: "Layers and weights are of different models. Take both from the same export.",
  });
}

function total(weights: readonly WeightRow[]): number {
  return weights.reduce((sum, weight) => sum + weight.size, 0);
}
