/** Loads a variant into TensorFlow.js and has tfjs-vis show its layers. */

import { isInFolder } from "../loader/carried";
import { inMemory } from "./carried";
import type { Layer, Libraries } from "./globals";
import type { Variant } from "./variants";

const loaded = new Map<string, Promise<void>>();
let before: Promise<unknown> = Promise.resolve();

/** The layers of the model that compute something. Models load one after another, as they are shown. */
export function layersOf(libraries: Libraries, variant: Variant): Promise<readonly Layer[]> {
  const layers = before.then(() => load(libraries, variant));
  before = layers.catch(() => null);
  return layers;
}

async function load({ tf }: Libraries, { path, script }: Variant): Promise<readonly Layer[]> {
  if (script !== null) {
    await scriptOnce(script);
  }
  const model = await tf.loadLayersModel(isInFolder() ? inMemory(path) : path);
  // Counted from the end: Keras writes the input as a layer, which tfjs-vis has nothing to show of.
  return model.layers.slice(-2);
}

/** One is enough: every export's keras-tfjs.js is the same. */
function scriptOnce(address: string): Promise<void> {
  const name = address.slice(address.lastIndexOf("/") + 1);
  const known = loaded.get(name);
  if (known) {
    return known;
  }
  const loading = new Promise<void>((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => {
      resolve();
    };
    script.onerror = () => {
      reject(new Error(`${address} cannot be loaded.`));
    };
    document.head.append(script);
  });
  loaded.set(name, loading);
  return loading;
}
