/** A run's samples, in bounded memory, thinned out as Python thins out its own. */

import type { Ended, RunAbout, Sample } from "./told";

export interface Series {
  /** Steps between two samples, at least; the newest may be nearer. */
  readonly spacing: number;
  readonly samples: readonly Sample[];
}

export type RunState = "running" | "lost" | Ended;

export interface Run {
  /** Of all servers that this page has heard. */
  readonly key: string;
  readonly about: RunAbout;
  readonly state: RunState;
  readonly batches: Series;
  readonly epochs: Series;
  /** The first sample whose loss or metric was not finite. */
  readonly strange: Strange | null;
}

export interface Strange {
  readonly step: number;
  readonly name: string;
  readonly value: number;
}

const MOST_SAMPLES = 2048;
const FEWEST_SAMPLES = 64;
/** That the samples of one kind may hold; large samples are fewer. */
const MOST_NUMBERS = 1_000_000;
const EMPTY: Series = { spacing: 1, samples: [] };

export function begun(key: string, about: RunAbout): Run {
  return { key, about, state: "running", batches: EMPTY, epochs: EMPTY, strange: null };
}

export function withSamples(run: Run, samples: readonly Sample[]): Run {
  return {
    ...run,
    batches: extended(
      run.batches,
      samples.filter(({ kind }) => kind === "batch"),
    ),
    epochs: extended(
      run.epochs,
      samples.filter(({ kind }) => kind === "epoch"),
    ),
    strange: run.strange ?? firstStrange(samples),
  };
}

/** The samples with these behind them, `most` at most. */
export function extended(
  series: Series,
  added: readonly Sample[],
  most: number = fitting(added[0]),
): Series {
  let { spacing } = series;
  let samples = [...series.samples];
  for (const sample of added) {
    const [before, last] = [samples.at(-2), samples.at(-1)];
    if (before && last && last.step - before.step < spacing) {
      samples.pop(); // it was the newest, and too near to be anything else
    }
    samples.push(sample);
    if (samples.length > most) {
      const span = sample.step - (samples[0]?.step ?? 0);
      spacing = Math.max(2 * spacing, Math.floor((2 * span) / most));
      samples = thinned(samples, spacing);
    }
  }
  return { spacing, samples };
}

/** All samples by their step, biases and all; at the end of an epoch, what was validated there. */
export function merged({ batches, epochs }: Run): readonly Sample[] {
  const byStep = new Map([...batches.samples, ...epochs.samples].map((each) => [each.step, each]));
  return [...byStep.values()].sort((a, b) => a.step - b.step);
}

/** The sample at a step, or the one before it. */
export function sampleAt(samples: readonly Sample[], step: number): Sample | null {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle]?.step ?? Infinity) <= step) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return samples[low - 1] ?? null;
}

/** How many samples like this one are kept. */
function fitting(sample: Sample | undefined): number {
  const numbers = sample?.biases.reduce((sum, bias) => sum + bias.length, 0) ?? 0;
  return Math.max(
    FEWEST_SAMPLES,
    Math.min(MOST_SAMPLES, Math.floor(MOST_NUMBERS / Math.max(1, numbers))),
  );
}

function thinned(samples: readonly Sample[], spacing: number): Sample[] {
  const kept: Sample[] = [];
  for (const sample of samples) {
    const last = kept.at(-1);
    if (!last || sample.step - last.step >= spacing || sample === samples.at(-1)) {
      kept.push(sample);
    }
  }
  return kept;
}

function firstStrange(samples: readonly Sample[]): Strange | null {
  for (const { step, logs } of samples) {
    for (const [name, value] of logs) {
      if (!Number.isFinite(value)) {
        return { step, name, value };
      }
    }
  }
  return null;
}
