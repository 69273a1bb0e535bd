/** What can be wrong with running, probing or training an opened model: each by a code. */

import { type Message, shown } from "../loader/errors";

export type LiveErrorCode =
  | "CANNOT_BUILD"
  | "CANNOT_RUN"
  | "CANNOT_TRAIN"
  | "CSV_COLUMNS"
  | "CSV_EMPTY"
  | "CSV_NUMBER"
  | "CSV_RANGE"
  | "CSV_ROWS"
  | "CSV_TOO_LARGE"
  | "NO_SCRIPT"
  | "TARGETS"
  | "TOO_LARGE"
  | "UNKNOWN_LAYER";

/** It was not done; the model stays as it is. */
export class LiveError extends Error {
  override readonly name = "LiveError";

  constructor(
    readonly code: LiveErrorCode,
    readonly parts: Message,
  ) {
    super(`${code}: ${parts.where}: ${parts.what} ${parts.fix}`);
  }
}

/** Whatever was thrown, as something to show. */
export function asLiveError(error: unknown, code: LiveErrorCode, where: string): LiveError {
  if (error instanceof LiveError) {
    return error;
  }
  const said = error instanceof Error ? error.message : String(error);
  const short = said.length > 300 ? `${said.slice(0, 297)}...` : said;
  return new LiveError(code, {
    where,
    what: `TensorFlow.js says: ${visible(short)}`,
    fix: "All that is shown of the model from its files stays right.",
  });
}

/** A message may quote names of the file. */
function visible(text: string): string {
  return text
    .split(/\s+/u)
    .map((word) => shown(word))
    .join(" ");
}
