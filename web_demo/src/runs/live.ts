/** The place Live: the runs that Python tells of, the connection, and what is looked at. */

import { batch, computed, signal } from "@preact/signals";
import type { Range } from "../learn/scale";
import { curveExtent, curveNames, curves, logarithmic } from "./curves";
import { begun, type Run, type RunState, withSamples } from "./history";
import { probe } from "./offered";
import { listen, type Listening } from "./stream";
import { readEnd, readRun, readSample, readServer, type Sample } from "./told";

export interface Connection {
  /** "none": this page's server tells of no training. */
  readonly state: "unknown" | "none" | "connecting" | "open" | "lost" | "ended";
  /** Until the next try. */
  readonly seconds: number;
}

/** Older ones that have ended make room. */
const MOST_RUNS = 12;
/** Milliseconds: so often is drawn what came. */
const PAUSE = 100;

export const connection = signal<Connection>({ state: "unknown", seconds: 0 });
export const runs = signal<readonly Run[]>([]);

/** What is drawn above the biases: the loss, or a metric. */
export const wantedCurve = signal("loss");
export const isLogarithmic = signal(false);
/** Whether all runs are drawn between the same axes. */
export const isAlike = signal(false);
/** The step that is looked at; null is the newest of each run. */
export const looked = signal<number | null>(null);

export const names = computed(() => curveNames(runs.value));
export const curve = computed(() =>
  names.value.includes(wantedCurve.value) ? wantedCurve.value : "loss",
);
/** The latest step of all runs. */
export const lastStep = computed(() => Math.max(0, ...runs.value.map(lastStepOf)));

export interface Axes {
  readonly x: Range;
  /** Null where it is the run's own. */
  readonly curve: Range | null;
}

export function axesOf(run: Run): Axes {
  const last = isAlike.value ? lastStep.value : lastStepOf(run);
  return { x: [0, Math.max(1, last)], curve: isAlike.value ? commonExtent.value : null };
}

const commonExtent = computed((): Range => {
  const all = runs.value.flatMap((run) => curves(run, curve.value));
  return curveExtent(isLogarithmic.value ? logarithmic(all) : all);
});

function lastStepOf({ batches, epochs }: Run): number {
  return Math.max(batches.samples.at(-1)?.step ?? 0, epochs.samples.at(-1)?.step ?? 0);
}

/** For who cannot see the page change: what began and ended, not every step. */
export const status = computed(() => runs.value.map((run) => `${run.about.name}: ${words(run)}.`));

export function words({ state, strange }: Run): string {
  const WORDS: Readonly<Record<RunState, string>> = {
    running: "running",
    lost: "connection lost",
    finished: "finished",
    stopped: "stopped before its end",
  };
  return strange ? `${WORDS[state]}, not finite` : WORDS[state];
}

let listening: Listening | null = null;
let server = "";
/** What came, by run, and is not shown yet. */
let samples = new Map<string, Sample[]>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Listens from now on, if there is something. */
export async function start(): Promise<void> {
  if (!(await probe())) {
    connection.value = { state: "none", seconds: 0 };
    return;
  }
  if (listening) {
    return;
  }
  connection.value = { state: "connecting", seconds: 0 };
  listening = listen("live", {
    onEvent: heard,
    onOpen: () => {
      connection.value = { state: "open", seconds: 0 };
    },
    onLost: (isBye, seconds) => {
      draw();
      batch(() => {
        connection.value = { state: isBye ? "ended" : "lost", seconds };
        changeAll((run) => (run.state === "running" ? { ...run, state: "lost" } : run));
      });
    },
  });
}

export function tryNow(): void {
  connection.value = { state: "connecting", seconds: 0 };
  listening?.tryNow();
}

export function remove(key: string): void {
  runs.value = runs.value.filter((run) => run.key !== key);
}

/** @internal Tests call it as the stream does. */
export function heard(name: string, data: string): void {
  if (name === "sample") {
    const sample = readSample(data);
    if (sample) {
      const key = keyOf(sample.run);
      const before = samples.get(key);
      if (before) {
        before.push(sample);
      } else {
        samples.set(key, [sample]);
      }
      timer ??= setTimeout(draw, PAUSE);
    }
    return;
  }
  draw();
  if (name === "hello") {
    server = readServer(data) ?? server;
    // Runs of this server go on; those of one before, on the same port, have lost theirs for good.
    changeAll((run) =>
      run.state === "lost"
        ? { ...run, state: run.key.startsWith(`${server}-`) ? "running" : "stopped" }
        : run,
    );
  } else if (name === "run") {
    const about = readRun(data);
    if (about && !runs.value.some(({ key }) => key === keyOf(about.run))) {
      runs.value = shortened([...runs.value, begun(keyOf(about.run), about)]);
    }
  } else if (name === "end") {
    const end = readEnd(data);
    changeAll((run) => (end && run.key === keyOf(end.run) ? { ...run, state: end.state } : run));
  }
}

/** Shows what came meanwhile. */
function draw(): void {
  clearTimeout(timer);
  timer = undefined;
  if (samples.size) {
    const came = samples;
    samples = new Map();
    changeAll((run) => {
      const own = came.get(run.key);
      return own ? withSamples(run, own) : run;
    });
  }
}

function keyOf(run: number): string {
  return `${server}-${run}`;
}

function changeAll(change: (run: Run) => Run): void {
  const changed = runs.value.map(change);
  if (changed.some((run, index) => run !== runs.value[index])) {
    runs.value = changed;
  }
}

function shortened(all: readonly Run[]): readonly Run[] {
  const ended = all.length > MOST_RUNS ? all.find((run) => run.state !== "running") : undefined;
  return ended ? all.filter((run) => run !== ended) : all;
}
