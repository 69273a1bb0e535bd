/**
 * Numbers of a small map as squares: as large as the number, filled above 0 and hollow below.
 *
 * So signs are told apart without colour, and small numbers from none.
 */

import type { Picture } from "../../../learn/convolution";
import { SIDE } from "../../../learn/convolution";

interface Props {
  readonly title: string;
  readonly map: Picture;
  /** The number of the largest square; others are in proportion, by area. */
  readonly largest: number;
}

const CELL = 12;

export function Hinton({ title, map, largest }: Props) {
  const [low, high] = [Math.min(...map), Math.max(...map)];
  return (
    <div class="map">
      <svg
        viewBox={`0 0 ${SIDE * CELL} ${SIDE * CELL}`}
        role="img"
        aria-label={`${title}: from ${low.toFixed(2)} to ${high.toFixed(2)}`}
      >
        <rect class="map-ground" width={SIDE * CELL} height={SIDE * CELL} />
        {map.map((value, place) => {
          const side = Math.min(CELL - 1, (CELL - 1) * Math.sqrt(Math.abs(value) / largest));
          const middle = (index: number): number => (index + 0.5) * CELL;
          const [x, y] = [middle(place % SIDE), middle(Math.floor(place / SIDE))];
          if (side < 0.6) {
            return <circle key={place} class="map-zero" cx={x} cy={y} r="0.8" />;
          }
          const inner = value < 0 ? Math.max(0.4, side - 1.6) : side;
          return (
            <rect
              key={place}
              class={value > 0 ? "map-above" : "map-below"}
              x={x - inner / 2}
              y={y - inner / 2}
              width={inner}
              height={inner}
            />
          );
        })}
      </svg>
      <p>{title}</p>
    </div>
  );
}
