/** What Python tells of a training, read as data: anything else than expected is no event. */

import { at, isList, type Json, numberAt, textAt } from "../loader/json";

export interface BiasAbout {
  /** Of its layer, from the outermost. */
  readonly path: string;
  readonly shape: readonly number[];
  readonly size: number;
  readonly trainable: boolean;
  /** Whether its numbers are minimum, quartiles, maximum, mean, and then the first of them. */
  readonly isSummary: boolean;
}

export interface RunAbout {
  /** Of this server. */
  readonly run: number;
  readonly name: string;
  readonly backend: string;
  readonly epochs: number | null;
  readonly biases: readonly BiasAbout[];
  /** Biases that it has besides. */
  readonly untold: number;
}

export type SampleKind = "batch" | "epoch";

export interface Sample {
  readonly run: number;
  readonly kind: SampleKind;
  /** Batches that had been trained. */
  readonly step: number;
  readonly epoch: number;
  /** Seconds since the run began. */
  readonly time: number;
  /** Loss and metrics; not finite where Python's were not. */
  readonly logs: ReadonlyMap<string, number>;
  /** By bias, in the order of the run's; NaN where a number was not finite. */
  readonly biases: readonly (readonly number[])[];
  /** How many numbers of each bias were not finite. */
  readonly strangers: readonly number[];
}

export type Ended = "finished" | "stopped";

export interface End {
  readonly run: number;
  readonly state: Ended;
}

const MOST_BIASES = 2000;
const MOST_NUMBERS = 64;
const NOT_FINITE: ReadonlyMap<string, number> = new Map([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
]);

export function readServer(text: string): string | null {
  return textAt(json(text), "server") ?? null;
}

export function readRun(text: string): RunAbout | null {
  const told = json(text);
  const run = numberAt(told, "run");
  const biases = at(told, "biases");
  if (run === undefined || !isList(biases)) {
    return null;
  }
  return {
    run,
    name: textAt(told, "name") ?? `run ${run}`,
    backend: textAt(told, "backend") ?? "",
    epochs: numberAt(told, "epochs") ?? null,
    biases: biases.slice(0, MOST_BIASES).map((bias) => ({
      path: textAt(bias, "path") ?? "",
      shape: numbers(at(bias, "shape")),
      size: numberAt(bias, "size") ?? 0,
      trainable: at(bias, "trainable") !== false,
      isSummary: at(bias, "summary") === true,
    })),
    untold: numberAt(told, "untold") ?? 0,
  };
}

export function readSample(text: string): Sample | null {
  const told = json(text);
  const [run, step] = [numberAt(told, "run"), numberAt(told, "step")];
  const kind = textAt(told, "kind");
  const biases = at(told, "biases");
  if (run === undefined || step === undefined || !isList(biases)) {
    return null;
  }
  return {
    run,
    kind: kind === "epoch" ? "epoch" : "batch",
    step,
    epoch: numberAt(told, "epoch") ?? 0,
    time: numberAt(told, "time") ?? 0,
    logs: logs(at(told, "logs"), at(told, "strange")),
    biases: biases.slice(0, MOST_BIASES).map(numbers),
    strangers: numbers(at(told, "strangers")).slice(0, MOST_BIASES),
  };
}

export function readEnd(text: string): End | null {
  const told = json(text);
  const run = numberAt(told, "run");
  const state = textAt(told, "state");
  return run === undefined || (state !== "finished" && state !== "stopped") ? null : { run, state };
}

function json(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function numbers(value: Json | undefined): readonly number[] {
  return isList(value)
    ? value.slice(0, MOST_NUMBERS).map((each) => (typeof each === "number" ? each : NaN))
    : [];
}

function logs(told: Json | undefined, strange: Json | undefined): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  if (typeof told === "object" && told !== null && !isList(told)) {
    for (const [name, value] of Object.entries(told)) {
      found.set(
        name,
        typeof value === "number" ? value : (NOT_FINITE.get(textAt(strange, name) ?? "") ?? NaN),
      );
    }
  }
  return found;
}
