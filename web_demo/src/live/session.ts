/** The opened model's life on this page: instantiated when asked for, freed when another is opened. */

import { batch, signal } from "@preact/signals";
import type { Artefacts } from "../loader/artefacts";
import { artefacts } from "../state";
import { asLiveError, type LiveError } from "./errors";
import { enlivened, type Living } from "./living";
import { loadedTf } from "./tf";
import { whenever } from "./whenever";

/** Null until it is asked for, and where it cannot be had. */
export const living = signal<Living | null>(null);
export const refusal = signal<LiveError | null>(null);
export const isLoading = signal(false);

/** Whether the next model is to be instantiated at once, as the one before was. */
let isWanted = false;
/** Numbers; a larger model waits until it is asked for. */
const LIGHT = 2_000_000;

/** Loads TensorFlow.js and builds the model that is open. */
export function begin(): Promise<void> {
  const wanted = artefacts.peek();
  isWanted = true;
  if (!wanted || isLoading.peek()) {
    return Promise.resolve();
  }
  isLoading.value = true;
  refusal.value = null;
  return build(wanted);
}

async function build(wanted: Artefacts): Promise<void> {
  let found: Living | LiveError;
  try {
    const tf = await loadedTf();
    if (artefacts.peek() !== wanted) {
      return; // another was opened meanwhile, and is waited for
    }
    found = await enlivened(tf, wanted);
  } catch (error) {
    found = asLiveError(error, "CANNOT_BUILD", "The model");
  }
  if (artefacts.peek() !== wanted) {
    if ("dispose" in found) {
      found.dispose();
    }
    return;
  }
  const done = found;
  batch(() => {
    isLoading.value = false;
    if (done instanceof Error) {
      refusal.value = done;
    } else {
      living.value = done;
    }
  });
}

whenever([artefacts], () => {
  const before = living.peek();
  batch(() => {
    living.value = null;
    refusal.value = null;
    isLoading.value = false;
  });
  before?.dispose();
  const weights = artefacts.peek()?.weights ?? [];
  const numbers = weights.reduce((sum, { spec }) => sum + spec.size, 0);
  if (isWanted && numbers <= LIGHT) {
    void begin();
  }
});
