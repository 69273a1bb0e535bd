/**
 * Whether the mask that tfjs hands to a layer is that layer's own.
 *
 * `tfjs-layers/src/engine/executor.ts` keeps one `kwargs` for a whole pass: once a layer had a mask,
 * every later layer is handed it, unless it has another. So the graph is asked.
 */

import { Tensor } from "@tensorflow/tfjs-core";
import type { SymbolicTensor, layers } from "@tensorflow/tfjs-layers";
import type { Kwargs } from "./inputs";

/** The mask of a layer's input, `(batch, ...)`; null if it has none. */
export function ownMask(layer: layers.Layer, kwargs: Kwargs): Tensor | null {
  const mask: unknown = kwargs["mask"];
  if (!(mask instanceof Tensor)) {
    return null;
  }
  const { inboundNodes } = layer;
  const called = inboundNodes.length === 0; // on tensors directly, by someone who gave the mask
  return called || inboundNodes.some((node) => node.inputTensors.some(carriesMask)) ? mask : null;
}

/** Never hand on a mask, though they accept one. */
const ENDS: ReadonlySet<string> = new Set(["Dot", "keras>Dot"]);

const known = new WeakMap<SymbolicTensor, boolean>();

function carriesMask(tensor: SymbolicTensor): boolean {
  const before = known.get(tensor);
  const carries = before ?? handsOnMask(tensor);
  known.set(tensor, carries);
  return carries;
}

function handsOnMask(tensor: SymbolicTensor): boolean {
  const layer: layers.Layer = tensor.sourceLayer;
  const name = layer.getClassName();
  if (name === "Masking") {
    return true;
  }
  if (name === "Embedding") {
    return Reflect.get(layer, "maskZero") === true;
  }
  const last = Reflect.get(layer, "returnSequences") === false; // of a sequence: its mask ends here
  return layer.supportsMasking && !last && !ENDS.has(name) && tensor.inputs.some(carriesMask);
}
