/** What to know of a model that can be shown all the same: each with its layer, and why. */

import { shown } from "../loader/errors";
import type { LayerRow, WeightRow } from "./describe";
import { deadUnits } from "./deadUnits";
import type { Graph } from "./graph";
import { linearChains } from "./linearChain";
import { brokenWeights } from "./nonFinite";
import { redundantBiases } from "./redundantBias";

export type NoticeCode =
  | "DEAD_UNITS"
  | "LINEAR_CHAIN"
  | "NON_FINITE"
  | "NO_EFFECT"
  | "NO_WEIGHTS"
  | "REDUNDANT_BIAS"
  | "UNKNOWN_LAYER"
  | "UNSAFE_NAME";

/** Numbers that belong to a notice, as a table. */
export interface NoticeNumbers {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface Notice {
  readonly code: NoticeCode;
  /** The layer or weight; null if it is about the model. */
  readonly where: string | null;
  readonly text: string;
  readonly numbers: NoticeNumbers | null;
}

/** What notices are found in. */
export interface Noticed {
  readonly layers: readonly LayerRow[];
  readonly weights: readonly WeightRow[];
  readonly optimizer: readonly WeightRow[];
  readonly hasWeights: boolean;
  readonly graph: Graph;
}

/** What is wrong first, what is merely more than is needed last. */
export function notices(model: Noticed): readonly Notice[] {
  return [
    ...missing(model),
    ...unknown(model),
    ...unsafe(model),
    ...brokenWeights([...model.weights, ...model.optimizer]),
    ...deadUnits(model.layers),
    ...redundantBiases(model.layers, model.graph),
    ...linearChains(model.layers, model.graph),
  ];
}

function missing({ hasWeights }: Noticed): readonly Notice[] {
  return hasWeights
    ? []
    : [
        {
          code: "NO_WEIGHTS",
          where: null,
          text: "Layers only: the weight files are missing, so there are no numbers to show.",
          numbers: null,
        },
      ];
}

function unknown({ layers }: Noticed): readonly Notice[] {
  const names = [...new Set(layers.filter((row) => !row.isKnown).map((row) => row.className))];
  const [classes, are] = names.length === 1 ? ["layer class", "is"] : ["layer classes", "are"];
  return names.length === 0
    ? []
    : [
        {
          code: "UNKNOWN_LAYER",
          where: null,
          text: `Inspect only: ${classes} ${listed(names)} ${are} unknown to TensorFlow.js and to keras-tfjs.js. All numbers below are right; to run the model, register the class first.`,
          numbers: null,
        },
      ];
}

function unsafe({ layers, weights }: Noticed): readonly Notice[] {
  const names = [
    ...layers.map((row) => row.path.at(-1) ?? ""),
    ...weights.map((row) => row.name),
  ].filter((name) => !/^[A-Za-z0-9][-A-Za-z0-9._/]*$/u.test(name));
  return names.length === 0
    ? []
    : [
        {
          code: "UNSAFE_NAME",
          where: null,
          text: `TensorFlow.js refuses the ${names.length === 1 ? "name" : "names"} ${listed(names)}: a name starts with a letter or digit, and has letters, digits, - . _ / only. Export with keras-tfjs, which renames.`,
          numbers: null,
        },
      ];
}

/** The first three, and how many more. */
export function listed(names: readonly string[]): string {
  const some = names
    .slice(0, 3)
    .map((name) => `'${shown(name)}'`)
    .join(", ");
  return names.length > 3 ? `${some} and ${names.length - 3} more` : some;
}
