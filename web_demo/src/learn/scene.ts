/** A scene's state: what the reader has set, in one signal, with its place in the address. */

import { type Signal, signal } from "@preact/signals";
import { decoded, encoded, type Entries, type Fields, initial } from "./codec";

/** What the page needs of any scene, whatever its state. */
export interface Addressed {
  /** As it stands, for the address. */
  readonly write: () => Entries;
  /** As an address has it. */
  readonly read: (found: URLSearchParams) => void;
}

export interface SceneState<S> extends Addressed {
  readonly state: Signal<S>;
  readonly change: (part: Partial<S>) => void;
}

/** @param onRead called when an address has changed the state under the scene's feet. */
export function sceneState<S extends object>(
  fields: Fields<S>,
  onRead: () => void = () => undefined,
): SceneState<S> {
  const state = signal(initial(fields));
  return {
    state,
    change: (part) => {
      state.value = { ...state.value, ...part };
    },
    write: () => encoded(fields, state.value),
    read: (found) => {
      state.value = decoded(fields, found);
      onRead();
    },
  };
}
