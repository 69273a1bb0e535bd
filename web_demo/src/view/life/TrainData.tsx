/** What the network is trained on: made samples, or a table whose columns are inputs and targets. */

import { inSample } from "../../live/probe";
import {
  type Data,
  data,
  dataSeed,
  fitting,
  isTarget,
  openTrainTable,
  task,
  trainSamples,
  trainTable,
  trainTableProblem,
} from "../../live/training";
import { shown } from "../../loader/errors";
import { count, counted } from "../../model/words";
import { Choice } from "../Choice";
import { FilePick } from "./FilePick";
import { NumberField } from "./NumberField";
import { Problem } from "./Problem";

/** Columns that can be chosen one by one. */
const MOST_CHECKS = 64;

export function TrainData() {
  const { points, celsius } = fitting.value;
  const options: readonly (readonly [Data, string])[] = [
    ...(celsius ? [["celsius", "°C to °F and K"] as const] : []),
    ...points.map(({ name, title }) => [name, title.replace(/,.*/u, "")] as const),
    ["linear", "Linear map"],
    ["csv", "CSV file"],
  ];
  const chosen = trainSamples.value;
  return (
    <>
      <Choice
        label="Samples"
        options={options}
        value={data.value}
        onChange={(next) => {
          data.value = next;
        }}
      />
      <About />
      {data.value === "csv" && <Table />}
      {chosen instanceof Error && <Problem error={chosen} />}
    </>
  );
}

function About() {
  const chosen = trainSamples.value;
  const rows = chosen && !(chosen instanceof Error) ? `${count(chosen.rows)} samples` : "";
  switch (data.value) {
    case "csv":
      return null;
    case "linear":
      return (
        <>
          <p class="quiet small">
            {rows} of random inputs. Targets are a random linear map of them, so they mean nothing:
            good to see training work, and no more.
          </p>
          <div class="fields">
            <NumberField
              label="Seed of the samples"
              value={dataSeed.value}
              min={0}
              max={999_999}
              isWhole
              onChange={(next) => {
                dataSeed.value = next;
              }}
            />
          </div>
        </>
      );
    case "celsius":
      return <p class="quiet small">{rows}: −100 to 100 °C, and the same in °F and K.</p>;
    default:
      return <p class="quiet small">{rows}: the points of Learn, scene 2.</p>;
  }
}

function Table() {
  const chosen = trainTable.value;
  const known = task.value;
  const columns = Array.from({ length: chosen?.columns ?? 0 }, (_, column) => column);
  const targets = isTarget.value;
  return (
    <div class="stack">
      <p class="quiet small">
        One sample a row: {count(inSample(known?.sizes ?? []))} columns of inputs and{" "}
        {count(inSample(known?.targetSizes ?? []))} of targets. Of a categorical output, one column
        with the class’s number will do. Drop the file here, or choose it.
      </p>
      <div class="buttons">
        <FilePick label="Choose a CSV file" onPick={(file) => void openTrainTable(file)} />
      </div>
      {trainTableProblem.value && <Problem error={trainTableProblem.value} />}
      {chosen && (
        <p class="quiet small">
          {shown(chosen.file)}: {counted(chosen.rows, "row")}, {counted(chosen.columns, "column")}.
        </p>
      )}
      {columns.length > 0 && columns.length <= MOST_CHECKS && (
        <fieldset class="targets">
          <legend>Columns that are targets</legend>
          {columns.map((column) => (
            <label class="check" key={column}>
              <input
                type="checkbox"
                checked={targets[column] ?? false}
                onChange={({ currentTarget }) => {
                  isTarget.value = columns.map((each) =>
                    each === column ? currentTarget.checked : (targets[each] ?? false),
                  );
                }}
              />
              {shown(chosen?.head?.[column] ?? `column ${column + 1}`)}
            </label>
          ))}
        </fieldset>
      )}
      {columns.length > MOST_CHECKS && (
        <p class="quiet small">The last columns are taken as targets.</p>
      )}
    </div>
  );
}
