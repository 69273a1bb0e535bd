/** The two libraries that the page loads as scripts: as much of them as it uses. */

import type { InMemory } from "./carried";

export interface Layer {
  readonly name: string;
}

interface Model {
  readonly layers: readonly Layer[];
}

export interface Libraries {
  readonly tf: {
    setBackend(name: string): Promise<boolean>;
    loadLayersModel(from: string | InMemory): Promise<Model>;
  };
  readonly tfvis: {
    readonly show: { layer(surface: HTMLElement, layer: Layer): Promise<void> };
  };
}

/** Null if a script did not load. */
export function libraries(): Libraries | null {
  const { tf, tfvis } = globalThis as Partial<Libraries>;
  return tf && tfvis ? { tf, tfvis } : null;
}
