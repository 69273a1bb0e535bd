/** Something that happens at once, and whenever one of some signals has another value. */

import { effect, type ReadonlySignal, untracked } from "@preact/signals";

export function whenever(signals: readonly ReadonlySignal[], act: () => void): void {
  effect(() => {
    signals.forEach((each) => each.value as unknown);
    untracked(act);
  });
}
