/** One upright bar for each of many numbers, side by side: upwards above 0, downwards below. */

import { columnsOf } from "../model/columns";
import { count } from "../model/words";

interface Props {
  /** What the numbers are, for who cannot see them. */
  readonly label: string;
  readonly values: ArrayLike<number>;
  /** What bars stand for: "unit". */
  readonly each?: string;
}

const MOST = 256;
const HEIGHT = 48;

export function UnitBars({ label, values, each = "unit" }: Props) {
  const columns = columnsOf(values, MOST);
  const low = Math.min(0, ...columns.map((column) => column.low));
  const high = Math.max(0, ...columns.map((column) => column.high));
  const span = high - low || 1;
  const y = (value: number): number =>
    high === low ? HEIGHT / 2 : ((high - value) / span) * HEIGHT;
  const wide = columns[0] ? columns[0].to - columns[0].from : 1;
  const path = (from: (column: (typeof columns)[number]) => readonly [number, number]): string =>
    columns
      .map((column, index) => {
        const [top, bottom] = from(column);
        return top === bottom ? "" : `M${index + 0.1} ${y(top)}h0.8V${y(bottom)}h-0.8z`;
      })
      .join("");
  return (
    <div class="unit-bars">
      <svg
        viewBox={`0 0 ${Math.max(1, columns.length)} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        <path class="bar-above" d={path(({ high: top }) => [top, 0])} />
        <path class="bar-below" d={path(({ low: bottom }) => [0, bottom])} />
        {columns.map(({ isBroken }, index) =>
          isBroken ? (
            <path key={index} class="bar-broken" d={`M${index + 0.5} 0V${HEIGHT}`} />
          ) : null,
        )}
        <path class="bar-zero" d={`M0 ${y(0)}H${columns.length}`} />
      </svg>
      <p class="ends" aria-hidden="true">
        <span>{`${each} 0`}</span>
        {wide > 1 && <span>{`${count(wide)} to a bar`}</span>}
        <span>{count(Math.max(0, values.length - 1))}</span>
      </p>
    </div>
  );
}
