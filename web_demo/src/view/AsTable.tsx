/** A picture's numbers, behind a button. */

import { useState } from "preact/hooks";
import { number } from "../model/words";

export interface Numbers {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

interface Props {
  readonly title: string;
  readonly numbers: () => Numbers;
}

export function AsTable({ title, numbers }: Props) {
  const [isOpen, setOpen] = useState(false);
  const found = isOpen ? numbers() : null;
  return (
    <details
      class="as-table"
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open);
      }}
    >
      <summary>
        View as table<span class="visually-hidden">: {title}</span>
      </summary>
      {found && (
        <div class="scroll" role="region" aria-label={`${title}, as a table`} tabIndex={0}>
          <table>
            <thead>
              <tr>
                {found.head.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {found.rows.map((row, index) => (
                <tr key={index}>
                  {row.map((cell, column) =>
                    column === 0 ? (
                      <th key={column} scope="row">
                        {shownCell(cell)}
                      </th>
                    ) : (
                      <td key={column}>{shownCell(cell)}</td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}

function shownCell(cell: string | number): string {
  return typeof cell === "number" ? number(cell) : cell;
}
