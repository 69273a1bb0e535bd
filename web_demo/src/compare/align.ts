/** Which layer of one model stands for which of another: in order, by names, classes and shapes. */

import { baseClass } from "../model/classes";
import type { LayerRow } from "../model/describe";

/** One of both may be missing. */
export interface Pair<T> {
  readonly a: T | null;
  readonly b: T | null;
}

/** More comparisons of two layers than this take too long; equal names then have to do. */
const MOST_CELLS = 4e6;

/** The pairs of the alignment that is worth most, with what only one of them has in between. */
export function aligned(a: readonly LayerRow[], b: readonly LayerRow[]): readonly Pair<LayerRow>[] {
  let start = 0;
  while (start < Math.min(a.length, b.length) && isSame(a[start], b[start])) {
    start += 1;
  }
  let end = 0;
  const rest = Math.min(a.length, b.length) - start;
  while (end < rest && isSame(a.at(-1 - end), b.at(-1 - end))) {
    end += 1;
  }
  const both = (from: number, to: number, shift: number): readonly Pair<LayerRow>[] =>
    a.slice(from, to).map((layer, index) => ({ a: layer, b: b[from + shift + index] ?? null }));
  return [
    ...both(0, start, 0),
    ...alignedWithin(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...both(a.length - end, a.length, b.length - a.length),
  ];
}

function alignedWithin(a: readonly LayerRow[], b: readonly LayerRow[]): readonly Pair<LayerRow>[] {
  if (a.length * b.length > MOST_CELLS) {
    return alignedByName(a, b);
  }
  const width = b.length + 1;
  // Worth of the best alignment of what comes from here on in both.
  const best = new Float64Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const gap = Math.max(best[(i + 1) * width + j] ?? 0, best[i * width + j + 1] ?? 0);
      best[i * width + j] = Math.max(gap, matched(a[i], b[j], best[(i + 1) * width + j + 1] ?? 0));
    }
  }
  const pairs: Pair<LayerRow>[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const here = best[i * width + j] ?? 0;
    const [x = null, y = null] = [a[i], b[j]];
    if (x && y && here === matched(x, y, best[(i + 1) * width + j + 1] ?? 0)) {
      pairs.push({ a: x, b: y });
      i += 1;
      j += 1;
    } else if (x && (!y || here === best[(i + 1) * width + j])) {
      pairs.push({ a: x, b: null });
      i += 1;
    } else {
      pairs.push({ a: null, b: y });
      j += 1;
    }
  }
  return pairs;
}

function alignedByName(a: readonly LayerRow[], b: readonly LayerRow[]): readonly Pair<LayerRow>[] {
  const places = new Map(b.map((layer, index) => [pathOf(layer), index]));
  const pairs: Pair<LayerRow>[] = [];
  let next = 0;
  const skipTo = (end: number): void => {
    pairs.push(...b.slice(next, end).map((layer) => ({ a: null, b: layer })));
  };
  for (const layer of a) {
    const at = places.get(pathOf(layer));
    if (at === undefined || at < next) {
      pairs.push({ a: layer, b: null });
    } else {
      skipTo(at);
      pairs.push({ a: layer, b: b[at] ?? null });
      next = at + 1;
    }
  }
  skipTo(b.length);
  return pairs;
}

/** Worth of an alignment that begins with these two; nothing makes strangers a pair. */
function matched(a: LayerRow | undefined, b: LayerRow | undefined, behind: number): number {
  const worth = a && b ? likeness(a, b) : 0;
  return worth > 0 ? worth + behind : -1;
}

function likeness(a: LayerRow, b: LayerRow): number {
  const isSameClass = baseClass(a.className) === baseClass(b.className);
  if (pathOf(a) === pathOf(b)) {
    return isSameClass ? 8 : 5;
  }
  if (!isSameClass) {
    return 0;
  }
  if (a.path.map(stem).join("/") === b.path.map(stem).join("/")) {
    return 6;
  }
  if (stem(a.path.at(-1) ?? "") === stem(b.path.at(-1) ?? "")) {
    return 4;
  }
  const shapes = (layer: LayerRow): string =>
    JSON.stringify(layer.weights.map(({ shape }) => shape));
  return shapes(a) === shapes(b) ? 3 : 2;
}

/** A name without the number that Keras gives to the next of its kind: `dense` of `dense_3`. */
export function stem(name: string): string {
  return name.replace(/_\d+$/u, "");
}

export function pathOf({ path }: LayerRow): string {
  return path.join("/");
}

function isSame(a: LayerRow | undefined, b: LayerRow | undefined): boolean {
  return a !== undefined && b !== undefined && pathOf(a) === pathOf(b);
}
