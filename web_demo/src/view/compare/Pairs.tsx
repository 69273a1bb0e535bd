/** Two lists of numbers beside each other: one by one if they are few, else as bars of B minus A. */

import { shown } from "../../loader/errors";
import { number } from "../../model/words";
import { AsTable, type Numbers } from "../AsTable";
import { Bar } from "../Bar";
import { UnitBars } from "../UnitBars";

/** Equally long; null for one that is not there. */
export interface PairsOf {
  readonly a: ArrayLike<number> | null;
  readonly b: ArrayLike<number> | null;
  /** What an index counts. */
  readonly each: "unit" | "number";
}

/** More are drawn side by side. */
const SHORT = 16;

interface Props {
  readonly pairs: PairsOf;
  /** What they are: "biases of dense". */
  readonly title: string;
  /** How they differ, in words. */
  readonly words: string;
}

export function Pairs({ pairs, title, words }: Props) {
  const { a, b, each } = pairs;
  const length = a?.length ?? b?.length ?? 0;
  const found = a && b;
  return length > SHORT ? (
    <>
      <UnitBars
        label={`${found ? "B minus A" : "Numbers"}, ${shown(title)}, ${each} by ${each}: ${words}`}
        values={Array.from({ length }, (_, unit) => difference(pairs, unit))}
        each={each}
      />
      <p class="range">{found ? "B − A" : words}</p>
      <AsTable title={shown(title)} numbers={() => bothTable(pairs)} />
    </>
  ) : (
    <Units pairs={pairs} length={length} />
  );
}

/** B minus A, or the one that there is. */
function difference({ a, b }: PairsOf, unit: number): number {
  return a && b ? minus(b[unit] ?? NaN, a[unit] ?? NaN) : ((a ?? b)?.[unit] ?? NaN);
}

function minus(b: number, a: number): number {
  return a === b || (Number.isNaN(a) && Number.isNaN(b)) ? 0 : b - a;
}

function bothTable({ a, b, each }: PairsOf): Numbers {
  const length = Math.min(1000, a?.length ?? b?.length ?? 0);
  return {
    head: [each === "unit" ? "Unit" : "Index", "A", "B", "B − A"],
    rows: Array.from({ length }, (_, unit) => [
      String(unit),
      a?.[unit] ?? "–",
      b?.[unit] ?? "–",
      a && b ? minus(b[unit] ?? NaN, a[unit] ?? NaN) : "–",
    ]),
  };
}

function Units({ pairs, length }: { readonly pairs: PairsOf; readonly length: number }) {
  const { a, b, each } = pairs;
  const finite = [...Array.from(a ?? []), ...Array.from(b ?? [])].filter(Number.isFinite);
  const low = Math.min(0, ...finite);
  const high = Math.max(0, ...finite);
  const bar = (value: number): number => (Number.isFinite(value) ? value : 0);
  const cell = (values: ArrayLike<number> | null, unit: number) =>
    values ? (
      <>
        <Bar from={0} to={bar(values[unit] ?? NaN)} low={low} high={high} />
        {number(values[unit] ?? NaN)}
      </>
    ) : (
      "–"
    );
  return (
    <table class="units">
      <thead>
        <tr>
          <th scope="col">{each === "unit" ? "Unit" : "Index"}</th>
          <th scope="col">A</th>
          <th scope="col">B</th>
          <th scope="col" class="numeric">
            B − A
          </th>
        </tr>
      </thead>
      <tbody>
        {Array.from({ length }, (_, unit) => (
          <tr key={unit}>
            <th scope="row">{unit}</th>
            <td>{cell(a, unit)}</td>
            <td>{cell(b, unit)}</td>
            <td class="numeric">{a && b ? number(difference(pairs, unit)) : "–"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
