/** Where the reader is, in step with the address: a link leads to the very same picture. */

import { effect, signal } from "@preact/signals";
import { address, parsedAddress, type Place } from "./learn/address";
import { type Scene, SCENES } from "./learn/scenes";

const NAMES = SCENES.map(({ name }) => name);
/** Milliseconds between two changes of the address; browsers refuse more than some 200 in 30 s. */
const PAUSE = 250;

export const place = signal<Place>({ view: "learn", scene: NAMES[0] ?? "" });

export function sceneOf({ scene }: Place): Scene | undefined {
  return SCENES.find(({ name }) => name === scene);
}

/** The address of the place as it stands now. */
export function currentAddress(): string {
  return address(place.value, sceneOf(place.value)?.state.write());
}

/** Reads the address, and from then on writes it. */
export function followAddress(): void {
  read();
  addEventListener("hashchange", read);
  let timer: ReturnType<typeof setTimeout> | null = null;
  effect(() => {
    currentAddress(); // so that the effect runs when it changes
    timer ??= setTimeout(() => {
      timer = null;
      write();
    }, PAUSE);
  });
}

function read(): void {
  const found = parsedAddress(location.hash, NAMES);
  if (found) {
    place.value = found.place;
    if (found.set) {
      sceneOf(found.place)?.state.read(found.set);
    }
  }
}

function write(): void {
  const wanted = currentAddress();
  // A bare address stays bare until something is set.
  const isBare =
    location.hash === "" && wanted === address({ ...place.value, scene: NAMES[0] ?? "" });
  if (wanted !== location.hash && !isBare) {
    history.replaceState(null, "", wanted);
  }
}
