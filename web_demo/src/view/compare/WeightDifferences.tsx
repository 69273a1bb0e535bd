/** All weights, two in a row, and pictures of where those differ that do. */

import type { Comparison, LayerPair, WeightPair } from "../../compare/compare";
import { deltaByUnit } from "../../compare/numbers";
import { shown } from "../../loader/errors";
import type { WeightRow } from "../../model/describe";
import { count, number, weightShape } from "../../model/words";
import { AsTable } from "../AsTable";
import { valueTable } from "../Distribution";
import { type Column, Table } from "../Table";
import { UnitBars } from "../UnitBars";
import { useLimit } from "../useLimit";

interface Row extends WeightPair {
  readonly title: string;
}

const FEW = 9;

function either(row: Row, of: (weight: WeightRow) => string): string {
  const [a, b] = [row.a && of(row.a), row.b && of(row.b)];
  return a !== null && b !== null && a !== b ? `${a} → ${b}` : (a ?? b ?? "–");
}

function said({ a, b, delta, isSameShape, isSameDtype }: Row): string {
  if (!a || !b) {
    return a ? "only in A" : "only in B";
  }
  if (!isSameShape) {
    return "other shape";
  }
  if (!delta) {
    return "not read";
  }
  const dtype = isSameDtype ? "" : ", other dtype";
  return delta.unequal === 0
    ? `equal${dtype}`
    : `${count(delta.unequal)} of ${count(delta.size)} differ${dtype}`;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: "Weight", cell: ({ title }) => <span class="name">{shown(title)}</span> },
  { title: "Numbers", cell: said },
  { title: "max |Δ|", numeric: true, cell: ({ delta }) => number(delta?.max ?? null) },
  { title: "mean |Δ|", numeric: true, cell: ({ delta }) => number(delta?.mean ?? null) },
  { title: "Shape", cell: (row) => either(row, ({ shape }) => weightShape(shape)) },
  { title: "Dtype", cell: (row) => either(row, ({ dtype }) => dtype) },
  { title: "Trainable", cell: (row) => either(row, (each) => (each.trainable ? "yes" : "no")) },
];

export function WeightDifferences({ comparison }: { readonly comparison: Comparison }) {
  const { layers, strays } = comparison;
  const rows = [
    ...layers.flatMap((pair) => pair.weights.map((weight) => row(pair, weight))),
    ...strays.map((weight) => ({ ...weight, title: weight.name })),
  ];
  return (
    <>
      <Table
        title="Weights"
        id="weight-differences-title"
        columns={COLUMNS}
        rows={rows}
        name={({ title, a, b }) => `${a ? "a" : ""}${b ? "b" : ""} ${title}`}
        empty="Neither model has weights."
      />
      <Pictures rows={rows} />
    </>
  );
}

function row(pair: LayerPair, weight: WeightPair): Row {
  return { ...weight, title: `${pair.title}/${weight.name}` };
}

/** Where kernels and the like differ; biases have their own. */
function Pictures({ rows }: { readonly rows: readonly Row[] }) {
  const drawn = rows.filter(({ a, delta }) => delta && delta.unequal > 0 && a && !a.isBias);
  const { visible, more } = useLimit(drawn, FEW);
  return drawn.length === 0 ? null : (
    <section aria-labelledby="where-title">
      <h3 id="where-title">Where weights differ</h3>
      <ul class="spreads">
        {visible.map((each) => (
          <Picture key={each.title} row={each} />
        ))}
      </ul>
      {more}
    </section>
  );
}

function Picture({ row: { title, a, b, delta } }: { readonly row: Row }) {
  const units = a?.shape.at(-1) ?? 1;
  const largest = a?.numbers && b?.numbers ? deltaByUnit(a.numbers, b.numbers, units) : [];
  const words = `largest |Δ| of each index of the last axis, at most ${number(delta?.max ?? null)}`;
  return (
    <li class="spread">
      <div class="spread-head">
        <h4>{shown(title)}</h4>
        <p class="quiet">{a ? weightShape(a.shape) : ""}</p>
      </div>
      <UnitBars label={`${shown(title)}: ${words}`} values={largest} />
      <p class="range">{`max |Δ| by unit, up to ${number(delta?.max ?? null)}`}</p>
      <AsTable title={`max |Δ| of ${shown(title)}`} numbers={() => valueTable(largest, "Unit")} />
    </li>
  );
}
