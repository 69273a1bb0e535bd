/** The table of weights: what tfjs-vis shows, under its names, and what it leaves out. */

import { shown } from "../loader/errors";
import type { WeightRow } from "../model/describe";
import type { Statistics } from "../model/statistics";
import { biasLabel } from "../model/biasKind";
import { count, number, weightShape } from "../model/words";
import { KindMark } from "./KindMark";
import { type Column, Table } from "./Table";

type Number = "min" | "max" | "mean" | "std";
type Count = "zeros" | "nans" | "infinities";

const numeric = (title: string, key: Number): Column<WeightRow> => ({
  title,
  numeric: true,
  cell: ({ statistics }) => number(statistics?.[key] ?? null),
});

const counted = (title: string, key: Count, marked: boolean): Column<WeightRow> => ({
  title,
  numeric: true,
  cell: ({ statistics }) => {
    const found: Statistics[Count] | undefined = statistics?.[key];
    return found !== undefined ? (
      <span class={marked && found > 0 ? "broken" : ""}>{count(found)}</span>
    ) : (
      "–"
    );
  },
});

const COLUMNS: readonly Column<WeightRow>[] = [
  { title: "Weight Name", cell: (row) => <span class="name">{shown(row.name)}</span> },
  { title: "Shape", cell: (row) => weightShape(row.shape) },
  numeric("Min", "min"),
  numeric("Max", "max"),
  { title: "# Params", numeric: true, cell: (row) => count(row.size) },
  counted("# Zeros", "zeros", false),
  counted("# NaNs", "nans", true),
  counted("# Infinity", "infinities", true),
  numeric("Mean", "mean"),
  numeric("Std", "std"),
  { title: "Dtype", cell: (row) => row.dtype },
  { title: "Trainable", cell: (row) => (row.trainable ? "yes" : "no, fixed") },
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
];

/** An optimizer's are neither trained nor biases. */
const OPTIMIZER_COLUMNS = COLUMNS.filter(({ title }) => title !== "Trainable" && title !== "Bias");

export function OptimizerWeights({ weights }: { readonly weights: readonly WeightRow[] }) {
  return weights.length === 0 ? null : (
    <Table
      title="Optimizer"
      id="optimizer-title"
      columns={OPTIMIZER_COLUMNS}
      rows={weights}
      name={(row) => row.name}
      empty=""
    />
  );
}

export function Weights({ weights }: { readonly weights: readonly WeightRow[] }) {
  return (
    <Table
      title="Weights"
      id="weights-title"
      columns={COLUMNS}
      rows={weights}
      name={(row) => row.name}
      empty="The model has no weights."
    />
  );
}
