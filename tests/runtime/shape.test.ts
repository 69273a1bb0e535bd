/** The bias shapes of TypeScript are those of Python: both answer to one table. */

import { describe, expect, test } from "vitest";
import { biasShape, resolved, resolvedRecurrent } from "../../export/runtime/src/shape";
import table from "../bias_shape.json";

interface Row {
  readonly why: string;
  readonly bias_shape: unknown;
  readonly stored?: readonly number[];
  readonly counts?: readonly number[];
  readonly error?: string;
}

interface FeedForwardRow extends Row {
  readonly output_shape: readonly (number | null)[];
  readonly channel_axis: number | readonly number[];
  readonly groups: number | null;
}

interface RecurrentRow extends Row {
  readonly projections: number | null;
  readonly gates: number;
  readonly units: number;
}

function check(row: Row, resolve: () => unknown): void {
  if (row.error === undefined) {
    expect(resolve()).toEqual({ stored: row.stored, counts: row.counts });
  } else {
    expect(resolve).toThrow(new Error(row.error));
  }
}

describe("on the output of a layer", () => {
  test.each(table.feed_forward as FeedForwardRow[])("$why: $bias_shape", (row) => {
    check(row, () =>
      resolved(biasShape(row.bias_shape), row.output_shape, row.channel_axis, row.groups),
    );
  });
});

describe("on a recurrent layer", () => {
  test.each(table.recurrent as RecurrentRow[])("$why: $bias_shape", (row) => {
    check(row, () =>
      resolvedRecurrent(biasShape(row.bias_shape), row.gates, row.units, row.projections),
    );
  });
});

test("the table has rows that must fail and rows that must not", () => {
  const rows: readonly Row[] = [...table.feed_forward, ...table.recurrent] as Row[];

  const failing = rows.filter((row) => row.error !== undefined).length;

  expect(failing).toBeGreaterThan(20);
  expect(rows.length - failing).toBeGreaterThan(50);
});
