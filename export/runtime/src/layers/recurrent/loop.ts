/** A cell's steps through a sequence. */

import type { Tensor } from "@tensorflow/tfjs-core";
import {
  any,
  cast,
  expandDims,
  squeeze,
  stack,
  tidy,
  transpose,
  unstack,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import type { Cell } from "./cell";

/** How a cell goes through a sequence. */
export interface Course {
  /** Whether every step's output is wanted, or the last one's only. */
  readonly returnSequences: boolean;
  /** Whether the last step is the first to be done, and its output comes first. */
  readonly goBackwards: boolean;
  /** Whether a masked step's output is zero, and not that of the step before it. */
  readonly zeroOutputForMask: boolean;
  /** Keras computes the same either way, but for what it hands out before any unmasked step. */
  readonly unroll: boolean;
}

/** What comes out. */
export interface Outcome {
  /** `(batch, steps, size)`, or `(batch, size)` of the last step. */
  readonly output: Tensor;
  readonly states: readonly Tensor[];
}

/**
 * All steps.
 *
 * @param cell with its weights.
 * @param x `(batch, steps, features)`
 * @param initial the states before the first step.
 * @param mask `(batch, steps)`: 0 where a step changes nothing; null for none.
 */
export function run(
  cell: Cell,
  x: Tensor,
  initial: readonly Tensor[],
  mask: Tensor | null,
  course: Course,
  training: boolean,
): Outcome {
  const pass = cell.begin(x.shape[0], training);
  // In a list of their own: tfjs's tape holds on to the one that it gave.
  const inOrder = (steps: readonly Tensor[]): readonly Tensor[] =>
    course.goBackwards ? [...steps].reverse() : steps;
  // Step by step in memory: what is cut off, and put together for the gradient, is in one piece.
  const inputs = inOrder(unstacked(pass.project(transpose(x, [1, 0, 2])), 0));
  const masks = mask && inOrder(unstacked(columns(mask), 1));
  const outputs: Tensor[] = [];
  let states = initial;
  inputs.forEach((input, time) => {
    const before = states;
    const [output, ...after] = tidy((): [Tensor, ...Tensor[]] => {
      const next = pass.step(input, before);
      const made = cell.outputOf(next);
      const done = masks?.[time];
      if (!done) {
        return [made, ...next];
      }
      const previous = course.unroll ? outputs.at(-1) : cell.outputOf(before);
      const idle = course.zeroOutputForMask && !course.unroll ? undefined : previous;
      const kept = next.map((state, place) => where(done, state, before[place] ?? state));
      return [where(done, made, idle ?? zerosLike(made)), ...kept];
    });
    states = after;
    outputs.splice(course.returnSequences ? time : 0, 1, output);
  });
  const [last] = outputs.slice(-1);
  if (!last) {
    throw new Error("called on sequences of no steps. Call it on one step or more.");
  }
  return { output: course.returnSequences ? stack(outputs, 1) : last, states };
}

/** A mask as `(batch, steps, 1)`; a step of several marks is done if any of them is set. */
function columns(mask: Tensor): Tensor {
  const marks = cast(mask, "bool");
  return marks.rank === 2 ? expandDims(marks, -1) : any(marks, -1, true);
}

/** The slices along an axis. tfjs's own have no gradient where there is only one. */
export function unstacked(x: Tensor, axis: number): Tensor[] {
  return x.shape[axis] === 1 ? [squeeze(x, [axis])] : unstack(x, axis);
}
