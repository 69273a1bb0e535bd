/** The linear parts of attention: a kernel and a bias of its own shape for each. */

import type { Tensor, serialization } from "@tensorflow/tfjs-core";
import { matMul, reshape } from "@tensorflow/tfjs-core";
import type { LayerVariable } from "@tensorflow/tfjs-layers";
import { within } from "../../inputs";
import type { WeightParts } from "../../options";
import { Options } from "../../options";
import { spoken } from "../../python";
import type { Sizes } from "../../shape";
import type { BiasOptions, SettledBias } from "../biased";
import { biasOptions, settled, withBias } from "../biased";
import { product } from "../../sizes";

/** The projections, by the names that options speak of them, and those of their weights. */
const WEIGHTS = {
  query: "query",
  key: "key",
  gate: "gate",
  value: "value",
  output: "attention_output",
} as const;

export type ProjectionName = keyof typeof WEIGHTS;

const NAMES = Object.keys(WEIGHTS) as readonly ProjectionName[];

/** One value for all projections, or one for each that differs from the default. */
export type PerProjection<T> = T | Readonly<Partial<Record<ProjectionName, T>>>;

/** What every projection is given for its bias; null where it has none. */
export type Biases = Readonly<Record<ProjectionName, BiasOptions | null>>;

/** From what to what a projection goes. */
export interface Plan {
  readonly name: ProjectionName;
  /** Sizes between the batch and the axes that it makes. */
  readonly leading: Sizes;
  /** Sizes of the last axes that it sums over. */
  readonly summed: readonly number[];
  /** Sizes of the axes that it makes, which "vector" has biases along. */
  readonly made: readonly number[];
}

/** A projection with its weights. */
export interface Projection {
  readonly plan: Plan;
  readonly kernel: LayerVariable;
  readonly bias: { readonly variable: LayerVariable; readonly settled: SettledBias } | null;
}

/** Makes a weight of the layer's. */
export type MakeWeight = (
  name: string,
  shape: readonly number[],
  parts: WeightParts,
  trainable?: boolean,
) => LayerVariable;

const OPTIONS = ["useBias", "biasShape", "biasTrainable"] as const;

/**
 * `use_bias`, `bias_shape` and `bias_trainable` of each projection.
 *
 * @throws Error if a value is none, or is given for a projection that there is not.
 */
export function biasesOf(layer: string, options: Options): Biases {
  for (const key of OPTIONS) {
    const given = options.given(key);
    for (const name of isPerProjection(given) ? Object.keys(given) : []) {
      if (!NAMES.some((known) => known === name)) {
        throw new Error(
          `Layer '${layer}': ${OPTION_IN_KERAS[key]} has a value for ${spoken(name)}. ` +
            `Use ${NAMES.map(spoken).join(", ")}.`,
        );
      }
    }
  }
  const of = (name: ProjectionName): BiasOptions | null => {
    const own = Object.fromEntries(OPTIONS.map((key) => [key, valueFor(options.given(key), name)]));
    const read = new Options(`${layer}/${WEIGHTS[name]}`, own);
    const used = read.bool("useBias", true);
    // One shape for all is meant for those that have a bias, where that is said of each.
    const others =
      isPerProjection(options.given("useBias")) && !isPerProjection(options.given("biasShape"));
    if (!used && others) {
      return null;
    }
    const bias = biasOptions(read, used);
    return used ? bias : null;
  };
  return Object.fromEntries(NAMES.map((name) => [name, of(name)])) as unknown as Biases;
}

/** The three options as they were given. */
export function biasesInConfig(options: Options, biases: Biases): serialization.ConfigDict {
  const written = (key: (typeof OPTIONS)[number]): unknown => {
    const given = options.given(key);
    const one = (name: ProjectionName): unknown => {
      const bias = biases[name];
      return key === "useBias"
        ? bias !== null
        : key === "biasShape"
          ? (bias?.shape ?? "vector")
          : (bias?.trainable ?? true);
    };
    if (isPerProjection(given)) {
      const names = NAMES.filter((name) => given[name] !== undefined);
      return Object.fromEntries(names.map((name) => [name, one(name)]));
    }
    return one(NAMES.find((name) => biases[name] !== null) ?? "query");
  };
  return Object.fromEntries(OPTIONS.map((key) => [key, written(key)])) as serialization.ConfigDict;
}

/**
 * The projections with their weights, in the order of the plans: a kernel, then its bias.
 *
 * @throws Error if an output has no such bias, before any weight is made.
 */
export function projections(
  layer: string,
  plans: readonly Plan[],
  biases: Biases,
  parts: { readonly kernel: WeightParts; readonly bias: WeightParts },
  make: MakeWeight,
): Readonly<Partial<Record<ProjectionName, Projection>>> {
  const planned = plans.map((plan) => {
    const { name, leading, made } = plan;
    const options = biases[name];
    const axes = made.map((_, index) => leading.length + index);
    const bias = within(`${layer}/${WEIGHTS[name]}`, () =>
      options ? settled(options.shape, [...leading, ...made], axes, null) : null,
    );
    return { plan, bias, trainable: options?.trainable ?? true };
  });
  return Object.fromEntries(
    planned.map(({ plan, bias, trainable }) => {
      const stem = WEIGHTS[plan.name];
      const kernel = make(`${stem}/kernel`, [...plan.summed, ...plan.made], parts.kernel);
      const added = bias && {
        variable: make(`${stem}/bias`, bias.resolved.stored, parts.bias, trainable),
        settled: bias,
      };
      return [plan.name, { plan, kernel, bias: added }];
    }),
  );
}

/** `(batch, ..., summed)` to `(batch, ..., made)`: one product of matrices, and the bias. */
export function projected(x: Tensor, { plan, kernel, bias }: Projection): Tensor {
  const [inside, outside] = [product(plan.summed), product(plan.made)];
  const leading = x.shape.slice(0, x.rank - plan.summed.length);
  const rows = reshape(x, [product(leading), inside]);
  const y = matMul(rows, reshape(kernel.read(), [inside, outside]));
  const full = reshape(y, [...leading, ...plan.made]);
  return bias ? withBias(full, bias.variable.read(), bias.settled) : full;
}

const OPTION_IN_KERAS = {
  useBias: "use_bias",
  biasShape: "bias_shape",
  biasTrainable: "bias_trainable",
} as const;

function isPerProjection(given: unknown): given is Readonly<Record<string, unknown>> {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}

function valueFor(given: unknown, name: ProjectionName): unknown {
  return isPerProjection(given) ? given[name] : given;
}
