/** Above the logits, below the probabilities, along the temperatures. */

import { CLASSES, logits, probabilities, type Triple } from "../../../learn/softmax";
import { path } from "../../../learn/scale";
import { Figure } from "../../Figure";
import { Plot } from "../../Plot";

const FINE = Array.from({ length: 101 }, (_, index) => -100 + 3 * index);
const SHOWN = [-50, -10, 10, 50, 90, 110, 150];
/** Where a class's name stands, in °C. */
const NAMED: Triple = [-75, 50, 175];

export function SoftmaxPlot({ bias }: { readonly bias: Triple }) {
  const draw = (
    title: string,
    of: (celsius: number, added: Triple) => Triple,
    range: readonly [number, number],
    height: number,
    digits: readonly number[],
  ) => (
    <Plot
      label={`${title} of ice, water and steam between −100 and 200 °C`}
      x={[-100, 200]}
      y={range}
      xTitle="°C"
      yTitle={title}
      height={height}
      yTicks={digits}
    >
      {({ x, y }) =>
        CLASSES.map((name, index) => {
          const value = (celsius: number): number => of(celsius, bias)[index] ?? 0;
          const clamped = (celsius: number): number =>
            y(Math.min(range[1], Math.max(range[0], value(celsius))));
          const at = NAMED[index] ?? 0;
          return (
            <g key={name} class={`class-${index}`} aria-hidden="true">
              <path class="curve" d={path(FINE.map((celsius) => [x(celsius), clamped(celsius)]))} />
              <text class="line-name" x={x(at)} y={clamped(at) - 6} text-anchor="middle">
                {name}
              </text>
            </g>
          );
        })
      }
    </Plot>
  );
  return (
    <Figure
      title="Logits, and what softmax makes of them"
      numbers={() => ({
        head: ["°C", ...CLASSES.map((name) => `logit, ${name}`), ...CLASSES],
        rows: SHOWN.map((celsius) => [
          String(celsius).replace("-", "−"),
          ...logits(celsius, bias),
          ...probabilities(celsius, bias),
        ]),
      })}
    >
      {draw("logits", logits, [-30, 40], 210, [-20, 0, 20, 40])}
      {draw("probabilities", probabilities, [0, 1.12], 190, [0, 0.5, 1])}
    </Figure>
  );
}
