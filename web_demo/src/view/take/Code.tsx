/** Code to take away: the opened model in Python, in a page of one's own, and with tfjs-vis. */

import { useState } from "preact/hooks";
import { shown } from "../../loader/errors";
import type { Description } from "../../model/describe";
import { tfjsCode, tfjsVisCode } from "../../save/browserCode";
import { kerasCode } from "../../save/kerasCode";
import { Choice } from "../Choice";

const TONGUES = [
  ["tfjs", "TensorFlow.js"],
  ["tfjs-vis", "tfjs-vis"],
  ["keras", "Keras"],
] as const;
type Tongue = (typeof TONGUES)[number][0];

const WRITTEN: Readonly<Record<Tongue, (model: Description) => string>> = {
  tfjs: tfjsCode,
  "tfjs-vis": tfjsVisCode,
  keras: kerasCode,
};

export function Code({ model }: { readonly model: Description }) {
  const [tongue, setTongue] = useState<Tongue>("tfjs");
  const code = WRITTEN[tongue](model);
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
    <div class="snippet">
      <div class="snippet-head">
        <Choice label="Code for" options={TONGUES} value={tongue} onChange={setTongue} />
        <button type="button" class="button button-quiet" onClick={() => void copy()}>
          {copied === code ? "Copied" : "Copy"}
        </button>
      </div>
      <p class="quiet">
        {tongue === "keras" ? (
          <>Python, run where the model's files are.</>
        ) : (
          <Scripts model={model} isVis={tongue === "tfjs-vis"} />
        )}
      </p>
      <pre class="scroll" tabIndex={0} role="region" aria-label="Code">
        <code id="snippet-code">{code}</code>
      </pre>
    </div>
  );
}

function Scripts({ model, isVis }: { readonly model: Description; readonly isVis: boolean }) {
  return (
    <>
      <code>tf.min.js</code> is TensorFlow.js, from the npm package <code>@tensorflow/tfjs</code>
      {isVis && (
        <>
          , and <code>tfjs-vis.umd.min.js</code> from <code>@tensorflow/tfjs-vis</code>
        </>
      )}
      .
      {model.twins.length > 0 && (
        <>
          {" "}
          <code>keras-tfjs.js</code> stands beside <code>model.json</code>, and brings{" "}
          {model.twins.map(shown).join(", ")}.
        </>
      )}
    </>
  );
}
