/** What training did, step by step: the loss, and where some biases were. Thinned as it grows. */

export interface Point {
  /** Steps that had been taken. */
  readonly step: number;
  /** Null until the next step has been tried. */
  readonly loss: number | null;
  /** By bias, the numbers that are followed. */
  readonly values: readonly Float32Array[];
}

export interface History {
  readonly points: readonly Point[];
  /** Every so many steps there is a point; the last step is one, too. */
  readonly every: number;
}

/** Points, at most, beside the last. */
const MOST = 600;
/** Numbers of a bias that are followed; of a longer one, the first. */
export const FOLLOWED = 16;

export function begun(values: readonly Float32Array[]): History {
  return { points: [{ step: 0, loss: null, values: values.map(few) }], every: 1 };
}

/** With the loss that the last point turned out to have, and where the step from there led. */
export function grown(
  { points, every }: History,
  loss: number,
  values: readonly Float32Array[],
): History {
  const last = points.at(-1);
  if (!last) {
    return begun(values);
  }
  const kept = points.slice(0, -1);
  if (last.step % every === 0) {
    kept.push({ ...last, loss });
  }
  const next = { step: last.step + 1, loss: null, values: values.map(few) };
  if (kept.length <= MOST) {
    return { points: [...kept, next], every };
  }
  return {
    points: [...kept.filter(({ step }) => step % (2 * every) === 0), next],
    every: 2 * every,
  };
}

/**
 * Where no step leads on: the last point whose loss is finite is the last.
 *
 * @param loss that of the last point.
 */
export function ended({ points, every }: History, loss: number): History {
  const [before, last] = [points.slice(0, -1), points.at(-1)];
  if (last && Number.isFinite(loss)) {
    return { points: [...before, { ...last, loss }], every };
  }
  return before.length ? { points: before, every } : { points, every };
}

/** The last point that is not after a step. */
export function pointAt({ points }: History, step: number): Point | undefined {
  return points.filter((point) => point.step <= step).at(-1);
}

function few(values: Float32Array): Float32Array {
  return values.slice(0, FOLLOWED);
}
