/** What the model is fed with, as the reader has set it, and what comes out. */

import { batch, computed, signal } from "@preact/signals";
import { shown } from "../loader/errors";
import { liveWeights } from "../state";
import { secondsPerSample } from "./cost";
import { parsedCsv, refuseLong, type Table } from "./csv";
import { asLiveError, LiveError } from "./errors";
import { type Job, type Progress, runJobs } from "./jobs";
import type { Results } from "./predict";
import {
  inSample,
  MOST_ALONG,
  MOST_IN_SAMPLE,
  possibleRows,
  type Probe,
  product,
  randomProbe,
  type Sizes,
  tableProbe,
  usualSizes,
} from "./probe";
import { living } from "./session";
import { whenever } from "./whenever";

export const SOURCES = ["typed", "random", "csv"] as const;
export type Source = (typeof SOURCES)[number];

/** Cells that can be typed. */
export const MOST_TYPED = 32;
export const MOST_RANDOM_ROWS = 1000;
/** Seconds that may be taken without being asked for. */
const UNASKED = 2;

export const source = signal<Source>("random");
export const seed = signal(1);
export const wantedRows = signal(8);
export const sizes = signal<readonly Sizes[]>([]);
/** One sample. */
export const typed = signal<readonly Float32Array[]>([]);
export const table = signal<Table | null>(null);
/** Why a file cannot be taken. */
export const tableProblem = signal<LiveError | null>(null);

export const results = signal<Results | null>(null);
export const progress = signal<Progress | null>(null);
export const runProblem = signal<LiveError | null>(null);
/** While weights change at every frame, nothing is run. */
export const isHeld = signal(false);

export const canType = computed(
  () => (living.value?.batch ?? 1) === 1 && inSample(sizes.value) <= MOST_TYPED,
);

/** What is fed; null where there is nothing to feed yet. */
export const probe = computed<Probe | LiveError | null>(() => {
  const now = living.value;
  const along = sizes.value;
  if (now?.inputs.length !== along.length) {
    return null;
  }
  if (inSample(along) > MOST_IN_SAMPLE) {
    return new LiveError("TOO_LARGE", {
      where: "A sample",
      what: `It has ${inSample(along).toLocaleString("en")} numbers, and this page feeds up to ${MOST_IN_SAMPLE.toLocaleString("en")}.`,
      fix: "Take smaller sizes.",
    });
  }
  if (source.value === "typed" && canType.value) {
    return { rows: 1, inputs: typed.value, sizes: along };
  }
  if (source.value === "csv") {
    try {
      return table.value && tableProbe(now.inputs, along, table.value, now.batch);
    } catch (error) {
      return asLiveError(error, "CANNOT_RUN", table.value?.file ?? "The table");
    }
  }
  const rows = possibleRows(wantedRows.value, along, now.batch);
  return randomProbe(now.inputs, along, rows, seed.value);
});

/** For axes whose size is open. */
export const largestSize = computed(() => Math.max(1, ...sizes.value.flat()));

/** Seconds that a run will take, roughly. */
export const expected = computed(() => {
  const now = living.value;
  const fed = probe.value;
  return now && fed && !(fed instanceof Error)
    ? fed.rows * secondsPerSample(now, largestSize.value)
    : 0;
});

export const isUnasked = computed(() => expected.value <= UNASKED);

let stop: () => void = () => undefined;

/** Feeds the model with what is set. */
export function run(): void {
  const now = living.peek();
  const fed = probe.peek();
  stop();
  runProblem.value = null;
  if (now && fed && !(fed instanceof Error)) {
    const job: Job = {
      living: now,
      probe: fed,
      changes: new Map(),
      done: (found) => {
        results.value = found;
      },
      failed: (error) => {
        batch(() => {
          results.value = null;
          runProblem.value = error;
        });
      },
    };
    stop = runJobs([job], (found) => {
      progress.value = found;
    });
  }
}

export function setSize(input: number, axis: number, size: number): void {
  const next = sizes
    .peek()
    .map((each, index) =>
      index === input ? each.map((old, at) => (at === axis ? size : old)) : each,
    );
  if (size >= 1 && size <= MOST_ALONG) {
    batch(() => {
      sizes.value = next;
      typed.value = next.map((each) => new Float32Array(product(each)));
    });
  }
}

export function setTyped(input: number, at: number, value: number): void {
  typed.value = typed.peek().map((values, index) => {
    const copy = values.slice();
    copy[at] = index === input ? value : (copy[at] ?? 0);
    return index === input ? copy : values;
  });
}

/** A file as a table, or why not. */
export async function tableOf(file: File): Promise<Table | LiveError> {
  const name = shown(file.name);
  try {
    refuseLong(file.size, name);
    return parsedCsv(new Uint8Array(await file.arrayBuffer()), name);
  } catch (error) {
    return asLiveError(error, "CSV_EMPTY", name);
  }
}

export async function openTable(file: File): Promise<void> {
  const found = await tableOf(file);
  batch(() => {
    tableProblem.value = found instanceof Error ? found : null;
    if (!(found instanceof Error)) {
      table.value = found;
      source.value = "csv";
    }
  });
}

whenever([living], () => {
  const now = living.peek();
  const usual = now?.inputs.map(usualSizes) ?? [];
  batch(() => {
    sizes.value = usual;
    seed.value = 1;
    table.value = null;
    tableProblem.value = null;
    results.value = null;
    runProblem.value = null;
    isHeld.value = false;
    typed.value = now ? randomProbe(now.inputs, usual, 1, 1).inputs.map(rounded) : [];
    source.value = canType.value ? "typed" : "random";
  });
});

whenever([probe, liveWeights, isHeld], () => {
  stop();
  const fed = probe.peek();
  if (isHeld.peek()) {
    return;
  }
  if (fed && !(fed instanceof Error) && isUnasked.peek()) {
    run();
  } else {
    results.value = null; // of other samples, or of other weights
  }
});

/** To two digits, as one would type them. */
function rounded(values: Float32Array): Float32Array {
  return values.map((value) => Math.round(value * 100) / 100);
}
