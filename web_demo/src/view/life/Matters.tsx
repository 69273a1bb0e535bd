/** Which biases matter: each in turn as its mean, the largest effect first. */

import { shown } from "../../loader/errors";
import {
  biases,
  expectedOfAll,
  findMatters,
  type Matter,
  matters,
  mattersProgress,
} from "../../live/changing";
import { isHeld, results } from "../../live/probing";
import { count, number } from "../../model/words";
import { Bar } from "../Bar";
import { useLimit } from "../useLimit";

const MANY = 20;

export function Matters() {
  const found = matters.value;
  return (
    <div>
      <h4 id="matters-title">Which biases matter</h4>
      <p class="quiet small">
        Each bias in turn with all its numbers replaced by their mean, and the largest difference
        that this makes to any output: how much the network would miss numbers of their own.
      </p>
      {found ? <Ranking matters={found} /> : <Waiting />}
    </div>
  );
}

function Waiting() {
  const now = mattersProgress.value;
  if (now) {
    return (
      <p class="quiet">{`Running: ${Math.floor((100 * now.done) / Math.max(1, now.of))} %.`}</p>
    );
  }
  if (!results.value || isHeld.value) {
    return (
      <p class="quiet">{isHeld.value ? "Shown again when training rests." : "Run it first."}</p>
    );
  }
  const seconds = Math.ceil(expectedOfAll.value);
  return (
    <div class="buttons">
      <button type="button" class="button button-quiet" onClick={findMatters}>
        {`Try all ${count(biases.value.length)} (about ${count(seconds)} ${seconds === 1 ? "second" : "seconds"})`}
      </button>
    </div>
  );
}

function Ranking({ matters: all }: { readonly matters: readonly Matter[] }) {
  const { visible, more } = useLimit(all, MANY);
  const most = Math.max(...all.map(({ max }) => (Number.isFinite(max) ? max : 0)));
  return (
    <>
      <div class="scroll" role="region" aria-labelledby="matters-title" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Bias</th>
              <th scope="col" class="numeric">
                Its mean
              </th>
              <th scope="col" class="numeric">
                Max |difference|
              </th>
              <th scope="col" class="matters-bar">
                <span class="visually-hidden">The same as a bar</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {visible.map((matter) => (
              <tr key={matter.bias.name}>
                <th scope="row">
                  <span class="name">{shown(matter.bias.name)}</span>
                  <Remark matter={matter} />
                </th>
                <td class="numeric">{number(matter.mean)}</td>
                <td class="numeric">{number(matter.max)}</td>
                <td class="matters-bar">
                  <Bar
                    from={0}
                    to={Number.isFinite(matter.max) ? matter.max : 0}
                    low={0}
                    high={most}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more}
    </>
  );
}

function Remark({ matter: { isNothing, reason } }: { readonly matter: Matter }) {
  const text = isNothing
    ? `Changes nothing here${reason?.ofNothing ? `: ${reason.text}` : ""}.`
    : reason && !reason.ofNothing
      ? `${reason.text[0]?.toUpperCase() ?? ""}${reason.text.slice(1)}.`
      : null;
  return text === null ? null : <span class="remark">{text}</span>;
}
