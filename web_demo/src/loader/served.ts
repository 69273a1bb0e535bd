/** The models that stand next to the page, as `models.json` lists them. */

import { at, isList, type Json, numberAt, parsed, textAt } from "./json";
import { fromServer } from "./source";

export interface ServedModel {
  readonly name: string;
  readonly title: string;
  readonly path: string;
  /** By how much the network is typically off, in degrees. */
  readonly error: number | null;
  readonly biasParameters: number | null;
}

/** None where the page was opened from a folder, or nothing is served beside it. */
export async function servedModels(): Promise<readonly ServedModel[]> {
  if (location.protocol === "file:") {
    return []; // browsers fetch nothing there
  }
  try {
    const listed = at(parsed(await fromServer("models.json").read(), "models.json"), "models");
    return isList(listed) ? listed.map(servedModel).filter((model) => model !== null) : [];
  } catch {
    return [];
  }
}

function servedModel(json: Json): ServedModel | null {
  const name = textAt(json, "name");
  const path = textAt(json, "path");
  if (name === undefined || path === undefined || /^\/|[\\:?#]|\.\./u.test(path)) {
    return null;
  }
  return {
    name,
    path,
    title: textAt(json, "title") ?? name,
    error: numberAt(json, "error") ?? null,
    biasParameters: numberAt(json, "bias_parameters") ?? null,
  };
}
