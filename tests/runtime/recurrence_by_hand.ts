/** Recurrent layers from their definition, one sequence, one step and one unit at a time. */

import * as tf from "@tensorflow/tfjs";
import { seededTensor, valuesOf } from "./measuring";

/** A row of numbers. */
export type Row = readonly number[];

/** What a cell does with each number, and how it uses its state. */
export type Kind = "SimpleRNN" | "LSTM" | "GRU" | "GRU, reset before";

export const GATES = { SimpleRNN: 1, LSTM: 4, GRU: 3, "GRU, reset before": 3 } as const;

/** A cell's numbers, each gate's columns after those of the gate before. */
export interface CellByHand {
  readonly kind: Kind;
  readonly units: number;
  readonly kernel: readonly Row[];
  readonly recurrentKernel: readonly Row[];
  /** One for each gate and unit; twice so many where the recurrent product has its own. */
  readonly bias: Row;
  readonly activation: (x: number) => number;
  readonly recurrentActivation: (x: number) => number;
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The states after a step, the output first. */
export function stepByHand(cell: CellByHand, x: Row, states: readonly Row[]): Row[] {
  const { kind, units, activation: act, recurrentActivation: gate } = cell;
  const h = states[0] ?? [];
  const c = states[1] ?? [];
  const width = GATES[kind] * units;
  const dot = (row: Row, kernel: readonly Row[], column: number): number =>
    row.reduce((total, value, index) => total + value * of(kernel[index] ?? [], column), 0);
  const input = (place: number, unit: number): number => {
    const column = place * units + unit;
    return dot(x, cell.kernel, column) + of(cell.bias, column, 0);
  };
  const recurrent = (place: number, unit: number, state = h): number => {
    const column = place * units + unit;
    return dot(state, cell.recurrentKernel, column) + of(cell.bias, width + column, 0);
  };
  const each = (compute: (unit: number) => number): Row =>
    Array.from({ length: units }, (_, unit) => compute(unit));
  const z = (place: number, unit: number): number => input(place, unit) + recurrent(place, unit);
  switch (kind) {
    case "SimpleRNN":
      return [each((unit) => act(z(0, unit)))];
    case "LSTM": {
      const carry = each((u) => gate(z(1, u)) * of(c, u) + gate(z(0, u)) * act(z(2, u)));
      return [each((u) => gate(z(3, u)) * act(of(carry, u))), carry];
    }
    case "GRU":
    case "GRU, reset before": {
      const reset = each((u) => gate(z(1, u)));
      const resetState = each((u) => of(reset, u) * of(h, u));
      const candidate = (u: number): number =>
        kind === "GRU" ? of(reset, u) * recurrent(2, u) : recurrent(2, u, resetState);
      return [
        each((u) => {
          const update = gate(z(0, u));
          return update * of(h, u) + (1 - update) * act(input(2, u) + candidate(u));
        }),
      ];
    }
  }
}

/** How a layer goes through a sequence. */
export interface CourseByHand {
  readonly goBackwards?: boolean;
  readonly zeroOutputForMask?: boolean;
  readonly unroll?: boolean;
  /** Which steps are done; all if left out. */
  readonly mask?: readonly boolean[];
  /** Zeros if left out. */
  readonly initial?: readonly Row[];
}

/** The output of every step in the order they are done, and the states at the end. */
export function sequenceByHand(
  cell: CellByHand,
  xs: readonly Row[],
  course: CourseByHand = {},
): { readonly outputs: Row[]; readonly states: readonly Row[] } {
  const zero = Array.from({ length: cell.units }, () => 0);
  const order = xs.map((_, time) => time);
  if (course.goBackwards) {
    order.reverse();
  }
  let states = course.initial ?? (cell.kind === "LSTM" ? [zero, zero] : [zero]);
  const outputs: Row[] = [];
  for (const time of order) {
    if (course.mask?.[time] ?? true) {
      states = stepByHand(cell, xs[time] ?? [], states);
      outputs.push(states[0] ?? []);
    } else if (course.unroll) {
      outputs.push(outputs.at(-1) ?? zero);
    } else {
      outputs.push(course.zeroOutputForMask ? zero : (states[0] ?? []));
    }
  }
  return { outputs, states };
}

/** Every sequence of x: the outputs of all steps, and the last states. */
export function allByHand(
  cell: CellByHand,
  x: tf.Tensor,
  courses: readonly CourseByHand[] = [],
): readonly ReturnType<typeof sequenceByHand>[] {
  const [samples = 0, steps = 0] = x.shape;
  const all = rows(x);
  return Array.from({ length: samples }, (_, sample) =>
    sequenceByHand(cell, all.slice(sample * steps, (sample + 1) * steps), courses[sample]),
  );
}

/**
 * The cell that a layer has under a prefix of names, of tanh and sigmoid.
 *
 * @param counts of its biases along the projections, if there are two, the gates and the units; one
 *   for each if left out.
 */
export function cellByHand(
  kind: Kind,
  layer: tf.layers.Layer,
  prefix = "",
  counts?: Row,
): CellByHand {
  const weight = (name: string): tf.Tensor | undefined => {
    const own = prefix + name; // and the layer's before it, unless it was built by hand
    return layer.weights
      .find(({ originalName }) => [own, `${layer.name}/${own}`].includes(originalName))
      ?.read();
  };
  const recurrentKernel = rows(weight("recurrent_kernel") ?? tf.scalar(NaN));
  const units = recurrentKernel.length;
  const sizes = [...(kind === "GRU" ? [2] : []), GATES[kind], units];
  const bias = weight("bias");
  return {
    kind,
    units,
    kernel: rows(weight("kernel") ?? tf.scalar(NaN)),
    recurrentKernel,
    bias: bias ? spread(valuesOf(bias), counts ?? sizes, sizes) : [],
    activation: Math.tanh,
    recurrentActivation: sigmoid,
  };
}

/** Weights that are no plain zeros or ones. */
export function seedLayer(layer: tf.layers.Layer): void {
  const weights = layer.weights.map(({ shape }, index) =>
    tf.mul(seededTensor(shape as number[], index + 11), 0.8),
  );
  layer.setWeights(weights);
}

/** Along the last axis. */
export function rows(x: tf.Tensor): Row[] {
  return tf.reshape(x, [-1, x.shape.at(-1) ?? 1]).arraySync() as Row[];
}

/** At each gate and unit, the bias it belongs to: along an axis, index i of n is i * k // n. */
export function spread(bias: Row, counts: Row, sizes: Row): number[] {
  const total = sizes.reduce((product, size) => product * size, 1);
  return Array.from({ length: total }, (_, flat) => {
    let rest = flat;
    let place = 0;
    let step = 1;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      const [size = 1, count = 1] = [sizes[axis], counts[axis]];
      place += step * Math.floor(((rest % size) * count) / size);
      step *= count;
      rest = Math.floor(rest / size);
    }
    return of(bias, place);
  });
}

function of(row: Row, index: number, otherwise = NaN): number {
  return row[index] ?? otherwise;
}
