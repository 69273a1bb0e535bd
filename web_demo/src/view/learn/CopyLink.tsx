/** A link to the picture as it stands, to send to somebody. */

import { useState } from "preact/hooks";
import { currentAddress, writeAddress } from "../../place";

export function CopyLink() {
  const [copied, setCopied] = useState<string | null>(null);
  const now = currentAddress();
  const copy = async (): Promise<void> => {
    writeAddress();
    try {
      await navigator.clipboard.writeText(location.href);
      setCopied(now);
    } catch {
      // Not allowed here; it stands in the address bar.
      setCopied(null);
    }
  };
  return (
    <button type="button" class="button button-quiet copy-link" onClick={() => void copy()}>
      {copied === now ? "Link copied" : "Copy link to this picture"}
    </button>
  );
}
