/** Where in a square a unit's line w·x + b = 0 lies. */

import { EXTENT } from "./datasets";

export type Point = readonly [number, number];

/** Both ends of the line within the square; null where it does not cross it. */
export function segment(wx: number, wy: number, b: number): readonly [Point, Point] | null {
  const ends: Point[] = [];
  const put = (x: number, y: number): void => {
    const isInside = Math.abs(x) <= EXTENT + 1e-9 && Math.abs(y) <= EXTENT + 1e-9;
    if (isInside && ends.every(([a, c]) => Math.hypot(a - x, c - y) > 1e-6)) {
      ends.push([x, y]);
    }
  };
  for (const edge of [-EXTENT, EXTENT]) {
    if (Math.abs(wy) > 1e-12) {
      put(edge, (-b - wx * edge) / wy);
    }
    if (Math.abs(wx) > 1e-12) {
      put((-b - wy * edge) / wx, edge);
    }
  }
  const [first, second] = ends;
  return first && second ? [first, second] : null;
}

/** The bias with which the unit's line goes through a point. */
export function biasThrough(wx: number, wy: number, [x, y]: Point): number {
  return -(wx * x + wy * y);
}
