/** A table that is dropped on the page: fed to the model, or trained on if it falls there. */

import { openTable } from "./probing";
import { living } from "./session";
import { openTrainTable } from "./training";

/** Whether it was one; the model's own files are none. */
export function tookTable({ dataTransfer, target }: DragEvent): boolean {
  const [file, ...more] = dataTransfer?.files ?? [];
  if (!file || more.length || !living.peek() || !/\.(?:csv|tsv|txt)$/iu.test(file.name)) {
    return false;
  }
  const isTraining = target instanceof Element && target.closest("[data-table='train']") !== null;
  void (isTraining ? openTrainTable(file) : openTable(file));
  return true;
}
