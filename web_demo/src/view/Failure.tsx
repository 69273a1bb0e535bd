/** Why the files could not be opened, and how to mend that. Takes the focus. */

import { useEffect, useRef } from "preact/hooks";
import { type LoadError, shown } from "../loader/errors";
import type { Artefacts } from "../loader/artefacts";

interface Props {
  readonly error: LoadError;
  /** Of the model that stays open. */
  readonly back: string | null;
  readonly onClose: () => void;
  /** Shows what could be read all the same. */
  readonly onLayersOnly?: (artefacts: Artefacts) => void;
}

export function Failure({ error, back, onClose, onLayersOnly }: Props) {
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
        {layersOnly && onLayersOnly && (
          <button
            type="button"
            class="button"
            onClick={() => {
              onLayersOnly(layersOnly);
            }}
          >
            Show the layers without numbers
          </button>
        )}
        <button type="button" class="button button-quiet" onClick={onClose}>
          {back === null ? "Close" : `Back to ${shown(back)}`}
        </button>
      </div>
    </div>
  );
}
