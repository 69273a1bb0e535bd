/** What can be asked of a loaded model. Each gives what travels back, and leaves no tensor behind. */
import type { NamedTensorMap, Tensor } from "@tensorflow/tfjs-core";
import { addN, dispose, mul, sum, train, Variable, variableGrads } from "@tensorflow/tfjs-core";
import type { LayersModel, SymbolicTensor } from "@tensorflow/tfjs-layers";
import type { EncodedArray } from "./tensors";
import { decoded, encoded } from "./tensors";

export type NamedArrays = Readonly<Record<string, EncodedArray>>;
type LayerVariable = LayersModel["weights"][number];

/** The outputs, in the order of `model.outputs`. */
export async function predict(
  model: LayersModel,
  inputs: readonly EncodedArray[],
): Promise<EncodedArray[]> {
  const tensors = inputs.map(decoded);
  const batchSize = Math.max(1, tensors[0]?.shape[0] ?? 1);
  const outputs = asList(model.predict(oneOrAll(tensors), { batchSize }));
  const arrays = await Promise.all(outputs.map(encoded));
  dispose([...tensors, ...outputs]);
  return arrays;
}

/** The gradients of sum(output * cotangent) for each trainable weight, by its name in the file. */
export async function gradients(
  model: LayersModel,
  inputs: readonly EncodedArray[],
  cotangents: readonly EncodedArray[],
): Promise<NamedArrays> {
  const tensors = inputs.map(decoded);
  const factors = cotangents.map(decoded);
  const weights = model.trainableWeights;
  const { value, grads } = variableGrads(() => {
    const outputs = asList(model.apply(oneOrAll(tensors)) as Tensor | Tensor[]);
    return addN(outputs.map((output, index) => sum(mul(output, element(factors, index)))));
  }, weights.map(variableOf));
  const named = await encodedByName(weights, (weight) => element(grads, variableOf(weight).name));
  dispose([value, ...tensors, ...factors]);
  dispose(grads);
  return named;
}

/** One step of gradient descent on the mean squared error: the loss before, the weights after. */
export async function trainStep(
  model: LayersModel,
  inputs: readonly EncodedArray[],
  targets: readonly EncodedArray[],
  learningRate: number,
): Promise<{ readonly loss: string; readonly weights: NamedArrays }> {
  const tensors = inputs.map(decoded);
  const wanted = targets.map(decoded);
  const optimizer = train.sgd(learningRate);
  model.compile({ optimizer, loss: "meanSquaredError" });
  const losses = await model.trainOnBatch(oneOrAll(tensors), oneOrAll(wanted));
  const weights = await encodedByName(model.weights, (weight) => weight.read());
  dispose([...tensors, ...wanted]);
  optimizer.dispose();
  const loss = Array.isArray(losses) ? element(losses, 0) : losses;
  return { loss: String(loss), weights }; // in words, since JSON has no NaN
}

/** Steps of the training that the model was loaded for: what each gave, and what it leaves. */
export async function goOn(
  model: LayersModel,
  inputs: readonly EncodedArray[],
  targets: readonly EncodedArray[],
  steps: number,
): Promise<{
  readonly given: readonly string[][];
  readonly weights: NamedArrays;
  readonly order: readonly string[];
  readonly kept: readonly string[];
}> {
  const tensors = inputs.map(decoded);
  const wanted = targets.map(decoded);
  const given: string[][] = [];
  for (let step = 0; step < steps; step++) {
    const values = await model.trainOnBatch(oneOrAll(tensors), oneOrAll(wanted));
    given.push((Array.isArray(values) ? values : [values]).map(String));
  }
  const weights = await encodedByName(model.weights, (weight) => weight.read());
  const kept = await model.optimizer.getWeights().catch(() => []);
  dispose([...tensors, ...wanted]);
  return {
    given,
    weights,
    order: model.trainableWeights.map((weight) => weight.originalName),
    kept: kept.map(({ name }) => name),
  };
}

export interface WeightSummary {
  readonly name: string;
  readonly shape: readonly (number | null)[];
  readonly trainable: boolean;
}

export interface LayerSummary {
  readonly name: string;
  readonly className: string;
  readonly outputShape: unknown;
  readonly weights: readonly WeightSummary[];
}

export interface ModelSummary {
  readonly inputs: readonly TensorSummary[];
  readonly outputs: readonly TensorSummary[];
  readonly layers: readonly LayerSummary[];
}

interface TensorSummary {
  readonly name: string;
  readonly shape: readonly (number | null)[];
  readonly dtype: string;
}

/** The layers of the model itself and, in their places, those of the models inside of it. */
export function summary(model: LayersModel): ModelSummary {
  return {
    inputs: model.inputs.map(tensorSummary),
    outputs: model.outputs.map(tensorSummary),
    layers: layersOf(model).map((layer) => {
      const trainable = new Set(layer.trainableWeights);
      return {
        name: layer.name,
        className: layer.getClassName(),
        outputShape: layer.outputShape,
        weights: layer.weights.map((weight) => ({
          name: weight.originalName,
          shape: weight.shape,
          trainable: trainable.has(weight),
        })),
      };
    }),
  };
}

function layersOf(model: LayersModel): LayersModel["layers"] {
  return model.layers.flatMap((layer) =>
    "layers" in layer ? layersOf(layer as unknown as LayersModel) : [layer],
  );
}

function tensorSummary({ name, shape, dtype }: SymbolicTensor): TensorSummary {
  return { name, shape, dtype };
}

async function encodedByName(
  weights: readonly LayerVariable[],
  valueOf: (weight: LayerVariable) => Tensor,
): Promise<NamedArrays> {
  const entries = weights.map(async (weight) => {
    return [weight.originalName, await encoded(valueOf(weight))] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function variableOf(weight: LayerVariable): Variable {
  const value = weight.read();
  if (!isVariable(value)) {
    throw new Error(`Weight ${weight.originalName} is no variable.`);
  }
  return value;
}

function isVariable(value: Tensor): value is Variable {
  return value instanceof Variable;
}

function asList<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}

/** Models with one input want it bare. */
function oneOrAll(tensors: Tensor[]): Tensor | Tensor[] {
  return tensors.length === 1 ? element(tensors, 0) : tensors;
}

function element<T>(list: readonly T[], index: number): T;
function element(map: NamedTensorMap, name: string): Tensor;
function element(from: object, key: number | string): unknown {
  const value: unknown = Reflect.get(from, key);
  if (value === undefined) {
    throw new Error(`There is nothing for ${key}.`);
  }
  return value;
}
