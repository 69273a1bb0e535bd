/** An opened model as what TensorFlow.js loads: built of what was read and checked, never of files. */

import type { Artefacts, Values, Weight } from "../loader/artefacts";
import { shown } from "../loader/errors";
import { LiveError } from "./errors";
import type { ModelArtifacts } from "./tf";

/** Numbers; more would be minutes a sample in a browser. */
export const MOST_NUMBERS = 50_000_000;

/**
 * Topology and weights alone: no training configuration, no metadata of the file's.
 *
 * @throws LiveError CANNOT_RUN, TOO_LARGE.
 */
export function modelArtifacts({ manifest, weights, hasWeights }: Artefacts): ModelArtifacts {
  const own = weights.filter(({ spec }) => !spec.isOptimizer);
  refuse(own, hasWeights);
  const bytesLong = own.reduce((sum, { values }) => sum + (values?.byteLength ?? 0), 0);
  const data = new Uint8Array(bytesLong);
  let offset = 0;
  const weightSpecs = own.map(({ spec: { name, shape }, values }) => {
    const { buffer, byteOffset, byteLength } = values ?? new Uint8Array();
    data.set(new Uint8Array(buffer, byteOffset, byteLength), offset);
    offset += byteLength;
    return { name, shape: [...shape], dtype: dtypeOf(values) };
  });
  return {
    // A copy: what was opened stays as it is.
    modelTopology: JSON.parse(JSON.stringify(manifest.topology)) as object,
    weightSpecs,
    weightData: data.buffer,
  };
}

function refuse(weights: readonly Weight[], hasWeights: boolean): void {
  if (!hasWeights) {
    throw new LiveError("CANNOT_RUN", {
      where: "The model",
      what: "Its weight files are missing, and a model of made-up numbers is not run here.",
      fix: "Open model.json together with its .bin files.",
    });
  }
  const wordy = weights.find(({ values }) => values === null);
  if (wordy) {
    throw new LiveError("CANNOT_RUN", {
      where: `weight '${shown(wordy.spec.name)}'`,
      what: `It holds ${wordy.spec.dtype} values, which this page shows but does not run.`,
      fix: "Run such a model in Python.",
    });
  }
  const numbers = weights.reduce((sum, { spec }) => sum + spec.size, 0);
  if (numbers > MOST_NUMBERS) {
    throw new LiveError("TOO_LARGE", {
      where: "The model",
      what: `It has ${numbers.toLocaleString("en")} parameters, and this page runs up to ${MOST_NUMBERS.toLocaleString("en")}.`,
      fix: "Run so large a model in Python.",
    });
  }
}

function dtypeOf(values: Values | null): "float32" | "int32" | "bool" {
  return values instanceof Float32Array
    ? "float32"
    : values instanceof Int32Array
      ? "int32"
      : "bool";
}
