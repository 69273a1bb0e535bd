/** Both outputs along the temperatures: as they should be, and as the layer has them. */

import { CELSIUS, layer, type Pair, target, UNITS } from "../../../learn/celsius";
import { apart, path } from "../../../learn/scale";
import { fixed } from "../../../model/words";
import { Figure } from "../../Figure";
import { type Frame, Plot } from "../../Plot";

const ENDS = [CELSIUS[0] ?? 0, CELSIUS.at(-1) ?? 0] as const;
const SHOWN = [-100, -50, 0, 50, 100];
const OUTPUTS = [0, 1] as const;

interface Props {
  readonly added: Pair;
}

export function LayerPlot({ added }: Props) {
  return (
    <Figure
      title="What the layer answers"
      caption="Dotted as it should be, solid as it is. At 0 °C an output is its bias."
      numbers={() => ({
        head: ["°C", "°F, wanted", "°F, given", "K, wanted", "K, given"],
        rows: SHOWN.map((celsius) => {
          const [wanted, given] = [target(celsius), layer(celsius, added)];
          return [fixed(celsius, 0), wanted[0], given[0], wanted[1], given[1]];
        }),
      })}
    >
      <Plot
        label={`Two lines that should be there, and the two that the layer draws. At 0 °C it gives ${fixed(added[0], 2)} °F instead of 32, and ${fixed(added[1], 2)} K instead of 273.15.`}
        x={ENDS}
        y={[-200, 500]}
        xTitle="input, °C"
        yTitle="output"
        height={340}
        roomRight={84}
      >
        {(frame) => (
          <>
            {OUTPUTS.map((output) => (
              <Output key={output} frame={frame} output={output} added={added} />
            ))}
            <Names frame={frame} added={added} />
          </>
        )}
      </Plot>
    </Figure>
  );
}

function isExact(added: Pair, output: 0 | 1): boolean {
  return Math.abs(added[output] - target(0)[output]) < 0.005;
}

function Output({
  frame: { x, y, clip },
  output,
  added,
}: Props & { readonly frame: Frame; readonly output: 0 | 1 }) {
  const line = (of: (celsius: number) => Pair): string =>
    path(ENDS.map((celsius) => [x(celsius), y(of(celsius)[output])]));
  const [wanted, given] = [target(0)[output], added[output]];
  return (
    <g class={`series-${output}`} aria-hidden="true">
      <path class="wanted" d={line(target)} clip-path={clip} />
      {!isExact(added, output) && (
        <path class="gap" d={`M${x(0)} ${y(wanted)}V${y(given)}`} clip-path={clip} />
      )}
      <path class="given" clip-path={clip} d={line((celsius) => layer(celsius, added))} />
      <circle class="dot-wanted" cx={x(0)} cy={y(wanted)} r="4.5" />
      <circle class="dot-given" cx={x(0)} cy={y(given)} r="5" />
    </g>
  );
}

/** At the right ends of the lines. */
function Names({ frame: { y, right }, added }: Props & { readonly frame: Frame }) {
  const names = OUTPUTS.flatMap((output) => {
    const end = (of: Pair): number => y(of[output]) + 4;
    const wanted = { height: end(target(ENDS[1])), isGiven: false, word: "wanted" };
    const given = { height: end(layer(ENDS[1], added)), isGiven: true, word: "given" };
    const shown = isExact(added, output) ? [{ ...given, word: "exact" }] : [wanted, given];
    return shown.map((name) => ({ ...name, unit: UNITS[output] }));
  });
  const heights = apart(
    names.map(({ height }) => height),
    15,
  );
  return (
    <g aria-hidden="true">
      {names.map(({ unit, word, isGiven }, index) => (
        <text
          key={`${unit} ${word}`}
          class={isGiven ? "line-name" : "line-name quiet-name"}
          x={right + 8}
          y={heights[index]}
        >
          {unit} {word}
        </text>
      ))}
    </g>
  );
}
