/**
 * Units that do not look at their input: all numbers of their kernel are 0.
 *
 * Only that is certain from the weights alone. A relu that never opens depends on the data too.
 */

import { baseClass, isKnown } from "./classes";
import type { LayerRow, WeightRow } from "./describe";
import type { Notice } from "./notices";
import { count } from "./words";

/** Where a kernel has the units, counted from its last axis. */
const UNIT_AXIS: ReadonlyMap<string, number> = new Map([
  ["Dense", -1],
  ["Conv1D", -1],
  ["Conv2D", -1],
  ["Conv3D", -1],
  ["Conv1DTranspose", -2],
  ["Conv2DTranspose", -2],
  ["Conv3DTranspose", -2],
]);

export function deadUnits(layers: readonly LayerRow[]): readonly Notice[] {
  return layers.flatMap((layer) => {
    const axis = UNIT_AXIS.get(baseClass(layer.className));
    const kernel = layer.weights.find(({ name }) => /(?:^|\/)kernel$/u.test(name));
    if (axis === undefined || !isKnown(layer.className) || !kernel) {
      return [];
    }
    const { dead, units } = unitsOfZeros(kernel, axis);
    if (dead.length === 0) {
      return [];
    }
    const some = dead.slice(0, 5).join(", ");
    const which =
      dead.length === units
        ? units === 1
          ? "The only unit has"
          : `All ${count(units)} units have`
        : `${count(dead.length)} of ${count(units)} units (${dead.length > 5 ? `${some}, ...` : some}) ${dead.length === 1 ? "has" : "have"}`;
    const hasBias = layer.weights.some((weight) => weight.isBias);
    return [
      {
        code: "DEAD_UNITS",
        where: layer.path.join("/"),
        text: `${which} a kernel of zeros alone: before the activation ${dead.length === 1 ? "it gives" : "each gives"} ${hasBias ? "its bias" : "0"}, whatever comes in, for 0 times any number is 0.`,
        numbers: null,
      },
    ];
  });
}

/** Indices of units whose every number is 0, in order. */
export function unitsOfZeros(
  { shape, numbers }: Pick<WeightRow, "shape" | "numbers">,
  axis: number,
): { readonly dead: readonly number[]; readonly units: number } {
  const units = shape.at(axis) ?? 0;
  if (!numbers?.length || shape.length < -axis) {
    return { dead: [], units };
  }
  // Numbers that follow one another in one unit.
  const inner = axis === -1 ? 1 : (shape.at(-1) ?? 1);
  const alive = new Uint8Array(units);
  let left = units;
  for (let index = 0; index < numbers.length && left > 0; index += 1) {
    const unit = Math.floor(index / inner) % units;
    if (numbers[index] !== 0 && alive[unit] === 0) {
      alive[unit] = 1;
      left -= 1;
    }
  }
  const dead: number[] = [];
  alive.forEach((isAlive, unit) => {
    if (isAlive === 0) {
      dead.push(unit);
    }
  });
  return { dead, units };
}
