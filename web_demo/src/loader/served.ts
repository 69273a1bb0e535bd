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

/** None where nothing is served beside the page. */
export async function servedModels(): Promise<readonly ServedModel[]> {
  const listed = at(await listing(), "models");
  return isList(listed) ? listed.map(servedModel).filter((model) => model !== null) : [];
}

/** Whether the server tells of trainings, too. */
export async function isLive(): Promise<boolean> {
  return textAt(await listing(), "live") === "live";
}

let asked: Promise<Json | undefined> | null = null;

/** `models.json`, read once. */
function listing(): Promise<Json | undefined> {
  asked ??= read();
  return asked;
}

async function read(): Promise<Json | undefined> {
  try {
    return parsed(await fromServer("models.json").read(), "models.json");
  } catch {
    return undefined;
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
