/** The fourth scene's state: two regressions, one step, a cell's gates, and a bill. */

import { choice, flag, real, whole } from "./codec";
import type { GateBiases } from "./gates";
import { bestRule } from "./logistic";
import { OPTIMIZERS, type Optimizer } from "./memory";
import { bestLine } from "./regression";
import { sceneState } from "./scene";
import { step } from "./step";

export const LIMITS = { slope: 25, intercept: 1000, hours: 3, pass: 15, number: 1000 } as const;

interface State {
  readonly hasIntercept: boolean;
  readonly slope: number;
  readonly intercept: number;
  readonly hasBias: boolean;
  readonly study: number;
  readonly sleep: number;
  readonly bias: number;
  /** Hours of the student who is asked about. */
  readonly studied: number;
  readonly slept: number;
  readonly w: number;
  readonly b: number;
  readonly x: number;
  readonly y: number;
  readonly rate: number;
  readonly penalty: number;
  readonly penalizesBias: boolean;
  readonly taken: number;
  readonly gates: "gate" | "scalar";
  readonly gInput: number;
  readonly gForget: number;
  readonly gOutput: number;
  readonly gAll: number;
  readonly units: number;
  readonly inputs: number;
  readonly optimizer: Optimizer;
}

const { number } = LIMITS;

export const elsewhere = sceneState<State>({
  hasIntercept: flag(true),
  slope: real(10, -LIMITS.slope, LIMITS.slope),
  intercept: real(0, -LIMITS.intercept, LIMITS.intercept),
  hasBias: flag(true),
  study: real(0.5, -LIMITS.hours, LIMITS.hours),
  sleep: real(0.5, -LIMITS.hours, LIMITS.hours),
  bias: real(0, -LIMITS.pass, LIMITS.pass),
  studied: real(4, 0, 10),
  slept: real(7, 0, 10),
  w: real(0.5, -number, number),
  b: real(0, -number, number),
  x: real(2, -number, number),
  y: real(5, -number, number),
  rate: real(0.05, 0, 1),
  penalty: real(0, 0, 1),
  penalizesBias: flag(false),
  taken: whole(0, 0, 100_000),
  gates: choice(["gate", "scalar"], "gate"),
  gInput: real(0, -6, 6),
  gForget: real(0, -6, 6),
  gOutput: real(0, -6, 6),
  gAll: real(0, -6, 6),
  units: whole(1_000_000, 1, 1_000_000_000),
  inputs: whole(100, 1, 1_000_000),
  optimizer: choice(OPTIMIZERS, "adam"),
});

export function fitRents(): void {
  elsewhere.change(bestLine(elsewhere.state.value.hasIntercept));
}

export function fitPasses(): void {
  elsewhere.change(bestRule(elsewhere.state.value.hasBias));
}

/** A step, unless it leads out of what the page can show. */
export function takeStep(): void {
  const { taken, ...state } = elsewhere.state.value;
  const { w, b } = step(state, state).next;
  if (Math.abs(w) <= number && Math.abs(b) <= number) {
    elsewhere.change({ w, b, taken: taken + 1 });
  }
}

export function gateBiases({ gates, gInput, gForget, gOutput, gAll }: State): GateBiases {
  return gates === "scalar"
    ? { input: gAll, forget: gAll, output: gAll }
    : { input: gInput, forget: gForget, output: gOutput };
}
