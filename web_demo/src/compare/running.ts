/** Both models, instantiated for as long as it takes to ask them the same. */

import { signal } from "@preact/signals";
import { asLiveError, type LiveError } from "../live/errors";
import { runJobs } from "../live/jobs";
import { enlivened, type Living } from "../live/living";
import type { Results } from "../live/predict";
import { loadedTf } from "../live/tf";
import { whenever } from "../live/whenever";
import { type Comparison } from "./compare";
import { type OutputPair, outputPairs, sharedProbe } from "./outputs";
import { comparison } from "./state";

/** Of the comparison that is shown; null until they are asked for. */
export const outputs = signal<readonly OutputPair[] | null>(null);
export const problem = signal<LiveError | null>(null);
export const isRunning = signal(false);

whenever([comparison], () => {
  outputs.value = null;
  problem.value = null;
  isRunning.value = false;
});

/** Loads TensorFlow.js, builds both, asks them, and frees them. */
export async function compareOutputs(wanted: Comparison): Promise<void> {
  if (isRunning.peek()) {
    return;
  }
  isRunning.value = true;
  problem.value = null;
  const built: Living[] = [];
  let found: readonly OutputPair[] | LiveError;
  try {
    const tf = await loadedTf();
    const a = await enlivened(tf, wanted.a.artefacts);
    built.push(a);
    const b = await enlivened(tf, wanted.b.artefacts);
    built.push(b);
    const probe = sharedProbe(a, b);
    const [inA, inB] = await asked(a, b, probe, () => comparison.peek() === wanted);
    found = outputPairs(a, b, inA, inB);
  } catch (error) {
    found = asLiveError(error, "CANNOT_RUN", "The two models");
  } finally {
    built.forEach((living) => {
      living.dispose();
    });
  }
  if (comparison.peek() !== wanted) {
    return; // others were chosen meanwhile
  }
  isRunning.value = false;
  if (found instanceof Error) {
    problem.value = found;
  } else {
    outputs.value = found;
  }
}

function asked(
  a: Living,
  b: Living,
  probe: ReturnType<typeof sharedProbe>,
  isWanted: () => boolean,
): Promise<readonly [Results, Results]> {
  return new Promise((resolve, reject) => {
    const found: Results[] = [];
    const job = (living: Living) => ({
      living,
      probe,
      changes: new Map(),
      done: (results: Results): void => {
        found.push(results);
        const [inA, inB] = found;
        if (!isWanted()) {
          reject(new Error("Others were chosen."));
        } else if (inA && inB) {
          resolve([inA, inB]);
        }
      },
      failed: reject,
    });
    runJobs([job(a), job(b)]);
  });
}
