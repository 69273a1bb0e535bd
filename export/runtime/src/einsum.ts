/**
 * Products of two tensors by an equation of letters, as `numpy.einsum` reads it.
 *
 * tfjs has an einsum of its own, without a gradient and without an ellipsis. This one is made of
 * operations that have theirs: sum, transpose, reshape, and one product of matrices.
 */

import type { Tensor } from "@tensorflow/tfjs-core";
import { matMul, reshape, sum, transpose } from "@tensorflow/tfjs-core";
import { spoken, tuple } from "./python";

/** The axes of both operands and of what comes out, each by a name. */
export interface Equation {
  readonly one: readonly string[];
  readonly other: readonly string[];
  readonly output: readonly string[];
}

/**
 * An equation such as `"abc,cd->abd"`, or `"...x,xy->...y"`, of operands of these ranks.
 *
 * The axes of an ellipsis are named `"...1"` for the last of them, `"...2"` for the one before.
 *
 * @throws Error if it is none, or does not fit the ranks.
 */
export function parsed(equation: string, ranks: readonly [number, number]): Equation {
  const where = `equation=${spoken(equation)}`;
  const parts = FORM.exec(equation);
  if (parts === null) {
    throw new Error(`${where} is not of the form 'ab,bc->ac'. Use letters, and '...' once a side.`);
  }
  const [one, other, output] = parts.slice(1) as [string, string, string];
  const operands = [
    named(one, ranks[0], `${where} has the input`),
    named(other, ranks[1], `${where} has the kernel`),
  ] as const;
  const elided = Math.max(...operands.map((names) => names.filter(isElided).length));
  const dots = [one, other].some((term) => term.includes(DOTS));
  const out = output.replace(DOTS, "").length + (output.includes(DOTS) ? elided : 0);
  if (dots !== output.includes(DOTS)) {
    throw new Error(`${where} has '...' on one side only. Put it on both sides, or on none.`);
  }
  const found = {
    one: operands[0],
    other: operands[1],
    output: named(output, out, `${where} has the output`),
  };
  for (const name of found.output) {
    if (!found.one.includes(name) && !found.other.includes(name)) {
      throw new Error(
        `${where} has the output axis ${spoken(name)}, which is in neither operand. ` +
          "Use letters of the operands.",
      );
    }
  }
  return found;
}

/**
 * The product of `x` and `kernel` that the equation says, in float32.
 *
 * An axis in both operands and in the output goes along; one that the output lacks is summed over;
 * the others are multiplied each by each.
 *
 * @throws Error if the equation is none, or the sizes do not fit it.
 */
export function einsum(equation: string, x: Tensor, kernel: Tensor): Tensor {
  const { one, other, output } = parsed(equation, [x.rank, kernel.rank]);
  const sizes = sizesOf(equation, [one, x.shape], [other, kernel.shape]);
  const along = output.filter((name) => one.includes(name) && other.includes(name));
  const contracted = one.filter((name) => other.includes(name) && !output.includes(name));
  const rows = output.filter((name) => !other.includes(name));
  const columns = output.filter((name) => !one.includes(name));
  const size = (names: readonly string[]): number =>
    names.reduce((total, name) => total * (sizes.get(name) ?? 1), 1);

  // (along, rows, contracted) times (along, contracted, columns) is (along, rows, columns).
  const left = ordered(x, one, [...along, ...rows, ...contracted]);
  const right = ordered(kernel, other, [...along, ...contracted, ...columns]);
  const product = matMul(
    reshape(left, [size(along), size(rows), size(contracted)]),
    reshape(right, [size(along), size(contracted), size(columns)]),
  );
  const made = [...along, ...rows, ...columns];
  const full = reshape(
    product,
    made.map((name) => sizes.get(name) ?? 1),
  );
  return ordered(full, made, output);
}

const DOTS = "...";
const TERM = "([a-zA-Z]*(?:\\.\\.\\.)?[a-zA-Z]*)";
const FORM = new RegExp(`^${TERM},${TERM}->${TERM}$`);

/** Whether an axis is one of an ellipsis. */
export function isElided(name: string): boolean {
  return name.startsWith(DOTS);
}

/** The names of a term's axes, those of its ellipsis too. */
function named(term: string, rank: number, where: string): readonly string[] {
  const letters = Array.from(term.replace(DOTS, ""));
  const elided = rank - letters.length;
  if (elided < 0 || (elided > 0 && !term.includes(DOTS))) {
    throw new Error(
      `${where} ${spoken(term)}, which does not name the axes of a tensor of ${rank}. ` +
        "Use a letter for each axis.",
    );
  }
  const twice = letters.find((letter, index) => letters.indexOf(letter) !== index);
  if (twice !== undefined) {
    throw new Error(
      `${where} ${spoken(term)}, which names ${spoken(twice)} twice. Use a letter for each axis.`,
    );
  }
  const [before, after] = term.includes(DOTS) ? term.split(DOTS) : [term, ""];
  const between = Array.from({ length: elided }, (_, index) => `${DOTS}${elided - index}`);
  return [...Array.from(before ?? ""), ...between, ...Array.from(after ?? "")];
}

/** The size of each axis, which the two operands have to agree on. */
function sizesOf(
  equation: string,
  ...operands: readonly (readonly [readonly string[], readonly number[]])[]
): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const [names, shape] of operands) {
    names.forEach((name, axis) => {
      const [before, size] = [sizes.get(name), shape[axis] ?? 1];
      if (before !== undefined && before !== size) {
        const shapes = operands.map((operand) => tuple(operand[1])).join(" and ");
        throw new Error(
          `equation=${spoken(equation)} has the sizes ${before} and ${size} for ` +
            `${spoken(name)} (shapes ${shapes}). Use equal sizes.`,
        );
      }
      sizes.set(name, size);
    });
  }
  return sizes;
}

/** The tensor with its axes in that order; axes that are left out are summed over. */
export function ordered(x: Tensor, names: readonly string[], order: readonly string[]): Tensor {
  const dropped = names.flatMap((name, axis) => (order.includes(name) ? [] : [axis]));
  const kept = names.filter((name) => order.includes(name));
  const smaller = dropped.length ? sum(x, dropped) : x;
  return permuted(
    smaller,
    order.map((name) => kept.indexOf(name)),
  );
}

/** A transposition, in as few axes as it can be: WebGL knows six. */
export function permuted(x: Tensor, order: readonly number[]): Tensor {
  const runs: number[][] = [];
  for (const axis of order) {
    const run = runs.at(-1);
    if (run?.at(-1) === axis - 1) {
      run.push(axis);
    } else {
      runs.push([axis]);
    }
  }
  if (runs.length <= 1) {
    return x;
  }
  const sorted = [...runs].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  const size = (axis: number): number => x.shape[axis] ?? 1;
  const merged = sorted.map((run) => run.reduce((total, axis) => total * size(axis), 1));
  const moved = transpose(
    reshape(x, merged),
    runs.map((run) => sorted.indexOf(run)),
  );
  return reshape(moved, order.map(size));
}
