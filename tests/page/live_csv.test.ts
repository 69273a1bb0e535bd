/** Tables of numbers: what is read, and what is refused by name. */

import { describe, expect, test } from "vitest";
import { parsedCsv, refuseLong, type Table } from "../../web_demo/src/live/csv";
import { LiveError } from "../../web_demo/src/live/errors";
import type { Port } from "../../web_demo/src/live/ports";
import { tableProbe } from "../../web_demo/src/live/probe";
import { tableSamples, type Task } from "../../web_demo/src/live/samples";

const read = (text: string): Table => parsedCsv(new TextEncoder().encode(text), "a.csv");

function refusal(act: () => unknown): LiveError {
  try {
    act();
  } catch (error) {
    if (error instanceof LiveError) {
      return error;
    }
    throw error;
  }
  throw new Error("It was taken.");
}

describe("a table", () => {
  test.each([
    ["1,2\n3,4", null],
    ["1;2\r\n3;4\r\n", null],
    ["\uFEFF1\t2\n\n3\t4\n", null],
    ["x, y\n1, 2\n3, 4", ["x", "y"]],
    ['"x, of it",y\n"1",2\n3,4', ["x, of it", "y"]],
  ])("%j is read", (text, head) => {
    const table = read(text);

    expect([...table.values]).toEqual([1, 2, 3, 4]);
    expect([table.rows, table.columns]).toEqual([2, 2]);
    expect(table.head).toEqual(head);
  });

  test.each([
    ["", "CSV_EMPTY: a.csv: There is nothing in it. Choose a file with numbers."],
    ["x,y\n", "CSV_EMPTY: a.csv: It has a line of names and no numbers."],
    ["1,2\n3", "CSV_COLUMNS: a.csv, line 2: It has 1 column, and the first line has 2."],
    ["1,2\n3,x", "CSV_NUMBER: a.csv, line 2, column 2: 'x' is not a finite number."],
    ["1,2\n\n3,", "CSV_NUMBER: a.csv, line 3, column 2: There is no number."],
    ["1,NaN", "CSV_NUMBER: a.csv, line 1, column 2: 'NaN' is not a finite number."],
    ["NaN,inf", "CSV_NUMBER: a.csv, line 1, column 1: 'NaN' is not a finite number."],
    ["1e39,2", "CSV_NUMBER: a.csv, line 1, column 1: '1e39' is not a finite number."],
    ["1,5;2,5", "CSV_NUMBER: a.csv, line 1, column 2: '5;2' is not a finite number."],
    ["0\n".repeat(10_001), "CSV_ROWS: a.csv: It has 10,001 rows, and this page stops at 10,000."],
    ["0,".repeat(10_001), "CSV_COLUMNS: a.csv: It has 10,002 columns"],
  ])("%# is refused", (text, message) => {
    expect(refusal(() => read(text)).message).toContain(message);
  });

  test("is refused before it is read if it is larger than 5 MB", () => {
    expect(
      refusal(() => {
        refuseLong(5_000_001, "a.csv");
      }).code,
    ).toBe("CSV_TOO_LARGE");
  });
});

const port = (name: string, more: Partial<Port> = {}): Port => ({
  name,
  shape: [2],
  batch: null,
  dtype: "float32",
  below: null,
  activation: null,
  ...more,
});

describe("rows of a table as samples", () => {
  test("feed several inputs one behind the other", () => {
    const probe = tableProbe([port("a"), port("b")], [[2], [1]], read("1,2,3\n4,5,6"), null);

    expect(probe.inputs.map((values) => [...values])).toEqual([
      [1, 2, 4, 5],
      [3, 6],
    ]);
  });

  test.each([
    [
      [port("a"), port("b")],
      null,
      "CSV_COLUMNS: a.csv: 3 columns are there for the inputs, and a sample has 4 (2 for a, 2 for b).",
    ],
    [
      [port("a", { below: 3 })],
      null,
      "CSV_RANGE: a.csv, row 2, column 2: 5 stands where something is looked up by its number. Write whole numbers from 0 to 2 there.",
    ],
    [[port("a")], 4, "CSV_ROWS: a.csv: It has 2 rows, and this model takes 4 samples at once."],
  ])("are refused where they do not fit: %#", (ports, batch, message) => {
    const sizes = ports.length === 2 ? [[2], [2]] : [[3]];
    const table = read("0,1,2\n1,5,2");

    const found = refusal(() => tableProbe(ports, sizes, table, batch));

    expect(found.message).toContain(message);
  });

  const task: Task = {
    inputs: [port("x")],
    outputs: [port("kind", { activation: "softmax" })],
    sizes: [[1]],
    targetSizes: [[3]],
    losses: ["categorical"],
    batch: null,
  };

  test("teach a class by its number", () => {
    const samples = tableSamples(task, read("0.5,2\n0.25,0"), [false, true]);

    expect([...(samples.inputs[0] ?? [])]).toEqual([0.5, 0.25]);
    expect([...(samples.targets[0] ?? [])]).toEqual([0, 0, 1, 1, 0, 0]);
  });

  test("teach a class by a column each", () => {
    const samples = tableSamples(task, read("0,0,1,7"), [true, true, true, false]);

    expect([...(samples.targets[0] ?? [])]).toEqual([0, 0, 1]);
  });

  test.each([
    ["7,3", [false, true], "TARGETS: targets of 'kind', row 1: 3 is the number of no class."],
    ["7,2,0,0", [false, true, true, true], "TARGETS: targets of 'kind', row 1: Categorical"],
    ["7,0,0", [false, true, true], "CSV_COLUMNS: a.csv: 2 columns are chosen as targets"],
  ])("are refused as targets: %#", (text, isTarget, message) => {
    expect(refusal(() => tableSamples(task, read(text), isTarget)).message).toContain(message);
  });
});
