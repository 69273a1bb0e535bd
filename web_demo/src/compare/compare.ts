/** Two models beside each other: what they share, and every way in which they differ. */

import type { Description, LayerRow, WeightRow } from "../model/describe";
import { type Graph, graph } from "../model/graph";
import { aligned, type Pair, pathOf, stem } from "./align";
import { type BiasPair, biasPair } from "./biases";
import { type Delta, delta } from "./numbers";
import { type OptionDifference, optionDifferences } from "./options";

export interface WeightPair extends Pair<WeightRow> {
  /** Without the layer's own: `kernel`. */
  readonly name: string;
  readonly isSameShape: boolean;
  readonly isSameDtype: boolean;
  /** Null if there is nothing to compare: other shapes, or no numbers. */
  readonly delta: Delta | null;
}

export interface LayerPair extends Pair<LayerRow> {
  /** By what both are called, or the one that there is. */
  readonly title: string;
  readonly isSameClass: boolean;
  /** Whether it takes its inputs from the same layers. */
  readonly isSamePlace: boolean;
  readonly options: readonly OptionDifference[];
  readonly weights: readonly WeightPair[];
  readonly biases: BiasPair | null;
}

export interface Comparison {
  readonly a: Description;
  readonly b: Description;
  readonly layers: readonly LayerPair[];
  /** Weights of no layer. */
  readonly strays: readonly WeightPair[];
  readonly verdict: Verdict;
}

export interface Verdict {
  /** All but the names of layers and weights is the same, down to every number. */
  readonly isIdentical: boolean;
  /** Whether all numbers of both could be read. */
  readonly isComplete: boolean;
  readonly renamed: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly otherOptions: number;
  readonly otherPlaces: number;
  readonly weights: number;
  readonly equalWeights: number;
  /** The largest difference of two numbers, and of which weight; null if all are equal. */
  readonly largest: { readonly name: string; readonly max: number } | null;
}

export function compared(a: Description, b: Description): Comparison {
  const pairs = aligned(a.layers, b.layers);
  const isSamePlace = places(pairs, a, b);
  const layers = pairs.map((pair) => layerPair(pair, isSamePlace(pair)));
  const strays = weightPairs(a.strays, b.strays, "", "");
  return { a, b, layers, strays, verdict: verdict(a, b, layers, strays) };
}

function layerPair(pair: Pair<LayerRow>, isSamePlace: boolean): LayerPair {
  const { a, b } = pair;
  return {
    ...pair,
    title: titleOf(pair),
    isSameClass: a === null || b === null || a.className === b.className,
    isSamePlace,
    options: a && b ? optionDifferences(a.config, b.config) : [],
    weights: weightPairs(a?.weights ?? [], b?.weights ?? [], a?.path.at(-1), b?.path.at(-1)),
    biases: biasPair(pair),
  };
}

function titleOf({ a, b }: Pair<LayerRow>): string {
  const [inA, inB] = [a && pathOf(a), b && pathOf(b)];
  return inA !== null && inB !== null && inA !== inB ? `${inA} → ${inB}` : (inA ?? inB ?? "");
}

/** By the names that weights have within their layer, with the numbers in those left away. */
function weightPairs(
  a: readonly WeightRow[],
  b: readonly WeightRow[],
  layerA = "",
  layerB = "",
): readonly WeightPair[] {
  const inA = named(a, layerA);
  const inB = named(b, layerB);
  return [...new Set([...inA.keys(), ...inB.keys()])].map((name) =>
    weightPair(name, inA.get(name) ?? null, inB.get(name) ?? null),
  );
}

function named(rows: readonly WeightRow[], layer: string): ReadonlyMap<string, WeightRow> {
  const within = rows.map(({ name }) =>
    name.startsWith(`${layer}/`) ? name.slice(layer.length + 1) : name,
  );
  const short = within.map((name) => name.split("/").map(stem).join("/"));
  const names = new Set(short).size === short.length ? short : within;
  return new Map(rows.map((row, index) => [names[index] ?? row.name, row]));
}

function weightPair(name: string, a: WeightRow | null, b: WeightRow | null): WeightPair {
  const isSameShape = JSON.stringify(a?.shape) === JSON.stringify(b?.shape);
  const isSameDtype = a?.dtype === b?.dtype;
  const isComparable = isSameShape && a?.numbers && b?.numbers;
  return {
    name,
    a,
    b,
    isSameShape,
    isSameDtype,
    delta: isComparable ? delta(a.numbers, b.numbers) : null,
  };
}

/** Whether two layers of a pair take their inputs from pairs, and are used, alike. */
function places(
  pairs: readonly Pair<LayerRow>[],
  a: Description,
  b: Description,
): (pair: Pair<LayerRow>) => boolean {
  const numbered = (side: "a" | "b"): ReadonlyMap<string, string> =>
    new Map(
      pairs.flatMap((pair, index): [string, string][] => {
        const layer = pair[side];
        return layer ? [[pathOf(layer), String(index)]] : [];
      }),
    );
  const [numbersA, numbersB] = [numbered("a"), numbered("b")];
  const graphA = graph(a.artefacts.manifest.topology);
  const graphB = graph(b.artefacts.manifest.topology);
  const place = (of: Graph, numbers: ReadonlyMap<string, string>, layer: LayerRow): string => {
    const node = of.get(pathOf(layer));
    // Models within the model are no layers of the list: they go by their names.
    const inputs = node?.inputs.map(
      (path) => numbers.get(path) ?? path.split("/").map(stem).join("/"),
    );
    return JSON.stringify([inputs, node?.leaves, node?.calls]);
  };
  return (pair) =>
    !pair.a || !pair.b || place(graphA, numbersA, pair.a) === place(graphB, numbersB, pair.b);
}

function verdict(
  a: Description,
  b: Description,
  layers: readonly LayerPair[],
  strays: readonly WeightPair[],
): Verdict {
  const weights = [...layers.flatMap((pair) => pair.weights), ...strays];
  const equal = weights.filter(isEqualWeight);
  const both = layers.filter((pair) => pair.a && pair.b);
  const named = [
    ...weights.map((pair) => ({ name: pair.a?.name ?? pair.name, max: pair.delta?.max ?? 0 })),
    ...layers.map(({ biases, title }) => ({ name: `${title}/bias`, max: biases?.delta?.max ?? 0 })),
  ];
  const largest = named.reduce<Verdict["largest"]>(
    (most, each) => (each.max > (most?.max ?? 0) ? each : most),
    null,
  );
  const counts = {
    renamed: both.filter((pair) => pair.a && pair.b && pathOf(pair.a) !== pathOf(pair.b)).length,
    onlyA: layers.filter((pair) => !pair.b).length,
    onlyB: layers.filter((pair) => !pair.a).length,
    otherOptions: both.filter((pair) => pair.options.length > 0 || !pair.isSameClass).length,
    otherPlaces: both.filter((pair) => !pair.isSamePlace).length,
  };
  const isComplete = [a, b].every(({ artefacts, weights: rows }) =>
    rows.every(({ numbers }) => artefacts.hasWeights && numbers !== null),
  );
  const isSameGraph = both.length === layers.length && counts.otherPlaces === 0;
  return {
    ...counts,
    isComplete,
    isIdentical:
      isComplete && isSameGraph && counts.otherOptions === 0 && equal.length === weights.length,
    weights: weights.length,
    equalWeights: equal.length,
    largest,
  };
}

/** The same numbers, stored in the same way. */
export function isEqualWeight(pair: WeightPair): boolean {
  return pair.delta?.unequal === 0 && pair.isSameDtype;
}
