/** Trains a model, step by step. What is broken by a step is taken back. */

import { adamStep, type Moments, moments } from "../learn/adam";
import { uniform } from "../learn/random";
import { LiveError } from "./errors";
import { type Living, setValues, valuesOf } from "./living";
import { type Loss, lossOf } from "./losses";
import { fed, oneOrAll } from "./predict";
import type { Samples } from "./samples";
import type { LayerVariable, Tensor, Variable } from "./tf";

export const OPTIMIZERS = ["sgd", "adam"] as const;
export type Optimizer = (typeof OPTIMIZERS)[number];

export interface Setting {
  readonly optimizer: Optimizer;
  readonly rate: number;
  readonly losses: readonly Loss[];
  /** Names of weights that are not trained. */
  readonly frozen: ReadonlySet<string>;
}

export interface Step {
  /** Before it was taken. */
  readonly loss: number;
  /** Whether it was; if not, the model is as it was when its loss last was finite. */
  readonly isTaken: boolean;
}

export interface Trainer {
  readonly step: (setting: Setting) => Step;
  /** All weights that training can have changed, by name. */
  readonly weights: () => ReadonlyMap<string, Float32Array>;
}

/** @param batch samples of a step; all if there are no more than twice as many. */
export function trainer(living: Living, samples: Samples, batch: number, seed: number): Trainer {
  const few = samples.rows <= 2 * batch ? samples.rows : batch;
  const batches = batchesOf(samples, living.batch ?? few, seed);
  const past = new Map<LayerVariable, Moments>();
  const changed = new Map<string, Float32Array>();
  /** The model when its loss was last known to be finite. */
  let fit: readonly (readonly [LayerVariable, Float32Array])[] = [];

  const weights = (): ReadonlyMap<string, Float32Array> => {
    living.model.weights.forEach((weight) => {
      if (weight.dtype === "float32") {
        changed.set(weight.originalName, valuesOf(weight));
      }
    });
    return changed;
  };
  const takeBack = (): void => {
    fit.forEach(([weight, values]) => {
      setValues(living, weight, values);
    });
  };
  const step = (setting: Setting): Step => {
    const trained = trainedWeights(living, setting.frozen);
    const now = living.model.weights.map((weight) => [weight, valuesOf(weight)] as const);
    const { loss, gradients } = slopes(living, batches(), setting.losses, trained);
    if (!Number.isFinite(loss)) {
      takeBack();
      return { loss, isTaken: false };
    }
    fit = now;
    const moved = trained.map((weight, index) => {
      const gradient = gradients[index];
      return gradient ? moveDown(weight, gradient, setting, past) : null;
    });
    if (moved.some((values) => values?.some((value) => !Number.isFinite(value)))) {
      takeBack();
      return { loss, isTaken: false };
    }
    trained.forEach((weight, index) => {
      const values = moved[index];
      if (values) {
        setValues(living, weight, values);
      }
    });
    return { loss, isTaken: true };
  };
  return { step, weights };
}

/** @throws LiveError CANNOT_TRAIN, if there are none. */
function trainedWeights(living: Living, frozen: ReadonlySet<string>): LayerVariable[] {
  const trained = living.model.trainableWeights.filter(
    ({ originalName }) => !frozen.has(originalName),
  );
  if (trained.length === 0) {
    throw new LiveError("CANNOT_TRAIN", {
      where: "The model",
      what: "All of its weights are fixed or frozen.",
      fix: "Let at least one of them go.",
    });
  }
  return trained;
}

interface Slopes {
  readonly loss: number;
  /** Null for a weight that the loss does not depend on. */
  readonly gradients: readonly (Float32Array | null)[];
}

function slopes(
  living: Living,
  batch: Samples,
  losses: readonly Loss[],
  trained: readonly LayerVariable[],
): Slopes {
  const { tf, model } = living;
  model.resetStates();
  let found: Slopes = { loss: NaN, gradients: [] };
  tf.tidy(() => {
    const given = fed(living, batch, 0, batch.rows);
    const wanted = batch.targets.map((values, index) =>
      tf.tensor(values, [batch.rows, ...(batch.targetSizes[index] ?? [])]),
    );
    const variables = trained.map((weight) => weight.read()).filter(isVariable);
    const { value, grads } = tf.variableGrads(() => {
      const applied = model.apply(oneOrAll(given), { training: true }) as Tensor | Tensor[];
      const outputs = Array.isArray(applied) ? applied : [applied];
      const parts = outputs.map((output, index) =>
        lossOf(tf, losses[index] ?? "mse", wanted[index] ?? tf.zeros([batch.rows]), output),
      );
      return tf.addN([...parts, ...model.calculateLosses()]).asScalar();
    }, variables);
    found = {
      loss: value.dataSync()[0] ?? NaN,
      gradients: variables.map((variable) => {
        const slope = (grads as Readonly<Record<string, Tensor | undefined>>)[variable.name];
        return slope ? slope.dataSync<"float32">() : null;
      }),
    };
  });
  return found;
}

/** What a layer holds is a variable, though its type says tensor. */
function isVariable(value: Tensor): value is Variable {
  return "trainable" in value && "assign" in value;
}

function moveDown(
  weight: LayerVariable,
  gradient: Float32Array,
  { optimizer, rate }: Setting,
  past: Map<LayerVariable, Moments>,
): Float32Array {
  const values = valuesOf(weight).slice();
  if (optimizer === "sgd") {
    for (let index = 0; index < values.length; index += 1) {
      values[index] = (values[index] ?? 0) - rate * (gradient[index] ?? 0);
    }
    return values;
  }
  const known = past.get(weight) ?? moments(values.length);
  past.set(weight, known);
  adamStep(values, gradient, known, rate);
  return values;
}

/** Hands out one batch after another: all samples, or some of an order that is new in each round. */
function batchesOf(samples: Samples, size: number, seed: number): () => Samples {
  if (size === samples.rows) {
    return () => samples;
  }
  const next = uniform(seed);
  let order: readonly number[] = [];
  return () => {
    if (order.length < size) {
      order = shuffled(samples.rows, next);
    }
    const rows = order.slice(0, size);
    order = order.slice(size);
    return {
      ...samples,
      rows: size,
      inputs: samples.inputs.map((values) => gathered(values, samples.rows, rows)),
      targets: samples.targets.map((values) => gathered(values, samples.rows, rows)),
    };
  };
}

function shuffled(count: number, next: () => number): readonly number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(next() * (last + 1));
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}

function gathered(values: Float32Array, count: number, rows: readonly number[]): Float32Array {
  const size = values.length / count;
  const some = new Float32Array(rows.length * size);
  rows.forEach((row, index) => {
    some.set(values.subarray(row * size, (row + 1) * size), index * size);
  });
  return some;
}
