/** In a sentence: the same, or how not. */

import type { Comparison, Verdict } from "../../compare/compare";
import { shown } from "../../loader/errors";
import { capital, count, number } from "../../model/words";

export function VerdictBox({ comparison }: { readonly comparison: Comparison }) {
  const { a, b, verdict } = comparison;
  const facts: readonly (readonly [string, number, number])[] = [
    ["Layers", a.layers.length, b.layers.length],
    ["Parameters", a.parameters, b.parameters],
    ["of them biases", a.biasParameters, b.biasParameters],
    ["of them trained", a.trainableParameters, b.trainableParameters],
  ];
  return (
    <section class="compare-verdict" aria-labelledby="verdict-title">
      <h2 id="verdict-title">{verdict.isIdentical ? "Identical" : "Different"}</h2>
      {verdict.isIdentical ? (
        <p>{identical(comparison)}</p>
      ) : (
        <ul>
          {sentences(verdict).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      {[a, b].some(({ optimizer }) => optimizer.length > 0) && (
        <p class="quiet">Numbers of optimizers are no part of a model, and are not compared.</p>
      )}
      <dl class="facts">
        {facts.map(([name, inA, inB]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{inA === inB ? count(inA) : `${count(inA)} → ${count(inB)}`}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function identical({ a, verdict }: Comparison): string {
  const names = verdict.renamed
    ? ` Only the names of ${layersOf(verdict.renamed)} are other ones.`
    : "";
  const numbers =
    a.parameters === 1 ? "the one number is" : `all ${count(a.parameters)} numbers are`;
  return `The same layers with the same options, joined in the same way, and ${numbers} equal.${names}`;
}

function sentences(verdict: Verdict): readonly string[] {
  const { onlyA, onlyB, otherOptions, otherPlaces, weights, equalWeights, largest } = verdict;
  const numbers = largest
    ? `; the largest difference of two numbers is ${number(largest.max)}, in ${shown(largest.name)}`
    : "";
  return [
    ...(verdict.isComplete ? [] : ["Not all numbers could be read, so not all can be compared."]),
    ...(onlyA ? [`${capital(layersOf(onlyA))} ${onlyA === 1 ? "is" : "are"} only in A.`] : []),
    ...(onlyB ? [`${capital(layersOf(onlyB))} ${onlyB === 1 ? "is" : "are"} only in B.`] : []),
    ...(otherOptions
      ? [`${capital(layersOf(otherOptions))} ${otherOptions === 1 ? "has" : "have"} other options.`]
      : []),
    ...(otherPlaces
      ? [`${capital(layersOf(otherPlaces))} ${otherPlaces === 1 ? "is" : "are"} joined otherwise.`]
      : []),
    ...(weights
      ? [`${count(equalWeights)} of ${count(weights)} weights are equal${numbers}.`]
      : []),
    ...(verdict.renamed ? [`${capital(layersOf(verdict.renamed))} bear other names.`] : []),
  ];
}

function layersOf(number: number): string {
  return number === 1 ? "one layer" : `${count(number)} layers`;
}
