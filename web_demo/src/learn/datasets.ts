/**
 * Points in the plane, of two classes, and which of them are a lesson.
 *
 * Where a shared number is as good as a vector is a matter of geometry. A line w·x + b = 0 lies |b|
 * / |w| from the origin, so units that share b can still lie anywhere, by the length of w, but only
 * as steep as they are near; and relu units, that know no other sign, are all on at the origin, or
 * all off. So presets are those whose lesson was measured over many seeds, and each says what it is.
 */

import type { NetActivation } from "./mlp";
import { uniform } from "./random";

export interface Samples {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly label: readonly (0 | 1)[];
}

export type PresetName = "disc" | "bands" | "ring" | "half";

export interface Preset {
  readonly name: PresetName;
  readonly title: string;
  readonly activation: NetActivation;
  /** Whether a number for each unit does better than one for all. */
  readonly needs: "vector" | "one";
  /** What it is an example of. */
  readonly lesson: string;
  /** Why, in the words of geometry. */
  readonly why: string;
}

/** Points lie within this of 0, along both axes. */
export const EXTENT = 3;
const POINTS = 200;
/** Between the classes, so that there is room for a line. */
const GAP = 0.1;
const SEED = 1;

export const PRESETS: readonly Preset[] = [
  {
    name: "disc",
    title: "Disc, relu",
    activation: "relu",
    needs: "vector",
    lesson: "Trained, one number is worth no more than none here.",
    why: "Training drives it below 0, where at the origin all units are off together and the net says neither. At 1, where the third net holds it, it would do; with a number each, units find their own way.",
  },
  {
    name: "bands",
    title: "Bands, relu",
    activation: "relu",
    needs: "vector",
    lesson: "Each unit wants a number of its own.",
    why: "Three borders at different distances, one of them through the origin. Relu units that share a number are all on at the origin, or all off; with a number each, some are on and some off.",
  },
  {
    name: "ring",
    title: "Ring, tanh",
    activation: "tanh",
    needs: "vector",
    lesson: "Each unit wants a number of its own.",
    why: "There is an inner border and an outer one. Units that share a number are steep where they are near; with a number each, a near one may be gentle.",
  },
  {
    name: "half",
    title: "Half-plane, tanh",
    activation: "tanh",
    needs: "one",
    lesson: "One number is as good as a vector here.",
    why: "There is one border, and one line off the origin is all it takes. The length of w puts it at the right distance for whatever b the units share, 1 too.",
  },
];

export function preset(name: PresetName): Preset {
  const found = PRESETS.find((known) => known.name === name);
  if (!found) {
    throw new Error(`No points are called ${name}.`);
  }
  return found;
}

/** Signed distance to the nearest border, above 0 within class 1. */
const BORDERS: Readonly<Record<PresetName, (x: number, y: number) => number>> = {
  bands: (x) => {
    const edges = [-1, 0, 1];
    const crossed = edges.filter((edge) => x > edge).length;
    const nearest = Math.min(...edges.map((edge) => Math.abs(x - edge)));
    return crossed % 2 === 0 ? nearest : -nearest;
  },
  ring: (x, y) => 0.6 - Math.abs(Math.hypot(x, y) - 1.8),
  disc: (x, y) => 1.7 - Math.hypot(x, y),
  half: (x) => x - 1,
};

const made = new Map<PresetName, Samples>();

export function samples(name: PresetName): Samples {
  const known = made.get(name) ?? sampled(BORDERS[name]);
  made.set(name, known);
  return known;
}

function sampled(border: (x: number, y: number) => number): Samples {
  const next = uniform(SEED);
  const points: { x: number; y: number; label: 0 | 1 }[] = [];
  while (points.length < POINTS) {
    const [x, y] = [(2 * next() - 1) * EXTENT, (2 * next() - 1) * EXTENT];
    const distance = border(x, y);
    if (Math.abs(distance) >= GAP) {
      points.push({ x, y, label: distance > 0 ? 1 : 0 });
    }
  }
  return {
    x: points.map(({ x }) => x),
    y: points.map(({ y }) => y),
    label: points.map(({ label }) => label),
  };
}
