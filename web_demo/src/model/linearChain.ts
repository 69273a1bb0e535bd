/**
 * Dense layers with nothing between them: however many, they are one affine map.
 *
 * (x·W1 + b1)·W2 + b2 = x·(W1·W2) + (b1·W2 + b2).
 */

import { baseClass, isKnown } from "./classes";
import type { LayerRow, WeightRow } from "./describe";
import type { Graph } from "./graph";
import type { Notice, NoticeNumbers } from "./notices";
import { isLinear } from "./redundantBias";
import { count } from "./words";

/** A kernel of `inputs` rows, and a bias for each of its columns. */
export interface Affine {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
}

/** Larger maps are told by their sizes. */
const MAX_OUTPUTS = 64;
const MAX_INPUTS = 8;
/** Multiplications that a first picture has time for. */
const MAX_WORK = 2e7;

export function linearChains(layers: readonly LayerRow[], graph: Graph): readonly Notice[] {
  const dense = new Map(
    layers.filter(isPlainDense).map((layer) => [layer.path.join("/"), layer] as const),
  );
  const next = new Map<string, string>();
  for (const path of dense.keys()) {
    const node = graph.get(path);
    const layer = dense.get(path);
    const [user = "", ...more] = node?.users ?? [];
    const behind = graph.get(user);
    const isOnly = node?.calls === 1 && !node.leaves && more.length === 0 && behind?.calls === 1;
    if (layer && isLinear(layer.config) && isOnly && dense.has(user)) {
      next.set(path, user);
    }
  }
  const followers = new Set(next.values());
  return [...next.keys()]
    .filter((path) => !followers.has(path))
    .map((start) => {
      const chain: LayerRow[] = [];
      for (let path: string | undefined = start; path !== undefined; path = next.get(path)) {
        const layer = dense.get(path);
        if (layer) {
          chain.push(layer);
        }
      }
      return notice(chain);
    });
}

/** A Dense layer whose bias is the same wherever along the other axes. */
function isPlainDense({ className, weights, bias }: LayerRow): boolean {
  const kernel = weights.find(isKernel);
  const names = ["absent", "group", "scalar", "vector"];
  return (
    baseClass(className) === "Dense" &&
    isKnown(className) &&
    kernel?.shape.length === 2 &&
    bias !== null &&
    names.includes(bias.name)
  );
}

function notice(chain: readonly LayerRow[]): Notice {
  const sizes = chain.map(({ weights }) => weights.find(isKernel)?.shape ?? []);
  const inputs = sizes[0]?.[0] ?? 0;
  const widths = sizes.map((shape) => shape[1] ?? 0);
  const outputs = widths.at(-1) ?? 0;
  const parameters = chain.reduce((sum, layer) => sum + layer.parameters, 0);
  const hasBias = chain.some(({ bias }) => bias?.name !== "absent");
  const free = inputs * outputs + (hasBias ? outputs : 0);
  const rank = Math.min(...widths.slice(0, -1));
  const last = chain.at(-1);
  const isOpen = last && isLinear(last.config);
  const names = chain.map((layer) => `'${layer.path.at(-1) ?? ""}'`);
  const bias = hasBias ? ` + b[${outputs}]` : "";
  const sum = chain.length === 2 ? "b1·W2 + b2" : "b1·W2·... + ... + b";
  const product = chain.length === 2 ? "W1·W2" : "W1·W2·...";
  return {
    code: "LINEAR_CHAIN",
    where: chain.map((layer) => layer.path.join("/")).join(" → "),
    text: [
      `There is no activation between ${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}, so ${isOpen ? "together they are" : "up to the last activation they are"} one affine map: x·W${hasBias ? " + b" : ""}, with W = ${product}${hasBias ? ` and b = ${sum}` : ""}.`,
      `${count(parameters)} params == W[${inputs}, ${outputs}]${bias}, which has ${count(free)} numbers.`,
      ...(rank < Math.min(inputs, outputs)
        ? [
            `The narrowest layer between lets W have rank ${count(rank)} at most, where a W of its own could have ${count(Math.min(inputs, outputs))}.`,
          ]
        : []),
    ].join(" "),
    numbers: collapseNumbers(chain, inputs, outputs),
  };
}

function collapseNumbers(
  chain: readonly LayerRow[],
  inputs: number,
  outputs: number,
): NoticeNumbers | null {
  const maps = chain.map(affine);
  const known = maps.filter((map) => map !== null);
  const work = known.reduce((sum, map) => sum + (inputs + 1) * map.inputs * map.outputs, 0);
  const isSmall = outputs <= MAX_OUTPUTS && inputs <= MAX_INPUTS && work <= MAX_WORK;
  if (known.length !== maps.length || !isSmall) {
    return null;
  }
  const one = known.reduce(collapsed);
  const columns = Array.from({ length: inputs }, (_, input) => `W from input ${input}`);
  return {
    title: "The one map that they are",
    head: ["Output", ...columns, "b"],
    rows: Array.from({ length: outputs }, (_, output) => [
      String(output),
      ...columns.map((_name, input) => one.kernel[input * outputs + output] ?? NaN),
      one.bias[output] ?? NaN,
    ]),
  };
}

/** One map after another, as one. */
export function collapsed(first: Affine, second: Affine): Affine {
  const { inputs, outputs: middle } = first;
  const { outputs } = second;
  const times = (row: ArrayLike<number>, start: number, onto: Float64Array, at: number): void => {
    for (let unit = 0; unit < middle; unit += 1) {
      const factor = row[start + unit] ?? 0;
      for (let output = 0; output < outputs; output += 1) {
        onto[at + output] =
          (onto[at + output] ?? 0) + factor * (second.kernel[unit * outputs + output] ?? 0);
      }
    }
  };
  const kernel = new Float64Array(inputs * outputs);
  for (let input = 0; input < inputs; input += 1) {
    times(first.kernel, input * middle, kernel, input * outputs);
  }
  const bias = Float64Array.from(second.bias);
  times(first.bias, 0, bias, 0);
  return { inputs, outputs, kernel, bias };
}

/** A layer's own map; null if its numbers are not all there, or none, or not all finite. */
function affine({ weights }: LayerRow): Affine | null {
  const kernel = weights.find(isKernel);
  const bias = weights.find((weight) => weight.isBias);
  const [inputs = 0, outputs = 0] = kernel?.shape ?? [];
  const values = bias ? bias.numbers : new Float32Array(1);
  if (!kernel?.numbers || !values || ![kernel, bias].every(isFinite)) {
    return null;
  }
  // A kernel of no numbers may claim any number of units.
  if (kernel.numbers.length === 0) {
    return null;
  }
  // One bias for each block of units, of which a scalar has one and a vector as many as units.
  const block = outputs / values.length;
  const spread = Float64Array.from(
    { length: outputs },
    (_, unit) => values[Math.floor(unit / block)] ?? NaN,
  );
  return { inputs, outputs, kernel: kernel.numbers, bias: spread };
}

function isFinite(weight: WeightRow | undefined): boolean {
  const { statistics } = weight ?? {};
  return !statistics || statistics.nans + statistics.infinities === 0;
}

function isKernel({ name }: WeightRow): boolean {
  return /(?:^|\/)kernel$/u.test(name);
}
