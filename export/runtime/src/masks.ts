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

/** A layer that hands on the mask of one of its inputs only. */
export interface Selective {
  /** Which input's mask goes out with that output; null for none. */
  maskedInput(output: number): number | null;
}

/** Never hand on a mask, though they accept one. */
const ENDS: ReadonlySet<string> = new Set(["Dot", "keras>Dot"]);

/** The layer that gives a tensor a mask. */
export const MASKED = "keras>Masked";

/** Make a mask, or are given one. */
const MAKERS: ReadonlySet<string> = new Set(["Masking", MASKED]);

/** Make a mask of the indices that they are called on; one that is called on two goes back. */
const EMBEDDINGS: ReadonlySet<string> = new Set(["Embedding", "keras>ReversibleEmbedding"]);

/** Hand on the mask of their first input, whatever the others have. */
const FIRST: ReadonlySet<string> = new Set(["Add", "Average", "Maximum", "Minimum", "Multiply"]);

const known = new WeakMap<SymbolicTensor, boolean>();

/** Whether tfjs hands on a mask beside a tensor of the graph. */
export function carriesMask(tensor: SymbolicTensor): boolean {
  const before = known.get(tensor);
  const carries = before ?? handsOnMask(tensor);
  known.set(tensor, carries);
  return carries;
}

/**
 * The tensor whose mask this one's is: that of a layer that makes masks, or that joins several.
 *
 * @param tensor one that carries a mask.
 */
export function maskOrigin(tensor: SymbolicTensor): SymbolicTensor {
  const layer: layers.Layer = tensor.sourceLayer;
  const name = layer.getClassName();
  if (MAKERS.has(name) || EMBEDDINGS.has(name)) {
    return tensor;
  }
  const { inputs } = tensor;
  const only = inputs.length === 1 || (inputs.length === 2 && FIRST.has(name)) ? 0 : null;
  const from = isSelective(layer) ? layer.maskedInput(tensor.outputTensorIndex ?? 0) : only;
  const input = from === null ? undefined : inputs[from];
  return input ? maskOrigin(input) : tensor;
}

function handsOnMask(tensor: SymbolicTensor): boolean {
  const layer: layers.Layer = tensor.sourceLayer;
  const name = layer.getClassName();
  if (MAKERS.has(name)) {
    return true;
  }
  if (EMBEDDINGS.has(name)) {
    return Reflect.get(layer, "maskZero") === true && tensor.inputs.length === 1;
  }
  if (isSelective(layer)) {
    const source = layer.maskedInput(tensor.outputTensorIndex ?? 0);
    const input = source === null ? undefined : tensor.inputs[source];
    return input !== undefined && carriesMask(input);
  }
  if (FIRST.has(name)) {
    return tensor.inputs.slice(0, 1).some(carriesMask);
  }
  const last = Reflect.get(layer, "returnSequences") === false; // of a sequence: its mask ends here
  return layer.supportsMasking && !last && !ENDS.has(name) && tensor.inputs.some(carriesMask);
}

function isSelective(layer: object): layer is Selective {
  return "maskedInput" in layer;
}

/** What a layer says that hands on no mask: tfjs says null where its types know of tensors only. */
export const NO_MASK = null as unknown as Tensor;
