/**
 * A convolution's biases: how many there are, and which of them a task asks for.
 *
 * Pictures are square and have one channel, as lists of rows; padding is "same": beyond the edge all
 * is 0. Two filters are enough to tell a bias for each place from one for each place and filter.
 */

export const KINDS = ["none", "scalar", "tied", "location", "untied"] as const;
export type ConvBias = (typeof KINDS)[number];

export interface Sizes {
  /** Height and width of the input. */
  readonly side: number;
  readonly channels: number;
  /** Height and width of the kernel. */
  readonly kernel: number;
  readonly filters: number;
  readonly padding: "valid" | "same";
}

/** Height and width of the output; at least 0. */
export function outputSide({ side, kernel, padding }: Sizes): number {
  return padding === "same" ? side : Math.max(0, side - kernel + 1);
}

export function kernelCount({ channels, kernel, filters }: Sizes): number {
  return channels * kernel * kernel * filters;
}

export function biasCount(kind: ConvBias, sizes: Sizes): number {
  const places = outputSide(sizes) ** 2;
  return {
    none: 0,
    scalar: 1,
    tied: sizes.filters,
    location: places,
    untied: places * sizes.filters,
  }[kind];
}

/** Of the small experiment. */
export const SIDE = 8;
export const PLACES = SIDE * SIDE;
export const FILTERS = [
  { name: "blur", kernel: [1, 2, 1, 2, 4, 2, 1, 2, 1].map((tap) => tap / 16) },
  { name: "edge", kernel: [-1, 0, 1, -2, 0, 2, -1, 0, 1].map((tap) => tap / 4) },
] as const;

/** One number for each place, row by row. */
export type Picture = readonly number[];
/** A picture for each filter. */
export type Maps = readonly Picture[];

/** As Keras has it: the kernel is laid on each place as it is, and not mirrored. */
export function convolved(picture: Picture, kernel: readonly number[]): Picture {
  return picture.map((_, place) => {
    const [row, column] = [Math.floor(place / SIDE), place % SIDE];
    let sum = 0;
    kernel.forEach((tap, index) => {
      const [y, x] = [row + Math.floor(index / 3) - 1, column + (index % 3) - 1];
      if (y >= 0 && y < SIDE && x >= 0 && x < SIDE) {
        sum += tap * (picture[y * SIDE + x] ?? 0);
      }
    });
    return sum;
  });
}

/** A bright cross on dark ground, with its middle at a place. */
export function cross(row: number, column: number): Picture {
  return Array.from({ length: PLACES }, (_, place) => {
    const distance = Math.abs(Math.floor(place / SIDE) - row) + Math.abs((place % SIDE) - column);
    return distance === 0 ? 1 : distance === 1 ? 0.8 : 0.15;
  });
}

export type TaskName = "grey" | "centre" | "level";

/** What a bias is to make up for. */
export interface Task {
  readonly name: TaskName;
  readonly title: string;
  readonly why: string;
}

export const TASKS: readonly Task[] = [
  {
    name: "grey",
    title: "subtract grey first",
    why: "A grey level is to be subtracted from the picture before the layer. Inside, that is one number for each filter. At the edge the kernel hangs over and sees less of the grey, and corners less than edges: exactly that takes a bias for each place and filter.",
  },
  {
    name: "centre",
    title: "prefer the middle",
    why: "What is looked for is likelier in the middle, whatever the filter. One map that all filters share says so; a tied bias cannot tell one place from another.",
  },
  {
    name: "level",
    title: "a level for each filter",
    why: "Each filter has a threshold of its own, the same everywhere. A tied bias is all it takes, and an untied one would have to learn it at every place again.",
  },
];

/** What each place of each filter would have to be given. */
export function needed(task: TaskName, strength: number): Maps {
  const grey: Picture = Array<number>(PLACES).fill(strength);
  return FILTERS.map(({ kernel }, filter) => {
    switch (task) {
      case "grey":
        return convolved(grey, kernel).map((sum) => -sum);
      case "centre":
        return grey.map((most, place) => {
          const [y, x] = [Math.floor(place / SIDE) - 3.5, (place % SIDE) - 3.5];
          return most * (1 - (y * y + x * x) / 12.25);
        });
      case "level":
        return grey.map((most) => (filter === 0 ? most : -most / 2));
    }
  });
}

/** The bias of a kind with the least error: the mean over all that share a number. */
export function fitted(kind: ConvBias, wanted: Maps): Maps {
  const all = mean(wanted.map(mean));
  return wanted.map((map) =>
    map.map((value, place) => {
      switch (kind) {
        case "none":
          return 0;
        case "scalar":
          return all;
        case "tied":
          return mean(map);
        case "location":
          return mean(wanted.map((each) => each[place] ?? 0));
        case "untied":
          return value;
      }
    }),
  );
}

/** Root mean squared difference over all places and filters. */
export function difference(one: Maps, other: Maps): number {
  return Math.sqrt(
    mean(
      one.map((map, filter) =>
        mean(map.map((value, place) => (value - at(other, filter, place)) ** 2)),
      ),
    ),
  );
}

/** By how much, at most, a bias answers the same thing otherwise at another place. */
export function variation(bias: Maps): number {
  return Math.max(...bias.map((map) => Math.max(...map) - Math.min(...map)));
}

/** Both filters' answers with a bias added. */
export function answers(picture: Picture, bias: Maps): Maps {
  return FILTERS.map(({ kernel }, filter) =>
    convolved(picture, kernel).map((sum, place) => sum + at(bias, filter, place)),
  );
}

export function less(one: Maps, other: Maps): Maps {
  return one.map((map, filter) => map.map((value, place) => value - at(other, filter, place)));
}

function at(maps: Maps, filter: number, place: number): number {
  return maps[filter]?.[place] ?? 0;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
