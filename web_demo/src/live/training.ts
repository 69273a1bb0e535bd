/** Training of the opened model, as the reader has set it: in slices, with all that it did. */

import { batch, computed, signal } from "@preact/signals";
import { inFrames } from "../learn/frames";
import type { PresetName } from "../learn/datasets";
import { place } from "../place";
import { changeWeights, model } from "../state";
import { type Bias, biases, frozen, restoreWeights } from "./changing";
import { batchSize, secondsPerStep } from "./cost";
import type { Table } from "./csv";
import { asLiveError, LiveError } from "./errors";
import { begun, ended, grown, type History } from "./history";
import { valuesOf } from "./living";
import { type Loss, refuseOutputs, usualLoss } from "./losses";
import { predicted } from "./predict";
import type { Sizes } from "./probe";
import type { Shape } from "../model/shapes";
import { isHeld, largestSize, results, sizes, tableOf } from "./probing";
import { changedWeights } from "./saving";
import {
  celsiusSamples,
  fitsCelsius,
  fittingPoints,
  linearSamples,
  pointSamples,
  type Samples,
  tableSamples,
  type Task,
} from "./samples";
import { living } from "./session";
import { type Optimizer, type Trainer, trainer } from "./trainer";
import { whenever } from "./whenever";

export type Data = "linear" | "celsius" | "csv" | PresetName;

/** Training rests after so many steps, to be asked whether it should go on. */
export const REST = 10_000;
/** Milliseconds between two looks at the weights while training goes on. */
const LOOK = 1000;
/** Numbers; larger models are looked at when training rests. */
const LIGHT = 300_000;
export const RATES = { sgd: 0.01, adam: 0.01 } as const;

export const data = signal<Data>("linear");
export const dataSeed = signal(1);
export const trainTable = signal<Table | null>(null);
export const trainTableProblem = signal<LiveError | null>(null);
/** By column. */
export const isTarget = signal<readonly boolean[]>([]);
export const optimizer = signal<Optimizer>("adam");
export const rate = signal(0.01);
export const losses = signal<readonly Loss[]>([]);

export const isTraining = signal(false);
export const history = signal<History | null>(null);
/** Which biases the history follows. */
export const followed = signal<readonly Bias[]>([]);
export const trainProblem = signal<LiveError | null>(null);
/** The step after which nothing was finite any more, and the rate that did it. */
export const broken = signal<{ readonly step: number; readonly rate: number } | null>(null);

/** Of the outputs, where nothing was run before training. */
const learned = signal<readonly Sizes[] | null>(null);

/** Of the outputs, as text: the same sizes are the same task, whatever came out. */
const targetSizes = computed(() =>
  JSON.stringify(
    results.value?.sizes ??
      learned.value ??
      living.value?.outputs.map(({ shape }) => shape) ??
      null,
  ),
);

export const task = computed<Task | null>(() => {
  const now = living.value;
  const known = JSON.parse(targetSizes.value) as readonly Shape[] | null;
  return now && known
    ? {
        inputs: now.inputs,
        outputs: now.outputs,
        sizes: sizes.value,
        // Unknown until something came out: whatever is trained then takes a sample first.
        targetSizes: known.map((shape) => shape.map((size) => size ?? 1)),
        losses: losses.value,
        batch: now.batch,
      }
    : null;
});

/** What it can be trained on, beside a table. */
export const fitting = computed(() => {
  const known = task.value;
  return { points: known ? fittingPoints(known) : [], celsius: known ? fitsCelsius(known) : false };
});

/** Null where there is nothing to train on yet. */
export const trainSamples = computed<Samples | LiveError | null>(() => {
  const known = task.value;
  const chosen = data.value;
  if (!known) {
    return null;
  }
  if (chosen === "linear") {
    return linearSamples(known, dataSeed.value);
  }
  if (chosen === "celsius") {
    return celsiusSamples(known);
  }
  if (chosen !== "csv") {
    return pointSamples(known, chosen);
  }
  try {
    return trainTable.value && tableSamples(known, trainTable.value, isTarget.value);
  } catch (error) {
    return asLiveError(error, "TARGETS", trainTable.value?.file ?? "The table");
  }
});

/** Steps that were taken. */
export const steps = computed(() => history.value?.points.at(-1)?.step ?? 0);

/** Seconds that a step will take, roughly. */
export const expectedStep = computed(() => {
  const now = living.value;
  const found = trainSamples.value;
  return now && found && !(found instanceof Error)
    ? secondsPerStep(now, largestSize.value, found.rows)
    : 0;
});

let one: Trainer | null = null;
let stop: () => void = () => undefined;
let looked = 0;

export function play(): void {
  if (!isTraining.peek() && prepare()) {
    batch(() => {
      isTraining.value = true;
      isHeld.value = true;
    });
    work();
  }
}

export function pause(): void {
  stop();
  if (isTraining.peek()) {
    publish();
    batch(() => {
      isTraining.value = false;
      isHeld.value = false;
    });
  }
}

export function stepOnce(): void {
  pause();
  if (prepare()) {
    step();
    publish();
  }
}

/** Back to the weights of the files. */
export function reset(): void {
  pause();
  forget();
  restoreWeights();
}

export function lowerRate(): void {
  rate.value = Number((rate.peek() / 10).toPrecision(3));
  broken.value = null;
}

export function setOptimizer(next: Optimizer): void {
  optimizer.value = next;
}

export function setLoss(output: number, loss: Loss): void {
  losses.value = losses.peek().map((before, index) => (index === output ? loss : before));
}

export async function openTrainTable(file: File): Promise<void> {
  const found = await tableOf(file);
  batch(() => {
    trainTableProblem.value = found instanceof Error ? found : null;
    if (!(found instanceof Error)) {
      trainTable.value = found;
      // The last columns, as is usual; the reader sees and may choose others.
      const inputs = task.peek()?.sizes.reduce((sum, each) => sum + numbers(each), 0) ?? 0;
      isTarget.value = Array.from({ length: found.columns }, (_, column) => column >= inputs);
      data.value = "csv";
    }
  });
}

function numbers(along: Sizes): number {
  return along.reduce((all, size) => all * size, 1);
}

/** What training goes on with; made anew when model or samples are others. */
function prepare(): boolean {
  const now = living.peek();
  const found = trainSamples.peek();
  trainProblem.value = null;
  broken.value = null;
  if (!now || !found || found instanceof Error) {
    return false;
  }
  try {
    if (!one) {
      const tried = predicted(now, { ...found, ...firstOf(found, now.batch ?? 1) });
      learned.value = tried.sizes;
      const samples = trainSamples.peek();
      if (!samples || samples instanceof Error) {
        return false;
      }
      now.outputs.forEach((port, index) => {
        const values = tried.outputs[index] ?? new Float32Array();
        refuseOutputs(losses.peek()[index] ?? "mse", port, values, tried.sizes[index] ?? []);
      });
      one = trainer(now, samples, batchSize(now, largestSize.peek()), dataSeed.peek());
    }
    if (!history.peek()) {
      followed.value = biases.peek();
      history.value = begun(biasValues());
    }
    return true;
  } catch (error) {
    trainProblem.value = asLiveError(error, "CANNOT_TRAIN", "The model");
    return false;
  }
}

function firstOf(samples: Samples, rows: number): Pick<Samples, "rows" | "inputs"> {
  const inputs = samples.inputs.map((values) =>
    values.subarray(0, (values.length / samples.rows) * rows),
  );
  return { rows, inputs };
}

function biasValues(): readonly Float32Array[] {
  const now = living.peek();
  return followed.peek().map(({ name, values }) => {
    const weight = now?.weights.get(name);
    return weight ? valuesOf(weight) : values;
  });
}

function work(): void {
  looked = performance.now();
  stop = inFrames({
    piece: () => !document.hidden && step(),
    shown: () => {
      if (performance.now() - looked > LOOK && (model.peek()?.parameters ?? 0) <= LIGHT) {
        looked = performance.now();
        publish();
      }
    },
    done: () => {
      if (document.hidden && isTraining.peek()) {
        document.addEventListener("visibilitychange", goOn, { once: true });
      } else {
        pause();
      }
    },
  });
}

function goOn(): void {
  if (isTraining.peek()) {
    work();
  }
}

/** One step; false if there should be no other. */
function step(): boolean {
  const past = history.peek();
  if (!one || !past) {
    return false;
  }
  try {
    const { loss, isTaken } = one.step({
      optimizer: optimizer.peek(),
      rate: rate.peek(),
      losses: losses.peek(),
      frozen: frozen.peek(),
    });
    if (!isTaken) {
      const last = ended(past, loss);
      batch(() => {
        history.value = last;
        broken.value = { step: last.points.at(-1)?.step ?? 0, rate: rate.peek() };
      });
      one = null; // what the optimizer remembers is broken, too
      return false;
    }
    const next = grown(past, loss, biasValues());
    history.value = next;
    return (next.points.at(-1)?.step ?? 0) % REST !== 0;
  } catch (error) {
    trainProblem.value = asLiveError(error, "CANNOT_TRAIN", "The model");
    one = null;
    return false;
  }
}

/** The page shows the weights as they are now. */
function publish(): void {
  const now = living.peek();
  if (now) {
    changeWeights(changedWeights(now));
  }
}

function forget(): void {
  stop();
  batch(() => {
    history.value = null;
    learned.value = null;
    followed.value = [];
    trainProblem.value = null;
    broken.value = null;
  });
  one = null;
}

whenever([living], () => {
  forget();
  batch(() => {
    isTraining.value = false;
    dataSeed.value = 1;
    trainTable.value = null;
    trainTableProblem.value = null;
    rate.value = RATES.adam;
    optimizer.value = "adam";
    losses.value = living.peek()?.outputs.map(usualLoss) ?? [];
    const { celsius, points } = fitting.value;
    data.value = celsius ? "celsius" : (points[0]?.name ?? "linear");
  });
});

// Other samples or another way: what the optimizer remembers is of the one before.
whenever([trainSamples, optimizer], () => {
  one = null;
});

whenever([place], () => {
  if (place.peek().view !== "open") {
    pause();
  }
});
