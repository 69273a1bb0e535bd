/**
 * Biases that a network would not miss: what comes right behind takes them away again.
 *
 * A normalization subtracts a mean, and with it whatever is the same all over what the mean is of. A
 * softmax compares numbers, so it does not see what is added to all of them alike. Nothing is said
 * where anything else uses the layer's output, or where axes are not known for certain.
 */

import { at, isList, type JsonObject, numberAt, textAt } from "../loader/json";
import { baseClass, isKnown, outputRank } from "./classes";
import type { LayerRow } from "./describe";
import type { Graph, Node } from "./graph";
import { listed, type Notice } from "./notices";
import { count } from "./words";

/** Layers that end with `activation(something + bias)`, the bias brought to the output's shape. */
const ADDS_LAST: ReadonlySet<string> = new Set(
  (
    "Bias Dense EinsumDense Conv1D Conv2D Conv3D Conv1DTranspose Conv2DTranspose Conv3DTranspose " +
    "DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D"
  ).split(" "),
);

/**
 * Along which axes of its output a bias differs, from the last (-1) on; with the number of equal
 * blocks, or null for one bias per index.
 */
export type Varying = ReadonlyMap<number, number | null>;

/** What takes a bias away. */
interface Taker {
  readonly node: Node;
  readonly how: "batch" | "each" | "softmax";
}

export function redundantBiases(layers: readonly LayerRow[], graph: Graph): readonly Notice[] {
  return layers.flatMap((layer) => {
    const found = redundancy(layer, graph);
    return found ? [found] : [];
  });
}

function redundancy(layer: LayerRow, graph: Graph): Notice | null {
  const bias = layer.weights.find((weight) => weight.isBias);
  const node = graph.get(layer.path.join("/"));
  const varying = varyingAxes(layer);
  const { statistics } = bias ?? {};
  const isFinite = !statistics || statistics.nans + statistics.infinities === 0;
  const adds = ADDS_LAST.has(baseClass(layer.className)) && isKnown(layer.className);
  if (!bias || !node || !varying || !adds || !isFinite) {
    return null;
  }
  const where = layer.path.join("/");
  const activation = textAt(layer.config, "activation") ?? "linear";
  if (activation === "softmax" || activation === "log_softmax") {
    return varying.has(-1) ? null : noEffect(where, `its ${activation}`);
  }
  if (!isLinear(layer.config)) {
    return null;
  }
  const takers = takersOf(node, rankOf(layer), varying, graph);
  if (!takers) {
    return null;
  }
  const names = listed(takers.map((taker) => lastName(taker.node)));
  return takers.every(({ how }) => how === "softmax")
    ? noEffect(where, `the softmax ${names}`)
    : subtracted(where, names, bias.size, takers);
}

function noEffect(where: string, softmax: string): Notice {
  return {
    code: "NO_EFFECT",
    where,
    text: `The bias has no effect: ${softmax} compares numbers with one another, and this bias adds the same to all that are compared. Any other value, or none, gives the same outputs up to rounding, and the bias's own gradient is 0.`,
    numbers: null,
  };
}

function subtracted(where: string, names: string, size: number, takers: readonly Taker[]): Notice {
  const numbers = size === 1 ? "1 number" : `${count(size)} numbers`;
  const byBatch = takers.some(({ how }) => how === "batch");
  const over = byBatch ? "the mean of each channel" : "a mean";
  const kept = byBatch ? ", and subtract it from moving_mean too" : "";
  const beta = takers.every(({ node }) => at(node.config, "center") !== false)
    ? " An offset that stays is beta, which is added after that."
    : "";
  return {
    code: "REDUNDANT_BIAS",
    where,
    text: `The bias (${numbers}) is not needed: ${names} right behind it subtracts ${over}, and a bias that is the same in all that this mean is of goes with it. Leave it out${kept}: no output changes but by rounding.${beta}`,
    numbers: null,
  };
}

/** All users of a layer's output, if every one takes such a bias away; else null. */
function takersOf(
  node: Node,
  rank: number | null,
  varying: Varying,
  graph: Graph,
): readonly Taker[] | null {
  if (node.leaves || node.users.length === 0) {
    return null;
  }
  const takers: Taker[] = [];
  for (const path of new Set(node.users)) {
    const user = graph.get(path);
    if (user?.isModel !== false || !isKnown(user.className)) {
      return null;
    }
    if (baseClass(user.className) === "Activation" && isLinear(user.config)) {
      const behind = user.calls === 1 ? takersOf(user, rank, varying, graph) : null;
      if (!behind) {
        return null;
      }
      takers.push(...behind);
      continue;
    }
    const how = taking(user, rank, varying);
    if (!how) {
      return null;
    }
    takers.push({ node: user, how });
  }
  return takers;
}

/** How a layer takes such a bias away from its one input; null if it may not. */
function taking(user: Node, rank: number | null, varying: Varying): Taker["how"] | null {
  const { config } = user;
  const allOf = (axes: readonly number[] | null): boolean =>
    varying.size === 0 ||
    (axes !== null && [...varying.keys()].every((axis) => axes.includes(axis)));
  const noneOf = (axes: readonly number[] | null): boolean =>
    varying.size === 0 || axes?.every((axis) => !varying.has(axis)) === true;
  const axes = axesOf(config, rank);
  // Of two inputs, one would be a mask.
  const isAlone = user.inputs.length === user.calls;
  if (!isAlone) {
    return null;
  }
  switch (baseClass(user.className)) {
    case "BatchNormalization":
      // Called twice, one moving mean would have to serve two biases.
      return user.calls === 1 && allOf(axes) ? "batch" : null;
    case "LayerNormalization":
      return at(config, "rms_scaling") !== true && noneOf(axes) ? "each" : null;
    case "GroupNormalization":
      return allOf(axes) && isSameInGroups(numberAt(config, "groups") ?? 32, varying)
        ? "each"
        : null;
    case "Softmax":
      return noneOf(axes) ? "softmax" : null;
    case "Activation": {
      const name = textAt(config, "activation");
      return (name === "softmax" || name === "log_softmax") && !varying.has(-1) ? "softmax" : null;
    }
    default:
      return null;
  }
}

/** Whether no group of channels has two biases: -1 is a group for each channel. */
function isSameInGroups(groups: number, varying: Varying): boolean {
  return groups === -1 || [...varying.values()].every((blocks) => blocks && groups % blocks === 0);
}

/** Axes counted from the last; null if where they lie is not known. */
function axesOf(config: JsonObject, rank: number | null): readonly number[] | null {
  const stated = at(config, "axis") ?? -1;
  const axes = isList(stated) ? stated : [stated];
  const negative = axes.map((axis) =>
    typeof axis !== "number" || (axis >= 0 && rank === null)
      ? null
      : axis < 0
        ? axis
        : axis - (rank ?? 0) - 1,
  );
  const known = negative.filter((axis) => axis !== null);
  return known.length === negative.length && known.length > 0 ? known : null;
}

/** Null if it is not known. */
export function varyingAxes(layer: LayerRow): Varying | null {
  const { bias, config } = layer;
  const rank = rankOf(layer);
  const first = textAt(config, "data_format") === "channels_first";
  const channel = first ? (rank === null ? null : -rank) : -1;
  if (bias?.name === "scalar") {
    return new Map();
  }
  if (channel === null || bias === null) {
    return null;
  }
  const axes = Array.from({ length: rank ?? 0 }, (_, index): [number, null] => [-1 - index, null]);
  switch (bias.name) {
    case "vector":
      return new Map([[channel, null]]);
    case "group":
      return new Map([[channel, bias.groups]]);
    case "location":
      return rank === null ? null : new Map(axes.filter(([axis]) => axis !== channel));
    case "untied":
      return rank === null ? null : new Map(axes);
    default:
      return null;
  }
}

/** Axes of its output besides the batch. */
function rankOf({ className, outputShape }: LayerRow): number | null {
  return outputShape ? outputShape.length - 1 : outputRank(className);
}

/** No activation, by any of the ways to write that. */
export function isLinear(config: JsonObject): boolean {
  const activation = at(config, "activation");
  return activation === undefined || activation === null || activation === "linear";
}

function lastName({ path }: Node): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
