/** One dense layer, 1 -> 2: its bias to be set, its answers, and by how much they are off. */

import { answer, fitBest, LIMIT } from "../../../learn/answer";
import {
  best,
  biases,
  formulaError,
  type LayerBias,
  measuredError,
  OFFSETS,
  type Pair,
  UNITS,
} from "../../../learn/celsius";
import { fixed, signed } from "../../../model/words";
import { Choice } from "../../Choice";
import { Slider } from "../../Slider";
import { Difference } from "./Difference";
import { Lanes } from "./Lanes";
import { LayerPlot } from "./LayerPlot";

const KINDS: readonly (readonly [LayerBias, string])[] = [
  ["scalar", "one number"],
  ["vector", "one per output"],
  ["none", "nothing"],
  ["fixed", "1, fixed"],
];

export function Layer() {
  const { bias, b, bF, bK } = answer.state.value;
  const added = biases(bias, b, [bF, bK]);
  const bestError = measuredError(best(bias));
  const isFree = bias === "scalar" || bias === "vector";
  return (
    <section class="lab" aria-labelledby="layer-title">
      <div class="lab-controls">
        <h2 id="layer-title">One layer, two outputs</h2>
        <p class="quiet">
          The slopes, 1.8 and 1, are as good as they get. The bias is yours: what may the layer add?
        </p>
        <Choice
          label="Bias"
          options={KINDS}
          value={bias}
          onChange={(kind) => {
            answer.change({ bias: kind });
          }}
        />
        {bias === "scalar" && (
          <BiasSlider label="b, for both" value={b} onChange={(value) => ({ b: value })} />
        )}
        {bias === "vector" && (
          <>
            <BiasSlider label="b for °F" value={bF} onChange={(value) => ({ bF: value })} />
            <BiasSlider label="b for K" value={bK} onChange={(value) => ({ bK: value })} />
          </>
        )}
        {isFree && (
          <div class="buttons">
            <button type="button" class="button" onClick={fitBest}>
              Fit best
            </button>
            <button
              type="button"
              class="button button-quiet"
              onClick={() => {
                answer.change({ b: 0, bF: 0, bK: 0 });
              }}
            >
              Reset
            </button>
          </div>
        )}
        <p class="verdict" role="status">
          {verdict(bias, added, bestError)}
        </p>
        <Lanes />
      </div>
      <div class="lab-picture">
        <LayerPlot added={added} />
        <Offs added={added} />
        <dl class="facts">
          <Fact name="error, measured on 201 temperatures" value={measuredError(added)} />
          <Fact name="error, by the formula" value={formulaError(added)} />
          <Fact name={`the least there is with ${KIND_WORDS[bias]}`} value={bestError} />
        </dl>
        <p class="formula quiet">
          The error is the root of ((b<sub>°F</sub> − 32)² + (b<sub>K</sub> − 273.15)²) / 2, in
          degrees. With one number for both it is least at their mean, 152.575, where each output is
          off by half of their difference: (273.15 − 32) / 2 = 120.575.
        </p>
      </div>
    </section>
  );
}

const KIND_WORDS: Readonly<Record<LayerBias, string>> = {
  scalar: "one number",
  vector: "one per output",
  none: "nothing added",
  fixed: "1 added",
};

function verdict(kind: LayerBias, added: Pair, bestError: number): string {
  const isBest = measuredError(added) < bestError + 1e-3;
  switch (kind) {
    case "scalar":
      return isBest
        ? "One number can only be the average: too much for one output, too little for the other. No setting does better. Now give each output its own."
        : "Whatever helps one line harms the other. Look for the best number, or fit it.";
    case "vector":
      return isBest
        ? "Both lines fit, exactly. A bias is one number per output, and this layer has two outputs."
        : "Two numbers: each line moves by itself.";
    case "none":
      return "Nothing is added, so at 0 °C both answers are 0. It is 32 °F and 273.15 K.";
    case "fixed":
      return "A bias that stays at 1 is hardly more than none: kernels cannot make up for it in a single layer.";
  }
}

function BiasSlider(props: {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => Parameters<typeof answer.change>[0];
}) {
  return (
    <Slider
      label={props.label}
      value={props.value}
      min={-LIMIT}
      max={LIMIT}
      step={1}
      digits={3}
      unit="°"
      onChange={(value) => {
        answer.change(props.onChange(value));
      }}
    />
  );
}

function Offs({ added }: { readonly added: Pair }) {
  return (
    <div class="scroll offs" role="region" aria-label="What each output needs" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Output</th>
            <th scope="col" class="numeric">
              needs
            </th>
            <th scope="col" class="numeric">
              is given
            </th>
            <th scope="col" class="numeric">
              off by
            </th>
            <th scope="col" class="offs-bar">
              <span class="visually-hidden">off by, as a bar</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {([0, 1] as const).map((output) => {
            const off = added[output] - OFFSETS[output];
            return (
              <tr key={output}>
                <th scope="row">{UNITS[output]}</th>
                <td class="numeric">{signed(OFFSETS[output], 2)}</td>
                <td class="numeric">{signed(added[output], 2)}</td>
                <td class="numeric strong">{signed(off, 2)}</td>
                <td class="offs-bar">
                  <Difference value={off} limit={LIMIT} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{fixed(value, 3)}°</dd>
    </div>
  );
}
