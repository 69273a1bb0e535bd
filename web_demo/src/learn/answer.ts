/** The first scene's state: one layer, the question's network, and a softmax. */

import { signal } from "@preact/signals";
import { moments } from "./adam";
import { best, type LayerBias } from "./celsius";
import {
  type Activation,
  CHAIN_SIZE,
  type ChainBias,
  chainStep,
  held,
  STEPS,
  untrained,
} from "./chain";
import { choice, flag, real, weights, whole } from "./codec";
import { inFrames } from "./frames";
import { sceneState } from "./scene";
import type { Triple } from "./softmax";

export const LIMIT = 400;
export const SOFTMAX_LIMIT = 15;

interface State {
  readonly bias: LayerBias;
  /** The number that both outputs share. */
  readonly b: number;
  readonly bF: number;
  readonly bK: number;
  /** Which objections are open. */
  readonly linear: boolean;
  readonly softmax: boolean;
  readonly net: ChainBias;
  readonly act: Activation;
  readonly seed: number;
  /** Of the question's network; null as the seed has it. */
  readonly w: Float32Array | null;
  readonly steps: number;
  readonly classes: "scalar" | "vector";
  readonly c: number;
  readonly cIce: number;
  readonly cWater: number;
  readonly cSteam: number;
}

export const answer = sceneState<State>(
  {
    bias: choice(["scalar", "vector", "none", "fixed"], "scalar"),
    b: real(0, -LIMIT, LIMIT),
    bF: real(0, -LIMIT, LIMIT),
    bK: real(0, -LIMIT, LIMIT),
    linear: flag(false),
    softmax: flag(false),
    net: choice(["scalar", "vector", "none"], "scalar"),
    act: choice(["linear", "relu"], "linear"),
    seed: whole(7, 0, 9999),
    w: weights(CHAIN_SIZE),
    steps: whole(0, 0, STEPS),
    classes: choice(["scalar", "vector"], "scalar"),
    c: real(0, -SOFTMAX_LIMIT, SOFTMAX_LIMIT),
    cIce: real(0, -SOFTMAX_LIMIT, SOFTMAX_LIMIT),
    cWater: real(0, -SOFTMAX_LIMIT, SOFTMAX_LIMIT),
    cSteam: real(0, -SOFTMAX_LIMIT, SOFTMAX_LIMIT),
  },
  () => {
    stopTraining();
  },
);

export const isTraining = signal(false);
let stop: () => void = () => undefined;

/** Sets the layer's bias where it is best. */
export function fitBest(): void {
  const { bias } = answer.state.value;
  const [first, second] = best(bias);
  answer.change(bias === "scalar" ? { b: first } : { bF: first, bK: second });
}

export function softmaxBias({ classes, c, cIce, cWater, cSteam }: State): Triple {
  return classes === "scalar" ? [c, c, c] : [cIce, cWater, cSteam];
}

export function chainWeights({ w, seed, net }: State): Float32Array {
  return held(w ?? untrained(seed), net);
}

/** Back to what the seed gives; another seed, another kind of bias. */
export function resetChain(part: Partial<Pick<State, "net" | "act" | "seed">>): void {
  stopTraining();
  answer.change({ ...part, w: null, steps: 0 });
}

/** Changes one number, or several that are one. */
export function editChain(indices: readonly number[], value: number): void {
  stopTraining();
  const edited = Float32Array.from(chainWeights(answer.state.value));
  for (const index of indices) {
    edited[index] = value;
  }
  answer.change({ w: edited });
}

/** Trains from where the network stands, before the eyes of the reader. */
export function trainChain(): void {
  stopTraining();
  const { net, act } = answer.state.value;
  const trained = Float32Array.from(chainWeights(answer.state.value));
  const past = moments(CHAIN_SIZE);
  isTraining.value = true;
  stop = inFrames({
    piece: () => {
      chainStep(trained, act, net, past);
      return past.steps < STEPS;
    },
    perFrame: 25,
    shown: () => {
      answer.change({ w: Float32Array.from(trained), steps: past.steps });
    },
    done: () => {
      isTraining.value = false;
    },
  });
}

export function stopTraining(): void {
  stop();
  isTraining.value = false;
}
