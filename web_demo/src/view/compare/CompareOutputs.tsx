/** What both models give for the same random samples. */

import type { Comparison } from "../../compare/compare";
import type { OutputPair } from "../../compare/outputs";
import { compareOutputs, isRunning, outputs, problem } from "../../compare/running";
import { shown } from "../../loader/errors";
import { count, number } from "../../model/words";
import { AsTable, type Numbers } from "../AsTable";
import { Problem } from "../life/Problem";

export function CompareOutputs({ comparison }: { readonly comparison: Comparison }) {
  const found = outputs.value;
  return (
    <section aria-labelledby="outputs-title" aria-busy={isRunning.value}>
      <h3 id="outputs-title">Outputs for the same inputs</h3>
      {!found && (
        <p class="outputs-ask">
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
            Builds both with TensorFlow.js in this browser, and feeds both the same random samples.
          </span>
        </p>
      )}
      {problem.value && <Problem error={problem.value} />}
      <div role="status">
        {found && (
          <ul class="outputs">
            {found.map((each) => (
              <li key={each.name}>
                <Output pair={each} />
              </li>
            ))}
          </ul>
        )}
      </div>
      {found?.map((each) => (
        <AsTable
          key={each.name}
          title={`${shown(each.name)} for the first sample`}
          numbers={() => firstRow(each)}
        />
      ))}
    </section>
  );
}

function Output({ pair: { name, delta, agreeing, rows } }: { readonly pair: OutputPair }) {
  const samples = rows === 1 ? "one sample" : `${count(rows)} samples`;
  const places =
    agreeing === null
      ? ""
      : ` The largest number stands in the same place for ${count(agreeing)} of ${count(rows)}.`;
  return (
    <>
      <strong>{shown(name)}</strong>
      {delta.unequal === 0
        ? `: equal to the last bit, for ${samples}.`
        : delta.max === null
          ? `: not a number for ${samples}.`
          : `: max |Δ| ${number(delta.max)}, mean |Δ| ${number(delta.mean)}, over ${samples}.`}
      {places}
    </>
  );
}

function firstRow({ a, b }: OutputPair): Numbers {
  return {
    head: ["Index", "A", "B", "B − A"],
    rows: Array.from({ length: Math.min(1000, a.length) }, (_, index) => [
      String(index),
      a[index] ?? NaN,
      b[index] ?? NaN,
      (b[index] ?? NaN) - (a[index] ?? NaN),
    ]),
  };
}
