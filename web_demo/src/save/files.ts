/**
 * An opened model -> the files that hold it: those it was read from, byte by byte, but for weights
 * that were changed since.
 *
 * A changed weight keeps its place and dtype. Only one that was quantized is stored as plain numbers
 * from then on, for it would else be another; the manifest is then written anew, with one file.
 */

import type { Artefacts, Source } from "../loader/artefacts";
import { at, isList, isObject, type Json } from "../loader/json";
import type { Dtype, WeightSpec } from "../loader/manifest";
import { valueSpan } from "./jsonText";

/** New numbers by the manifest's name; those it does not name, or of another size, change nothing. */
export type Changed = ReadonlyMap<string, Float32Array>;

export interface SavedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export const MODEL_JSON = "model.json";
const PLAIN: ReadonlySet<Dtype> = new Set(["float32", "int32", "bool"] as const);
const ONE_FILE = "group1-shard1of1.bin";

/** model.json first; nothing for a model that was read without its weights. */
export function savedFiles({ source, weights }: Artefacts, changed: Changed): readonly SavedFile[] {
  if (!source) {
    return [];
  }
  const isChanged = ({ name, dtype, size }: WeightSpec): boolean =>
    PLAIN.has(dtype) && changed.get(name)?.length === size;
  const json: SavedFile = { path: MODEL_JSON, bytes: source.json };
  const files = distinct(source);
  const edited = weights.map(({ spec }) => spec).filter(isChanged);
  if (edited.length === 0 && files) {
    return [json, ...files];
  }
  const parts = weights.map(({ spec, stored }) =>
    isChanged(spec) ? encoded(spec, changed.get(spec.name) ?? new Float32Array()) : stored,
  );
  const bytes = joined(parts);
  if (files && edited.every(({ quantization }) => quantization === null)) {
    let start = 0;
    return [
      json,
      ...files.map(({ path, bytes: before }) => {
        start += before.byteLength;
        return { path, bytes: bytes.subarray(start - before.byteLength, start) };
      }),
    ];
  }
  const plain = new Set(edited.map(({ name }) => name));
  return [
    { path: MODEL_JSON, bytes: rewritten(source, plain) },
    { path: ONE_FILE, bytes },
  ];
}

/** The files, if each path is of one file alone, and none would be taken for model.json. */
function distinct({ files }: Source): readonly SavedFile[] | null {
  const paths = new Set([MODEL_JSON, "__proto__", ...files.map(({ path }) => path)]);
  return paths.size === files.length + 2 ? files : null;
}

function encoded({ dtype }: WeightSpec, values: Float32Array): Uint8Array {
  switch (dtype) {
    case "int32":
      return bytesOf(Int32Array.from(values, Math.round));
    case "bool":
      return Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
    default:
      return bytesOf(values);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** model.json with another weightsManifest, and else as it was. */
function rewritten({ json }: Source, plain: ReadonlySet<string>): Uint8Array {
  const text = new TextDecoder().decode(json);
  const groups = at(JSON.parse(text) as Json, "weightsManifest");
  const weights = (isList(groups) ? groups : []).flatMap((group): readonly Json[] => {
    const listed = at(group, "weights");
    return isList(listed) ? listed : [];
  });
  const written = weights.map((weight) => {
    const name = at(weight, "name");
    return isObject(weight) && typeof name === "string" && plain.has(name)
      ? Object.fromEntries(Object.entries(weight).filter(([key]) => key !== "quantization"))
      : weight;
  });
  const [start, end] = valueSpan(text, "weightsManifest") ?? [text.length, text.length];
  const manifest = JSON.stringify([{ paths: [ONE_FILE], weights: written }]);
  return new TextEncoder().encode(text.slice(0, start) + manifest + text.slice(end));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let start = 0;
  for (const part of parts) {
    bytes.set(part, start);
    start += part.byteLength;
  }
  return bytes;
}
