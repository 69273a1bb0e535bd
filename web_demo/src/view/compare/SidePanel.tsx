/** One of two models: which it is, and where it comes from. */

import { useSignal } from "@preact/signals";
import type { TargetedEvent } from "preact";
import { useId } from "preact/hooks";
import {
  openFilesInto,
  openServedInto,
  servedAsOpen,
  type Side,
  takeOpen,
} from "../../compare/state";
import { shown } from "../../loader/errors";
import { fromDrop } from "../../loader/source";
import { count } from "../../model/words";
import { model as openModel, served } from "../../state";
import { asFolder, pickedFiles } from "../DropZone";
import { Failure } from "../Failure";

/** In the list of models: the one that is open elsewhere, and what is no name of a served one. */
const OPEN = "open:";
const OWN = "own:";

export function SidePanel({ side }: { readonly side: Side }) {
  const id = useId();
  const over = useSignal(false);
  const { letter, model, failure, busy } = side;
  const found = model.value;
  const current = openModel.value;
  const isOpen = found !== null && found === current && servedAsOpen() === null;
  const value = side.servedName.value ?? (isOpen ? OPEN : OWN);
  const choose = ({ currentTarget }: TargetedEvent<HTMLSelectElement>): void => {
    const chosen = served.value?.find(({ name }) => name === currentTarget.value);
    if (currentTarget.value === OPEN) {
      takeOpen(side);
    } else if (chosen) {
      void openServedInto(side, chosen);
    }
  };
  const picked = ({ currentTarget }: TargetedEvent<HTMLInputElement>): void => {
    const files = pickedFiles(currentTarget);
    if (files.length) {
      void openFilesInto(side, files);
    }
  };
  return (
    <section
      class={over.value ? "side drop-over" : "side"}
      aria-labelledby={`${id}-title`}
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={({ relatedTarget, currentTarget }) => {
        over.value = relatedTarget instanceof Node && currentTarget.contains(relatedTarget);
      }}
      onDrop={(event) => {
        event.preventDefault();
        over.value = false;
        if (event.dataTransfer) {
          void openFilesInto(side, fromDrop(event.dataTransfer));
        }
      }}
    >
      <h2 id={`${id}-title`}>
        <span class="letter">{letter}</span> {found ? shown(found.title) : "nothing yet"}
      </h2>
      <p class="quiet side-facts">
        {busy.value !== null
          ? `Reading ${busy.value} ...`
          : found
            ? `${count(found.layers.length)} layers, ${count(found.parameters)} parameters, ${count(found.biasParameters)} of them biases`
            : "Drop files here, or choose a model."}
      </p>
      <div class="side-choices">
        <label class="side-select">
          <span class="visually-hidden">{`Model ${letter}`}</span>
          <select value={value} onChange={choose}>
            {value === OWN && (
              <option value={OWN}>{found ? shown(found.title) : "Choose a model"}</option>
            )}
            {current && servedAsOpen() === null && (
              <option value={OPEN}>{`Open now: ${shown(current.title)}`}</option>
            )}
            {(served.value ?? []).map(({ name, title }) => (
              <option key={name} value={name}>
                {shown(title)}
              </option>
            ))}
          </select>
        </label>
        <label class="button button-quiet">
          Files<span class="visually-hidden">{` for ${letter}`}</span>
          <input type="file" multiple accept=".json,.bin,.zip" onChange={picked} />
        </label>
        <label class="button button-quiet">
          Folder<span class="visually-hidden">{` for ${letter}`}</span>
          <input type="file" ref={asFolder} onChange={picked} />
        </label>
      </div>
      {failure.value && (
        <Failure
          error={failure.value}
          back={found?.title ?? null}
          onClose={() => {
            failure.value = null;
          }}
        />
      )}
    </section>
  );
}
