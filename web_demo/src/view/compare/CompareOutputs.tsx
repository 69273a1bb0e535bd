/** What both models give for the same samples. */

import type { Comparison } from "../../compare/compare";
import type { OutputPair } from "../../compare/outputs";
import {
  canType,
  compareOutputs,
  inputs,
  isRunning,
  outputs,
  problem,
  seed,
  setTyped,
  type Source,
  source,
  typed,
} from "../../compare/running";
import { shown } from "../../loader/errors";
import { capital, count, counted, number, weightShape } from "../../model/words";
import { Choice } from "../Choice";
import { NumberField } from "../life/NumberField";
import { Problem } from "../life/Problem";
import { TypedInputs } from "../life/TypedInputs";
import { Pairs } from "./Pairs";

const SOURCES: readonly (readonly [Source, string])[] = [
  ["random", "Random"],
  ["typed", "Typed"],
];
const MOST_SEEDS = 999_999;

export function CompareOutputs({ comparison }: { readonly comparison: Comparison }) {
  const found = outputs.value;
  return (
    <section aria-labelledby="asked-title" aria-busy={isRunning.value}>
      <h3 id="asked-title">Outputs for the same inputs</h3>
      {!found && (
        <p class="asked-start">
          <button
            type="button"
            class="button"
            // Not disabled meanwhile: it would lose the focus.
            aria-disabled={isRunning.value}
            onClick={() => void compareOutputs(comparison)}
          >
            {isRunning.value ? "Asking both ..." : "Ask both the same"}
          </button>
          <span class="quiet">
            Builds both with TensorFlow.js in this browser, and feeds both the same samples.
          </span>
        </p>
      )}
      {problem.value && <Problem error={problem.value} />}
      <p class="visually-hidden" role="status">
        {found &&
          `Both were asked: ${found.map((each) => `${shown(each.name)}: ${said(each)}`).join(" ")}`}
      </p>
      {found && (
        <div class="lab asked">
          <div class="lab-controls">
            <h4>What goes into both</h4>
            <Inputs />
          </div>
          <div class="lab-picture">
            <h4>What comes out</h4>
            <ul class="asked-outputs">
              {found.map((each) => (
                <li key={each.name}>
                  <Output pair={each} />
                </li>
              ))}
            </ul>
          </div>
        </div>
      )}
    </section>
  );
}

function Inputs() {
  const chosen = canType.value ? source.value : "random";
  const [first] = outputs.value ?? [];
  const whole = inputs.value.filter(({ below }) => below !== null);
  const ranges = [
    ...(whole.length < inputs.value.length ? ["uniform between −1 and 1"] : []),
    ...whole.map(({ name, below }) => `${shown(name)}: whole numbers below ${count(below ?? 1)}`),
  ];
  return (
    <>
      {canType.value && (
        <Choice
          label="Inputs"
          options={SOURCES}
          value={chosen}
          onChange={(next) => {
            source.value = next;
          }}
        />
      )}
      {chosen === "typed" ? (
        <TypedInputs ports={inputs.value} typed={typed.value} setTyped={setTyped} />
      ) : (
        <>
          <div class="fields">
            <NumberField
              label="Seed"
              value={seed.value}
              min={0}
              max={MOST_SEEDS}
              isWhole
              onChange={(next) => {
                seed.value = next;
              }}
            />
            <button
              type="button"
              class="button button-quiet"
              onClick={() => {
                seed.value = (seed.peek() % MOST_SEEDS) + 1;
              }}
            >
              New seed
            </button>
          </div>
          <p class="quiet small">{`${counted(first?.rows ?? 0, "sample")}, ${ranges.join("; ")}.`}</p>
        </>
      )}
    </>
  );
}

function Output({ pair }: { readonly pair: OutputPair }) {
  const { name, sizes, rows, a, b } = pair;
  const words = difference(pair);
  return (
    <>
      <p class="port">
        <code>{shown(name)}</code> <span class="quiet small">{weightShape(sizes)}</span>
      </p>
      <p>{said(pair)}</p>
      {rows > 1 && <p class="quiet small">The first sample:</p>}
      <Pairs pairs={{ a, b, each: "number" }} title={`first sample of ${name}`} words={words} />
    </>
  );
}

function difference({ delta }: OutputPair): string {
  return delta.unequal === 0
    ? "equal to the last bit"
    : delta.max === null
      ? "not a number"
      : `max |Δ| ${number(delta.max)}, mean |Δ| ${number(delta.mean)}`;
}

function said(pair: OutputPair): string {
  const { agreeing, rows } = pair;
  const samples = rows > 1 ? ` over ${count(rows)} samples` : "";
  const places =
    agreeing === null
      ? ""
      : rows > 1
        ? ` The largest number stands in the same place for ${count(agreeing)} of ${count(rows)}.`
        : ` The largest number stands in ${agreeing ? "the same place" : "another place"}.`;
  return `${capital(difference(pair))}${samples}.${places}`;
}
