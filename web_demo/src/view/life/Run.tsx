/** The network's inputs, as typed, random or of a table, and what comes out. */

import { shown } from "../../loader/errors";
import { count, counted } from "../../model/words";
import {
  canType,
  expected,
  isHeld,
  isUnasked,
  MOST_RANDOM_ROWS,
  openTable,
  probe,
  progress,
  results,
  run,
  runProblem,
  seed,
  setTyped,
  sizes,
  source,
  type Source,
  table,
  tableProblem,
  typed,
  wantedRows,
} from "../../live/probing";
import { inSample } from "../../live/probe";
import { living } from "../../live/session";
import { Choice } from "../Choice";
import { FilePick } from "./FilePick";
import { NumberField } from "./NumberField";
import { Outputs } from "./Outputs";
import { Problem } from "./Problem";
import { SizeFields } from "./SizeFields";
import { TypedInputs } from "./TypedInputs";

const SOURCES: readonly (readonly [Source, string])[] = [
  ["typed", "Typed"],
  ["random", "Random"],
  ["csv", "CSV file"],
];

export function Run() {
  const fed = probe.value;
  const found = results.value;
  const chosen = source.value === "typed" && !canType.value ? "random" : source.value;
  return (
    <section class="lab life-lab" aria-labelledby="run-title">
      <div class="lab-controls">
        <h4 id="run-title">What goes in</h4>
        <Choice
          label="Inputs"
          options={canType.value ? SOURCES : SOURCES.slice(1)}
          value={chosen}
          onChange={(next) => {
            source.value = next;
          }}
        />
        <SizeFields />
        {chosen === "typed" && (
          <TypedInputs ports={living.value?.inputs ?? []} typed={typed.value} setTyped={setTyped} />
        )}
        {chosen === "random" && <RandomInputs />}
        {chosen === "csv" && <TableInputs />}
        {fed instanceof Error && <Problem error={fed} />}
        <Go />
      </div>
      <div class="lab-picture">
        <h4>What comes out</h4>
        {runProblem.value && <Problem error={runProblem.value} />}
        {found ? <Outputs results={found} /> : <p class="quiet">{waiting()}</p>}
      </div>
    </section>
  );
}

function waiting(): string {
  const now = progress.value;
  if (now) {
    return `Running: ${count(now.done)} of ${count(now.of)} samples.`;
  }
  return isHeld.value ? "Shown again when training rests." : "Nothing yet.";
}

/** Where a run takes long, it begins when asked for. */
function Go() {
  if (isUnasked.value) {
    return null;
  }
  const seconds = Math.ceil(expected.value);
  return (
    <div class="stack">
      <p class="quiet small">
        This takes about {count(seconds)} {seconds === 1 ? "second" : "seconds"}, and the page
        answers slowly meanwhile.
      </p>
      <div class="buttons">
        <button type="button" class="button" onClick={run}>
          Run
        </button>
      </div>
    </div>
  );
}

function RandomInputs() {
  const fed = probe.value;
  const rows = fed && !(fed instanceof Error) ? fed.rows : 0;
  const ports = living.value?.inputs ?? [];
  const whole = ports.filter(({ below }) => below !== null);
  const others = whole.length < ports.length ? ["uniform between −1 and 1"] : [];
  const looked = whole.map(
    ({ name, below }) => `${name}: whole numbers from 0 to ${(below ?? 1) - 1}`,
  );
  return (
    <>
      <div class="fields">
        <NumberField
          label="Seed"
          value={seed.value}
          min={0}
          max={999_999}
          isWhole
          onChange={(next) => {
            seed.value = next;
          }}
        />
        {living.value?.batch === null && (
          <NumberField
            label="Samples"
            value={wantedRows.value}
            min={1}
            max={MOST_RANDOM_ROWS}
            isWhole
            onChange={(next) => {
              wantedRows.value = next;
            }}
          />
        )}
        <button
          type="button"
          class="button button-quiet"
          onClick={() => {
            seed.value = (seed.peek() % 999_999) + 1;
          }}
        >
          New seed
        </button>
      </div>
      <p class="quiet small">
        {counted(rows, "sample")}, {[...others, ...looked].join("; ")}.
      </p>
    </>
  );
}

function TableInputs() {
  const chosen = table.value;
  return (
    <>
      <p class="quiet small">
        One sample a row, {count(inSample(sizes.value))} numbers each, a line of names if you like.
        Drop the file on the page, or choose it.
      </p>
      <div class="buttons">
        <FilePick label="Choose a CSV file" onPick={(file) => void openTable(file)} />
      </div>
      {tableProblem.value && <Problem error={tableProblem.value} />}
      {chosen && (
        <p class="quiet small">
          {shown(chosen.file)}: {counted(chosen.rows, "row")}, {counted(chosen.columns, "column")}.
        </p>
      )}
    </>
  );
}
