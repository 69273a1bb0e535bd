/** What comes out: a sample's numbers as bars, and those of many samples as a table. */

import { useState } from "preact/hooks";
import { shown } from "../../loader/errors";
import { type Results, rowOf } from "../../live/predict";
import { product } from "../../live/probe";
import { living } from "../../live/session";
import { count, number, weightShape } from "../../model/words";
import { Bar } from "../Bar";
import { AsTable, type Numbers } from "../AsTable";
import { Slider } from "../Slider";

/** Bars that are drawn, and columns and rows that a table has, at most. */
const MOST_BARS = 12;
const MOST_COLUMNS = 32;
const MOST_ROWS = 200;

export function Outputs({ results }: { readonly results: Results }) {
  const [wanted, setWanted] = useState(1);
  const sample = Math.min(wanted, results.rows);
  const ports = living.value?.outputs ?? [];
  return (
    <div class="stack">
      {results.rows > 1 && (
        <Slider
          label={`Sample that is shown, of ${count(results.rows)}`}
          value={sample}
          min={1}
          max={results.rows}
          step={1}
          digits={0}
          onChange={(next) => {
            setWanted(Math.round(next));
          }}
        />
      )}
      <div class="outputs">
        {ports.map(({ name }, output) => (
          <Output key={output} name={name} results={results} output={output} row={sample - 1} />
        ))}
      </div>
      <AsTable title="What comes out" numbers={() => tableOf(results, ports)} />
    </div>
  );
}

interface OutputProps {
  readonly name: string;
  readonly results: Results;
  readonly output: number;
  readonly row: number;
}

function Output({ name, results, output, row }: OutputProps) {
  const values = rowOf(results, output, row);
  const sizes = results.sizes[output] ?? [];
  // Of many numbers, the largest: of a thousand classes, those that are likely.
  const order = [...values.keys()];
  const isMany = values.length > MOST_BARS;
  const drawn = isMany
    ? order.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0)).slice(0, MOST_BARS)
    : order;
  const finite = drawn.map((at) => values[at] ?? 0).filter(Number.isFinite);
  const low = Math.min(0, ...finite);
  const high = Math.max(0, ...finite);
  return (
    <div>
      <p class="port">
        <code>{shown(name)}</code>{" "}
        <span class="quiet small">
          {weightShape(sizes)}
          {isMany && `, the ${MOST_BARS} largest of ${count(values.length)}`}
        </span>
      </p>
      <ul class="values">
        {drawn.map((at) => {
          const value = values[at] ?? NaN;
          return (
            <li key={at}>
              <span class="value-index">{at}</span>
              <Bar from={0} to={Number.isFinite(value) ? value : 0} low={low} high={high} />
              <span class={Number.isFinite(value) ? "value" : "value broken"}>{number(value)}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function tableOf(results: Results, ports: readonly { readonly name: string }[]): Numbers {
  const columns = ports
    .flatMap(({ name }, output) =>
      Array.from({ length: product(results.sizes[output] ?? []) }, (_, at) => ({
        name: shown(name),
        output,
        at,
      })),
    )
    .slice(0, MOST_COLUMNS);
  const rows = Math.min(results.rows, MOST_ROWS);
  return {
    head: ["sample", ...columns.map(({ name, at }) => `${name} ${at}`)],
    rows: Array.from({ length: rows }, (_, row) => [
      String(row + 1),
      ...columns.map(({ output, at }) => rowOf(results, output, row)[at] ?? NaN),
    ]),
  };
}
