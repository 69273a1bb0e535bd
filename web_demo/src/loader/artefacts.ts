/** What an opened model is, before anything is computed from it. */

import type { Manifest, WeightSpec } from "./manifest";

/** A weight's numbers, dequantized; one byte each for bool. Null for what has none to count with. */
export type Values = Float32Array | Int32Array | Uint8Array;

export interface Weight {
  readonly spec: WeightSpec;
  readonly values: Values | null;
  /** As it stands in the files. */
  readonly stored: Uint8Array;
}

/** The files as they were read, byte by byte. */
export interface Source {
  readonly json: Uint8Array;
  /** Weight files in the manifest's order, which are views of one buffer. */
  readonly files: readonly SourceBytes[];
}

export interface SourceBytes {
  /** As the manifest has it. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface Artefacts {
  readonly title: string;
  readonly manifest: Manifest;
  readonly weights: readonly Weight[];
  readonly bytesLong: number;
  /** False if only the layers could be read: there are then no numbers, rather than random ones. */
  readonly hasWeights: boolean;
  /** Null if weight files were missing. */
  readonly source: Source | null;
}

/** The same model, some of its weights replaced by name. */
export function withWeights(
  artefacts: Artefacts,
  changed: ReadonlyMap<string, Float32Array>,
): Artefacts {
  return changed.size === 0
    ? artefacts
    : {
        ...artefacts,
        weights: artefacts.weights.map((weight) => {
          const values = changed.get(weight.spec.name);
          return values?.length === weight.spec.size ? { ...weight, values } : weight;
        }),
      };
}
