/** An exported model as files in memory, to be spoilt in one place at a time. */

import type { SourceFile } from "../../web_demo/src/loader/source";

export interface LayerJson {
  class_name: string;
  config: Record<string, unknown>;
  [key: string]: unknown;
}

export interface WeightJson {
  name: string;
  shape: unknown;
  dtype: string;
  quantization?: unknown;
  group?: string;
}

export interface ModelJson {
  format?: string;
  modelTopology: unknown;
  weightsManifest: { paths: string[]; weights: WeightJson[] }[];
  userDefinedMetadata?: unknown;
}

export const INPUT: LayerJson = {
  class_name: "InputLayer",
  config: { name: "celsius", batch_input_shape: [null, 1], dtype: "float32", sparse: false },
};

export function dense(name: string, units: number, more: Record<string, unknown> = {}): LayerJson {
  const config = { name, trainable: true, dtype: "float32", units, activation: "linear" };
  return { class_name: "Dense", config: { ...config, use_bias: true, ...more } };
}

export function sequential(layers: readonly LayerJson[]): unknown {
  return { model_config: { class_name: "Sequential", config: { name: "model", layers } } };
}

/** Dense 5 -> dense 2 with 22 numbers, as keras-tfjs writes it. */
export function modelJson(): ModelJson {
  return {
    format: "layers-model",
    modelTopology: sequential([INPUT, dense("dense_5", 5), dense("dense_2", 2)]),
    weightsManifest: [
      {
        paths: ["group1-shard1of1.bin"],
        weights: [
          { name: "dense_5/kernel", shape: [1, 5], dtype: "float32" },
          { name: "dense_5/bias", shape: [5], dtype: "float32" },
          { name: "dense_2/kernel", shape: [5, 2], dtype: "float32" },
          { name: "dense_2/bias", shape: [2], dtype: "float32" },
        ],
      },
    ],
  };
}

export const NUMBERS: readonly number[] = Array.from({ length: 22 }, (_, index) => index - 10);

export function float32(numbers: readonly number[]): Uint8Array {
  return new Uint8Array(new Float32Array(numbers).buffer);
}

export function file(path: string, content: unknown): SourceFile {
  const bytes =
    content instanceof Uint8Array
      ? content
      : new TextEncoder().encode(typeof content === "string" ? content : JSON.stringify(content));
  return { path, bytesLong: bytes.byteLength, read: () => Promise.resolve(bytes) };
}

/** The model's two files. */
export function exported(
  json: unknown = modelJson(),
  weights: Uint8Array | string = float32(NUMBERS),
): SourceFile[] {
  return [file("model.json", json), file("group1-shard1of1.bin", weights)];
}
