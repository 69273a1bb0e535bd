/** Random numbers that a seed fixes, the same in every browser. */

/** Uniform in [0, 1), by mulberry32: 32 bits of state are plenty for a few thousand numbers. */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A kernel as Keras starts it: uniform within the square root of 6 / (inputs + outputs). */
export function glorot(next: () => number, inputs: number, outputs: number): number[] {
  const limit = Math.sqrt(6 / (inputs + outputs));
  return Array.from({ length: inputs * outputs }, () => (2 * next() - 1) * limit);
}
