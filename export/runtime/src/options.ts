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

/**
 * Reads a configuration by tfjs's keys, in camel case, and speaks of them in Keras's.
 *
 * What was read is written again by `written`, as it was understood: defaults for what was left out.
 */
export class Options {
  readonly #config: Readonly<Record<string, unknown>>;
  readonly #read: Record<string, unknown> = {};

  /**
   * @param layer its name, for messages.
   * @param config its configuration.
   */
  constructor(
    private readonly layer: string,
    config: object,
  ) {
    this.#config = { ...config };
  }

  /** As it stands there. */
  given(key: string): unknown {
    return this.#config[key];
  }

  /** The option's value from now on, in what is written. */
  record<T>(key: string, value: T): T {
    this.#read[key] = value;
    return value;
  }

  /** All that was read, in a configuration. */
  written(): serialization.ConfigDict {
    const entries = Object.entries(this.#read) as [string, serialization.ConfigDictValue][];
    return Object.fromEntries(
      entries.map(([key, value]) => [key, parts.isPart(value) ? parts.serialized(value) : value]),
    );
  }

  bool(key: string, fallback: boolean): boolean {
    return this.#must(key, fallback, isBool, "is not a bool. Use True or False.");
  }

  /** A finite number, at least as large as `from`. */
  number(key: string, fallback: number, from = -Infinity): number {
    const fits = (value: unknown): value is number =>
      Number.isFinite(value) && Number(value) >= from;
    return this.#must(key, fallback, fits, `is not a number. Use ${atLeast(from)}.`);
  }

  /** The same, or null. */
  optionalNumber(key: string, from = -Infinity): number | null {
    return this.optional(key, () => this.number(key, 0, from));
  }

  /** A whole number of 1 or more. */
  positive(key: string, fallback?: number): number {
    return this.#must(key, fallback, isPositive, "is not a positive whole number. Use 1 or more.");
  }

  /** The same, or null. */
  optionalPositive(key: string): number | null {
    return this.optional(key, () => this.positive(key));
  }

  /** A whole number; a list of only one is taken too, as Keras 2 wrote it. */
  axis(key: string, fallback: number): number {
    const value = this.given(key);
    const axis: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
    return this.#must(key, fallback, isWhole, "is not an axis. Use a whole number.", axis);
  }

  /** A whole number, or a list of different ones. */
  axes(key: string, fallback?: number): number | readonly number[] {
    return this.#must(
      key,
      fallback,
      isAxes,
      "is neither an axis nor a list of axes. Use whole numbers.",
    );
  }

  /** The same, or null. */
  optionalAxes(key: string): number | readonly number[] | null {
    return this.optional(key, () => this.axes(key));
  }

  text(key: string): string {
    return this.#must(key, undefined, isText, "is not a text. Use letters.");
  }

  /** The same, or null. */
  optionalText(key: string): string | null {
    return this.optional(key, () => this.text(key));
  }

  /** A size, or a list of sizes, as a list; null is one that is not known. */
  sizes(key: string): readonly (number | null)[] {
    const values: unknown = [this.given(key)].flat();
    return this.#must(
      key,
      undefined,
      isSizes,
      "is not a shape. Use positive whole numbers.",
      values,
    );
  }

  /** A whole number for each of so many spatial axes, from a list or from one for all of them. */
  perAxis(
    key: string,
    axes: number,
    fallback?: number | readonly number[],
    from = 1,
  ): readonly number[] {
    const value = this.given(key) ?? fallback;
    const fits = (values: unknown): values is readonly number[] =>
      isEach(values, (each) => isWhole(each) && each >= from) && values.length === axes;
    return this.#must(
      key,
      undefined,
      fits,
      `${notFor(axes)} Use a whole number from ${from}, or a tuple of ${axes}.`,
      Array.isArray(value) ? value : Array(axes).fill(value),
    );
  }

  /**
   * How many before and behind each of so many spatial axes, from a number, or a number or a pair for
   * each axis; a single axis may have its pair as it is.
   */
  pairs(key: string, axes: number, fallback: number): readonly (readonly [number, number])[] {
    const value = this.given(key) ?? fallback;
    const flat = axes === 1 && isEach(value, isWhole) && value.length === 2;
    const each: readonly unknown[] =
      Array.isArray(value) && !flat ? value : Array<unknown>(axes).fill(value);
    const fits = (pairs: unknown): pairs is readonly (readonly [number, number])[] =>
      isEach(pairs, (pair) => isEach(pair, isCount) && pair.length === 2) && pairs.length === axes;
    const pairs = this.#must(
      key,
      undefined,
      fits,
      `${notFor(axes)} Use a whole number from 0, or a pair for each axis.`,
      each.map((pair): unknown => (Array.isArray(pair) ? pair : [pair, pair])),
    );
    this.record(key, axes === 1 ? pairs.flat() : pairs);
    return pairs;
  }

  /** Known sizes, or null. */
  optionalSizes(key: string): readonly number[] | null {
    const sizes = this.optional(key, () => this.sizes(key));
    return sizes === null || sizes.every((size) => size !== null)
      ? sizes
      : this.#refuse(key, "has an unknown size. Use positive whole numbers.");
  }

  /** What `read` makes of the option, or null where it is null or left out. */
  optional<T>(key: string, read: (key: string) => T): T | null {
    return this.given(key) == null ? this.record(key, null) : read(key);
  }

  oneOf<const Choice extends string>(key: string, choices: readonly [Choice, ...Choice[]]): Choice {
    const value = this.given(key) ?? choices[0];
    const found =
      among(choices, value)[0] ??
      this.#refuse(key, `is unknown. Use ${shown(choices).join(" or ")}.`);
    return this.record(key, found);
  }

  /** A list of different choices. */
  someOf<const Choice extends string>(
    key: string,
    choices: readonly Choice[],
    fallback: readonly Choice[],
  ): readonly Choice[] {
    const values: readonly unknown[] = [this.given(key) ?? fallback].flat();
    const found = values.flatMap((each) => among(choices, each));
    return found.length === values.length && new Set(found).size === values.length
      ? this.record(key, found)
      : this.#refuse(
          key,
          `is no list of different ones of ${shown(choices).join(", ")}. Use these.`,
        );
  }

  /** All of these, each of the type of its default, or anything where that is null. */
  like<const Defaults extends object>(defaults: Defaults): Defaults {
    const found = Object.entries(defaults).map(([key, fallback]: [string, unknown]) => {
      const value = this.given(key) ?? fallback;
      return fallback === null || typeof value === typeof fallback
        ? [key, value]
        : this.#refuse(key, `is of another type. Use one like ${spoken(fallback)}.`);
    });
    return Object.fromEntries(found) as Defaults;
  }

  initializer(key: string, fallback: string): parts.Initializer {
    return this.#part(key, parts.initializer, this.given(key) ?? fallback);
  }

  regularizer(key: string): parts.Regularizer | null {
    return this.#part(key, parts.regularizer);
  }

  constraint(key: string): parts.Constraint | null {
    return this.#part(key, parts.constraint);
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
    const activation = this.#part(key, parts.activation);
    this.record(key, activation.getClassName());
    return activation;
  }

  /** An activation that leaves shapes as they are. */
  activation(key: string): Activation {
    const activation = this.anyActivation(key);
    return activation.getClassName() === CHANGES_SHAPE
      ? this.#refuse(key, "halves the last axis. Put it in a layer of its own: keras>Activation.")
      : activation;
  }

  /** What `compute` gives; what it throws is said of this layer. */
  checked<T>(compute: () => T): T {
    return within(this.layer, compute);
  }

  #part<T>(key: string, find: (option: string, given: unknown) => T, given = this.given(key)): T {
    return this.record(
      key,
      this.checked(() => find(snakeCase(key), given)),
    );
  }

  #must<T>(
    key: string,
    fallback: T | undefined,
    fits: (value: unknown) => value is T,
    why: string,
    given = this.given(key),
  ): T {
    const value = given ?? fallback;
    return fits(value) ? this.record(key, value) : this.#refuse(key, why);
  }

  #refuse(key: string, why: string): never {
    throw new Error(`Layer '${this.layer}': ${snakeCase(key)}=${spoken(this.given(key))} ${why}`);
  }
}

function isBool(value: unknown): value is boolean {
  return typeof value === "boolean";
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isWhole(value: unknown): value is number {
  return Number.isInteger(value);
}

function isCount(value: unknown): value is number {
  return isWhole(value) && value >= 0;
}

function isPositive(value: unknown): value is number {
  return isWhole(value) && value >= 1;
}

function isEach(values: unknown, fits: (value: unknown) => boolean): values is readonly unknown[] {
  return Array.isArray(values) && values.every(fits);
}

function isAxes(value: unknown): value is number | readonly number[] {
  return isWhole(value) || (isEach(value, isWhole) && value.length > 0);
}

function isSizes(values: unknown): values is readonly (number | null)[] {
  return isEach(values, (size) => size === null || isPositive(size));
}

function atLeast(from: number): string {
  return from === -Infinity ? "a finite number" : `${from} or more`;
}

function notFor(axes: number): string {
  return `is not for a layer with ${axes} spatial ${axes === 1 ? "axis" : "axes"}.`;
}

/** The choice that a value is, in tfjs's spelling or in Keras's; none if it is none. */
function among<Choice extends string>(choices: readonly Choice[], value: unknown): Choice[] {
  return choices.filter((choice) => value === choice || value === snakeCase(choice));
}

/** Choices in Keras's spelling. */
function shown(choices: readonly string[]): string[] {
  return choices.map((choice) => spoken(snakeCase(choice)));
}

/** tfjs does so to all that it saves. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
