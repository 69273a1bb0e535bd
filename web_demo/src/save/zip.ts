/** Files as one zip, the same bytes each time. */

import { zipSync } from "fflate";
import type { SavedFile } from "./files";

/** The earliest that a zip can say; when somebody pressed a button is no part of a model. */
const NO_TIME = new Date(1980, 0, 1);

export function zipped(files: readonly SavedFile[]): Uint8Array {
  // Weights hardly shrink, so they are not made to wait for it.
  const entries = files.map(
    ({ path, bytes }) =>
      [path, [bytes, { level: path.endsWith(".json") ? 6 : 0, mtime: NO_TIME }]] as const,
  );
  return zipSync(Object.fromEntries(entries) as Parameters<typeof zipSync>[0]);
}

/** A title as the name of a file: letters and digits that every system takes. */
export function fileName(title: string): string {
  const plain = title
    .replace(/\.(?:zip|json)$/iu, "")
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9._-]+/gu, "-")
    .replace(/^[-.]+|[-.]+$/gu, "")
    .slice(0, 60);
  return plain === "" ? "model" : plain;
}
