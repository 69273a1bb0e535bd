/** Every number of the question's network, to be read and to be changed. */

import { editChain } from "../../../learn/answer";
import { at, type ChainBias, HIDDEN, SCALE } from "../../../learn/chain";
import { NumberCell } from "../../NumberCell";

interface Props {
  readonly weights: Float32Array;
  readonly kind: ChainBias;
}

const UNITS = Array.from({ length: HIDDEN }, (_, unit) => unit);
const ALL_BIASES_1 = UNITS.map(at.bias1);
const BOTH_BIASES_2 = [at.bias2(0), at.bias2(1)];

export function ChainTable({ weights, kind }: Props) {
  const cell = (label: string, indices: readonly number[], factor: number) => (
    <NumberCell
      label={label}
      value={(weights[indices[0] ?? 0] ?? 0) * factor}
      digits={factor === 1 ? 3 : 1}
      onChange={(value) => {
        editChain(indices, value / factor);
      }}
    />
  );
  return (
    <div class="scroll" role="region" aria-label="All numbers of the network" tabIndex={0}>
      <table class="weights">
        <caption>
          {kind === "vector"
            ? "Five units and two: 5 + 2 = 7 biases"
            : kind === "scalar"
              ? "One bias for each layer: 1 + 1 = 2"
              : "No biases"}
        </caption>
        <thead>
          <tr>
            <th scope="col">Unit</th>
            <th scope="col" class="numeric">
              kernel 1
            </th>
            <th scope="col" class="numeric">
              bias 1
            </th>
            <th scope="col" class="numeric">
              to °F
            </th>
            <th scope="col" class="numeric">
              to K
            </th>
          </tr>
        </thead>
        <tbody>
          {UNITS.map((unit) => (
            <tr key={unit}>
              <th scope="row">h{unit + 1}</th>
              <td class="numeric">{cell(`kernel 1 of h${unit + 1}`, [at.kernel1(unit)], 1)}</td>
              {kind === "none" ? (
                <td class="numeric quiet">–</td>
              ) : kind === "vector" ? (
                <td class="numeric biased">
                  {cell(`bias 1 of h${unit + 1}`, [at.bias1(unit)], SCALE)}
                </td>
              ) : (
                unit === 0 && (
                  <td class="numeric biased" rowSpan={HIDDEN}>
                    {cell("bias 1, for all five", ALL_BIASES_1, SCALE)}
                  </td>
                )
              )}
              <td class="numeric">{cell(`h${unit + 1} to °F`, [at.kernel2(unit, 0)], 1)}</td>
              <td class="numeric">{cell(`h${unit + 1} to K`, [at.kernel2(unit, 1)], 1)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row" colSpan={3}>
              bias 2
            </th>
            {kind === "none" ? (
              <td class="numeric quiet" colSpan={2}>
                –
              </td>
            ) : kind === "vector" ? (
              <>
                <td class="numeric biased">{cell("bias 2 of °F", [at.bias2(0)], SCALE)}</td>
                <td class="numeric biased">{cell("bias 2 of K", [at.bias2(1)], SCALE)}</td>
              </>
            ) : (
              <td class="numeric biased" colSpan={2}>
                {cell("bias 2, for both", BOTH_BIASES_2, SCALE)}
              </td>
            )}
          </tr>
        </tbody>
      </table>
    </div>
  );
}
