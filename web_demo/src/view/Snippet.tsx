/** Code to take away: how to run the opened model elsewhere. */

import { useState } from "preact/hooks";
import { shown } from "../loader/errors";
import type { Description } from "../model/describe";
import { snippet } from "../model/snippet";

export function Snippet({ model }: { readonly model: Description }) {
  const code = snippet(model);
  const [copied, setCopied] = useState<string | null>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(code);
      setCopied(code);
    } catch {
      // Not allowed here; the text can still be selected.
      getSelection()?.selectAllChildren(document.getElementById("snippet-code") ?? document.body);
    }
  };
  return (
    <section class="snippet">
      <div class="snippet-head">
        <h3 id="snippet-title">Load it in your own page</h3>
        <button type="button" class="button button-quiet" onClick={() => void copy()}>
          {copied === code ? "Copied" : "Copy"}
        </button>
      </div>
      <p class="quiet">
        <code>tf.min.js</code> is TensorFlow.js, from the npm package <code>@tensorflow/tfjs</code>.
        {model.twins.length > 0 && (
          <>
            {" "}
            <code>keras-tfjs.js</code> stands beside <code>model.json</code>, and brings{" "}
            {model.twins.map(shown).join(", ")}.
          </>
        )}
      </p>
      <pre class="scroll" tabIndex={0} role="region" aria-labelledby="snippet-title">
        <code id="snippet-code">{code}</code>
      </pre>
    </section>
  );
}
