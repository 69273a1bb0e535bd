/** Why the files could not be opened, and how to mend that. Takes the focus. */

import { useEffect, useRef } from "preact/hooks";
import { type LoadError, shown } from "../loader/errors";
import { dismiss, model, openLayersOnly } from "../state";

export function Failure({ error }: { readonly error: LoadError }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.focus();
  }, [error]);
  const { layersOnly } = error;
  return (
    <div class="failure" role="alert" tabIndex={-1} ref={box}>
      <p class="failure-head">
        <strong>{error.parts.where}</strong> <code>{error.code}</code>
      </p>
      <p>{error.parts.what}</p>
      <p class="failure-fix">{error.parts.fix}</p>
      <div class="failure-buttons">
        {layersOnly && (
          <button type="button" class="button" onClick={() => void openLayersOnly(layersOnly)}>
            Show the layers without numbers
          </button>
        )}
        <button type="button" class="button button-quiet" onClick={dismiss}>
          {model.value ? `Back to ${shown(model.value.title)}` : "Close"}
        </button>
      </div>
    </div>
  );
}
