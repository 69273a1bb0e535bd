/** Both models, instantiated from when they are asked until others are compared. */

import { batch, computed, signal } from "@preact/signals";
import { asLiveError, type LiveError } from "../live/errors";
import { runJobs } from "../live/jobs";
import { enlivened, type Living } from "../live/living";
import type { Results } from "../live/predict";
import { inSample, type Probe, product, randomProbe } from "../live/probe";
import { loadedTf } from "../live/tf";
import { whenever } from "../live/whenever";
import type { Comparison } from "./compare";
import { type OutputPair, outputPairs, type Shared, sharedInputs } from "./outputs";
import { comparison } from "./state";

interface Both extends Shared {
  readonly a: Living;
  readonly b: Living;
}

export const SOURCES = ["random", "typed"] as const;
export type Source = (typeof SOURCES)[number];

/** Cells that can be typed. */
const MOST_TYPED = 32;

const both = signal<Both | null>(null);
export const source = signal<Source>("random");
export const seed = signal(1);
/** One sample. */
export const typed = signal<readonly Float32Array[]>([]);
/** Of the comparison that is shown; null until they are asked for. */
export const outputs = signal<readonly OutputPair[] | null>(null);
export const problem = signal<LiveError | null>(null);
export const isRunning = signal(false);

/** What both take. */
export const inputs = computed(() => both.value?.inputs ?? []);

export const canType = computed(() => {
  const now = both.value;
  return now !== null && (now.batch ?? 1) === 1 && inSample(now.sizes) <= MOST_TYPED;
});

const probe = computed<Probe | null>(() => {
  const now = both.value;
  if (!now) {
    return null;
  }
  return source.value === "typed" && canType.value
    ? { rows: 1, inputs: typed.value, sizes: now.sizes }
    : randomProbe(now.inputs, now.sizes, now.rows, seed.value);
});

let stop: () => void = () => undefined;

whenever([comparison], () => {
  problem.value = null;
  isRunning.value = false;
  free();
});

whenever([probe], ask);

export function setTyped(input: number, at: number, value: number): void {
  typed.value = typed
    .peek()
    .map((values, index) =>
      index === input ? values.map((each, cell) => (cell === at ? value : each)) : values,
    );
}

/** Loads TensorFlow.js, builds both, and asks them from then on. */
export async function compareOutputs(wanted: Comparison): Promise<void> {
  if (isRunning.peek()) {
    return;
  }
  isRunning.value = true;
  problem.value = null;
  const built: Living[] = [];
  let made: Both | LiveError;
  try {
    const tf = await loadedTf();
    const a = await enlivened(tf, wanted.a.artefacts);
    built.push(a);
    const b = await enlivened(tf, wanted.b.artefacts);
    built.push(b);
    made = { a, b, ...sharedInputs(a, b) };
  } catch (error) {
    made = asLiveError(error, "CANNOT_RUN", "The two models");
  }
  const isWanted = comparison.peek() === wanted; // or others were chosen meanwhile
  if (!isWanted || made instanceof Error) {
    built.forEach(({ dispose }) => {
      dispose();
    });
  }
  if (!isWanted) {
    return;
  }
  if (made instanceof Error) {
    problem.value = made;
    isRunning.value = false;
    return;
  }
  const { sizes } = made;
  batch(() => {
    typed.value = sizes.map((each) => new Float32Array(product(each)));
    both.value = made;
  });
}

/** Feeds both what is set. */
function ask(): void {
  const now = both.peek();
  const fed = probe.peek();
  stop();
  if (!now || !fed) {
    return;
  }
  isRunning.value = true;
  const found: Results[] = [];
  const job = (living: Living) => ({
    living,
    probe: fed,
    changes: new Map(),
    done: (results: Results): void => {
      found.push(results);
      const [inA, inB] = found;
      if (inA && inB) {
        finish(now, inA, inB);
      }
    },
    failed,
  });
  stop = runJobs([job(now.a), job(now.b)]);
}

function finish({ a, b }: Both, inA: Results, inB: Results): void {
  let pairs: readonly OutputPair[];
  try {
    pairs = outputPairs(a, b, inA, inB);
  } catch (error) {
    failed(asLiveError(error, "CANNOT_RUN", "The two models"));
    return;
  }
  isRunning.value = false;
  outputs.value = pairs;
}

function failed(error: LiveError): void {
  free();
  isRunning.value = false;
  problem.value = error;
}

/** Gives back what the two have held. */
function free(): void {
  const now = both.peek();
  stop();
  batch(() => {
    both.value = null;
    outputs.value = null;
  });
  now?.a.dispose();
  now?.b.dispose();
}
