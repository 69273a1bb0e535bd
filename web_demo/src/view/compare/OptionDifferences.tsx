/** The table of options that two layers of a pair do not share. */

import type { LayerPair } from "../../compare/compare";
import { shown } from "../../loader/errors";
import { type Column, Table } from "../Table";

interface Row {
  readonly layer: string;
  readonly option: string;
  readonly a: string | null;
  readonly b: string | null;
}

/** What a layer does not say is what its class takes by default. */
const said = (value: string | null): string => (value === null ? "not set" : shown(value));

const COLUMNS: readonly Column<Row>[] = [
  { title: "Layer", cell: ({ layer }) => <span class="name">{shown(layer)}</span> },
  { title: "Option", cell: ({ option }) => <code>{shown(option)}</code> },
  { title: "A", cell: ({ a }) => said(a) },
  { title: "B", cell: ({ b }) => said(b) },
];

export function OptionDifferences({ layers }: { readonly layers: readonly LayerPair[] }) {
  const rows = layers.flatMap(({ title, a, b, isSameClass, options }): readonly Row[] => [
    ...(isSameClass
      ? []
      : [{ layer: title, option: "class", a: a?.className ?? null, b: b?.className ?? null }]),
    ...options.map((each) => ({ layer: title, ...each })),
  ]);
  return (
    <Table
      title="Options that differ"
      id="options-title"
      columns={COLUMNS}
      rows={rows}
      name={({ layer, option }) => `${layer} ${option}`}
      empty="None: layers that stand beside each other have the same options."
    />
  );
}
