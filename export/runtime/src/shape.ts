/**
 * What shape a bias has: from a name or a list to the shape of the variable, in integers alone.
 *
 * The twin of `keras_bias.shape`, down to the words of its messages. Output shapes are given
 * without the batch, axis 0: a bias never varies along it. Messages show shapes with the batch,
 * and count axes so, as Keras does.
 */

import { spoken, tuple } from "./python";

/** Biases along an axis: 1 is shared, null is one per index, k is k equal consecutive blocks. */
export type Entry = number | null;

/** The names a bias shape is stored under. */
export type BiasShapeName = "scalar" | "vector" | "group" | "location" | "untied" | "gate";

/** A checked `bias_shape`: a name, or entries right-aligned to the output without batch. */
export type BiasShape = BiasShapeName | readonly Entry[];

/** A size of each axis without the batch; null where it is unknown. */
export type Sizes = readonly (number | null)[];

/** A bias shape on an output of known shape. */
export interface Resolved {
  /** The shape of the variable. */
  readonly stored: readonly number[];
  /**
   * How many biases there are along each axis: 1 where it is shared, otherwise the axis's size or a
   * divisor of it. For a layer: the output's axes without the batch. For a recurrent layer:
   * (gate, unit), or (projection, gate, unit).
   */
  readonly counts: readonly number[];
}

const NAMES: readonly BiasShapeName[] = ["scalar", "vector", "group", "location", "untied", "gate"];

/** Names from the literature, and the names they are stored under. */
const SYNONYMS: Readonly<Record<string, BiasShapeName>> = { tied: "vector" };

/**
 * The bias shape that a value, a name or an array of entries, stands for.
 *
 * @throws Error if it stands for none.
 */
export function biasShape(value: unknown): BiasShape {
  if (Array.isArray(value)) {
    return entriesOf(value);
  }
  const name = NAMES.find((each) => each === value);
  const known = name ?? (typeof value === "string" ? SYNONYMS[value] : undefined);
  if (known === undefined) {
    throw new Error(
      `bias_shape=${spoken(value)} is unknown. Use 'scalar', 'vector', 'group', 'location', ` +
        "'untied', on recurrent layers 'gate', or a tuple.",
    );
  }
  return known;
}

/** A bias shape as a message shows it. */
export function spokenShape(spec: BiasShape): string {
  return typeof spec === "string" ? spoken(spec) : tuple(spec);
}

/**
 * The variable's shape and the biases along each axis, for a layer that is not recurrent.
 *
 * @param spec a checked `bias_shape`.
 * @param sizes the output's, without the batch.
 * @param channelAxis the axis of units or channels among them, negative counting from the last; or
 *   several in ascending order, and a bias of these keeps the axes behind the first one.
 * @param groups number of equal blocks of channels that "group" tells apart; null if the layer has
 *   no groups.
 * @throws Error if the output has no such bias, or its size there is unknown.
 */
export function resolved(
  spec: BiasShape,
  sizes: Sizes,
  channelAxis: number | readonly number[],
  groups: number | null,
): Resolved {
  const channelAxes = typeof channelAxis === "number" ? [channelAxis] : channelAxis;
  const entries = outputEntries(spec, sizes, channelAxes, groups);
  const leading = sizes.length - entries.length;
  const shown = ` (output shape ${tuple([null, ...sizes])})`;
  const counts = sizes.map((size, axis) =>
    count(spec, axis < leading ? 1 : at(entries, axis - leading), size, {
      axis: `output axis ${axis + 1}`,
      shown,
    }),
  );
  if (spec === "scalar") {
    return { stored: [1], counts };
  }
  const first = at(channelAxes, 0);
  if (spec === "vector" && typeof channelAxis !== "number") {
    return { stored: counts.slice(first), counts };
  }
  const channels = spec === "vector" || spec === "group";
  return { stored: channels ? [at(counts, first)] : counts.slice(leading), counts };
}

/**
 * The variable's shape and the biases along each axis, for a recurrent layer.
 *
 * The axes are (gate, unit), and a spec speaks of these. A layer with two projections has two such
 * biases; three entries speak of (projection, gate, unit). Shared axes are not stored, and gates and
 * units lie one after another on one axis, as in Keras.
 *
 * @param spec a checked `bias_shape`.
 * @param gates number of gates; 1 if the layer has none to speak of.
 * @param units number of units.
 * @param projections number of projections with a bias each; null if there is only one.
 * @throws Error if a recurrent layer of this kind has no such bias.
 */
export function resolvedRecurrent(
  spec: BiasShape,
  gates: number,
  units: number,
  projections: number | null,
): Resolved {
  const axes = projections ? ["projection", "gate", "unit"] : ["gate", "unit"];
  const sizes = projections ? [projections, gates, units] : [gates, units];
  const entries = recurrentEntries(spec, axes, gates);
  const counts = sizes.map((size, index) =>
    count(spec, at(entries, index), size, { axis: `the ${at(axes, index)} axis`, shown: "" }),
  );
  const stored = projections && entries[0] !== 1 ? counts.slice(0, 1) : [];
  if (entries.at(-1) !== 1 || entries.at(-2) !== 1) {
    stored.push(at(counts, -2) * at(counts, -1));
  }
  return { stored: stored.length ? stored : [1], counts };
}

/** One entry for each of the output's last axes. */
function outputEntries(
  spec: BiasShape,
  sizes: Sizes,
  channelAxes: readonly number[],
  groups: number | null,
): readonly Entry[] {
  const rank = sizes.length;
  const shown = tuple([null, ...sizes]);
  if (typeof spec !== "string") {
    if (spec.length > rank) {
      throw new Error(
        `bias_shape=${tuple(spec)} has ${counted(spec.length, "entry", "entries")}, but the ` +
          `output has ${counted(rank, "axis", "axes")} besides the batch (output shape ${shown}). ` +
          (rank ? "Leave out entries on the left." : "Use 'scalar'."),
      );
    }
    return spec;
  }
  if (spec === "gate") {
    throw new Error(
      "bias_shape='gate' needs a recurrent layer with gates, and this one has none. " +
        "Use 'scalar', 'vector', 'group', 'location', 'untied' or a tuple.",
    );
  }
  if (spec === "scalar") {
    return sizes.map(() => 1);
  }
  if (rank === 0) {
    throw new Error(
      `bias_shape=${spoken(spec)} needs an output axis besides the batch (output shape ${shown}). ` +
        "Use 'scalar'.",
    );
  }
  const channels = channelAxes.map((axis) => (axis < 0 ? axis + rank : axis));
  if (spec === "group" && groups === null) {
    const such = [2, ...sizes.slice(Math.max(...channels) + 1).map(() => 1)];
    throw new Error(
      "bias_shape='group' needs a layer with groups, and this one has none. " +
        `Use a tuple with a number of equal blocks, such as ${tuple(such)}.`,
    );
  }
  const { channel, place } = {
    vector: { channel: null, place: 1 },
    group: { channel: groups, place: 1 },
    location: { channel: 1, place: null },
    untied: { channel: null, place: null },
  }[spec];
  return sizes.map((_, axis) => (channels.includes(axis) ? channel : place));
}

/** One entry for each of the axes. */
function recurrentEntries(
  spec: BiasShape,
  axes: readonly string[],
  gates: number,
): readonly Entry[] {
  // Each projection has its own unless an array of three says no.
  const apart: readonly Entry[] = axes.slice(2).map(() => null);
  if (typeof spec !== "string") {
    if (spec.length > axes.length) {
      throw new Error(
        `bias_shape=${tuple(spec)} has ${counted(spec.length, "entry", "entries")}, but this bias ` +
          `has the axes (${axes.join(", ")}). Leave out entries on the left.`,
      );
    }
    const shared = spec.length < 2 ? [1] : [];
    return spec.length === axes.length ? spec : [...apart, ...shared, ...spec];
  }
  const offered = gates > 1 ? "'scalar', 'vector', 'gate'" : "'scalar', 'vector'";
  if (spec === "gate" && gates === 1) {
    throw new Error(
      "bias_shape='gate' needs a layer with gates, and this one has none. " +
        `Use ${offered} or a tuple over (gate, unit).`,
    );
  }
  switch (spec) {
    case "scalar":
      return [...apart, 1, 1];
    case "vector":
      return [...apart, null, null];
    case "gate":
      return [...apart, null, 1];
    default:
      throw new Error(
        `bias_shape=${spoken(spec)} is not for recurrent layers. ` +
          `Use ${offered} or a tuple over (gate, unit).`,
      );
  }
}

function entriesOf(values: readonly unknown[]): readonly Entry[] {
  if (values.length === 0) {
    throw new Error("bias_shape=() is empty. Use 'scalar' for one bias.");
  }
  return values.map((value) => {
    if (value === null || (typeof value === "number" && Number.isInteger(value) && value >= 1)) {
      return value;
    }
    throw new Error(
      `bias_shape=${tuple(values)} has the entry ${spoken(value)}. An entry is 1 (shared along ` +
        "the axis), None (one bias per index) or a number of equal blocks.",
    );
  });
}

/** Biases along an axis of this size. */
function count(
  spec: BiasShape,
  entry: Entry,
  size: number | null,
  { axis, shown }: { readonly axis: string; readonly shown: string },
): number {
  if (entry === 1) {
    return 1;
  }
  const wanted = entry === null ? "one bias per index of" : `${entry} equal blocks along`;
  const problem =
    `bias_shape=${spokenShape(spec)} needs ${wanted} ${axis}, ` +
    `whose size is ${spoken(size)}${shown}.`;
  if (size === null) {
    throw new Error(
      `${problem} Build the layer on a fixed size, or share the bias along that axis.`,
    );
  }
  if (entry === null) {
    return size;
  }
  if (size % entry) {
    throw new Error(`${problem} Use a number that divides ${size}.`);
  }
  return entry;
}

function counted(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** The element at an index that is known to exist. */
function at<T>(values: readonly T[], index: number): T {
  return values.at(index) as T;
}
