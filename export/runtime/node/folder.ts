/** Models in folders, loaded and saved as a program in Node does it. */
import type { io } from "@tensorflow/tfjs-core";
import { serialization } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const TWINS = "keras-tfjs.js";

/** The model of a folder, its twins registered. */
export async function loaded(folder: string): Promise<LayersModel> {
  await registerTwins(folder);
  return loadLayersModel({ load: () => artifactsIn(folder) });
}

/** Save a model with tfjs's own `model.save`, and put beside it the twins it was loaded with. */
export async function save(model: LayersModel, from: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await model.save({ save: (artifacts) => writeArtifacts(artifacts, folder) });
  if (existsSync(join(from, TWINS))) {
    await copyFile(join(from, TWINS), join(folder, TWINS));
  }
}

async function artifactsIn(folder: string): Promise<io.ModelArtifacts> {
  const model = JSON.parse(await readFile(join(folder, "model.json"), "utf8")) as io.ModelJSON;
  const { weightsManifest: groups, ...rest } = model;
  const paths = groups.flatMap((group) => group.paths);
  const shards = await Promise.all(paths.map((path) => readFile(join(folder, path))));
  const bytes = Uint8Array.from(Buffer.concat(shards));
  return {
    ...rest,
    weightSpecs: groups.flatMap((group) => group.weights),
    weightData: bytes.buffer,
  };
}

async function writeArtifacts(
  artifacts: io.ModelArtifacts,
  folder: string,
): Promise<io.SaveResult> {
  const { weightSpecs, weightData, ...rest } = artifacts;
  const buffers = Array.isArray(weightData) ? weightData : weightData ? [weightData] : [];
  const weightsManifest = [{ paths: ["weights.bin"], weights: weightSpecs ?? [] }];
  const bytes = Buffer.concat(buffers.map((buffer) => new Uint8Array(buffer)));
  await writeFile(join(folder, "weights.bin"), bytes);
  await writeFile(join(folder, "model.json"), JSON.stringify({ ...rest, weightsManifest }));
  return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
}

// ---- twins --------------------------------------------------------------------------------------
// Registering lasts as long as the process. So that a model that comes without a script does not
// profit from that of another, the registry is put back before each load.

type Registry = typeof serialization.SerializationMap.prototype.classNameMap;

const registry = serialization.SerializationMap.getMap().classNameMap;
const stock: Registry = { ...registry };
const afterScript = new Map<string, Registry>();

async function registerTwins(folder: string): Promise<void> {
  const script = resolve(folder, TWINS);
  setRegistry(afterScript.get(script) ?? stock);
  if (!afterScript.has(script) && existsSync(script)) {
    // As a user does it: `globalThis.tf = tf` stands in tf.ts.
    await import(/* @vite-ignore */ pathToFileURL(script).href);
    afterScript.set(script, { ...registry });
  }
}

function setRegistry(to: Registry): void {
  for (const name of Object.keys(registry)) {
    Reflect.deleteProperty(registry, name);
  }
  Object.assign(registry, to);
}
