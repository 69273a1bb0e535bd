/** JSON as untrusted data: parsed with the place of a fault, read through own keys only. */

import { LoadError, shown } from "./errors";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** Deeper than any model, and shallow enough for a reader that calls itself. */
const MAX_DEPTH = 200;

/**
 * The value in a file's bytes.
 *
 * @throws LoadError BAD_JSON, with line and column.
 */
export function parsed(bytes: Uint8Array, file: string): Json {
  const text = decoded(bytes, file);
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    throw badJson(file, placed(error instanceof Error ? error.message : String(error), text));
  }
  if (depth(value) > MAX_DEPTH) {
    throw badJson(file, `it is nested more than ${MAX_DEPTH} deep`);
  }
  return value;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The value of an own key; `constructor` and `__proto__` are names like any other. */
export function at(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function textAt(value: Json | undefined, key: string): string | undefined {
  const found = at(value, key);
  return typeof found === "string" ? found : undefined;
}

export function numberAt(value: Json | undefined, key: string): number | undefined {
  const found = at(value, key);
  return typeof found === "number" ? found : undefined;
}

function decoded(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw badJson(file, "it is not UTF-8 text");
  }
}

function badJson(file: string, what: string): LoadError {
  return new LoadError("BAD_JSON", {
    where: shown(file),
    what: `This is not valid JSON: ${what}.`,
    fix: "Export the model again, or mend the file there.",
  });
}

/** The engine's message with line and column, wherever the engine says where. */
function placed(message: string, text: string): string {
  const found = /position (\d+)/u.exec(message);
  if (!found && /line \d+ column \d+/u.test(message)) {
    return message; // Firefox says it itself
  }
  // Chromium leaves the position out where the text simply ends.
  const position = found ? Number(found[1]) : text.length;
  const before = text.slice(0, position).split("\n");
  const column = (before.at(-1)?.length ?? 0) + 1;
  const what = message.replace(/ in JSON.*$|, ".*$| \(line.*$/su, "");
  return `${what} at line ${before.length}, column ${column}`;
}

function depth(value: Json): number {
  let deepest = 0;
  const open: [Json, number][] = [[value, 1]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [inner, level] = next;
    if (typeof inner === "object" && inner !== null) {
      deepest = Math.max(deepest, level);
      for (const child of Object.values(inner)) {
        open.push([child, level + 1]);
      }
    }
  }
  return deepest;
}
