/** Hands bytes to the reader as a file. */

/** Milliseconds that a browser has to take the bytes before they are let go. */
const HELD = 60_000;

export function download(name: string, content: Uint8Array | string, type: string): void {
  const address = URL.createObjectURL(new Blob([content as BlobPart], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  // In the page, or Firefox does nothing.
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, HELD);
}
