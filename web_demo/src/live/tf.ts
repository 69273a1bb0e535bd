/** TensorFlow.js and the twins, fetched from beside the page when they are first needed. */

import type * as tfjs from "@tensorflow/tfjs";
import { LiveError } from "./errors";

export type Tf = typeof tfjs;
export type LayersModel = tfjs.LayersModel;
export type Layer = tfjs.layers.Layer;
export type SymbolicTensor = tfjs.SymbolicTensor;
export type Tensor = tfjs.Tensor;
export type Variable = tfjs.Variable;
export type ModelArtifacts = tfjs.io.ModelArtifacts;
/** A weight as a layer holds it: `originalName` is the name that it has in files. */
export type LayerVariable = LayersModel["weights"][number];

/** Always the page's own, never those of a model's folder. */
const SCRIPTS = ["vendor/tf.es2017.min.js", "keras-tfjs.js"] as const;

let loading: Promise<Tf> | null = null;

/** @throws LiveError NO_SCRIPT. */
export function loadedTf(): Promise<Tf> {
  loading ??= load().catch((error: unknown) => {
    loading = null; // the next try may have more luck
    throw error;
  });
  return loading;
}

async function load(): Promise<Tf> {
  for (const address of SCRIPTS) {
    await scriptFrom(address); // one after another: the second needs the first
  }
  const { tf } = globalThis as { readonly tf?: Tf };
  if (!tf) {
    throw noScript(SCRIPTS[0]);
  }
  // Else it takes WebGL, that is slower for small networks and takes seconds to begin.
  await tf.setBackend("cpu");
  return tf;
}

function scriptFrom(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = trusted(address);
    script.onload = () => {
      resolve();
    };
    script.onerror = () => {
      script.remove();
      reject(noScript(address));
    };
    document.head.append(script);
  });
}

interface Policies {
  readonly createPolicy: (
    name: string,
    rules: { readonly createScriptURL: (address: string) => string },
  ) => { readonly createScriptURL: (address: string) => string };
}

/** Where addresses of scripts are not just text, these are vouched for. */
function trusted(address: string): string {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: Policies };
  return trustedTypes
    ? trustedTypes
        .createPolicy("keras-bias", { createScriptURL: (own) => own })
        .createScriptURL(address)
    : address;
}

function noScript(address: string): LiveError {
  return new LiveError("NO_SCRIPT", {
    where: address,
    what: "This part of the page cannot be loaded.",
    fix: "Start `keras-bias demo` again, or copy the page's folder whole, and try once more.",
  });
}
