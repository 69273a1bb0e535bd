/** Samples to feed a model with: random from a seed, typed, or of a table. */

import { uniform } from "../learn/random";
import type { Table } from "./csv";
import { LiveError } from "./errors";
import type { Port } from "./ports";

/** Of one input or output, all known: without the batch. */
export type Sizes = readonly number[];

export interface Probe {
  readonly rows: number;
  /** For each input, row by row. */
  readonly inputs: readonly Float32Array[];
  readonly sizes: readonly Sizes[];
}

/** Numbers in a sample, over all inputs. */
export const MOST_IN_SAMPLE = 1_000_000;
/** Numbers in all samples. */
export const MOST_IN_ALL = 4_000_000;
/** The largest size of an axis that may be asked for. */
export const MOST_ALONG = 1024;

/** For the axes whose size is free: what will do in most models. */
export function usualSizes({ shape }: Port): Sizes {
  const free = shape.filter((size) => size === null).length;
  // One free axis is time, two are height and width.
  return shape.map((size) => size ?? (free === 1 ? 8 : 32));
}

export function product(sizes: Sizes): number {
  return sizes.reduce((all, size) => all * size, 1);
}

/** Numbers of a sample, over all inputs. */
export function inSample(sizes: readonly Sizes[]): number {
  return sizes.reduce((sum, each) => sum + product(each), 0);
}

/** Samples that stay within bounds, at most as many as asked for. */
export function possibleRows(
  wanted: number,
  sizes: readonly Sizes[],
  batch: number | null,
): number {
  const most = Math.max(1, Math.floor(MOST_IN_ALL / Math.max(1, inSample(sizes))));
  return batch ?? Math.min(wanted, most);
}

/** Uniform between -1 and 1, and whole numbers where they are looked up. */
export function randomProbe(
  ports: readonly Port[],
  sizes: readonly Sizes[],
  rows: number,
  seed: number,
): Probe {
  const next = uniform(seed);
  const inputs = ports.map(({ below }, index) =>
    Float32Array.from({ length: rows * product(sizes[index] ?? []) }, () =>
      below === null ? 2 * next() - 1 : Math.floor(next() * below),
    ),
  );
  return { rows, inputs, sizes };
}

/**
 * One sample a row, the inputs one behind the other.
 *
 * @throws LiveError CSV_COLUMNS, CSV_RANGE, CSV_ROWS.
 */
export function tableProbe(
  ports: readonly Port[],
  sizes: readonly Sizes[],
  table: Table,
  batch: number | null,
  /** Which columns are inputs; all unless said otherwise. */
  chosen: readonly number[] = Array.from({ length: table.columns }, (_, column) => column),
): Probe {
  const wanted = inSample(sizes);
  if (chosen.length !== wanted) {
    const parts = ports.map(({ name }, index) => `${product(sizes[index] ?? [])} for ${name}`);
    throw new LiveError("CSV_COLUMNS", {
      where: table.file,
      what: `${chosen.length === 1 ? "One column is" : `${chosen.length.toLocaleString("en")} columns are`} there for the inputs, and a sample has ${wanted.toLocaleString("en")}${ports.length > 1 ? ` (${parts.join(", ")})` : ""}.`,
      fix: "Write one sample a row, the inputs one behind the other.",
    });
  }
  if (batch !== null && table.rows % batch !== 0) {
    throw new LiveError("CSV_ROWS", {
      where: table.file,
      what: `It has ${table.rows} rows, and this model takes ${batch} samples at once.`,
      fix: `Give it a multiple of ${batch}.`,
    });
  }
  let start = 0;
  const inputs = ports.map(({ below }, index) => {
    const size = product(sizes[index] ?? []);
    const columns = chosen.slice(start, start + size);
    start += size;
    const values = columnsOf(table, columns);
    refuseOutside(values, below, (at) => ({
      row: Math.floor(at / size),
      column: columns[at % size] ?? 0,
      file: table.file,
    }));
    return values;
  });
  return { rows: table.rows, inputs, sizes };
}

/** Some columns of a table, row by row. */
export function columnsOf(table: Table, columns: readonly number[]): Float32Array {
  const values = new Float32Array(table.rows * columns.length);
  for (let row = 0; row < table.rows; row += 1) {
    columns.forEach((column, index) => {
      values[row * columns.length + index] = table.values[row * table.columns + column] ?? 0;
    });
  }
  return values;
}

/** The rows of a probe between two, for each input. */
export function rowsOf({ inputs, sizes }: Probe, from: number, to: number): Float32Array[] {
  return inputs.map((values, index) => {
    const size = product(sizes[index] ?? []);
    return values.subarray(from * size, to * size);
  });
}

/** Whether a number can be fed there. */
export function fits(value: number, below: number | null): boolean {
  return below === null
    ? Number.isFinite(Math.fround(value))
    : Number.isInteger(value) && value >= 0 && value < below;
}

function refuseOutside(
  values: Float32Array,
  below: number | null,
  place: (at: number) => { readonly row: number; readonly column: number; readonly file: string },
): void {
  const at = below === null ? -1 : values.findIndex((value) => !fits(value, below));
  if (at >= 0 && below !== null) {
    const { row, column, file } = place(at);
    throw new LiveError("CSV_RANGE", {
      where: `${file}, row ${row + 1}, column ${column + 1}`,
      what: `${values[at] ?? ""} stands where something is looked up by its number.`,
      fix: `Write whole numbers from 0 to ${below - 1} there.`,
    });
  }
}
