/** What two linear layers come to, with the numbers: y = (W1 W2) x + (b1 W2 + b2). */

import { OFFSETS, SLOPES, UNITS } from "../../../learn/celsius";
import type { Line } from "../../../learn/chain";
import { fixed, signed } from "../../../model/words";

export function Collapse({ lines }: { readonly lines: readonly [Line, Line] }) {
  return (
    <div class="scroll" role="region" aria-label="The two layers as one" tabIndex={0}>
      <table class="collapse">
        <caption>
          Without an activation the two layers are one: y = (W1·W2) x + b<sub>eff</sub>, with b
          <sub>eff</sub> = b1·W2 + b2
        </caption>
        <thead>
          <tr>
            <th scope="col">Output</th>
            <th scope="col" class="numeric">
              W1·W2
            </th>
            <th scope="col" class="numeric">
              b1·W2
            </th>
            <th scope="col" class="numeric">
              + b2
            </th>
            <th scope="col" class="numeric">
              = b<sub>eff</sub>
            </th>
            <th scope="col" class="numeric">
              wanted
            </th>
          </tr>
        </thead>
        <tbody>
          {([0, 1] as const).map((output) => {
            const line = lines[output];
            return (
              <tr key={output}>
                <th scope="row">{UNITS[output]}</th>
                <td class="numeric">{fixed(line.slope, 3)}</td>
                <td class="numeric">{fixed(line.carried, 2)}</td>
                <td class="numeric">{signed(line.own, 2)}</td>
                <td class="numeric strong">{fixed(line.offset, 2)}</td>
                <td class="numeric">
                  {fixed(SLOPES[output], 1)} x + {fixed(OFFSETS[output], 2)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
