/** A table of numbers in text: comma, semicolon or tab between them, a line for each row. */

import { shown } from "../loader/errors";
import { counted } from "../model/words";
import { LiveError, type LiveErrorCode } from "./errors";

export const MOST_ROWS = 10_000;
export const MOST_BYTES = 5_000_000;
const MOST_COLUMNS = 10_000;

export interface Table {
  readonly file: string;
  /** Of the columns; null if the file has no line of names. */
  readonly head: readonly string[] | null;
  readonly columns: number;
  readonly rows: number;
  /** Row by row; all finite. */
  readonly values: Float32Array;
}

/**
 * The numbers of a file.
 *
 * @throws LiveError CSV_COLUMNS, CSV_EMPTY, CSV_NUMBER, CSV_ROWS, CSV_TOO_LARGE.
 */
export function parsedCsv(bytes: Uint8Array, file: string): Table {
  refuseLong(bytes.byteLength, file);
  const lines = new TextDecoder()
    .decode(bytes)
    .replace(/^\uFEFF/u, "")
    .split(/\r\n|\n|\r/u);
  const full = lines.flatMap((text, index) => (text.trim() ? [{ text, line: index + 1 }] : []));
  const [first] = full;
  if (!first) {
    throw csvError("CSV_EMPTY", file, "There is nothing in it.", "Choose a file with numbers.");
  }
  const mark = separator(first.text);
  const start = cells(first.text, mark);
  const head = start.every((cell) => numberOf(cell) === null) ? start : null;
  const rows = head ? full.slice(1) : full;
  refuseSize(start.length, rows.length, file);
  const values = new Float32Array(rows.length * start.length);
  rows.forEach(({ text, line }, row) => {
    const found = cells(text, mark);
    if (found.length !== start.length) {
      throw csvError(
        "CSV_COLUMNS",
        `${file}, line ${line}`,
        `It has ${counted(found.length, "column")}, and the first line has ${start.length}.`,
        "Give every line the same number of columns.",
      );
    }
    found.forEach((cell, column) => {
      values[row * start.length + column] = checked(cell, `${file}, line ${line}`, column);
    });
  });
  return { file, head, columns: start.length, rows: rows.length, values };
}

/** Before it is read at all. */
export function refuseLong(bytesLong: number, file: string): void {
  if (bytesLong > MOST_BYTES) {
    throw csvError(
      "CSV_TOO_LARGE",
      file,
      "It is larger than 5 MB, and this page stops there.",
      "Take a part of it.",
    );
  }
}

function refuseSize(columns: number, rows: number, file: string): void {
  if (rows === 0) {
    throw csvError(
      "CSV_EMPTY",
      file,
      "It has a line of names and no numbers.",
      "Choose a file with numbers.",
    );
  }
  if (rows > MOST_ROWS) {
    throw csvError(
      "CSV_ROWS",
      file,
      `It has ${rows.toLocaleString("en")} rows, and this page stops at ${MOST_ROWS.toLocaleString("en")}.`,
      "Take a part of it.",
    );
  }
  if (columns > MOST_COLUMNS) {
    throw csvError(
      "CSV_COLUMNS",
      file,
      `It has ${columns.toLocaleString("en")} columns, and this page stops at ${MOST_COLUMNS.toLocaleString("en")}.`,
      "Write one sample a row.",
    );
  }
}

function checked(cell: string, where: string, column: number): number {
  const value = numberOf(cell);
  if (value === null || !Number.isFinite(Math.fround(value))) {
    const text = shown(cell.length > 20 ? `${cell.slice(0, 17)}...` : cell);
    throw csvError(
      "CSV_NUMBER",
      `${where}, column ${column + 1}`,
      cell === "" ? "There is no number." : `'${text}' is not a finite number.`,
      "Write numbers as 1.5 or 2e-3, and fill what is missing.",
    );
  }
  return value;
}

/** The mark that the first line has most of. */
function separator(line: string): string {
  const counts = [",", ";", "\t"].map((mark) => [line.split(mark).length, mark] as const);
  return counts.reduce((most, each) => (each[0] > most[0] ? each : most))[1];
}

/** What stands between the marks, without the quotes around it; marks within quotes are text. */
function cells(line: string, mark: string): readonly string[] {
  if (!line.includes('"')) {
    return line.split(mark).map((cell) => cell.trim());
  }
  const found: string[] = [];
  let [cell, isQuoted] = ["", false];
  for (const character of line) {
    if (character === '"') {
      isQuoted = !isQuoted;
    } else if (character === mark && !isQuoted) {
      found.push(cell.trim());
      cell = "";
    } else {
      cell += character;
    }
  }
  return [...found, cell.trim()];
}

/** `NaN` and `inf` are numbers too, if not ones that will do: a line of them is no line of names. */
function numberOf(cell: string): number | null {
  if (/^[-+]?(?:nan|inf(?:inity)?)$/iu.test(cell)) {
    return NaN;
  }
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/iu.test(cell) ? Number(cell) : null;
}

function csvError(code: LiveErrorCode, where: string, what: string, fix: string): LiveError {
  return new LiveError(code, { where, what, fix });
}
