/** A model as TensorFlow.js takes it from memory, for a page that was opened from a folder. */

import { at, isList, type Json, parsed } from "../loader/json";
import { folderOf, fromServer } from "../loader/source";

/** What `tf.loadLayersModel` asks for the model. */
export interface InMemory {
  readonly load: () => Promise<{
    readonly modelTopology: Json | undefined;
    readonly weightSpecs: readonly Json[];
    readonly weightData: ArrayBuffer;
  }>;
}

export function inMemory(path: string): InMemory {
  return {
    load: async () => {
      const json = parsed(await fromServer(path).read(), path);
      const groups = listAt(json, "weightsManifest");
      const names = groups
        .flatMap((group) => listAt(group, "paths"))
        .filter((name) => typeof name === "string");
      const parts = await Promise.all(
        names.map((name) => fromServer(folderOf(path) + name).read()),
      );
      return {
        modelTopology: at(json, "modelTopology"),
        weightSpecs: groups.flatMap((group) => listAt(group, "weights")),
        weightData: await new Blob(parts as BlobPart[]).arrayBuffer(),
      };
    },
  };
}

function listAt(json: Json | undefined, key: string): readonly Json[] {
  const found = at(json, key);
  return isList(found) ? found : [];
}
