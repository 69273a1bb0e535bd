/** How a weight's numbers are spread: each as a dot if they are few, else a histogram. */

import { useMemo } from "preact/hooks";
import { shown } from "../loader/errors";
import type { WeightRow } from "../model/describe";
import { histogram, type Histogram, MANY } from "../model/histogram";
import { count, number, weightShape } from "../model/words";
import { AsTable, type Numbers } from "./AsTable";

const [WIDTH, HEIGHT, MIDDLE] = [320, 72, 20];

export function Distribution({ weight }: { readonly weight: WeightRow }) {
  const { numbers, statistics, name, size } = weight;
  const { min = null, max = null } = statistics ?? {};
  const spread = useMemo(
    () =>
      numbers && min !== null && max !== null && size >= MANY ? histogram(numbers, min, max) : null,
    [numbers, min, max, size],
  );
  const head = (
    <div class="spread-head">
      <h4>{shown(name)}</h4>
      <p class="quiet">{`${weightShape(weight.shape)}, ${weight.dtype}`}</p>
    </div>
  );
  if (!numbers || min === null || max === null) {
    return (
      <li class="spread">
        {head}
        <p class="quiet">{numbers ? "No finite number to draw." : "No numbers to draw."}</p>
      </li>
    );
  }
  // With 0, unless all that is to see would then be one spot.
  const isFar = (max - min) * 2 < Math.min(Math.abs(min), Math.abs(max)) && max > min;
  const low = isFar ? min : Math.min(0, min);
  const high = isFar ? max : Math.max(0, max);
  const x = (value: number): number =>
    low === high ? WIDTH / 2 : 6 + ((value - low) / (high - low)) * (WIDTH - 12);
  const held = size === 1 ? "1 value" : `${count(size)} values`;
  return (
    <li class="spread">
      {head}
      <svg
        viewBox={`0 0 ${WIDTH} ${spread ? HEIGHT : MIDDLE * 2}`}
        role="img"
        aria-label={`${spread ? "Histogram" : "Strip plot"} of ${shown(name)}: ${held} from ${number(min)} to ${number(max)}`}
      >
        {spread ? <Bins spread={spread} x={x} /> : <Dots values={numbers} x={x} />}
      </svg>
      <p class="ends" aria-hidden="true">
        <span>{number(low)}</span>
        <span>{held}</span>
        <span>{number(high)}</span>
      </p>
      <AsTable
        title={shown(name)}
        numbers={() => (spread ? binTable(spread) : valueTable(numbers))}
      />
    </li>
  );
}

interface DrawnBy {
  readonly x: (value: number) => number;
}

function Bins({ spread, x }: DrawnBy & { readonly spread: Histogram }) {
  const base = HEIGHT - 2;
  return (
    <>
      {spread.bins.map(({ from, to, count: found }) => {
        const height = (found / spread.most) * (HEIGHT - 6);
        // What is there is seen, however little.
        const tall = found > 0 ? Math.max(1, height) : 0;
        const [left, right] = from === to ? [x(from) - 3, x(from) + 3] : [x(from), x(to)];
        return (
          <rect
            key={from}
            class={to <= 0 && from < 0 ? "bar-below" : "bar-above"}
            x={left + 0.5}
            y={base - tall}
            width={Math.max(1, right - left - 1)}
            height={tall}
          />
        );
      })}
      <path class="spread-line" d={`M0 ${base}H${WIDTH}`} />
      <path class="bar-zero" d={`M${x(0)} 0V${HEIGHT}`} />
    </>
  );
}

function Dots({ values, x }: DrawnBy & { readonly values: ArrayLike<number> }) {
  return (
    <>
      <path class="spread-line" d={`M0 ${MIDDLE}H${WIDTH}`} />
      <path class="bar-zero" d={`M${x(0)} 6V${MIDDLE * 2 - 6}`} />
      {Array.from(values).map((value, index) =>
        Number.isFinite(value) ? (
          <circle
            key={index}
            class={value < 0 ? "dot-below" : value > 0 ? "dot-above" : "dot-zero"}
            cx={x(value)}
            cy={MIDDLE}
            r={5}
          />
        ) : null,
      )}
    </>
  );
}

function binTable({ bins }: Histogram): Numbers {
  return {
    head: ["From", "To", "Values"],
    rows: bins.map(({ from, to, count: found }) => [number(from), number(to), count(found)]),
  };
}

/** Each number by its index in a flat list. */
export function valueTable(values: ArrayLike<number>, each = "Index"): Numbers {
  const MOST = 1000;
  return {
    head: [values.length > MOST ? `${each} (the first ${count(MOST)})` : each, "Value"],
    rows: Array.from({ length: Math.min(MOST, values.length) }, (_, index) => [
      String(index),
      values[index] ?? NaN,
    ]),
  };
}
