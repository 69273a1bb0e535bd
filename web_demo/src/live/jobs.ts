/** Predictions in slices of a frame, so that the page answers meanwhile. */

import { inFrames } from "../learn/frames";
import { asLiveError, type LiveError } from "./errors";
import type { Living } from "./living";
import { prediction, type Results } from "./predict";
import type { Probe } from "./probe";
import { type Changes, withChanges } from "./whatif";

export interface Job {
  readonly living: Living;
  readonly probe: Probe;
  /** Of the biases, while it runs. */
  readonly changes: Changes;
  readonly done: (results: Results) => void;
  readonly failed: (error: LiveError) => void;
}

/** Milliseconds of a slice. */
const SLICE = 8;

/** Rows that are done, of how many. */
export interface Progress {
  readonly done: number;
  readonly of: number;
}

/**
 * Runs jobs one after another; the function that it gives stops them all.
 *
 * @param shown is told how far they are, and null when nothing is under way any more.
 */
export function runJobs(
  jobs: readonly Job[],
  shown: (progress: Progress | null) => void = () => undefined,
): () => void {
  let stop: () => void = () => undefined;
  let isStopped = false;
  const total = jobs.reduce((sum, { probe }) => sum + probe.rows, 0);
  let before = 0;
  const next = (index: number): void => {
    const job = jobs[index];
    if (!job || isStopped) {
      shown(null);
      return;
    }
    const one = prediction(job.living, job.probe);
    let perMillisecond = 0.1;
    let error: LiveError | null = null;
    stop = inFrames({
      piece: () => {
        try {
          return piece();
        } catch (thrown) {
          error = asLiveError(thrown, "CANNOT_RUN", "The model");
          return false;
        }
      },
      shown: () => {
        shown({ done: before + one.done(), of: total });
      },
      done: () => {
        before += job.probe.rows;
        if (error) {
          shown(null);
          job.failed(error);
        } else {
          job.done(one.results());
          next(index + 1);
        }
      },
    });
    const piece = (): boolean => {
      const rows = Math.max(1, Math.floor(perMillisecond * SLICE));
      const start = performance.now();
      const from = one.done();
      const back = withChanges(job.living, job.changes);
      try {
        return one.go(rows);
      } finally {
        back();
        const took = Math.max(0.1, performance.now() - start);
        // At most twice as many at a time: the first ones are slow.
        perMillisecond = Math.min(2 * perMillisecond + 0.1, (one.done() - from) / took);
      }
    };
  };
  next(0);
  return () => {
    isStopped = true;
    shown(null);
    stop();
  };
}
