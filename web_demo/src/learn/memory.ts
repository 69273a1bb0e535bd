/** Bytes that a dense layer takes in training: weights, gradients, and what the optimizer keeps. */

export const OPTIMIZERS = ["adam", "momentum", "sgd"] as const;
export type Optimizer = (typeof OPTIMIZERS)[number];
export const HELD = ["vector", "fixed", "scalar", "none"] as const;
/** A number for each unit, trained; the same, fixed at 1; one number for all; none. */
export type Held = (typeof HELD)[number];

const BYTES = 4;
/** Copies beside weight and gradient. */
const SLOTS: Readonly<Record<Optimizer, number>> = { adam: 2, momentum: 1, sgd: 0 };

export function kernelBytes(units: number, inputs: number, optimizer: Optimizer): number {
  return units * inputs * BYTES * (2 + SLOTS[optimizer]);
}

export function biasBytes(held: Held, units: number, optimizer: Optimizer): number {
  const trained = BYTES * (2 + SLOTS[optimizer]);
  return {
    vector: units * trained,
    fixed: units * BYTES, // neither gradient nor anything of the optimizer's
    scalar: trained,
    none: 0,
  }[held];
}
