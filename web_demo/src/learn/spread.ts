/** The same training from many seeds: what is the rule, and what was luck. */

import { effect, signal, untracked } from "@preact/signals";
import { moments } from "./adam";
import { boundary } from "./boundary";
import { type PresetName, preset, samples } from "./datasets";
import { inFrames } from "./frames";
import { accuracy, KINDS, NET_SIZE, netStep, untrainedNet } from "./mlp";
import { MOST_STEPS, RATE } from "./run";

export const SEEDS = 15;

/** Accuracies by kind, then by seed, as far as they have been trained. */
export const spread = signal<readonly (readonly number[])[]>([]);

let stop: () => void = () => undefined;
let measured: PresetName | null = null;

effect(() => {
  const { spread: isAsked, data } = boundary.state.value;
  const wanted = isAsked ? data : null;
  if (wanted !== measured) {
    measured = wanted;
    stop();
    untracked(() => {
      spread.value = [];
      if (wanted) {
        stop = measure(wanted);
      }
    });
  }
});

function measure(name: PresetName): () => void {
  const { activation } = preset(name);
  const points = samples(name);
  const found: number[][] = KINDS.map(() => []);
  let [seed, index] = [1, 0];
  let net = untrainedNet(seed, KINDS[index] ?? "none");
  let means = moments(NET_SIZE);
  return inFrames({
    piece: () => {
      netStep(net, activation, KINDS[index] ?? "none", points, means, RATE);
      if (means.steps < MOST_STEPS) {
        return true;
      }
      found[index]?.push(accuracy(net, activation, points));
      index = (index + 1) % KINDS.length;
      seed += index === 0 ? 1 : 0;
      net = untrainedNet(seed, KINDS[index] ?? "none");
      means = moments(NET_SIZE);
      return seed <= SEEDS;
    },
    shown: () => {
      spread.value = found.map((each) => [...each]);
    },
  });
}

/** The middle one; the mean of both in the middle where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? NaN, sorted[Math.floor(middle)] ?? NaN];
  return (low + high) / 2;
}
