/** Samples to train on: of a table, or made from a seed. Which they are is said beside them. */

import { CELSIUS, target } from "../learn/celsius";
import { type PresetName, PRESETS, samples as points } from "../learn/datasets";
import { glorot, uniform } from "../learn/random";
import {
  columnsOf,
  inSample,
  type Probe,
  product,
  randomProbe,
  type Sizes,
  tableProbe,
} from "./probe";
import type { Table } from "./csv";
import { LiveError } from "./errors";
import { type Loss, refuseTargets } from "./losses";
import type { Port } from "./ports";

export interface Samples extends Probe {
  /** For each output, row by row. */
  readonly targets: readonly Float32Array[];
  readonly targetSizes: readonly Sizes[];
}

/** What a model takes and gives, with sizes. */
export interface Task {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly sizes: readonly Sizes[];
  readonly targetSizes: readonly Sizes[];
  readonly losses: readonly Loss[];
  readonly batch: number | null;
}

const ROWS = 256;
/** Inputs that a made target depends on, at most. */
const FEW = 16;

/** Targets that a fresh random linear map makes of random inputs. */
export function linearSamples(task: Task, seed: number): Samples {
  const { inputs, sizes, outputs, targetSizes, losses } = task;
  const inOne = Math.max(inSample(sizes), inSample(targetSizes), 1);
  const rows = task.batch ?? Math.max(8, Math.min(ROWS, Math.floor(1_000_000 / inOne)));
  const probe = randomProbe(inputs, sizes, rows, seed);
  const next = uniform(seed + 1);
  const scaled = probe.inputs.map((values, index) => {
    const below = inputs[index]?.below ?? null;
    return below === null ? values : values.map((value) => (2 * value + 1) / below - 1);
  });
  const targets = outputs.map((_, index) => {
    const size = product(targetSizes[index] ?? []);
    const mapped = mapOf(scaled, sizes, rows, size, next);
    return asTargets(mapped, losses[index] ?? "mse", targetSizes[index]?.at(-1) ?? 1);
  });
  return { ...probe, targets, targetSizes };
}

/** Each number a weighted sum of a few inputs, and a constant. */
function mapOf(
  inputs: readonly Float32Array[],
  sizes: readonly Sizes[],
  rows: number,
  size: number,
  next: () => number,
): Float32Array {
  const all = inputs.flatMap((values, index) => {
    const width = product(sizes[index] ?? []);
    return Array.from({ length: Math.min(width, 4 * FEW) }, (_, at) => ({
      values,
      width,
      // Spread over a long input.
      at: Math.floor((at * width) / Math.min(width, 4 * FEW)),
    }));
  });
  const mapped = new Float32Array(rows * size);
  for (let unit = 0; unit < size; unit += 1) {
    const chosen =
      all.length <= FEW
        ? all
        : Array.from({ length: FEW }, () => all[Math.floor(next() * all.length)]);
    const slopes = glorot(next, chosen.length, 1);
    const constant = 2 * next() - 1;
    for (let row = 0; row < rows; row += 1) {
      mapped[row * size + unit] = chosen.reduce(
        (sum, from, index) =>
          sum + (from?.values[row * from.width + from.at] ?? 0) * (slopes[index] ?? 0),
        constant,
      );
    }
  }
  return mapped;
}

/** A probability, or one class of several, where the loss wants that. */
function asTargets(values: Float32Array, loss: Loss, classes: number): Float32Array {
  if (loss === "mse") {
    return values;
  }
  if (loss === "binary") {
    return values.map((value) => (value > 0 ? 1 : 0));
  }
  const targets = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += classes) {
    const some = values.subarray(start, start + classes);
    const largest = some.reduce((best, value, at) => (value > (some[best] ?? 0) ? at : best), 0);
    targets[start + largest] = 1;
  }
  return targets;
}

/** The points of Learn's second scene, for models of two numbers to one or two. */
export function pointSamples(task: Task, name: PresetName): Samples {
  const { x, y, label } = points(name);
  const rows = task.batch === null ? x.length : x.length - (x.length % task.batch);
  const flat = Float32Array.from({ length: 2 * rows }, (_, at) =>
    at % 2 === 0 ? (x[at / 2] ?? 0) : (y[(at - 1) / 2] ?? 0),
  );
  const [first] = task.sizes;
  const both = first && product(first) === 2;
  const inputs = both
    ? [flat]
    : [flat.filter((_, at) => at % 2 === 0), flat.filter((_, at) => at % 2 === 1)];
  const outputs = product(task.targetSizes[0] ?? []);
  const targets =
    outputs === 1
      ? Float32Array.from({ length: rows }, (_, row) => label[row] ?? 0)
      : Float32Array.from({ length: 2 * rows }, (_, at) =>
          label[Math.floor(at / 2)] === at % 2 ? 1 : 0,
        );
  return { rows, inputs, sizes: task.sizes, targets: [targets], targetSizes: task.targetSizes };
}

/** Degrees Celsius, and the same in °F and K: the question's own task. */
export function celsiusSamples(task: Task): Samples {
  const rows =
    task.batch === null ? CELSIUS.length : CELSIUS.length - (CELSIUS.length % task.batch);
  const asked = CELSIUS.slice(0, rows);
  return {
    rows,
    inputs: [Float32Array.from(asked)],
    sizes: task.sizes,
    targets: [Float32Array.from(asked.flatMap(target))],
    targetSizes: task.targetSizes,
  };
}

export function fitsCelsius({ inputs, sizes, outputs: ports, targetSizes }: Task): boolean {
  const [outputs] = targetSizes;
  const [port] = ports;
  return (
    inSample(sizes) === 1 &&
    inputs[0]?.below === null &&
    targetSizes.length === 1 &&
    product(outputs ?? []) === 2 &&
    port?.activation !== "softmax" &&
    port?.activation !== "sigmoid"
  );
}

/** Which of Learn's points fit the model. */
export function fittingPoints({ inputs, sizes, targetSizes }: Task): typeof PRESETS {
  const isPlane = inSample(sizes) === 2 && inputs.every(({ below }) => below === null);
  const [outputs] = targetSizes;
  return isPlane && outputs && targetSizes.length === 1 && [1, 2].includes(product(outputs))
    ? PRESETS
    : [];
}

/**
 * Rows of a table, some columns inputs and the others targets.
 *
 * A categorical output takes one column a class, or one column with the class's number.
 *
 * @throws LiveError CSV_COLUMNS, CSV_RANGE, CSV_ROWS, TARGETS.
 */
export function tableSamples(task: Task, table: Table, isTarget: readonly boolean[]): Samples {
  const columns = Array.from({ length: table.columns }, (_, column) => column);
  const fed = columns.filter((column) => !isTarget[column]);
  const wanted = columns.filter((column) => isTarget[column]);
  const probe = tableProbe(task.inputs, task.sizes, table, task.batch, fed);
  const widths = targetWidths(task, wanted.length);
  if (!widths) {
    const needed = inSample(task.targetSizes);
    throw new LiveError("CSV_COLUMNS", {
      where: table.file,
      what: `${wanted.length === 1 ? "One column is" : `${wanted.length} columns are`} chosen as targets, and the model gives ${needed.toLocaleString("en")} ${needed === 1 ? "number" : "numbers"}.`,
      fix: "Choose the columns that hold what should come out.",
    });
  }
  let start = 0;
  const targets = task.outputs.map((port, index) => {
    const sizes = task.targetSizes[index] ?? [];
    const loss = task.losses[index] ?? "mse";
    const values = columnsOf(table, wanted.slice(start, start + (widths[index] ?? 0)));
    start += widths[index] ?? 0;
    const whole = widths[index] === product(sizes) ? values : oneHot(values, port, sizes);
    refuseTargets(loss, port, whole, sizes);
    return whole;
  });
  return { ...probe, targets, targetSizes: task.targetSizes };
}

/** Columns of each output; null if they do not come out even. */
function targetWidths({ targetSizes, losses }: Task, columns: number): readonly number[] | null {
  const full = targetSizes.map(product);
  const short = full.map((size, index) =>
    losses[index] === "categorical" && targetSizes[index]?.length === 1 ? 1 : size,
  );
  const total = (widths: readonly number[]): number => widths.reduce((sum, each) => sum + each, 0);
  return [full, short].find((widths) => total(widths) === columns) ?? null;
}

function oneHot(values: Float32Array, { name }: Port, [classes = 1]: Sizes): Float32Array {
  const targets = new Float32Array(values.length * classes);
  values.forEach((value, row) => {
    if (!Number.isInteger(value) || value < 0 || value >= classes) {
      throw new LiveError("TARGETS", {
        where: `targets of '${name}', row ${row + 1}`,
        what: `${value} is the number of no class.`,
        fix: `Number the classes from 0 to ${classes - 1}.`,
      });
    }
    targets[row * classes + value] = 1;
  });
  return targets;
}
