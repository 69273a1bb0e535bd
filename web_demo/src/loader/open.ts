/** Files -> a model, read whole or refused. Nothing of it is ever run or built. */

import { isArchive, unpacked } from "./archive";
import type { Artefacts, Source } from "./artefacts";
import { decoded } from "./decode";
import { LoadError, shown } from "./errors";
import { parsed } from "./json";
import { manifest, type Manifest } from "./manifest";
import { baseName, folderOf, fromServer, MAX_BYTES, type SourceFile, tooLarge } from "./source";

/** Of model.json, which holds no numbers; a text of twice that is more than a browser can hold. */
const MAX_JSON = 2 ** 28;

/** A model.json, and the files beside it. */
interface Folder {
  readonly model: SourceFile;
  readonly find: (path: string) => SourceFile | null;
}

/**
 * The model that somebody picked or dropped: its files, a folder, or one zip.
 *
 * @throws LoadError
 */
export async function openedFiles(files: readonly SourceFile[]): Promise<Artefacts> {
  const [only] = files;
  if (only && files.length === 1 && isArchive(only.path)) {
    const inside = folderOfFiles(unpacked(await only.read(), only.path));
    return opened(inside, baseName(only.path));
  }
  const folder = folderOfFiles(files);
  return opened(folder, folderOf(folder.model.path).slice(0, -1) || baseName(folder.model.path));
}

/**
 * A model next to the page.
 *
 * @throws LoadError
 */
export function openedServed(path: string, title: string): Promise<Artefacts> {
  const beside = (name: string): SourceFile => fromServer(folderOf(path) + name);
  return opened({ model: fromServer(path), find: beside }, title);
}

async function opened({ model, find }: Folder, title: string): Promise<Artefacts> {
  const file = baseName(model.path);
  const json = await model.read();
  if (json.byteLength > MAX_JSON) {
    throw tooLarge(model.path, "is larger than 256 MiB");
  }
  refuseHtml(json, model.path, "BAD_JSON");
  const read = manifest(parsed(json, file), file);
  const layersOnly: Artefacts = {
    title,
    manifest: read,
    weights: [],
    bytesLong: 0,
    hasWeights: false,
    source: null,
  };
  const files = weightFiles(read, file, find, layersOnly);
  const parts = await Promise.all(files.map(readWeights));
  const bytes = joined(parts);
  const specs = read.groups.flatMap((group) => group.weights);
  const paths = read.groups.flatMap((group) => group.paths);
  return {
    ...layersOnly,
    weights: decoded(specs, bytes),
    bytesLong: bytes.byteLength,
    hasWeights: true,
    source: { json, files: parted(bytes, paths, parts) },
  };
}

/** The joined bytes by file again, so that nothing is held twice. */
function parted(
  bytes: Uint8Array,
  paths: readonly string[],
  parts: readonly Uint8Array[],
): Source["files"] {
  let start = 0;
  return parts.map(({ byteLength }, index) => {
    start += byteLength;
    return { path: paths[index] ?? "", bytes: bytes.subarray(start - byteLength, start) };
  });
}

/** The model.json of a pile of files; the one nearest to the top if there are several. */
function folderOfFiles(files: readonly SourceFile[]): Folder {
  const json = files.filter(({ path }) => /\.json$/iu.test(path));
  const named = json.filter(({ path }) => baseName(path) === "model.json");
  const depth = ({ path }: SourceFile): number => path.split("/").length;
  const [model, rival] = [...(named.length ? named : json)].sort((a, b) => depth(a) - depth(b));
  if (!model) {
    throw new LoadError("NO_MODEL", {
      where:
        files
          .map(({ path }) => shown(baseName(path)))
          .slice(0, 5)
          .join(", ") || "What you opened",
      what: "There is no model.json here.",
      fix: "Open model.json together with its .bin files, their folder, or a .zip of it. A .keras file goes first through keras-tfjs convert model.keras out/",
    });
  }
  if (rival && depth(rival) === depth(model)) {
    throw new LoadError("NO_MODEL", {
      where: `${shown(model.path)}, ${shown(rival.path)}`,
      what: "There is more than one model here.",
      fix: "Open the folder of one of them.",
    });
  }
  const folder = folderOf(model.path);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const byName = new Map(files.map((file) => [baseName(file.path), file]));
  return {
    model,
    find: (path) => byPath.get(folder + path) ?? byName.get(baseName(path)) ?? null,
  };
}

function weightFiles(
  { groups }: Manifest,
  file: string,
  find: Folder["find"],
  layersOnly: Artefacts,
): readonly SourceFile[] {
  const paths = groups.flatMap((group) => group.paths);
  const outside = paths.find((path) => /^\/|[\\:?#]|(?:^|\/)\.\.(?:\/|$)/u.test(path));
  const found = paths.map((path) => (outside === undefined ? find(path) : null));
  const missing = paths.filter((_, index) => found[index] === null);
  if (outside !== undefined || missing.length) {
    const names = missing.slice(0, 3).map((path) => shown(path));
    const more = missing.length > 3 ? ` and ${missing.length - 3} more` : "";
    throw new LoadError(
      "NO_WEIGHTS",
      outside === undefined
        ? {
            where: shown(file),
            what: `It names ${names.join(", ")}${more}, and ${missing.length === 1 ? "that file is" : "those files are"} not here.`,
            fix: "Open model.json and its .bin files together, or their folder.",
          }
        : {
            where: shown(file),
            what: `It names ${shown(outside)}, which lies outside of its folder.`,
            fix: "Put the .bin files beside model.json, and name them so in its weightsManifest.",
          },
      layersOnly,
    );
  }
  return found.filter((each) => each !== null);
}

async function readWeights(file: SourceFile): Promise<Uint8Array> {
  const bytes = await file.read();
  refuseHtml(bytes, file.path, "HTML_INSTEAD_OF_BIN");
  return bytes;
}

/** Servers that answer every address with their front page do so for weights too. */
function refuseHtml(
  bytes: Uint8Array,
  path: string,
  code: "BAD_JSON" | "HTML_INSTEAD_OF_BIN",
): void {
  const start = new TextDecoder().decode(bytes.subarray(0, 64));
  if (/^\s*<(?:!doctype|html|head|\?xml)/iu.test(start)) {
    throw new LoadError(code, {
      where: shown(path),
      what: "This is a web page, not what its name says: line 1, column 1 begins with '<'.",
      fix: "The address it was saved from was wrong, or asks for a login. Download the file again.",
    });
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (only && parts.length === 1) {
    return only;
  }
  const total = parts.reduce((sum, part) => sum + part.byteLength, 0);
  if (total > MAX_BYTES) {
    throw tooLarge("The set of weight files", "is larger than 1 GiB");
  }
  const bytes = new Uint8Array(total);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  return bytes;
}
