/** Arrays as they travel between the two programs: a type, a shape, and the bytes in base64. */
import type { Tensor } from "@tensorflow/tfjs-core";
import { tensor } from "@tensorflow/tfjs-core";

export type ArrayType = "float32" | "int32" | "bool";

/** An array, little-endian and in C order. */
export interface EncodedArray {
  readonly dtype: ArrayType;
  readonly shape: readonly number[];
  readonly base64: string;
}

/** The tensor of an array. */
export function decoded(array: EncodedArray): Tensor {
  const bytes = Uint8Array.from(Buffer.from(array.base64, "base64"));
  return tensor(valuesOf(array.dtype, bytes), [...array.shape], array.dtype);
}

/** What a tensor holds. */
export async function encoded(from: Tensor): Promise<EncodedArray> {
  if (from.dtype !== "float32" && from.dtype !== "int32" && from.dtype !== "bool") {
    throw new Error(`A tensor of type ${from.dtype} has no NumPy array here.`);
  }
  const values = arrayOf(from.dtype, await from.data());
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return { dtype: from.dtype, shape: from.shape, base64: bytes.toString("base64") };
}

/** Values in an array of their own type: a tensor that was cast still holds that of its first. */
function arrayOf(
  dtype: ArrayType,
  values: ArrayLike<number>,
): Float32Array | Int32Array | Uint8Array {
  switch (dtype) {
    case "float32":
      return Float32Array.from(values);
    case "int32":
      return Int32Array.from(values);
    case "bool":
      return Uint8Array.from(values);
  }
}

function valuesOf(dtype: ArrayType, bytes: Uint8Array): Float32Array | Int32Array | Uint8Array {
  switch (dtype) {
    case "float32":
      return new Float32Array(bytes.buffer);
    case "int32":
      return new Int32Array(bytes.buffer);
    case "bool":
      return bytes;
  }
}
