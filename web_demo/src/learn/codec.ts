/**
 * What a reader has set, as the text behind # in an address, and back.
 *
 * A field stands there only where it is not as it began, so a fresh page has a short address. What
 * cannot be read is left as it began: an address may be typed, cut off, or from a newer page.
 */

export interface Field<T> {
  readonly initial: T;
  readonly write: (value: T) => string;
  /** Undefined where the text means nothing. */
  readonly read: (text: string) => T | undefined;
}

export type Fields<S> = { readonly [Key in keyof S]: Field<S[Key]> };
export type Entries = readonly (readonly [string, string])[];

/** One of a few words. */
export function choice<const T extends string>(options: readonly T[], initial: T): Field<T> {
  return {
    initial,
    write: (value) => value,
    read: (text) => options.find((option) => option === text),
  };
}

/** A number between two others, ends included; digits enough to be the very same again. */
export function real(initial: number, min: number, max: number): Field<number> {
  return {
    initial,
    write: String,
    read: (text) => inside(text === "" ? NaN : Number(text), min, max),
  };
}

/** The same without a fraction. */
export function whole(initial: number, min: number, max: number): Field<number> {
  return {
    initial,
    write: String,
    read: (text) => (/^-?\d{1,10}$/u.test(text) ? inside(Number(text), min, max) : undefined),
  };
}

export function flag(initial: boolean): Field<boolean> {
  return {
    initial,
    write: (value) => (value ? "1" : "0"),
    read: (text) => (text === "1" ? true : text === "0" ? false : undefined),
  };
}

/** Weights in single precision, bit for bit: their bytes, little end first, in base64url. */
export function weights(size: number): Field<Float32Array | null> {
  return {
    initial: null,
    write: (value) => (value ? base64(value) : ""),
    read: (text) => {
      const found = fromBase64(text);
      return found?.length === size && found.every(Number.isFinite) ? found : undefined;
    },
  };
}

export function initial<S>(fields: Fields<S>): S {
  return each(fields, (field) => field.initial);
}

export function encoded<S>(fields: Fields<S>, state: S): Entries {
  return keys(fields).flatMap((key) => {
    const field = fields[key];
    const text = field.write(state[key]);
    return text === field.write(field.initial) ? [] : [[String(key), text] as const];
  });
}

export function decoded<S>(fields: Fields<S>, found: URLSearchParams): S {
  return each(fields, (field, key) => {
    const text = found.get(key);
    return (text === null ? undefined : field.read(text)) ?? field.initial;
  });
}

function inside(value: number, min: number, max: number): number | undefined {
  return value >= min && value <= max ? value : undefined;
}

function keys<S>(fields: Fields<S>): (keyof S)[] {
  return Object.keys(fields) as (keyof S)[];
}

function each<S>(
  fields: Fields<S>,
  make: <K extends keyof S>(field: Field<S[K]>, key: string) => S[K],
): S {
  const entries = keys(fields).map((key) => [key, make(fields[key], String(key))]);
  return Object.fromEntries(entries) as S;
}

function base64(values: Float32Array): string {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, index) => {
    view.setFloat32(4 * index, value, true);
  });
  const text = String.fromCharCode(...new Uint8Array(view.buffer));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64(text: string): Float32Array | undefined {
  try {
    const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    if (bytes.length % 4 !== 0) {
      return undefined;
    }
    const view = new DataView(Uint8Array.from(bytes, (char) => char.charCodeAt(0)).buffer);
    return Float32Array.from({ length: bytes.length / 4 }, (_, index) =>
      view.getFloat32(4 * index, true),
    );
  } catch {
    return undefined; // not base64
  }
}
