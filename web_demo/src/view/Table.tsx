/** A table that scrolls by itself, by finger and by key, where the page is too narrow for it. */

import type { ComponentChildren } from "preact";
import { useLimit } from "./useLimit";

export interface Column<Row> {
  readonly title: string;
  /** Numbers stand to the right. */
  readonly numeric?: boolean;
  readonly cell: (row: Row) => ComponentChildren;
}

interface Props<Row> {
  readonly title: string;
  readonly id: string;
  /** The first is the row's name. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly name: (row: Row) => string;
  readonly empty: string;
}

const MANY = 200;

export function Table<Row>({ title, id, columns, rows, name, empty }: Props<Row>) {
  const { visible, more } = useLimit(rows, MANY);
  return (
    <section>
      <h3 id={id}>{title}</h3>
      {rows.length === 0 ? (
        <p class="quiet">{empty}</p>
      ) : (
        <div class="scroll" role="region" aria-labelledby={id} tabIndex={0}>
          <table>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column.title} scope="col" class={column.numeric ? "numeric" : ""}>
                    {column.title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {visible.map((row) => (
                <tr key={name(row)}>
                  {columns.map((column, index) =>
                    index === 0 ? (
                      <th key={column.title} scope="row">
                        {column.cell(row)}
                      </th>
                    ) : (
                      <td key={column.title} class={column.numeric ? "numeric" : ""}>
                        {column.cell(row)}
                      </td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {more}
    </section>
  );
}
