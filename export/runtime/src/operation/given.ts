/** What an operation of `keras.ops` is called with: tensors, numbers, slices, and its options. */

import type { DataType, Tensor, TensorLike } from "@tensorflow/tfjs-core";
import { cast, notEqual, reshape, scalar, tensor } from "@tensorflow/tfjs-core";
import { severed } from "../gradient";
import { at as nth, floats } from "../inputs";
import type { Options } from "../options";
import { spoken } from "../python";

/** A type that tfjs computes with. */
export type Kind = "bool" | "int32" | "float32";

/** A number that Python has as a float, also where it is whole. */
export class Float {
  constructor(readonly value: number) {}
}

/** Python's `start:stop:step`. */
export class Slice {
  constructor(
    readonly start: number | null,
    readonly stop: number | null,
    readonly step: number,
  ) {}
}

/** Python's `...`. */
export const ELLIPSIS = Symbol("...");

/** One argument. */
export type Value =
  Tensor | Float | Slice | typeof ELLIPSIS | number | boolean | null | readonly Value[];

/** What computes an operation's output or outputs. */
export type Compute = (given: Given) => Tensor | Tensor[];

/** The arguments of a call, and the options of the operation. */
export class Given {
  constructor(
    private readonly values: readonly Value[],
    /** The operation's options, in camel case. */
    readonly options: Options,
  ) {}

  /** How many arguments there are; those not given at the end do not count. */
  get length(): number {
    return this.values.length;
  }

  /** An argument as it is; null if it is not given. */
  value(at: number): Value {
    return this.values[at] ?? null;
  }

  /** An argument as a tensor. */
  tensor(at: number): Tensor {
    return nth(promoted(this.value(at)), 0);
  }

  /** The same in float32. */
  floats(at: number): Tensor {
    return floats(this.tensor(at));
  }

  /** The same, or null if it is not given. */
  optionalFloats(at: number): Tensor | null {
    return this.value(at) === null ? null : this.floats(at);
  }

  /** The first two arguments as tensors of one type. */
  pair(): [Tensor, Tensor] {
    return promoted(this.value(0), this.value(1)) as [Tensor, Tensor];
  }

  /** All arguments, or those of the only one that is a list, as tensors of one type. */
  tensors(): Tensor[] {
    const [first] = this.values;
    return promoted(...(Array.isArray(first) ? (first as readonly Value[]) : this.values));
  }

  /** Whole numbers that stand in a list among the arguments. */
  wholes(at: number): readonly number[] {
    const values = [this.value(at)].flat() as readonly Value[];
    return values.map((value) =>
      typeof value === "number" ? value : refuse("has a tensor where a number must stand"),
    );
  }

  /** An option's axes, from 0, each once; all of them if the option is null. */
  axes(key: string, x: Tensor): number[] {
    const axes = this.options.optionalAxes(key);
    return axes === null ? [...x.shape.keys()] : [axes].flat().map((axis) => axisOf(axis, x));
  }

  /** The first argument and an axis of it; without an axis, all its numbers in a row. */
  line(): readonly [Tensor, number] {
    const x = this.tensor(0);
    return this.options.optionalAxes("axis") === null
      ? [reshape(x, [x.size]), 0]
      : [x, this.axis("axis", x)];
  }

  /** An option's axis, from 0. */
  axis(key: string, x: Tensor, fallback = -1): number {
    return axisOf(this.options.axis(key, fallback), x);
  }
}

/** An axis, counted from the front. */
export function axisOf(axis: number, x: Tensor): number {
  return axis < 0 ? axis + x.rank : axis;
}

/** The arguments as tensors of the one type that Keras computes them in. */
export function promoted(...values: readonly Value[]): Tensor[] {
  const kinds = values.map(kindOf);
  const kind = KINDS.find((each) => kinds.includes(each)) ?? "float32";
  return values.map((value) => asTensor(value, kind));
}

/** From the one that all others win over to the one that wins over all others. */
const KINDS: readonly Kind[] = ["float32", "int32", "bool"];

/** A tensor in another type. The backend wasm casts 0.3 to false, and 2 to what is neither. */
export function of(kind: DataType, x: Tensor): Tensor {
  if (x.dtype === kind) {
    return x;
  }
  return kind === "bool" ? severed([x], () => notEqual(x, 0)) : cast(x, kind);
}

function asTensor(value: Value, kind: Kind): Tensor {
  if (isTensor(value)) {
    return of(kind, value);
  }
  if (Array.isArray(value)) {
    return tensor(plain(value as readonly Value[]) as TensorLike, undefined, kind);
  }
  return scalar(plain(value) as number | boolean, kind);
}

function kindOf(value: Value): Kind {
  if (isTensor(value)) {
    return value.dtype === "bool" || value.dtype === "int32" ? value.dtype : "float32";
  }
  if (Array.isArray(value)) {
    const kinds = (value as readonly Value[]).map(kindOf);
    return KINDS.find((each) => kinds.includes(each)) ?? "float32";
  }
  return typeof value === "boolean" ? "bool" : typeof value === "number" ? "int32" : "float32";
}

function plain(value: Value): unknown {
  if (Array.isArray(value)) {
    return (value as readonly Value[]).map(plain);
  }
  if (value instanceof Float) {
    return value.value;
  }
  return typeof value === "number" || typeof value === "boolean"
    ? value
    : refuse("has something else where a tensor must stand");
}

/** Whether an argument is a tensor. */
export function isTensor(value: Value): value is Tensor {
  return typeof value === "object" && value !== null && "dtype" in value;
}

/**
 * An argument as the configuration has it, with the tensors in their places.
 *
 * @param written JSON: `{tensor: 0, dtype}`, `{float: 0.5}`, `{slice: [start, stop, step]}`,
 *   `{ellipsis: true}`, `{array: [...], dtype}`, or a plain value, or a list.
 * @param inputs the tensors that the layer is called on.
 */
export function decoded(written: unknown, inputs: readonly Tensor[]): Value {
  if (Array.isArray(written)) {
    return written.map((each) => decoded(each, inputs));
  }
  if (typeof written === "number" || typeof written === "boolean" || written === null) {
    return written;
  }
  const found = (typeof written === "object" ? written : {}) as Readonly<Record<string, unknown>>;
  if ("tensor" in found) {
    const input = inputs[found["tensor"] as number] ?? refuse("is called on too few tensors");
    return of((found["dtype"] as Kind | undefined) ?? "float32", input);
  }
  if ("float" in found) {
    return new Float(numberOf(found["float"]));
  }
  if ("slice" in found) {
    const [start, stop, step] = found["slice"] as readonly (number | null)[];
    return new Slice(start ?? null, stop ?? null, step ?? 1);
  }
  if ("array" in found) {
    const values = deep(found["array"]) as TensorLike;
    return tensor(values, undefined, (found["dtype"] as Kind | undefined) ?? "float32");
  }
  return "ellipsis" in found ? ELLIPSIS : refuse(`has the argument ${spoken(written)}`);
}

function deep(value: unknown): unknown {
  return Array.isArray(value)
    ? value.map(deep)
    : typeof value === "string"
      ? numberOf(value)
      : value;
}

/** A number, also one that JSON has no word for. */
export function numberOf(written: unknown): number {
  const special: Readonly<Record<string, number>> = { inf: Infinity, "-inf": -Infinity, nan: NaN };
  return typeof written === "string" ? (special[written] ?? NaN) : Number(written);
}

/** @throws Error which the layer's name is put in front of. */
export function refuse(what: string): never {
  throw new Error(`the operation ${what}. Convert the model again.`);
}
