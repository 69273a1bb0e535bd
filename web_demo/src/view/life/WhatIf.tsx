/** Each bias as it is, as one number, as nothing, or as one likes; and what comes of it. */

import { shown } from "../../loader/errors";
import {
  biases,
  changeProblem,
  effectReasons,
  effects,
  isChanged,
  keepChanges,
  undoChanges,
} from "../../live/changing";
import { isHeld, results } from "../../live/probing";
import { living } from "../../live/session";
import { number } from "../../model/words";
import { useLimit } from "../useLimit";
import { BiasChange } from "./BiasChange";
import { Matters } from "./Matters";
import { Problem } from "./Problem";

const FEW = 6;

export function WhatIf() {
  const all = biases.value;
  const { visible, more } = useLimit(all, FEW);
  return (
    <section class="lab life-lab" aria-labelledby="whatif-title">
      <div class="lab-controls">
        <h4 id="whatif-title">What if a bias were another?</h4>
        {all.length === 0 ? (
          <p class="quiet">This network has no bias to change.</p>
        ) : (
          <ul class="changes">
            {visible.map((bias) => (
              <BiasChange key={bias.name} bias={bias} />
            ))}
          </ul>
        )}
        {more}
      </div>
      <div class="lab-picture">
        <div>
          <h4>What changes, on the samples above</h4>
          {changeProblem.value && <Problem error={changeProblem.value} />}
          <Effect />
        </div>
        {all.length > 0 && <Matters />}
      </div>
    </section>
  );
}

function Effect() {
  const apart = effects.value;
  const ports = living.value?.outputs ?? [];
  const reasons = effectReasons.value;
  if (!isChanged.value) {
    return <p class="quiet">All biases are as they are.</p>;
  }
  if (!apart) {
    return (
      <p class="quiet">
        {isHeld.value || results.value ? "Running." : "Run the network first, above."}
      </p>
    );
  }
  return (
    <div class="stack">
      <div class="scroll" role="region" aria-label="What changes" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Output</th>
              <th scope="col" class="numeric">
                Max |difference|
              </th>
              <th scope="col" class="numeric">
                Mean |difference|
              </th>
            </tr>
          </thead>
          <tbody>
            {ports.map(({ name }, index) => (
              <tr key={index}>
                <th scope="row">
                  <span class="name">{shown(name)}</span>
                </th>
                <td class="numeric">{number(apart[index]?.max ?? null)}</td>
                <td class="numeric">{number(apart[index]?.mean ?? null)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {reasons.length > 0 && (
        <p class="verdict">
          <strong>This changes nothing here.</strong> {reasons.join(" ")}
        </p>
      )}
      <div class="buttons">
        <button type="button" class="button" onClick={keepChanges}>
          Keep these biases
        </button>
        <button type="button" class="button button-quiet" onClick={undoChanges}>
          All as they were
        </button>
      </div>
    </div>
  );
}
