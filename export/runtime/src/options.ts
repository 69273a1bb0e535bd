/** A layer's options, read one by one from its configuration; what is wrong is said by its name. */

import type { serialization } from "@tensorflow/tfjs-core";
import type { layers } from "@tensorflow/tfjs-layers";
import type { Activation } from "./activations";
import { CHANGES_SHAPE } from "./activations";
import { within } from "./inputs";
import * as parts from "./parts";
import { spoken } from "./python";

type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

/** What every layer can be given. */
export type LayerConfig = Readonly<LayerArgs>;

/** How a weight starts, what its size costs, and what holds it in bounds. */
export interface WeightParts {
  readonly initializer: parts.Initializer;
  readonly regularizer: parts.Regularizer | null;
  readonly constraint: parts.Constraint | null;
}

const numbers = new Map<string, number>();

/**
 * What tfjs's base class is given: the configuration with a name.
 *
 * tfjs would make the name of the class's, whose `>` it then refuses.
 *
 * @param config a layer's, as its user or a file gives it.
 * @param stem of the name if it has none: `bias_1`, `bias_2` ...
 */
export function named(config: LayerConfig, stem: string): LayerArgs {
  if (config.name) {
    return { ...config };
  }
  const number = (numbers.get(stem) ?? 0) + 1;
  numbers.set(stem, number);
  return { ...config, name: `${stem}_${number}` };
}

/** Reads a configuration by tfjs's keys, in camel case, and speaks of them in Keras's. */
export class Options {
  private readonly config: Readonly<Record<string, unknown>>;

  /**
   * @param layer its name, for messages.
   * @param config its configuration.
   */
  constructor(
    private readonly layer: string,
    config: object,
  ) {
    this.config = { ...config };
  }

  /** As it stands there. */
  given(key: string): unknown {
    return this.config[key];
  }

  bool(key: string, fallback: boolean): boolean {
    const value = this.given(key) ?? fallback;
    return typeof value === "boolean"
      ? value
      : this.refuse(key, "is not a bool. Use True or False.");
  }

  /** A finite number, at least as large as `from`. */
  number(key: string, fallback: number, from = -Infinity): number {
    const value = this.given(key) ?? fallback;
    const fits = typeof value === "number" && Number.isFinite(value) && value >= from;
    return fits ? value : this.refuse(key, `is not a number. Use ${atLeast(from)}.`);
  }

  /** The same, or null. */
  optionalNumber(key: string, from = -Infinity): number | null {
    return this.missing(key) ? null : this.number(key, 0, from);
  }

  /** A whole number of 1 or more. */
  positive(key: string, fallback?: number): number {
    const value = this.given(key) ?? fallback;
    return isWhole(value) && value >= 1
      ? value
      : this.refuse(key, "is not a positive whole number. Use 1 or more.");
  }

  /** The same, or null. */
  optionalPositive(key: string): number | null {
    return this.missing(key) ? null : this.positive(key);
  }

  /** A whole number; a list of only one is taken too, as Keras 2 wrote it. */
  axis(key: string, fallback: number): number {
    const value = this.given(key) ?? fallback;
    const axis: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
    return isWhole(axis) ? axis : this.refuse(key, "is not an axis. Use a whole number.");
  }

  /** A whole number, or a list of different ones. */
  axes(key: string, fallback?: number): number | readonly number[] {
    const value = this.given(key) ?? fallback;
    if (isWhole(value)) {
      return value;
    }
    if (Array.isArray(value) && value.length && value.every(isWhole)) {
      return [...value];
    }
    return this.refuse(key, "is neither an axis nor a list of axes. Use whole numbers.");
  }

  /** The same, or null. */
  optionalAxes(key: string): number | readonly number[] | null {
    return this.missing(key) ? null : this.axes(key);
  }

  text(key: string): string {
    const value = this.given(key);
    return typeof value === "string" ? value : this.refuse(key, "is not a text. Use letters.");
  }

  /** The same, or null. */
  optionalText(key: string): string | null {
    return this.missing(key) ? null : this.text(key);
  }

  /** A size, or a list of sizes, as a list; null is one that is not known. */
  sizes(key: string): readonly (number | null)[] {
    const values: readonly unknown[] = [this.given(key)].flat();
    const sizes = values.filter((size) => size === null || (isWhole(size) && size >= 1));
    return sizes.length === values.length
      ? (sizes as (number | null)[])
      : this.refuse(key, "is not a shape. Use positive whole numbers.");
  }

  /** A whole number for each of so many spatial axes, from a list or from one for all of them. */
  perAxis(key: string, axes: number, fallback?: number, from = 1): readonly number[] {
    const value = this.given(key) ?? fallback;
    const values: readonly unknown[] = Array.isArray(value) ? value : Array(axes).fill(value);
    const numbers = values.filter((each) => isWhole(each) && each >= from);
    return numbers.length === axes && values.length === axes
      ? (numbers as number[])
      : this.refuse(
          key,
          `is not for a layer with ${axes} spatial ${axes === 1 ? "axis" : "axes"}. ` +
            `Use a whole number from ${from}, or a tuple of ${axes}.`,
        );
  }

  /**
   * How many before and behind each of so many spatial axes, from a number, or a number or a pair for
   * each axis; a single axis may have its pair as it is.
   */
  pairs(key: string, axes: number, fallback: number): readonly (readonly [number, number])[] {
    const value = this.given(key) ?? fallback;
    const flat = axes === 1 && Array.isArray(value) && value.length === 2 && value.every(isWhole);
    const each: readonly unknown[] =
      Array.isArray(value) && !flat ? value : Array<unknown>(axes).fill(value);
    const pairs = each.map((pair) => (Array.isArray(pair) ? (pair as unknown[]) : [pair, pair]));
    const fits = pairs.every((pair) => pair.length === 2 && pair.every(isCount));
    return fits && pairs.length === axes
      ? (pairs as [number, number][])
      : this.refuse(
          key,
          `is not for a layer with ${axes} spatial ${axes === 1 ? "axis" : "axes"}. ` +
            "Use a whole number from 0, or a pair for each axis.",
        );
  }

  /** Known sizes, or null. */
  optionalSizes(key: string): readonly number[] | null {
    const sizes = this.missing(key) ? null : this.sizes(key);
    return sizes === null || sizes.every((size) => size !== null)
      ? sizes
      : this.refuse(key, "has an unknown size. Use positive whole numbers.");
  }

  oneOf<const Choice extends string>(key: string, choices: readonly [Choice, ...Choice[]]): Choice {
    const value = this.given(key) ?? choices[0];
    const shown = choices.map((choice) => spoken(snakeCase(choice))).join(" or ");
    return (
      choices.find((choice) => value === choice || value === snakeCase(choice)) ??
      this.refuse(key, `is unknown. Use ${shown}.`)
    );
  }

  /** A list of different choices. */
  someOf<const Choice extends string>(
    key: string,
    choices: readonly Choice[],
    fallback: readonly Choice[],
  ): readonly Choice[] {
    const value: unknown = this.given(key) ?? fallback;
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    const found = values.flatMap((each) =>
      choices.filter((choice) => each === choice || each === snakeCase(choice)),
    );
    const shown = choices.map((choice) => spoken(snakeCase(choice))).join(", ");
    return found.length === values.length && new Set(found).size === values.length
      ? found
      : this.refuse(key, `is no list of different ones of ${shown}. Use these.`);
  }

  /** All of these, each of the type of its default, or anything where that is null. */
  like<const Defaults extends object>(defaults: Defaults): Defaults {
    const found = Object.entries(defaults).map(([key, fallback]: [string, unknown]) => {
      const value = this.given(key) ?? fallback;
      return fallback === null || typeof value === typeof fallback
        ? [key, value]
        : this.refuse(key, `is of another type. Use one like ${spoken(fallback)}.`);
    });
    return Object.fromEntries(found) as Defaults;
  }

  initializer(key: string, fallback: string): parts.Initializer {
    const given = this.given(key) ?? fallback;
    return this.checked(() => parts.initializer(snakeCase(key), given));
  }

  regularizer(key: string): parts.Regularizer | null {
    return this.checked(() => parts.regularizer(snakeCase(key), this.given(key)));
  }

  constraint(key: string): parts.Constraint | null {
    return this.checked(() => parts.constraint(snakeCase(key), this.given(key)));
  }

  /** The three parts of the weight that goes by `stem`: `kernelInitializer` and so on. */
  weight(stem: string, initializer: string): WeightParts {
    return {
      initializer: this.initializer(`${stem}Initializer`, initializer),
      regularizer: this.regularizer(`${stem}Regularizer`),
      constraint: this.constraint(`${stem}Constraint`),
    };
  }

  /** Any activation. */
  anyActivation(key: string): Activation {
    return this.checked(() => parts.activation(snakeCase(key), this.given(key)));
  }

  /** An activation that leaves shapes as they are. */
  activation(key: string): Activation {
    const activation = this.anyActivation(key);
    return activation.getClassName() === CHANGES_SHAPE
      ? this.refuse(key, "halves the last axis. Put it in a layer of its own: keras>Activation.")
      : activation;
  }

  /** What `compute` gives; what it throws is said of this layer. */
  checked<T>(compute: () => T): T {
    return within(this.layer, compute);
  }

  private missing(key: string): boolean {
    return this.given(key) === null || this.given(key) === undefined;
  }

  private refuse(key: string, why: string): never {
    throw new Error(`Layer '${this.layer}': ${snakeCase(key)}=${spoken(this.given(key))} ${why}`);
  }
}

/** The parts of a weight, as `Options.weight` reads them. */
export function weightInConfig(stem: string, weight: WeightParts): serialization.ConfigDict {
  return {
    [`${stem}Initializer`]: parts.serialized(weight.initializer),
    [`${stem}Regularizer`]: parts.serialized(weight.regularizer),
    [`${stem}Constraint`]: parts.serialized(weight.constraint),
  };
}

function isWhole(value: unknown): value is number {
  return Number.isInteger(value);
}

function isCount(value: unknown): value is number {
  return isWhole(value) && value >= 0;
}

function atLeast(from: number): string {
  return from === -Infinity ? "a finite number" : `${from} or more`;
}

/** tfjs does so to all that it saves. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
