/** From numbers to pixels, and where to put marks. */

export type Range = readonly [number, number];

export function scale([low, high]: Range, [from, to]: Range): (value: number) => number {
  const factor = (to - from) / (high - low || 1);
  return (value) => from + (value - low) * factor;
}

/** Round numbers within a range, about as many as asked for: steps of 1, 2 or 5 times a power of 10. */
export function ticks([low, high]: Range, count: number): readonly number[] {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

/** A path through points, to a hundredth of a pixel. */
export function path(points: readonly (readonly [number, number])[]): string {
  return points
    .map(([x, y], index) => `${index === 0 ? "M" : "L"}${x.toFixed(2)} ${y.toFixed(2)}`)
    .join("");
}

/** Heights of words that should stand at these heights, moved apart so that none covers another. */
export function apart(heights: readonly number[], gap: number): readonly number[] {
  const order = heights
    .map((_, index) => index)
    .sort((a, b) => (heights[a] ?? 0) - (heights[b] ?? 0));
  const moved = [...heights];
  // Neighbours push each other, half of the way each, until all have room.
  for (let round = 0; round < 40; round += 1) {
    order.slice(1).forEach((below, index) => {
      const above = order[index] ?? 0;
      const lack = gap - ((moved[below] ?? 0) - (moved[above] ?? 0));
      if (lack > 0) {
        moved[above] = (moved[above] ?? 0) - lack / 2;
        moved[below] = (moved[below] ?? 0) + lack / 2;
      }
    });
  }
  return moved;
}
