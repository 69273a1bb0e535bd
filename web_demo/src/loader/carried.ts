/**
 * Files that scripts carry, for a page that was opened from a folder: browsers fetch nothing there,
 * but they load scripts. Beside FILE stands FILE.js, which has its bytes in base64.
 */

import { LoadError, shown } from "./errors";

declare global {
  /** By path, as the scripts put it there. */
  var kerasBiasFiles: Record<string, string> | undefined;
}

/** Whether this page was opened from a folder. */
export function isInFolder(): boolean {
  return location.protocol === "file:";
}

/**
 * The bytes of a file below the page's folder.
 *
 * @throws LoadError NOT_FOUND.
 */
export async function carried(path: string): Promise<Uint8Array> {
  await loaded(`${path}.js`).catch(() => undefined);
  const text = globalThis.kerasBiasFiles?.[path];
  if (globalThis.kerasBiasFiles === undefined || typeof text !== "string") {
    throw new LoadError("NOT_FOUND", {
      where: shown(path),
      what: "The folder of this page does not have it.",
      fix: "Make the folder again with `keras-bias site`, or open the model's files.",
    });
  }
  globalThis.kerasBiasFiles[path] = ""; // it may be large, and is loaded again if need be
  return fromBase64(text);
}

function loaded(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => {
      script.remove();
      resolve();
    };
    script.onerror = () => {
      script.remove();
      reject(new Error(`${address} cannot be loaded.`));
    };
    document.head.append(script);
  });
}

function fromBase64(text: string): Uint8Array {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = characters.charCodeAt(index);
  }
  return bytes;
}
