/** What fixing a bias at 1 saves, for a dense layer of any size, and what it costs. */

import { address } from "../../../learn/address";
import { elsewhere } from "../../../learn/elsewhere";
import { biasBytes, HELD, type Held, kernelBytes, OPTIMIZERS } from "../../../learn/memory";
import { bytes, count, fixed } from "../../../model/words";
import { Choice } from "../../Choice";
import { WholeNumber } from "../WholeNumber";

const TITLES: Readonly<Record<Held, string>> = {
  vector: "one per unit, trained",
  fixed: "one per unit, fixed at 1",
  scalar: "one number, trained",
  none: "none",
};
const OPTIMIZER_TITLES = { adam: "Adam", momentum: "SGD, momentum", sgd: "SGD" } as const;

export function Bill() {
  const { units, inputs, optimizer } = elsewhere.state.value;
  const kernel = kernelBytes(units, inputs, optimizer);
  const full = kernel + biasBytes("vector", units, optimizer);
  const saved = biasBytes("vector", units, optimizer) - biasBytes("fixed", units, optimizer);
  return (
    <section class="lab" aria-labelledby="bill-title">
      <div class="lab-controls">
        <h2 id="bill-title">What does it save to fix it at 1?</h2>
        <p class="quiet">A dense layer in training, in single precision.</p>
        <div class="numbers">
          <WholeNumber
            label="units"
            value={units}
            max={1_000_000_000}
            onChange={(value) => {
              elsewhere.change({ units: value });
            }}
          />
          <WholeNumber
            label="inputs of each unit"
            value={inputs}
            max={1_000_000}
            onChange={(value) => {
              elsewhere.change({ inputs: value });
            }}
          />
        </div>
        <Choice
          label="Optimizer"
          options={OPTIMIZERS.map((name) => [name, OPTIMIZER_TITLES[name]] as const)}
          value={optimizer}
          onChange={(value) => {
            elsewhere.change({ optimizer: value });
          }}
        />
        <p class="verdict" role="status">
          {`Fixed at 1, ${count(units)} biases save ${bytes(saved)} of ${bytes(full)}: ${share(saved / full)}. A bias is one number where a kernel has ${count(inputs)}.`}
        </p>
      </div>
      <div class="lab-picture">
        <div class="scroll" role="region" aria-label="Memory in training" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">bias</th>
                <th scope="col" class="numeric">
                  its memory
                </th>
                <th scope="col" class="numeric">
                  layer
                </th>
                <th scope="col" class="numeric">
                  saved
                </th>
              </tr>
            </thead>
            <tbody>
              {HELD.map((held) => {
                const own = biasBytes(held, units, optimizer);
                return (
                  <tr key={held}>
                    <th scope="row">{TITLES[held]}</th>
                    <td class="numeric">{bytes(own)}</td>
                    <td class="numeric">{bytes(kernel + own)}</td>
                    <td class="numeric strong">{share((full - kernel - own) / full)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
        <p class="prose">
          A trained number takes its weight, its gradient, and what the optimizer keeps of it: two
          numbers with Adam. One that is fixed takes its weight alone. The layer’s outputs, which
          training keeps as well, are as large with a bias as without.
        </p>
        <p class="prose">
          And the cost: units cannot move their lines, and kernels must make up for it. In{" "}
          <a href={address({ view: "learn", scene: "answer" }, [["bias", "fixed"]])}>
            a single layer they cannot
          </a>
          : off by 193.7° instead of 0. In{" "}
          <a
            href={address({ view: "learn", scene: "boundary" }, [
              ["data", "bands"],
              ["spread", "1"],
            ])}
          >
            the nets of the boundary
          </a>{" "}
          it depends on the points: train fifteen seeds and see.
        </p>
      </div>
    </section>
  );
}

function share(part: number): string {
  const percent = 100 * part;
  return percent > 0 && percent < 0.01 ? "< 0.01 %" : `${fixed(percent, 2)} %`;
}
