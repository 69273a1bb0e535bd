/** Where the reader is, in step with the address: a link leads to the very same picture. */

import { effect, signal } from "@preact/signals";
import { COMPARED } from "./compare/state";
import { address, parsedAddress, type Place } from "./learn/address";
import { type Scene, SCENES } from "./learn/scenes";

const NAMES = SCENES.map(({ name }) => name);
/** Milliseconds between two changes of the address; browsers refuse more than some 200 in 30 s. */
const PAUSE = 250;

const FIRST: Place = { view: "learn", scene: NAMES[0] ?? "" };

export const place = signal(FIRST);

export function sceneOf({ scene }: Place): Scene | undefined {
  return SCENES.find(({ name }) => name === scene);
}

/** What an address says of a place besides its name. */
function settings(at: Place) {
  return at.view === "compare" ? COMPARED : sceneOf(at)?.state;
}

/** The address of the place as it stands now. */
export function currentAddress(): string {
  return address(place.value, settings(place.value)?.write());
}

/** Reads the address, and from then on writes it. */
export function followAddress(): void {
  read();
  addEventListener("hashchange", read);
  let timer: ReturnType<typeof setTimeout> | null = null;
  const due = (): void => {
    timer = null;
    if (!isBare()) {
      writeAddress();
    }
  };
  effect(() => {
    currentAddress(); // so that the effect runs when it changes
    timer ??= setTimeout(due, PAUSE);
  });
  // Before a link is followed: what is written after that would undo it.
  const beforeLink = ({ target }: Event): void => {
    if (timer !== null && target instanceof Element && target.closest("a")) {
      clearTimeout(timer);
      due();
    }
  };
  addEventListener("click", beforeLink, { capture: true });
}

/** The address as the page last wrote or read it. */
let known: string | null = null;

function read(): void {
  known = location.hash;
  const found = parsedAddress(known, NAMES);
  if (found) {
    place.value = found.place;
    if (found.set) {
      settings(found.place)?.read(found.set);
    }
  }
}

/** Writes the address now. */
export function writeAddress(): void {
  if (location.hash !== known) {
    read(); // a link was followed, which is about to be told
    return;
  }
  const wanted = currentAddress();
  if (wanted !== known) {
    history.replaceState(null, "", wanted);
    known = location.hash;
  }
}

/** A bare address stays bare until something is set. */
function isBare(): boolean {
  return location.hash === "" && currentAddress() === address(FIRST);
}
