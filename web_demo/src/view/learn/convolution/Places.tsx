/** What a bias for each place can say that a tied one cannot: three tasks, five kinds of bias. */

import {
  answers,
  biasCount,
  cross,
  difference,
  FILTERS,
  fitted,
  KINDS,
  less,
  type Maps,
  needed,
  outputSide,
  SIDE,
  type Sizes,
  TASKS,
  variation,
} from "../../../learn/convolution";
import { convolution } from "../../../learn/convolutionScene";
import { count, fixed } from "../../../model/words";
import { Choice } from "../../Choice";
import { Figure } from "../../Figure";
import { Slider } from "../../Slider";
import { Hinton } from "./Hinton";
import { CONV_TITLES, CONV_WORDS } from "./titles";

const SMALL: Sizes = {
  side: SIDE,
  channels: 1,
  kernel: 3,
  filters: FILTERS.length,
  padding: "same",
};

export function Places() {
  const { task, bias: kind, strength, row, column } = convolution.state.value;
  const wanted = needed(task, strength);
  const bias = fitted(kind, wanted);
  const picture = cross(row, column);
  const given = answers(picture, bias);
  const off = less(bias, wanted);
  return (
    <section class="lab" aria-labelledby="places-title">
      <div class="lab-controls">
        <h2 id="places-title">What are they for?</h2>
        <Choice
          label="The bias is to"
          options={TASKS.map(({ name, title }) => [name, title] as const)}
          value={task}
          onChange={(name) => {
            convolution.change({ task: name });
          }}
        />
        <Choice
          label="and is"
          options={KINDS.map((name) => [name, CONV_TITLES[name]] as const)}
          value={kind}
          onChange={(name) => {
            convolution.change({ bias: name });
          }}
        />
        <Slider
          label="how much"
          value={strength}
          min={0}
          max={1}
          step={0.05}
          onChange={(value) => {
            convolution.change({ strength: value });
          }}
        />
        <Slider
          label="cross, from the left"
          value={column}
          min={0}
          max={SIDE - 1}
          step={1}
          digits={0}
          onChange={(value) => {
            convolution.change({ column: Math.round(value) });
          }}
        />
        <Slider
          label="cross, from the top"
          value={row}
          min={0}
          max={SIDE - 1}
          step={1}
          digits={0}
          onChange={(value) => {
            convolution.change({ row: Math.round(value) });
          }}
        />
        <p class="verdict" role="status">
          {verdict(difference(bias, wanted), variation(bias))}
        </p>
      </div>
      <div class="lab-picture">
        <p class="prose quiet">{TASKS.find(({ name }) => name === task)?.why}</p>
        <Pictures picture={picture} wanted={wanted} bias={bias} given={given} off={off} />
        <Kinds wanted={wanted} />
        <p class="formula quiet">
          Fitted in closed form: whoever shares a number gets the mean of what they need. One input
          channel, {SIDE} × {SIDE} pixels, two filters of 3 × 3, padding “same”; filled squares are
          above 0, hollow ones below, and their area is the number.
        </p>
      </div>
    </section>
  );
}

function verdict(error: number, varied: number): string {
  const fit = error < 1e-9 ? "It fits, exactly." : `At best it is off by ${fixed(error, 3)}.`;
  const moved =
    varied < 1e-9
      ? "Away from the edge the same thing is answered alike: move the cross, and its answer moves along."
      : `The price: the same thing is answered otherwise at another place, by up to ${fixed(varied, 3)}.`;
  return `${fit} ${moved}`;
}

interface PicturesProps {
  readonly picture: readonly number[];
  readonly wanted: Maps;
  readonly bias: Maps;
  readonly given: Maps;
  readonly off: Maps;
}

function Pictures({ picture, wanted, bias, given, off }: PicturesProps) {
  return (
    <Figure
      title="The two filters"
      numbers={() => ({
        head: ["place", ...FILTERS.flatMap(({ name }) => [`${name}, needs`, `${name}, is given`])],
        rows: picture.map((_, place) => [
          `row ${Math.floor(place / SIDE) + 1}, column ${(place % SIDE) + 1}`,
          ...FILTERS.flatMap((_filter, filter) => [
            wanted[filter]?.[place] ?? 0,
            bias[filter]?.[place] ?? 0,
          ]),
        ]),
      })}
    >
      <div class="maps">
        <Hinton title="the picture" map={picture} largest={1} />
        {FILTERS.map(({ name }, filter) => (
          <div key={name} class="maps-row" role="group" aria-label={`filter ${name}`}>
            <Hinton title={`${name}: needs`} map={wanted[filter] ?? []} largest={1} />
            <Hinton title="is given" map={bias[filter] ?? []} largest={1} />
            <Hinton title="is off by" map={off[filter] ?? []} largest={1} />
            <Hinton title="and answers" map={given[filter] ?? []} largest={1.5} />
          </div>
        ))}
      </div>
    </Figure>
  );
}

function Kinds({ wanted }: { readonly wanted: Maps }) {
  const out = outputSide(SMALL);
  return (
    <div class="scroll" role="region" aria-label="The least error of each kind" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">bias</th>
            <th scope="col">{`of ${out} × ${out} × ${SMALL.filters}`}</th>
            <th scope="col" class="numeric">
              numbers
            </th>
            <th scope="col" class="numeric">
              least error
            </th>
          </tr>
        </thead>
        <tbody>
          {KINDS.map((name) => {
            const error = difference(fitted(name, wanted), wanted);
            return (
              <tr key={name} class={name === convolution.state.value.bias ? "chosen" : ""}>
                <th scope="row">{CONV_TITLES[name]}</th>
                <td>{CONV_WORDS[name]}</td>
                <td class="numeric">{count(biasCount(name, SMALL))}</td>
                <td class="numeric strong">{error < 1e-9 ? "0, exact" : fixed(error, 3)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
