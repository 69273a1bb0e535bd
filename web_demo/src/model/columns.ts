/** Many numbers as few columns, each from the least to the greatest of its share. */

export interface ColumnOf {
  /** First index, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** With 0 between or at an end: a bar begins there. */
  readonly low: number;
  readonly high: number;
  readonly isBroken: boolean;
}

/** One column for each number, or for each block of them if there are more than `most`. */
export function columnsOf(values: ArrayLike<number>, most: number): readonly ColumnOf[] {
  const block = Math.max(1, Math.ceil(values.length / most));
  return Array.from({ length: Math.ceil(values.length / block) }, (_, column) => {
    const from = column * block;
    const to = Math.min(values.length, from + block);
    let [low, high, isBroken] = [0, 0, false];
    for (let index = from; index < to; index += 1) {
      const value = values[index] ?? NaN;
      isBroken ||= !Number.isFinite(value);
      low = Number.isFinite(value) && value < low ? value : low;
      high = Number.isFinite(value) && value > high ? value : high;
    }
    return { from, to, low, high, isBroken };
  });
}
