/** One optimizer, on a list of numbers in single precision, as Keras has it. */

const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-7;

/** Both running means of a list of weights, and how many steps they have seen. */
export interface Moments {
  readonly mean: Float64Array;
  readonly square: Float64Array;
  steps: number;
}

export function moments(size: number): Moments {
  return { mean: new Float64Array(size), square: new Float64Array(size), steps: 0 };
}

/** Moves the weights one step down the gradient, in place. */
export function adamStep(
  weights: Float32Array,
  gradient: ArrayLike<number>,
  past: Moments,
  rate: number,
): void {
  const { mean, square } = past;
  past.steps += 1;
  const corrected = (rate * Math.sqrt(1 - BETA_2 ** past.steps)) / (1 - BETA_1 ** past.steps);
  for (let index = 0; index < weights.length; index += 1) {
    const slope = gradient[index] ?? 0;
    const first = BETA_1 * (mean[index] ?? 0) + (1 - BETA_1) * slope;
    const second = BETA_2 * (square[index] ?? 0) + (1 - BETA_2) * slope * slope;
    mean[index] = first;
    square[index] = second;
    weights[index] = (weights[index] ?? 0) - (corrected * first) / (Math.sqrt(second) + EPSILON);
  }
}
