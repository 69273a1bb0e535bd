/**
 * Where in the page a reader is, as the text behind # in an address, and back.
 *
 * `#v=1&view=learn&scene=answer&bias=vector`: the version of this very form, the place, and what is
 * set there. Without any, the page begins at the beginning.
 */

import type { Entries } from "./codec";

export const VIEWS = ["learn", "open", "compare", "live"] as const;
export type View = (typeof VIEWS)[number];

export interface Place {
  readonly view: View;
  /** Of Learn: which of its scenes, by name. */
  readonly scene: string;
}

export interface Address {
  readonly place: Place;
  /** What is set there; null if the address names only the place. */
  readonly set: URLSearchParams | null;
}

const VERSION = "1";
const NAMES: ReadonlySet<string> = new Set(["v", "view", "scene"]);

/** Null for what stands behind # for another reason, such as the name of an element. */
export function parsedAddress(hash: string, scenes: readonly string[]): Address | null {
  const text = hash.replace(/^#/u, "");
  if (text !== "" && !text.includes("=")) {
    return null;
  }
  const found = new URLSearchParams(text);
  const view = VIEWS.find((name) => name === found.get("view")) ?? "learn";
  const scene = scenes.find((name) => name === found.get("scene")) ?? scenes[0] ?? "";
  const isKnown = (found.get("v") ?? VERSION) === VERSION;
  const isSet = isKnown && [...found.keys()].some((name) => !NAMES.has(name));
  return { place: { view, scene }, set: isSet ? found : null };
}

export function address({ view, scene }: Place, set: Entries = []): string {
  const entries = [
    ...(view === "learn" ? [["scene", scene]] : []),
    ...(view === "learn" || view === "compare" ? set : []),
  ];
  const text = [["v", VERSION], ["view", view], ...entries].map(
    ([name = "", value = ""]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return `#${text.join("&")}`;
}
