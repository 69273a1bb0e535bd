/** The table of layers, two in a row, with what differs between them. */

import { isEqualWeight, type LayerPair } from "../../compare/compare";
import { shown } from "../../loader/errors";
import { biasLabel } from "../../model/biasKind";
import type { LayerRow } from "../../model/describe";
import { count, number, outputShape } from "../../model/words";
import { type Column, Table } from "../Table";

/** One value if both have it, else both. */
function either(pair: LayerPair, of: (layer: LayerRow) => string): string {
  const [a, b] = [pair.a && of(pair.a), pair.b && of(pair.b)];
  return a !== null && b !== null && a !== b ? `${a} → ${b}` : (a ?? b ?? "–");
}

function largest({ weights, biases }: LayerPair): number | null {
  const found = [...weights, biases]
    .map((each) => each?.delta?.max ?? null)
    .filter((max) => max !== null);
  return found.length ? Math.max(...found) : null;
}

/** In words, so that no colour has to be seen. */
export function differences(pair: LayerPair): readonly string[] {
  const { a, b, weights } = pair;
  if (!a || !b) {
    return [a ? "only in A" : "only in B"];
  }
  const isOther = (is: boolean, word: string): readonly string[] => (is ? [word] : []);
  return [
    ...isOther(!pair.isSameClass, "class"),
    ...isOther(a.bias?.name !== b.bias?.name, "kind of bias"),
    ...isOther(pair.options.length > 0, "options"),
    ...isOther(!pair.isSamePlace, "inputs"),
    ...isOther(
      weights.some(({ isSameShape }) => !isSameShape),
      "shapes",
    ),
    ...isOther(
      weights.some((each) => each.isSameShape && each.delta && !isEqualWeight(each)),
      "numbers",
    ),
  ];
}

const COLUMNS: readonly Column<LayerPair>[] = [
  { title: "Layer", cell: ({ title }) => <span class="name">{shown(title)}</span> },
  {
    title: "Differs in",
    cell: (pair) => {
      const found = differences(pair);
      return found.length ? (
        found.map((word) => (
          <span key={word} class="tag tag-difference">
            {word}
          </span>
        ))
      ) : (
        <span class="quiet">nothing</span>
      );
    },
  },
  { title: "Class", cell: (pair) => either(pair, ({ className }) => shown(className)) },
  { title: "Output shape", cell: (pair) => either(pair, (row) => outputShape(row.outputShape)) },
  {
    title: "Parameters",
    numeric: true,
    cell: (pair) => either(pair, ({ parameters }) => count(parameters)),
  },
  {
    title: "Bias",
    cell: (pair) => either(pair, ({ bias }) => (bias ? biasLabel(bias) : "–")),
  },
  { title: "max |Δ|", numeric: true, cell: (pair) => number(largest(pair)) },
];

export function LayerDifferences({ layers }: { readonly layers: readonly LayerPair[] }) {
  return (
    <Table
      title="Layers"
      id="pairs-title"
      columns={COLUMNS}
      rows={layers}
      name={({ title, a, b }) => `${a ? "a" : ""}${b ? "b" : ""} ${title}`}
      empty="Neither model has layers."
    />
  );
}
