/** Both outputs of the question's network along the temperatures. */

import { CELSIUS, type Pair, target, UNITS } from "../../../learn/celsius";
import { type Activation, chain } from "../../../learn/chain";
import { path } from "../../../learn/scale";
import { Figure } from "../../Figure";
import { Plot } from "../../Plot";

interface Props {
  readonly weights: Float32Array;
  readonly activation: Activation;
}

const FINE = CELSIUS.filter((_, index) => index % 4 === 0);
const SHOWN = [-100, -50, 0, 50, 100];

export function ChainPlot({ weights, activation }: Props) {
  const [first, second] = chain(weights, activation, 0);
  return (
    <Figure
      title="What the network answers"
      caption="Dotted as it should be, solid as it is."
      numbers={() => ({
        head: ["°C", "°F, wanted", "°F, given", "K, wanted", "K, given"],
        rows: SHOWN.map((celsius) => {
          const [wanted, given] = [target(celsius), chain(weights, activation, celsius)];
          return [String(celsius).replace("-", "−"), wanted[0], given[0], wanted[1], given[1]];
        }),
      })}
    >
      <Plot
        label={`The lines that should be there, and those of the network: at 0 °C it gives ${first.toFixed(1)} °F and ${second.toFixed(1)} K.`}
        x={[-100, 100]}
        y={[-200, 500]}
        xTitle="input, °C"
        yTitle="output"
        height={280}
        roomRight={28}
      >
        {({ x, y, right, clip }) =>
          ([1, 0] as const).map((output) => {
            const line = (of: (celsius: number) => Pair): string =>
              path(FINE.map((celsius) => [x(celsius), y(of(celsius)[output])]));
            return (
              <g key={output} class={`series-${output}`} aria-hidden="true">
                <path class="wanted" clip-path={clip} d={line(target)} />
                <path
                  class="given"
                  clip-path={clip}
                  d={line((celsius) => chain(weights, activation, celsius))}
                />
                <text class="line-name" x={right + 6} y={y(target(100)[output]) + 4}>
                  {UNITS[output]}
                </text>
              </g>
            );
          })
        }
      </Plot>
    </Figure>
  );
}
