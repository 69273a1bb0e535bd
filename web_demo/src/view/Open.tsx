/** The place *Open*: what to open, what went wrong, what is inside. */

import {
  busy,
  dismiss,
  failure,
  model,
  openLayersOnly,
  served,
  servedName,
  status,
} from "../state";
import { DropZone } from "./DropZone";
import { Failure } from "./Failure";
import { Model } from "./Model";
import { Served } from "./Served";
import { useReady } from "./useReady";

export function Open() {
  const shown = model.value;
  useReady(shown !== null);
  return (
    <>
      <div class="intro">
        <h1>Look inside a network</h1>
        <p class="lead">
          Every layer and every weight of a TensorFlow.js model, and what kind of bias each layer
          has: one number per unit, one for the whole layer, or none. Files that you open never
          leave this machine.
        </p>
      </div>
      {served.value && (
        <div class={served.value.length ? "sources" : "sources sources-alone"}>
          {served.value.length > 0 && <Served models={served.value} chosen={servedName.value} />}
          <DropZone />
        </div>
      )}
      <p class="visually-hidden" role="status">
        {status}
      </p>
      {failure.value && (
        <Failure
          error={failure.value}
          back={shown?.title ?? null}
          onClose={dismiss}
          onLayersOnly={(artefacts) => void openLayersOnly(artefacts)}
        />
      )}
      <div class="result" aria-busy={busy.value !== null}>
        {shown && <Model model={shown} />}
      </div>
    </>
  );
}
