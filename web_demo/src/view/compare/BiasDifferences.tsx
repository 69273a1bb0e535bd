/** Biases beside each other, unit by unit. */

import type { BiasPair } from "../../compare/biases";
import type { LayerPair } from "../../compare/compare";
import { shown } from "../../loader/errors";
import { biasLabel } from "../../model/biasKind";
import { count, number } from "../../model/words";
import { AsTable, type Numbers } from "../AsTable";
import { Bar } from "../Bar";
import { UnitBars } from "../UnitBars";
import { useLimit } from "../useLimit";

const FEW = 12;
/** More units are drawn side by side. */
const SHORT = 16;

export function BiasDifferences({ layers }: { readonly layers: readonly LayerPair[] }) {
  const biased = layers.flatMap((pair) =>
    pair.biases ? [{ title: pair.title, biases: pair.biases }] : [],
  );
  const { visible, more } = useLimit(biased, FEW);
  return (
    <section aria-labelledby="bias-differences-title">
      <h3 id="bias-differences-title">Biases</h3>
      {biased.length === 0 && <p class="quiet">Neither model has biases to compare.</p>}
      <ul class="biases">
        {visible.map(({ title, biases }) => (
          <li key={title} class="bias">
            <div class="bias-head">
              <h4>{shown(title)}</h4>
              <p class="kind">{kinds(biases)}</p>
            </div>
            <Difference title={title} biases={biases} />
          </li>
        ))}
      </ul>
      {more}
    </section>
  );
}

function kinds({ layers: { a, b } }: BiasPair): string {
  const [inA, inB] = [a, b].map((layer) =>
    layer === null ? "no layer" : layer.bias ? biasLabel(layer.bias) : "none",
  );
  return inA === inB ? (inA ?? "") : `${inA ?? ""} → ${inB ?? ""}`;
}

interface Props {
  readonly title: string;
  readonly biases: BiasPair;
}

function Difference({ title, biases }: Props) {
  const { a, b, each, delta: found } = biases;
  const length = a?.length ?? b?.length ?? 0;
  const words = found
    ? found.unequal === 0
      ? "equal in both"
      : `max |Δ| ${number(found.max)}, mean |Δ| ${number(found.mean)}`
    : `only in ${a ? "A" : "B"}`;
  const table = (): Numbers => bothTable(biases);
  return (
    <>
      <p class="bias-about">{`${count(length)} ${length === 1 ? each : `${each}s`}, ${words}`}</p>
      {length > SHORT ? (
        <>
          <UnitBars
            label={`${found ? "B minus A" : "The biases"} of ${shown(title)}, ${each} by ${each}: ${words}`}
            values={Array.from({ length }, (_, unit) => difference(biases, unit))}
            each={each}
          />
          <p class="range">{found ? "B − A" : words}</p>
          <AsTable title={`biases of ${shown(title)}`} numbers={table} />
        </>
      ) : (
        <Units biases={biases} length={length} />
      )}
    </>
  );
}

/** B minus A, or the one that there is. */
function difference({ a, b }: BiasPair, unit: number): number {
  return a && b ? minus(b[unit] ?? NaN, a[unit] ?? NaN) : ((a ?? b)?.[unit] ?? NaN);
}

function minus(b: number, a: number): number {
  return a === b || (Number.isNaN(a) && Number.isNaN(b)) ? 0 : b - a;
}

function bothTable({ a, b, each }: BiasPair): Numbers {
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

function Units({ biases, length }: { readonly biases: BiasPair; readonly length: number }) {
  const { a, b, each } = biases;
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
            <td class="numeric">{a && b ? number(difference(biases, unit)) : "–"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
