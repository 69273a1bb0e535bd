/** The exported variants of the question's network, as far as they are served. */

import { at, isList, parsed } from "../loader/json";
import { type ServedModel, servedModels } from "../loader/served";
import { folderOf, fromServer } from "../loader/source";

export interface Variant {
  readonly name: string;
  readonly title: string;
  readonly path: string;
  /** What to see in the tables. */
  readonly answer: string;
  /** By how many degrees the trained network is typically off. */
  readonly error: number | null;
  /** The script that brings its layers; null if stock TensorFlow.js has them. */
  readonly script: string | null;
}

const ANSWERS: ReadonlyMap<string, string> = new Map([
  [
    "vector",
    "The same network, trained: 5 and 2 different numbers, one for each unit's own offset.",
  ],
  [
    "scalar",
    "One number for each layer: shape [1]. It is enough here, since without activations the second layer's weights can spread it out.",
  ],
  [
    "fixed",
    "All biases stay at 1, and only weights are trained: they must grow to make up for it.",
  ],
  [
    "none",
    "No bias, no row: every output is 0 at 0 °C, so neither 32 °F nor 273.15 K can be reached.",
  ],
]);

/** In the order in which they answer; empty if none is served. */
export async function variants(): Promise<readonly Variant[]> {
  const served = new Map((await servedModels()).map((model) => [model.name, model]));
  const wanted = [...ANSWERS].flatMap(([name, answer]) => {
    const model = served.get(name);
    return model ? [{ model, answer }] : [];
  });
  return Promise.all(wanted.map(({ model, answer }) => variant(model, answer)));
}

async function variant(
  { name, title, path, error }: ServedModel,
  answer: string,
): Promise<Variant> {
  const json = parsed(await fromServer(path).read(), path);
  const twins = at(at(at(json, "userDefinedMetadata"), "keras_tfjs"), "twins");
  const needed = isList(twins) && twins.length > 0;
  return {
    name,
    title,
    path,
    answer,
    error,
    script: needed ? `${folderOf(path)}keras-tfjs.js` : null,
  };
}
