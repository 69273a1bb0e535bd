/** How many numbers a convolution has, for the sizes that the reader sets. */

import {
  biasCount,
  type ConvBias,
  kernelCount,
  KINDS,
  outputSide,
  type Sizes,
} from "../../../learn/convolution";
import { convolution } from "../../../learn/convolutionScene";
import { bytes, count, fixed } from "../../../model/words";
import { Choice } from "../../Choice";
import { WholeNumber } from "../WholeNumber";
import { CONV_TITLES, CONV_WORDS } from "./titles";

/** Of one number in single precision. */
const BYTES = 4;

export function Counts() {
  const sizes = convolution.state.value;
  const { side, channels, kernel, filters, padding } = sizes;
  const out = outputSide(sizes);
  return (
    <section class="lab" aria-labelledby="counts-title">
      <div class="lab-controls">
        <h2 id="counts-title">How many biases?</h2>
        <div class="numbers">
          <WholeNumber
            label="input, pixels a side"
            value={side}
            max={2048}
            onChange={(value) => {
              convolution.change({ side: value });
            }}
          />
          <WholeNumber
            label="input channels"
            value={channels}
            max={4096}
            onChange={(value) => {
              convolution.change({ channels: value });
            }}
          />
          <WholeNumber
            label="kernel, pixels a side"
            value={kernel}
            max={99}
            onChange={(value) => {
              convolution.change({ kernel: value });
            }}
          />
          <WholeNumber
            label="filters"
            value={filters}
            max={4096}
            onChange={(value) => {
              convolution.change({ filters: value });
            }}
          />
        </div>
        <Choice
          label="Padding"
          options={[
            ["valid", "valid"],
            ["same", "same"],
          ]}
          value={padding}
          onChange={(value) => {
            convolution.change({ padding: value });
          }}
        />
        <p class="verdict" role="status">
          {out === 0
            ? "The kernel is larger than the picture: there is no output."
            : `The output is ${count(out)} × ${count(out)} with ${count(filters)} ${filters === 1 ? "channel" : "channels"}. Tied and untied are the literature’s words; keras_bias takes them as bias_shape.`}
        </p>
      </div>
      <div class="lab-picture">
        <div class="scroll" role="region" aria-label="Numbers of the layer" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">bias</th>
                <th scope="col">kernels and biases</th>
                <th scope="col" class="numeric">
                  numbers
                </th>
                <th scope="col" class="numeric">
                  biases
                </th>
                <th scope="col" class="numeric">
                  bias, memory
                </th>
              </tr>
            </thead>
            <tbody>
              {KINDS.map((kind) => (
                <Row key={kind} kind={kind} sizes={sizes} />
              ))}
            </tbody>
          </table>
        </div>
        <p class="formula quiet">
          A kernel reaches over {channels} · {kernel} · {kernel} inputs for each of {filters}{" "}
          filters. Tied, each filter adds one more: <Sum kind="tied" sizes={sizes} />. Untied, each
          of the {out} · {out} places does: <Sum kind="untied" sizes={sizes} />. Memory is in single
          precision; training with Adam takes four times as much.
        </p>
      </div>
    </section>
  );
}

function Row({ kind, sizes }: { readonly kind: ConvBias; readonly sizes: Sizes }) {
  const biases = biasCount(kind, sizes);
  const all = kernelCount(sizes) + biases;
  const share = (100 * biases) / all;
  return (
    <tr>
      <th scope="row">
        {CONV_TITLES[kind]}
        <span class="under">{CONV_WORDS[kind]}</span>
      </th>
      <td class="sum">{formula(kind, sizes)}</td>
      <td class="numeric strong">{count(all)}</td>
      <td class="numeric">
        {count(biases)}
        <span class="under">{share > 0 && share < 0.1 ? "< 0.1" : fixed(share, 1)} %</span>
      </td>
      <td class="numeric">{bytes(biases * BYTES)}</td>
    </tr>
  );
}

function Sum({ kind, sizes }: { readonly kind: ConvBias; readonly sizes: Sizes }) {
  return <span class="sum-inline">{formula(kind, sizes)}</span>;
}

function formula(kind: ConvBias, sizes: Sizes): string {
  const { channels, kernel, filters } = sizes;
  const taps = `${channels}·${kernel}·${kernel}`;
  const out = outputSide(sizes);
  return {
    none: `${taps}·${filters}`,
    scalar: `${taps}·${filters} + 1`,
    tied: `(${taps} + 1)·${filters}`,
    location: `${taps}·${filters} + ${out}·${out}`,
    untied: `${taps}·${filters} + ${out}·${out}·${filters}`,
  }[kind];
}
