/** What kind of bias a layer has: from its configuration if that says so, else from the shape. */

import { at, isList, type Json, type JsonObject, numberAt, textAt } from "../loader/json";
import { hasBias, isRecurrent, outputRank } from "./classes";
import type { Shape } from "./shapes";

export type BiasName =
  "absent" | "scalar" | "vector" | "group" | "location" | "untied" | "gate" | "other";

export interface BiasKind {
  readonly name: BiasName;
  /** Of "group": how many blocks of channels have a bias each. */
  readonly groups: number | null;
}

/** What is known of the layer. */
export interface Biased {
  readonly className: string;
  readonly config: JsonObject;
  /** Of the bias; null if the layer has none. */
  readonly biasShape: readonly number[] | null;
  readonly kernelShape: readonly number[] | null;
  readonly outputShape: Shape | null;
}

const STATED: readonly BiasName[] = ["scalar", "vector", "group", "location", "untied", "gate"];

/** Null for a layer of which nobody would expect a bias. */
export function biasKind(layer: Biased): BiasKind | null {
  const { className, config, biasShape } = layer;
  if (biasShape === null) {
    return hasBias(className) || at(config, "use_bias") === false ? kind("absent") : null;
  }
  const stated = at(config, "bias_shape");
  if (typeof stated === "string") {
    const name = stated === "tied" ? "vector" : STATED.find((known) => known === stated);
    return name ? kind(name, name === "group" ? (biasShape[0] ?? null) : null) : kind("other");
  }
  return isList(stated) ? fromEntries(stated, layer) : fromShape(biasShape, layer);
}

/** As in a table's cell: "vector", "group of 4". */
export function biasLabel({ name, groups }: BiasKind): string {
  return name === "group" && groups !== null ? `group, ${groups} blocks` : name;
}

function kind(name: BiasName, groups: number | null = null): BiasKind {
  return { name, groups };
}

/** A tuple, right-aligned to the output: 1 is shared along the axis, null one per index, k blocks. */
function fromEntries(entries: readonly Json[], layer: Biased): BiasKind {
  if (isRecurrent(layer.className)) {
    const [gate = 1, unit] = [entries.at(-2), entries.at(-1)];
    const name = unit === null ? (gate === 1 ? "other" : "vector") : gate === 1 ? "scalar" : "gate";
    return kind(name);
  }
  const rank = rankOf(layer) ?? entries.length;
  const shared: readonly Json[] = Array<Json>(Math.max(0, rank - entries.length)).fill(1);
  const aligned = [...shared, ...entries];
  const channel = channelsFirst(layer.config) ? 0 : aligned.length - 1;
  const elsewhere = aligned.filter((_, axis) => axis !== channel);
  const at = aligned[channel];
  if (elsewhere.every((entry) => entry === 1)) {
    return at === 1 ? kind("scalar") : at === null ? kind("vector") : kind("group", Number(at));
  }
  if (elsewhere.every((entry) => entry === null)) {
    return at === 1 ? kind("location") : at === null ? kind("untied") : kind("other");
  }
  return kind("other");
}

/** From the variable alone; where sizes coincide, the kind that stock layers have. */
function fromShape(shape: readonly number[], layer: Biased): BiasKind {
  const size = shape.reduce((product, length) => product * length, 1);
  const channels = channelsOf(layer);
  if (isRecurrent(layer.className)) {
    const units = numberAt(layer.config, "units") ?? numberAt(layer.config, "filters") ?? 0;
    return kind(
      shape.at(-1) === 1 && units !== 1
        ? "scalar"
        : units && size % units === 0
          ? "vector"
          : "other",
    );
  }
  if (shape.length === 1 && (shape[0] === channels || (channels === null && size > 1))) {
    return kind("vector");
  }
  if (size === 1) {
    return kind("scalar");
  }
  if (shape.length === 1) {
    const [blocks = 0] = shape;
    return channels !== null && blocks > 0 && channels % blocks === 0
      ? kind("group", blocks)
      : kind("other");
  }
  const output = layer.outputShape?.slice(1);
  const fits = (lengths: readonly (number | null)[] | undefined): boolean =>
    lengths?.length === shape.length && lengths.every((length, axis) => length === shape[axis]);
  if (fits(output)) {
    return kind("untied");
  }
  const channel = channelsFirst(layer.config) ? 0 : shape.length - 1;
  return fits(output?.map((length, axis) => (axis === channel ? 1 : length)))
    ? kind("location")
    : kind("other");
}

function rankOf({ className, outputShape }: Biased): number | null {
  return outputShape ? outputShape.length - 1 : outputRank(className);
}

function channelsOf({ config, kernelShape, outputShape }: Biased): number | null {
  const stated = numberAt(config, "units") ?? numberAt(config, "filters");
  const output = channelsFirst(config) ? outputShape?.[1] : outputShape?.at(-1);
  return stated ?? output ?? kernelShape?.at(-1) ?? null;
}

function channelsFirst(config: JsonObject): boolean {
  return textAt(config, "data_format") === "channels_first";
}
