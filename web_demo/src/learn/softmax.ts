/**
 * Three classes of water by temperature, told apart by one dense layer under a softmax.
 *
 * Logits are -t, 0 and t, where t is the temperature in tens of degrees, plus the biases. Ice below
 * 0 and steam above 100 °C ask for the biases 0, 0, -10, or the same plus any number.
 */

export type Triple = readonly [number, number, number];

export const CLASSES = ["ice", "water", "steam"] as const;
const KERNEL: Triple = [-1, 0, 1];
export const IDEAL: Triple = [0, 0, -10];

/** Labelled temperatures, in °C. */
export const SAMPLES: readonly number[] = Array.from({ length: 31 }, (_, index) => 10 * index - 95);

export function classOf(celsius: number): 0 | 1 | 2 {
  return celsius < 0 ? 0 : celsius < 100 ? 1 : 2;
}

export function logits(celsius: number, bias: Triple): Triple {
  return [0, 1, 2].map(
    (index) => ((KERNEL[index] ?? 0) * celsius) / 10 + (bias[index] ?? 0),
  ) as unknown as Triple;
}

export function softmax(values: Triple): Triple {
  const largest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum) as unknown as Triple;
}

export function probabilities(celsius: number, bias: Triple): Triple {
  return softmax(logits(celsius, bias));
}

export interface Judged {
  /** Mean cross-entropy. */
  readonly loss: number;
  /** Share of the samples whose class is the most probable one. */
  readonly accuracy: number;
  /** Slope of the loss along each class's bias. */
  readonly gradient: Triple;
  /** Slope along one number that all share: their sum. */
  readonly shared: number;
}

export function judged(bias: Triple): Judged {
  const gradient: [number, number, number] = [0, 0, 0];
  let [loss, right] = [0, 0];
  for (const celsius of SAMPLES) {
    const wanted = classOf(celsius);
    const values = logits(celsius, bias);
    const given = softmax(values);
    const largest = Math.max(...values);
    const sum = values.reduce((total, value) => total + Math.exp(value - largest), 0);
    loss += Math.log(sum) + largest - values[wanted];
    right += given[wanted] === Math.max(...given) && isAlone(given, wanted) ? 1 : 0;
    for (const index of [0, 1, 2] as const) {
      gradient[index] += (given[index] - (index === wanted ? 1 : 0)) / SAMPLES.length;
    }
  }
  return {
    loss: loss / SAMPLES.length,
    accuracy: right / SAMPLES.length,
    gradient,
    shared: gradient[0] + gradient[1] + gradient[2],
  };
}

function isAlone(given: Triple, wanted: number): boolean {
  return given.every((share, index) => index === wanted || share < (given[wanted] ?? 0));
}
