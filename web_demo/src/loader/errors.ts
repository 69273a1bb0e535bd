/** What can be wrong with files that somebody opens: each by a code, with the way to mend it. */

import type { Artefacts } from "./artefacts";

export type LoadErrorCode =
  | "BAD_ARCHIVE"
  | "BAD_JSON"
  | "DUPLICATE_NAME"
  | "HTML_INSTEAD_OF_BIN"
  | "KERAS3_CONFIG"
  | "NO_MODEL"
  | "NO_WEIGHTS"
  | "NOT_FOUND"
  | "NOT_LAYERS_MODEL"
  | "SHAPE"
  | "SIZE_MISMATCH"
  | "TOO_LARGE"
  | "UNEXPECTED";

/** The three parts of a message. */
export interface Message {
  /** The file, layer or weight. */
  readonly where: string;
  readonly what: string;
  /** How to mend it. */
  readonly fix: string;
}

/** The files are refused; whatever was open stays open. */
export class LoadError extends Error {
  override readonly name = "LoadError";

  constructor(
    readonly code: LoadErrorCode,
    readonly parts: Message,
    /** What could be read all the same: the layers, without numbers. */
    readonly layersOnly: Artefacts | null = null,
  ) {
    super(`${code}: ${parts.where}: ${parts.what} ${parts.fix}`);
  }
}

/** A name as a message shows it: short, and with no characters that hide or reorder others. */
export function shown(name: string): string {
  const plain = name.replace(
    /[\p{Cc}\p{Cf}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return plain.length > 80 ? `${plain.slice(0, 77)}...` : plain;
}
