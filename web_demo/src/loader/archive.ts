/** A zip's model.json and weight files, unpacked in memory and within bounds. */

import { unzipSync } from "fflate";
import { LoadError, shown } from "./errors";
import { MAX_BYTES, type SourceFile, tooLarge } from "./source";

const MAX_ENTRIES = 10_000;
/** Deflate cannot do better; who claims more, lies. */
const MAX_RATIO = 1032;

export function isArchive(path: string): boolean {
  return /\.zip$/iu.test(path);
}

/**
 * The files of an archive. Memory follows the sizes that the archive declares, and those are bounded
 * before anything is unpacked: the unpacker writes no further than what is declared.
 *
 * @throws LoadError BAD_ARCHIVE, TOO_LARGE.
 */
export function unpacked(bytes: Uint8Array, path: string): readonly SourceFile[] {
  let entries = 0;
  let total = 0;
  let files: Readonly<Record<string, Uint8Array>>;
  try {
    files = unzipSync(bytes, {
      filter: ({ name, size, originalSize }) => {
        entries += 1;
        if (entries > MAX_ENTRIES) {
          throw tooLarge(path, `has more than ${MAX_ENTRIES} entries`);
        }
        if (!/\.(?:json|bin)$/iu.test(name) || /(?:^|\/)(?:__MACOSX\/|\._)/u.test(name)) {
          return false;
        }
        total += originalSize;
        if (total > MAX_BYTES || originalSize > (size + 1) * MAX_RATIO) {
          throw tooLarge(path, "unpacks to more than 1 GiB, or than a zip can hold");
        }
        return true;
      },
    });
  } catch (error) {
    if (error instanceof LoadError) {
      throw error;
    }
    throw new LoadError("BAD_ARCHIVE", {
      where: shown(path),
      what: "This is not a zip file that can be read to its end.",
      fix: "Download or make it again, or unpack it and open the folder.",
    });
  }
  return Object.entries(files).map(([name, content]) => ({
    path: name,
    bytesLong: content.byteLength,
    read: () => Promise.resolve(content),
  }));
}
