/** What the table of weights says, for programs: as JSON and as CSV. */

import type { Description, WeightRow } from "../model/describe";

type Cell = string | number | boolean | null;

const COLUMNS: readonly (readonly [name: string, of: (row: WeightRow) => Cell])[] = [
  ["name", (row) => row.name],
  ["shape", (row) => `[${row.shape.join(", ")}]`],
  ["dtype", (row) => row.dtype],
  ["trainable", (row) => row.trainable],
  ["bias", (row) => row.bias?.name ?? null],
  ["params", (row) => row.size],
  ["min", (row) => row.statistics?.min ?? null],
  ["max", (row) => row.statistics?.max ?? null],
  ["mean", (row) => row.statistics?.mean ?? null],
  ["std", (row) => row.statistics?.std ?? null],
  ["zeros", (row) => row.statistics?.zeros ?? null],
  ["nans", (row) => row.statistics?.nans ?? null],
  ["infinities", (row) => row.statistics?.infinities ?? null],
];

export function statisticsJson(model: Description): string {
  const weights = model.weights.map((row) => ({
    ...Object.fromEntries(COLUMNS.map(([name, of]) => [name, of(row)])),
    shape: row.shape,
  }));
  const { title, parameters, trainableParameters, biasParameters } = model;
  const whole = { title, parameters, trainableParameters, biasParameters, weights };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

/** As RFC 4180 has it. */
export function statisticsCsv({ weights }: Description): string {
  const rows = [
    COLUMNS.map(([name]) => name),
    ...weights.map((row) => COLUMNS.map(([, of]) => of(row))),
  ];
  return rows.map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

/** A text that a spreadsheet would run as a formula gets an apostrophe, which makes it a text. */
export function csvCell(cell: Cell): string {
  if (typeof cell !== "string") {
    return cell === null ? "" : String(cell);
  }
  const harmless = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/u.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
