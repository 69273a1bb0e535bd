/** The table of layers. */

import { shown } from "../loader/errors";
import type { LayerRow } from "../model/describe";
import { biasLabel } from "../model/biasKind";
import { count, outputShape } from "../model/words";
import { KindMark } from "./KindMark";
import { type Column, Table } from "./Table";

const COLUMNS: readonly Column<LayerRow>[] = [
  {
    title: "Layer",
    cell: ({ path }) => (
      <span class="name">
        {path.length > 1 && <span class="path">{path.slice(0, -1).map(shown).join(" / ")} / </span>}
        {shown(path.at(-1) ?? "")}
      </span>
    ),
  },
  {
    title: "Class",
    cell: ({ className, isKnown }) => (
      <>
        {shown(className)}
        {!isKnown && <span class="tag">unknown</span>}
      </>
    ),
  },
  { title: "Output shape", cell: (row) => outputShape(row.outputShape) },
  { title: "Parameters", numeric: true, cell: (row) => count(row.parameters) },
  {
    title: "Bias",
    cell: ({ bias }) =>
      bias ? (
        <span class="kind">
          <KindMark kind={bias} /> {biasLabel(bias)}
        </span>
      ) : (
        "–"
      ),
  },
  { title: "Trainable", cell: trainable },
];

function trainable({ weights, trainable }: LayerRow): string {
  if (weights.length === 0) {
    return "–";
  }
  return trainable ? "yes" : "no, fixed";
}

export function Layers({ layers }: { readonly layers: readonly LayerRow[] }) {
  return (
    <Table
      title="Layers"
      id="layers-title"
      columns={COLUMNS}
      rows={layers}
      name={(row) => row.path.join("/")}
      empty="The model has no layers."
    />
  );
}
