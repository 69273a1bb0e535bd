/** Bytes -> weights: little-endian, one after another over all groups, without gaps. */

import type { Values, Weight } from "./artefacts";
import { LoadError, shown } from "./errors";
import type { WeightSpec } from "./manifest";

/**
 * The weights in the bytes of all files, in the manifest's order.
 *
 * @throws LoadError SIZE_MISMATCH, with the first weight that is cut short.
 */
export function decoded(specs: readonly WeightSpec[], bytes: Uint8Array): readonly Weight[] {
  const weights: Weight[] = [];
  let offset = 0;
  for (const spec of specs) {
    const end =
      offset + (spec.dtype === "string" ? stringBytes(spec, bytes, offset) : storedBytes(spec));
    if (end > bytes.byteLength) {
      throw tooShort(specs, spec, bytes.byteLength);
    }
    const stored = bytes.subarray(offset, end);
    weights.push({ spec, values: valuesOf(spec, stored), stored });
    offset = end;
  }
  if (offset < bytes.byteLength) {
    throw mismatch("the weight files", offset, bytes.byteLength, "");
  }
  return weights;
}

/** Bytes of a weight whose numbers have one width. */
function storedBytes({ size, dtype, quantization }: WeightSpec): number {
  if (quantization) {
    return size * (quantization.dtype === "uint8" ? 1 : 2);
  }
  return size * { float32: 4, int32: 4, bool: 1, complex64: 8, string: 4 }[dtype];
}

/** Each is its length in four bytes, and its UTF-8. */
function stringBytes({ size }: WeightSpec, bytes: Uint8Array, start: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = start;
  for (let index = 0; index < size; index += 1) {
    if (offset + 4 > bytes.byteLength) {
      return Infinity;
    }
    offset += 4 + view.getUint32(offset, true);
  }
  return offset - start;
}

function valuesOf({ dtype, quantization }: WeightSpec, bytes: Uint8Array): Values | null {
  if (dtype === "string" || dtype === "complex64") {
    return null;
  }
  if (quantization === null && dtype === "bool") {
    return bytes;
  }
  if (quantization === null) {
    return dtype === "int32" ? numbers(bytes, Int32Array) : numbers(bytes, Float32Array);
  }
  if (quantization.dtype === "float16") {
    return Float32Array.from(numbers(bytes, Uint16Array), float16);
  }
  const { scale, min } = quantization;
  const codes = quantization.dtype === "uint8" ? bytes : numbers(bytes, Uint16Array);
  return dtype === "int32"
    ? Int32Array.from(codes, (code) => Math.round(code * scale + min))
    : Float32Array.from(codes, (code) => code * scale + min);
}

interface TypedArray<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

/** The same bytes as numbers; copied only if they start where such numbers cannot. */
function numbers<T>(bytes: Uint8Array, as: TypedArray<T>): T {
  const width = as.BYTES_PER_ELEMENT;
  const { buffer, byteOffset } = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  return new as(buffer, byteOffset, bytes.byteLength / width);
}

/** IEEE 754 half precision: sign, 5 bits of exponent, 10 of fraction. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) {
    return fraction ? NaN : sign * Infinity;
  }
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function tooShort(specs: readonly WeightSpec[], short: WeightSpec, found: number): LoadError {
  const needed = specs.reduce((total, spec) => total + storedBytes(spec), 0);
  return mismatch(`weight '${shown(short.name)}'`, needed, found, ", and this weight is cut short");
}

function mismatch(where: string, needed: number, found: number, more: string): LoadError {
  return new LoadError("SIZE_MISMATCH", {
    where,
    what: `The manifest needs ${needed} bytes, and the files have ${found}${more}.`,
    fix: "Take model.json and all .bin files from the same export, downloaded whole.",
  });
}
