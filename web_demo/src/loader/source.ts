/** Where files come from: the page's own server, a picker, a drop. Reads nothing until asked. */

import { carried, isInFolder } from "./carried";
import { LoadError, shown } from "./errors";

/** A file that can be read. */
export interface SourceFile {
  /** With `/`, relative to what was opened. */
  readonly path: string;
  /** Null until it is fetched. */
  readonly bytesLong: number | null;
  read(): Promise<Uint8Array>;
}

/** More than a browser should hold; what is larger belongs into a notebook. */
export const MAX_BYTES = 1 << 30;
const MAX_FILES = 10_000;

export function fromFile(file: File, path = file.webkitRelativePath || file.name): SourceFile {
  return {
    path,
    bytesLong: file.size,
    read: async () => {
      refuseTooLarge(path, file.size);
      try {
        return new Uint8Array(await file.arrayBuffer());
      } catch {
        throw new LoadError("NOT_FOUND", {
          where: shown(path),
          what: "The file cannot be read any more.",
          fix: "Was it moved or changed? Open it again.",
        });
      }
    },
  };
}

/** A file below the page's own address, or of its folder. */
export function fromServer(path: string): SourceFile {
  return {
    path,
    bytesLong: null,
    read: async () => {
      if (isInFolder()) {
        return carried(path);
      }
      const response = await fetch(path).catch(() => null);
      if (!response?.ok) {
        throw new LoadError("NOT_FOUND", {
          where: shown(path),
          what: response ? `The server answered ${response.status}.` : "The server is gone.",
          fix: "Start `keras-bias demo` again, or open the model's files from your disk.",
        });
      }
      refuseTooLarge(path, Number(response.headers.get("Content-Length") ?? 0));
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}

/** All files of a drop, folders included. Call it in the event: later the list is empty. */
export async function fromDrop(transfer: DataTransfer): Promise<readonly SourceFile[]> {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry());
  if (!entries.some((entry) => entry?.isDirectory)) {
    return [...transfer.files].map((file) => fromFile(file));
  }
  const files: SourceFile[] = [];
  const open = entries.filter((entry) => entry !== null);
  for (let entry = open.shift(); entry; entry = open.shift()) {
    if (entry.isDirectory) {
      open.push(...(await children(entry as FileSystemDirectoryEntry)));
    } else {
      files.push(fromFile(await fileOf(entry as FileSystemFileEntry), entry.fullPath.slice(1)));
    }
    if (files.length + open.length > MAX_FILES) {
      throw tooLarge("The folder", `has more than ${MAX_FILES} files`);
    }
  }
  return files;
}

/** A name without its folders. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** A folder's name with its last `/`, or nothing. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

export function tooLarge(where: string, what: string): LoadError {
  return new LoadError("TOO_LARGE", {
    where: shown(where),
    what: `It ${what}, and this page stops there.`,
    fix: "Look at so large a model in Python.",
  });
}

function refuseTooLarge(path: string, bytesLong: number): void {
  if (bytesLong > MAX_BYTES) {
    throw tooLarge(path, "is larger than 1 GiB");
  }
}

async function children(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    // Browsers hand them out a hundred at a time, and an empty list is the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0 || all.length > MAX_FILES) {
      return all;
    }
    all.push(...some);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}
