/** Options of layers that differ, whatever they are called and however deep they lie. */

import { at, isObject, type Json, type JsonObject } from "../loader/json";

export interface OptionDifference {
  /** `kernel_initializer.class_name`. */
  readonly option: string;
  /** As JSON; null if the layer does not say. */
  readonly a: string | null;
  readonly b: string | null;
}

/** Names are no option: layers that were aligned may have others. */
export function optionDifferences(a: JsonObject, b: JsonObject): readonly OptionDifference[] {
  const [inA, inB] = [leaves(a), leaves(b)];
  return [...new Set([...inA.keys(), ...inB.keys()])]
    .map((option) => ({ option, a: inA.get(option) ?? null, b: inB.get(option) ?? null }))
    .filter((each) => each.a !== each.b);
}

/** Every value that is no object, by the keys that lead to it. */
function leaves(config: JsonObject): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const open: (readonly [string, Json])[] = [["", config]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [path, value] = next;
    if (isObject(value) && Object.keys(value).length > 0) {
      for (const key of Object.keys(value)) {
        const isName = key === "name" && (path === "" || path.endsWith("config"));
        const inner = at(value, key);
        if (!isName && inner !== undefined) {
          open.push([path === "" ? key : `${path}.${key}`, inner]);
        }
      }
    } else if (path !== "") {
      found.set(path, JSON.stringify(value));
    }
  }
  return found;
}
