/** The weights that differ from those that were read: what the page shows, and a save writes. */

import { artefacts } from "../state";
import { type Living, valuesOf } from "./living";

export function changedWeights({ weights }: Living): ReadonlyMap<string, Float32Array> {
  const changed = new Map<string, Float32Array>();
  for (const { spec, values } of artefacts.peek()?.weights ?? []) {
    const weight = weights.get(spec.name);
    if (weight && values instanceof Float32Array) {
      const now = valuesOf(weight);
      if (now.some((value, index) => !Object.is(value, values[index]))) {
        changed.set(spec.name, now);
      }
    }
  }
  return changed;
}
