/** One run: how it stands, its curve, and the way of its biases. */

import { useMemo } from "preact/hooks";
import { shown } from "../../loader/errors";
import { count, fixed, number } from "../../model/words";
import { merged, type Run, sampleAt } from "../../runs/history";
import { axesOf, curve, looked, remove, words } from "../../runs/live";
import { useLimit } from "../useLimit";
import { BiasPlot } from "./BiasPlot";
import { CurvePlot } from "./CurvePlot";

/** Pictures of biases, at first and with each press of the button: all are drawn while they move. */
const SOME = 8;
const FURTHER = 24;

export function RunPanel({ run }: { readonly run: Run }) {
  const { about, batches, epochs, state, strange } = run;
  const samples = useMemo(() => merged(run), [batches, epochs]);
  const biases = useMemo(() => about.biases.map((bias, index) => ({ bias, index })), [about]);
  const { visible, more } = useLimit(biases, SOME, FURTHER);
  const step = looked.value ?? samples.at(-1)?.step ?? 0;
  const sample = sampleAt(samples, step);
  const told = sampleAt(
    samples.filter(({ logs }) => logs.has(curve.value)),
    step,
  );
  const axes = axesOf(run);
  const id = `run-${run.key}`;
  const epoch =
    sample && about.epochs !== null
      ? `epoch ${count(Math.min(sample.epoch + 1, about.epochs))} of ${count(about.epochs)}`
      : null;
  const value = told?.logs.get(curve.value);
  const facts = [
    `step ${count(sample?.step ?? 0)}`,
    epoch,
    value === undefined ? null : `${curve.value} ${number(value)}`,
    sample ? `${fixed(sample.time, 1)} s` : null,
    about.backend,
  ].filter((each) => each !== null && each !== "");
  return (
    <article class="run" aria-labelledby={id}>
      <header class="run-head">
        <h2 id={id}>{shown(about.name)}</h2>
        <span class={`run-state run-${state}`}>{words(run)}</span>
        {state !== "running" && (
          <button
            type="button"
            class="run-remove"
            onClick={() => {
              remove(run.key);
            }}
          >
            Remove<span class="visually-hidden"> {shown(about.name)}</span>
          </button>
        )}
        <p class="run-facts">{facts.join(" · ")}</p>
      </header>
      {strange && (
        <p class="run-strange" role="alert">
          <strong>{`${shown(strange.name)} became ${number(strange.value)}`}</strong>
          {` by step ${count(strange.step)}. A lower learning rate often helps; so does clipping the gradients.`}
        </p>
      )}
      <CurvePlot run={run} name={curve.value} step={sample?.step ?? 0} axes={axes} />
      <div class="run-biases">
        {visible.map(({ bias, index }) => (
          <BiasPlot
            key={index}
            bias={bias}
            index={index}
            samples={samples}
            sample={sample}
            axes={axes}
          />
        ))}
      </div>
      {biases.length === 0 && <p class="quiet">This network has no biases.</p>}
      {more}
      {about.untold > 0 && (
        <p class="quiet">{`${count(about.untold)} further biases are not told.`}</p>
      )}
    </article>
  );
}
