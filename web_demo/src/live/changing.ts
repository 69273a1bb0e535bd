/** What if a bias were another: what is set, what comes of it, and which biases matter. */

import { batch, computed, signal } from "@preact/signals";
import { artefacts, changeWeights, liveWeights, model } from "../state";
import type { BiasKind } from "../model/biasKind";
import type { LiveError } from "./errors";
import { type Job, type Progress, runJobs } from "./jobs";
import { setValues, valuesOf } from "./living";
import type { Results } from "./predict";
import { expected, isHeld, probe, results } from "./probing";
import { type Reason, reason } from "./reasons";
import { living } from "./session";
import {
  type Change,
  changed,
  type Changes,
  type Difference,
  differences,
  isNothing,
  mean,
} from "./whatif";
import { whenever } from "./whenever";

export interface Bias {
  readonly name: string;
  readonly kind: BiasKind | null;
  readonly trainable: boolean;
  /** As they are now. */
  readonly values: Float32Array;
}

export interface Matter {
  readonly bias: Bias;
  readonly mean: number;
  readonly apart: readonly Difference[];
  readonly max: number;
  /** Nothing but rounding. */
  readonly isNothing: boolean;
  readonly reason: Reason | null;
}

/** Biases whose numbers can be typed. */
export const MOST_EDITED = 32;
/** Seconds that may be taken without being asked for, over all biases. */
const UNASKED = 3;
const AS_IS: Change = { mode: "asIs", values: null };

export const changes = signal<Changes>(new Map());
/** Names of biases that are not trained here. */
export const frozen = signal<ReadonlySet<string>>(new Set());
export const changedResults = signal<Results | null>(null);
export const matters = signal<readonly Matter[] | null>(null);
export const mattersProgress = signal<Progress | null>(null);
export const changeProblem = signal<LiveError | null>(null);

/** All of the model's biases, as they are now. */
export const biases = computed<readonly Bias[]>(() => {
  const now = living.value;
  const described = model.value;
  // Their numbers change with these.
  const current = liveWeights.value;
  return (described?.weights ?? []).flatMap(({ name, isBias, bias, trainable }) => {
    const weight = isBias ? now?.weights.get(name) : undefined;
    return weight?.dtype === "float32"
      ? [{ name, kind: bias, trainable, values: current.get(name) ?? valuesOf(weight) }]
      : [];
  });
});

export const isChanged = computed(() => changes.value.size > 0);

/** By output, how far all changes together move it. */
export const effects = computed<readonly Difference[] | null>(() => {
  const [before, after] = [results.value, changedResults.value];
  return before && after?.rows === before.rows ? differences(before, after) : null;
});

/** Why nothing is to be seen, where nothing is and one bias is changed. */
export const effectReasons = computed<readonly string[]>(() => {
  const now = living.value;
  const before = results.value;
  const apart = effects.value;
  const isSeen = !before || !apart || !isNothing(apart, before);
  if (!now || isSeen) {
    return [];
  }
  return [...changes.value].flatMap(([name, change]) => {
    const bias = biases.value.find((each) => each.name === name);
    const why = bias ? reason(now, name, added(bias.values, change)) : null;
    return why?.ofNothing ? [`${name}: ${why.text}.`] : [];
  });
});

export function changeOf(name: string): Change {
  return changes.value.get(name) ?? AS_IS;
}

export function setChange(name: string, change: Change): void {
  const next = new Map(changes.peek());
  if (change.mode === "asIs") {
    next.delete(name);
  } else {
    next.set(name, change);
  }
  changes.value = next;
}

export function setFrozen(name: string, isFrozen: boolean): void {
  const next = new Set(frozen.peek());
  if (isFrozen) {
    next.add(name);
  } else {
    next.delete(name);
  }
  frozen.value = next;
}

export function undoChanges(): void {
  changes.value = new Map();
}

/** What is tried out becomes the model's own. */
export function keepChanges(): void {
  const now = living.peek();
  if (!now) {
    return;
  }
  const kept = new Map(liveWeights.peek());
  for (const [name, change] of changes.peek()) {
    const weight = now.weights.get(name);
    if (weight) {
      const values = Float32Array.from(changed(valuesOf(weight), change));
      setValues(now, weight, values);
      kept.set(name, values);
    }
  }
  batch(() => {
    undoChanges();
    changeWeights(kept);
  });
}

/** The numbers of the files again, in the model and on the page. */
export function restoreWeights(): void {
  const now = living.peek();
  artefacts.peek()?.weights.forEach(({ spec, values }) => {
    const weight = now?.weights.get(spec.name);
    if (now && weight && values instanceof Float32Array) {
      setValues(now, weight, values);
    }
  });
  changeWeights(new Map());
}

/** Seconds that all biases in turn will take. */
export const expectedOfAll = computed(() => expected.value * biases.value.length);

let stopOne: () => void = () => undefined;
let stopAll: () => void = () => undefined;

/** Each bias in turn replaced by its mean. */
export function findMatters(): void {
  const before = results.peek();
  const found: Matter[] = [];
  const jobs = biases.peek().flatMap((bias): Job[] => {
    const average = mean(bias.values);
    return job(new Map([[bias.name, { mode: "mean", values: null }]]), (after) => {
      const now = living.peek();
      if (!before || !now) {
        return;
      }
      const apart = differences(before, after);
      found.push({
        bias,
        mean: average,
        apart,
        max: Math.max(...apart.map(({ max }) => max)),
        isNothing: isNothing(apart, before),
        reason: reason(now, bias.name, added(bias.values, { mode: "mean", values: null })),
      });
      if (found.length === biases.peek().length) {
        matters.value = [...found].sort((a, b) => b.max - a.max);
      }
    });
  });
  stopAll();
  stopAll = runJobs(jobs, (progress) => {
    mattersProgress.value = progress;
  });
}

function job(changesOfJob: Changes, done: (results: Results) => void): Job[] {
  const now = living.peek();
  const fed = probe.peek();
  return now && fed && !(fed instanceof Error)
    ? [
        {
          living: now,
          probe: fed,
          changes: changesOfJob,
          done,
          failed: (error) => {
            changeProblem.value = error;
          },
        },
      ]
    : [];
}

function added(values: Float32Array, change: Change): Float32Array {
  const after = changed(values, change);
  return values.map((value, index) => (after[index] ?? value) - value);
}

whenever([living], () => {
  batch(() => {
    changes.value = new Map();
    frozen.value = new Set();
    matters.value = null;
  });
});

whenever([results, isHeld], () => {
  stopAll();
  matters.value = null;
  const isLight = expectedOfAll.peek() <= UNASKED;
  if (results.peek() && !isHeld.peek() && biases.peek().length > 0 && isLight) {
    findMatters();
  }
});

whenever([results, changes, isHeld], () => {
  stopOne();
  changeProblem.value = null;
  changedResults.value = null;
  if (results.peek() && !isHeld.peek() && isChanged.peek()) {
    stopOne = runJobs(
      job(changes.peek(), (after) => {
        changedResults.value = after;
      }),
    );
  }
});
