/** The two models that are compared: where each comes from, and what came of it. */

import { computed, type Signal, signal } from "@preact/signals";
import type { Entries } from "../learn/codec";
import type { Artefacts } from "../loader/artefacts";
import { LoadError } from "../loader/errors";
import { openedFiles, openedServed } from "../loader/open";
import type { ServedModel } from "../loader/served";
import type { SourceFile } from "../loader/source";
import { type Description, described } from "../model/describe";
import { liveWeights, model as openModel, served, servedName, start, unexpected } from "../state";
import { type Comparison, compared } from "./compare";

export interface Side {
  readonly letter: "A" | "B";
  readonly model: Signal<Description | null>;
  readonly failure: Signal<LoadError | null>;
  readonly busy: Signal<string | null>;
  /** Of a served model: what an address can say. */
  readonly servedName: Signal<string | null>;
}

function side(letter: "A" | "B"): Side {
  return {
    letter,
    model: signal(null),
    failure: signal(null),
    busy: signal(null),
    servedName: signal(null),
  };
}

export const A = side("A");
export const B = side("B");

/** Null until there are two. */
export const comparison = computed<Comparison | null>(() =>
  A.model.value && B.model.value ? compared(A.model.value, B.model.value) : null,
);

/** For who cannot see the page change. */
export const compareStatus = computed(() => {
  const found = comparison.value;
  const reading = [A, B].find(({ busy }) => busy.value !== null);
  if (reading) {
    return `Reading ${reading.busy.value ?? ""}`;
  }
  return found === null
    ? ""
    : `Compared ${found.a.title} with ${found.b.title}: ${found.verdict.isIdentical ? "identical" : "they differ"}.`;
});

/** Served models by name that an address asks for, until they are opened. */
const wanted = signal<{ readonly a: string | null; readonly b: string | null } | null>(null);

/** What an address says of this place. */
export const COMPARED = {
  read: (set: URLSearchParams): void => {
    wanted.value = { a: set.get("a"), b: set.get("b") };
    if (A.model.peek() ?? B.model.peek()) {
      void openWanted();
    }
  },
  write: (): Entries =>
    [
      // What is still to be opened is not dropped from the address meanwhile.
      ["a", wanted.value?.a ?? A.servedName.value] as const,
      ["b", wanted.value?.b ?? B.servedName.value] as const,
    ].flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, value]])),
};

/** Two to begin with: the one that is open, or asked for, and the next that is served. */
export async function startComparing(): Promise<void> {
  await start();
  takeChanges();
  await openWanted();
  if (!A.model.peek()) {
    const shown = openModel.peek();
    if (shown) {
      put(A, shown, servedAsOpen());
    }
  }
  const next = served.peek()?.find(({ name }) => name !== A.servedName.peek());
  if (!B.model.peek() && B.busy.peek() === null && next) {
    await openServedInto(B, next);
  }
}

/** What was trained or set on the model that is open, since it was taken from there. */
function takeChanges(): void {
  const now = openModel.peek();
  for (const side of [A, B]) {
    const held = side.model.peek();
    const isSame = held?.artefacts.manifest === now?.artefacts.manifest;
    if (now && held !== now && isSame && side.servedName.peek() === null) {
      put(side, now, servedAsOpen());
    }
  }
}

async function openWanted(): Promise<void> {
  const names = wanted.peek();
  const find = (name: string | null | undefined): ServedModel | undefined =>
    served.peek()?.find((each) => each.name === name);
  const [a, b] = [find(names?.a), find(names?.b)];
  await Promise.all([
    a && a.name !== A.servedName.peek() ? openServedInto(A, a) : null,
    b && b.name !== B.servedName.peek() ? openServedInto(B, b) : null,
  ]);
  if (wanted.peek() === names) {
    wanted.value = null;
  }
}

/** What *Open* shows, by the name under which it is served; null if it was changed since. */
export function servedAsOpen(): string | null {
  return liveWeights.value.size > 0 ? null : servedName.value;
}

/** The model that *Open* shows. */
export function takeOpen(into: Side): void {
  const shown = openModel.peek();
  if (shown) {
    put(into, shown, servedAsOpen());
  }
}

export function openServedInto(into: Side, { name, path, title }: ServedModel): Promise<void> {
  return open(into, title, () => openedServed(path, title), name);
}

export function openFilesInto(
  into: Side,
  files: readonly SourceFile[] | Promise<readonly SourceFile[]>,
): Promise<void> {
  return open(into, "your files", async () => openedFiles(await files), null);
}

/** A for B, and B for A. */
export function swap(): void {
  const [a, b] = [A.model.peek(), B.model.peek()];
  const [nameA, nameB] = [A.servedName.peek(), B.servedName.peek()];
  if (a && b) {
    put(A, b, nameB);
    put(B, a, nameA);
  }
}

const latest = new Map<Side, number>();

function put(into: Side, model: Description, name: string | null): void {
  latest.set(into, (latest.get(into) ?? 0) + 1);
  into.model.value = model;
  into.servedName.value = name;
  into.failure.value = null;
  into.busy.value = null;
}

async function open(
  into: Side,
  what: string,
  read: () => Promise<Artefacts>,
  name: string | null,
): Promise<void> {
  const mine = (latest.get(into) ?? 0) + 1;
  latest.set(into, mine);
  into.busy.value = what;
  into.failure.value = null;
  let opened: Description | LoadError;
  try {
    opened = described(await read());
  } catch (error) {
    opened = error instanceof LoadError ? error : unexpected(error);
  }
  if (mine !== latest.get(into)) {
    return; // something else was opened meanwhile
  }
  if (opened instanceof LoadError) {
    into.busy.value = null;
    into.failure.value = opened;
  } else {
    put(into, opened, name);
  }
}
