/** Whether there is a training to watch: the page's server says so. */

import { signal } from "@preact/signals";
import { isLive } from "../loader/served";

/** Null until it is known. */
export const offered = signal<boolean | null>(null);

export async function probe(): Promise<boolean> {
  offered.value ??= await isLive();
  return offered.value;
}
