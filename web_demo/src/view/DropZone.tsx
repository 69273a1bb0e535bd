/** Where files come in: dropped anywhere on the page, or picked. */

import { useSignal } from "@preact/signals";
import type { TargetedEvent } from "preact";
import { useEffect } from "preact/hooks";
import { tookTable } from "../live/drop";
import { fromDrop, fromFile, type SourceFile } from "../loader/source";
import { busy, openFiles } from "../state";

export function DropZone() {
  const over = useSignal(false);
  useEffect(() => {
    const carriesFiles = (event: DragEvent): boolean =>
      event.dataTransfer?.types.includes("Files") ?? false;
    const onDragOver = (event: DragEvent): void => {
      if (carriesFiles(event)) {
        event.preventDefault();
        over.value = true;
      }
    };
    const onDragLeave = (event: DragEvent): void => {
      over.value = event.relatedTarget !== null && over.value;
    };
    const onDrop = (event: DragEvent): void => {
      over.value = false;
      if (event.dataTransfer && carriesFiles(event)) {
        event.preventDefault();
        if (!tookTable(event)) {
          void openFiles(fromDrop(event.dataTransfer));
        }
      }
    };
    window.addEventListener("dragover", onDragOver);
    window.addEventListener("dragleave", onDragLeave);
    window.addEventListener("drop", onDrop);
    return () => {
      window.removeEventListener("dragover", onDragOver);
      window.removeEventListener("dragleave", onDragLeave);
      window.removeEventListener("drop", onDrop);
    };
  }, [over]);
  return (
    <section class={over.value ? "drop drop-over" : "drop"} aria-labelledby="drop-title">
      <h2 id="drop-title">{over.value ? "Let go to open" : "Open your own"}</h2>
      <p>
        Drop <code>model.json</code> with its <code>.bin</code> files here, their folder, or a{" "}
        <code>.zip</code>.
      </p>
      <div class="drop-buttons">
        <label class="button">
          Choose files
          <input type="file" multiple accept=".json,.bin,.zip" onChange={picked} />
        </label>
        <label class="button button-quiet">
          Choose a folder
          <input type="file" ref={asFolder} onChange={picked} />
        </label>
      </div>
      <p class="drop-note">
        {busy.value === null
          ? "Read in this browser, uploaded nowhere."
          : `Reading ${busy.value} ...`}
      </p>
    </section>
  );
}

/** Lets an input take folders. */
export function asFolder(input: HTMLInputElement | null): void {
  if (input) {
    input.webkitdirectory = true;
  }
}

function picked({ currentTarget: input }: TargetedEvent<HTMLInputElement>): void {
  const files = pickedFiles(input);
  if (files.length) {
    void openFiles(files);
  }
}

/** What was picked; the same files can be picked again. */
export function pickedFiles(input: HTMLInputElement): readonly SourceFile[] {
  const files = [...(input.files ?? [])].map((file) => fromFile(file));
  input.value = "";
  return files;
}
