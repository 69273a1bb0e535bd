/**
 * A cell of an LSTM that is shown one strong signal and then noise, with gates that biases hold open.
 *
 * Kernels are set by hand: the signal opens the input gate, and the gates are otherwise what their
 * biases make them. c = f c + i g, h = o tanh(c).
 */

import { sigmoid } from "./logistic";
import { uniform } from "./random";

export interface GateBiases {
  readonly input: number;
  readonly forget: number;
  readonly output: number;
}

export interface CellStep {
  readonly time: number;
  /** What the cell is shown. */
  readonly shown: number;
  /** The cell's state. */
  readonly state: number;
  /** What the cell says. */
  readonly said: number;
}

export const LENGTH = 41;
/** When the signal comes, and how far it opens the input gate. */
export const SIGNAL = 4;
const OPENS = 8;
const NOISE = 0.35;

const SHOWN: readonly number[] = made();

function made(): readonly number[] {
  const next = uniform(2);
  return Array.from({ length: LENGTH }, (_, time) =>
    time === SIGNAL ? 1 : time < SIGNAL ? 0 : (2 * next() - 1) * NOISE,
  );
}

export function cell({ input, forget, output }: GateBiases): readonly CellStep[] {
  let state = 0;
  return SHOWN.map((shown, time) => {
    const gate = sigmoid(input + (time === SIGNAL ? OPENS : 0));
    state = sigmoid(forget) * state + gate * shown;
    return { time, shown, state, said: sigmoid(output) * Math.tanh(state) };
  });
}

/** Steps after which half of the state is forgotten, where nothing is added. */
export function halfLife(forget: number): number {
  return Math.log(0.5) / Math.log(sigmoid(forget));
}

/** By how much, at most, the state strays from the signal after it was shown. */
export function strays(biases: GateBiases): number {
  return Math.max(
    ...cell(biases)
      .slice(SIGNAL)
      .map(({ state }) => Math.abs(state - 1)),
  );
}
