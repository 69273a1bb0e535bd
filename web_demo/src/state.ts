/** What the page knows, and the few things that change it. */

import { batch, computed, signal } from "@preact/signals";
import { type Artefacts, withWeights } from "./loader/artefacts";
import { LoadError } from "./loader/errors";
import { openedFiles, openedServed } from "./loader/open";
import { type ServedModel, servedModels } from "./loader/served";
import type { SourceFile } from "./loader/source";
import { type Description, described } from "./model/describe";
import { EXAMPLE } from "./model/example";

/** The model that is shown; a failure leaves the one before. */
export const model = signal<Description | null>(null);
/** What the shown model was read as. */
export const artefacts = signal<Artefacts | null>(null);
/**
 * The opened model's weights that were trained or set on this page since, by the manifest's name.
 *
 * Whoever writes the model takes these instead of those of `artefacts`. Empty: it is as it was read.
 */
export const liveWeights = signal<ReadonlyMap<string, Float32Array>>(new Map());
export const failure = signal<LoadError | null>(null);
/** What is being read. */
export const busy = signal<string | null>(null);
/** Null until it is known. */
export const served = signal<readonly ServedModel[] | null>(null);
/** Name of the served model that is shown. */
export const servedName = signal<string | null>(null);

/** For who cannot see the page change. */
export const status = computed(() => {
  if (busy.value !== null) {
    return `Reading ${busy.value}`;
  }
  const shown = model.value;
  return shown === null
    ? ""
    : `Opened ${shown.title}: ${shown.layers.length} layers, ${shown.parameters} parameters.`;
});

let latest = 0;
/** Milliseconds that a list of models may wait for the first of them. */
const PATIENCE = 200;

let started: Promise<void> | null = null;

/** Opens the first model that is served, or without any the example; once. */
export function start(): Promise<void> {
  started ??= openFirst();
  return started;
}

async function openFirst(): Promise<void> {
  const found = await servedModels();
  const [first] = found;
  const opening = first ? openServed(first) : openExample();
  // Drawn together with the model: twice would take twice as long.
  await Promise.race([opening, soon()]);
  served.value = found;
  await opening;
}

export function openServed({ name, path, title }: ServedModel): Promise<void> {
  return open(title, () => openedServed(path, title), name);
}

function openExample(): Promise<void> {
  return open(EXAMPLE.title, () => Promise.resolve(EXAMPLE), null);
}

function soon(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE));
}

/** Files that were picked or dropped. */
export function openFiles(
  files: readonly SourceFile[] | Promise<readonly SourceFile[]>,
): Promise<void> {
  return open("your files", async () => openedFiles(await files), null);
}

/** What can be shown of a model whose weights are missing. */
export function openLayersOnly(artefacts: Artefacts): Promise<void> {
  return open(artefacts.title, () => Promise.resolve(artefacts), null);
}

export function dismiss(): void {
  failure.value = null;
}

async function open(
  what: string,
  read: () => Promise<Artefacts>,
  name: string | null,
): Promise<void> {
  latest += 1;
  const mine = latest;
  busy.value = what;
  failure.value = null;
  let found: Artefacts | null = null;
  let opened: Description | LoadError;
  try {
    found = await read();
    opened = described(found);
  } catch (error) {
    opened = error instanceof LoadError ? error : unexpected(error);
  }
  if (mine !== latest) {
    return; // something else was opened meanwhile
  }
  busy.value = null;
  if (opened instanceof LoadError) {
    failure.value = opened;
  } else {
    batch(() => {
      liveWeights.value = new Map();
      artefacts.value = found;
      model.value = opened;
      servedName.value = name;
    });
  }
}

/** The page shows these weights from now on; none: those that were read. */
export function changeWeights(changed: ReadonlyMap<string, Float32Array>): void {
  const read = artefacts.peek();
  if (read) {
    batch(() => {
      liveWeights.value = changed;
      model.value = described(withWeights(read, changed));
    });
  }
}

export function unexpected(error: unknown): LoadError {
  return new LoadError("UNEXPECTED", {
    where: "The model",
    what: `It cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    fix: "Is there enough memory? If a smaller model opens, that is the reason.",
  });
}
