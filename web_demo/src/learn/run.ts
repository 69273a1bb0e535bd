/**
 * Four nets with the same kernels and the same points, trained side by side, and all of their past.
 *
 * A run is fixed by its preset, its seed and what the reader has moved: whoever has those three can
 * have every step of it again.
 */

import { type Moments, moments } from "./adam";
import { type PresetName, preset, samples } from "./datasets";
import { at, KINDS, NET_SIZE, netStep, UNITS, untrainedNet } from "./mlp";

/** A bias that the reader has set, before the step after this many. */
export interface Edit {
  readonly step: number;
  /** Index among the kinds. */
  readonly kind: number;
  readonly unit: number;
  readonly value: number;
}

export interface Plan {
  readonly preset: PresetName;
  readonly seed: number;
  readonly edits: readonly Edit[];
}

export const MOST_STEPS = 1000;
export const RATE = 0.05;

/** All four nets, one after another. */
export type Nets = Float32Array;

export interface Run {
  readonly plan: Plan;
  /** The nets after each step, from before the first on. */
  readonly past: Nets[];
  readonly means: readonly Moments[];
}

export function netOf(nets: Nets, kind: number): Float32Array {
  return nets.subarray(kind * NET_SIZE, (kind + 1) * NET_SIZE);
}

export function begun(plan: Plan): Run {
  const nets = new Float32Array(KINDS.length * NET_SIZE);
  KINDS.forEach((kind, index) => {
    nets.set(untrainedNet(plan.seed, kind), index * NET_SIZE);
  });
  applyEdits(nets, plan.edits, 0);
  return { plan, past: [nets], means: KINDS.map(() => moments(NET_SIZE)) };
}

/** Trains all four nets one step. */
export function advance(run: Run): void {
  const { preset: name, edits } = run.plan;
  const before = run.past.at(-1);
  if (!before) {
    return;
  }
  const nets = Float32Array.from(before);
  const { activation } = preset(name);
  KINDS.forEach((kind, index) => {
    const past = run.means[index];
    if (past) {
      netStep(netOf(nets, index), activation, kind, samples(name), past, RATE);
    }
  });
  applyEdits(nets, edits, run.past.length);
  run.past.push(nets);
}

/** Whether a run of one plan is, up to where it is, a run of the other. */
export function continues(run: Run, plan: Plan): boolean {
  const { preset: name, seed, edits } = run.plan;
  const isPast = ({ step }: Edit): boolean => step < run.past.length;
  return (
    name === plan.preset &&
    seed === plan.seed &&
    JSON.stringify(edits.filter(isPast)) === JSON.stringify(plan.edits.filter(isPast))
  );
}

/** The run with one more edit where that is of its last step; else as it was, to be begun anew. */
export function edited(run: Run, edit: Edit, edits: readonly Edit[]): Run {
  const last = run.past.at(-1);
  if (!last || edit.step !== run.past.length - 1) {
    return run;
  }
  const nets = Float32Array.from(last);
  applyEdit(nets, edit);
  run.past[edit.step] = nets;
  return { ...run, plan: { ...run.plan, edits } };
}

/** The edits with one more; moving the same bias on, at the same step, replaces the last. */
export function withEdit(edits: readonly Edit[], edit: Edit): readonly Edit[] {
  const kept = edits.filter(
    ({ step, kind, unit }) =>
      step < edit.step || (step === edit.step && (kind !== edit.kind || unit !== edit.unit)),
  );
  return [...kept, edit];
}

function applyEdits(nets: Nets, edits: readonly Edit[], step: number): void {
  for (const edit of edits) {
    if (edit.step === step) {
      applyEdit(nets, edit);
    }
  }
}

/** Sets one hidden bias, in place; all five where they are one number. */
export function applyEdit(nets: Nets, { kind, unit, value }: Edit): void {
  const net = netOf(nets, kind);
  if (KINDS[kind] === "scalar") {
    net.fill(value, at.bias1(0), at.bias1(UNITS));
  } else if (KINDS[kind] === "vector") {
    net[at.bias1(unit)] = value;
  }
}
