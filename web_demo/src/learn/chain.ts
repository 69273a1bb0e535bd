/**
 * The network of the question: dense 5, then dense 2, from degrees Celsius to °F and K.
 *
 * Numbers are hundreds of degrees, where training is quick; kernels are the same in degrees, and
 * biases a hundredth. A network is one list: kernel and bias of the first layer, 5 each, then the
 * second layer's kernel, 2 for each hidden unit, and its bias of 2.
 */

import { adamStep, type Moments } from "./adam";
import { CELSIUS, type Pair, target } from "./celsius";
import { glorot, uniform } from "./random";

/** One number for each unit, one for each layer, or none. */
export type ChainBias = "vector" | "scalar" | "none";
export type Activation = "linear" | "relu";

export const HIDDEN = 5;
export const SCALE = 100;
const [BIAS_1, KERNEL_2, BIAS_2, SIZE] = [HIDDEN, 2 * HIDDEN, 4 * HIDDEN, 4 * HIDDEN + 2];
export const CHAIN_SIZE = SIZE;

/** Where each number stands in the list. */
export const at = {
  kernel1: (unit: number): number => unit,
  bias1: (unit: number): number => BIAS_1 + unit,
  kernel2: (unit: number, output: number): number => KERNEL_2 + 2 * unit + output,
  bias2: (output: number): number => BIAS_2 + output,
} as const;

/** Steps of a whole training, and its rate at the beginning; the rate falls to 0 along a cosine. */
export const STEPS = 1500;
const RATE = 0.05;

export function untrained(seed: number): Float32Array {
  const next = uniform(seed);
  const weights = new Float32Array(SIZE);
  weights.set(glorot(next, 1, HIDDEN), 0);
  weights.set(glorot(next, HIDDEN, 2), KERNEL_2);
  return weights;
}

/** The network with biases as that kind has them, where they come from elsewhere. */
export function held(weights: Float32Array, kind: ChainBias): Float32Array {
  if (kind === "vector") {
    return weights;
  }
  const own = Float32Array.from(weights);
  own.fill(kind === "none" ? 0 : value(own, BIAS_1), BIAS_1, KERNEL_2);
  own.fill(kind === "none" ? 0 : value(own, BIAS_2), BIAS_2);
  return own;
}

/** How many numbers the network adds. */
export function biasCount(kind: ChainBias): number {
  return { vector: HIDDEN + 2, scalar: 2, none: 0 }[kind];
}

/** What the network answers, in degrees. */
export function chain(weights: Float32Array, activation: Activation, celsius: number): Pair {
  let first = value(weights, BIAS_2);
  let second = value(weights, BIAS_2 + 1);
  for (let unit = 0; unit < HIDDEN; unit += 1) {
    const sum = value(weights, unit) * (celsius / SCALE) + value(weights, BIAS_1 + unit);
    const hidden = activation === "relu" ? Math.max(0, sum) : sum;
    first += hidden * value(weights, KERNEL_2 + 2 * unit);
    second += hidden * value(weights, KERNEL_2 + 2 * unit + 1);
  }
  return [first * SCALE, second * SCALE];
}

/** The one line for each output that two linear layers are: y = slope x + offset, in degrees. */
export interface Line {
  readonly slope: number;
  /** What the first layer's biases come to behind the second kernel: b1 · W2. */
  readonly carried: number;
  /** The second layer's own bias. */
  readonly own: number;
  /** b1 · W2 + b2. */
  readonly offset: number;
}

export function collapsed(weights: Float32Array): readonly [Line, Line] {
  const line = (output: number): Line => {
    let [slope, carried] = [0, 0];
    for (let unit = 0; unit < HIDDEN; unit += 1) {
      const out = value(weights, at.kernel2(unit, output));
      slope += value(weights, unit) * out;
      carried += value(weights, at.bias1(unit)) * out * SCALE;
    }
    const own = value(weights, at.bias2(output)) * SCALE;
    return { slope, carried, own, offset: carried + own };
  };
  return [line(0), line(1)];
}

/** By how many degrees, at most, the network is off the lines that it would be if it were linear. */
export function bend(weights: Float32Array, activation: Activation): number {
  const lines = collapsed(weights);
  return Math.max(
    ...CELSIUS.flatMap((celsius) =>
      chain(weights, activation, celsius).map((answer, output) => {
        const line = lines[output as 0 | 1];
        return Math.abs(answer - line.slope * celsius - line.offset);
      }),
    ),
  );
}

/** Root mean squared error in degrees. */
export function chainError(weights: Float32Array, activation: Activation): number {
  let sum = 0;
  for (const celsius of CELSIUS) {
    const [wantedF, wantedK] = target(celsius);
    const [givenF, givenK] = chain(weights, activation, celsius);
    sum += (givenF - wantedF) ** 2 + (givenK - wantedK) ** 2;
  }
  return Math.sqrt(sum / (2 * CELSIUS.length));
}

/** Slopes of the mean squared error, in the list's own units; biases that are shared get their sum. */
export function chainGradient(
  weights: Float32Array,
  activation: Activation,
  kind: ChainBias,
): Float64Array {
  const gradient = new Float64Array(SIZE);
  const add = (index: number, slope: number): void => {
    gradient[index] = (gradient[index] ?? 0) + slope;
  };
  for (const celsius of CELSIUS) {
    const input = celsius / SCALE;
    const wanted = target(celsius);
    const given = chain(weights, activation, celsius);
    const factor = 1 / (CELSIUS.length * SCALE); // 2 / (2 outputs · samples)
    const slopes: Pair = [(given[0] - wanted[0]) * factor, (given[1] - wanted[1]) * factor];
    add(BIAS_2, slopes[0]);
    add(BIAS_2 + 1, slopes[1]);
    for (let unit = 0; unit < HIDDEN; unit += 1) {
      const sum = value(weights, unit) * input + value(weights, BIAS_1 + unit);
      const isOn = activation === "linear" || sum > 0;
      const back = isOn
        ? slopes[0] * value(weights, at.kernel2(unit, 0)) +
          slopes[1] * value(weights, at.kernel2(unit, 1))
        : 0;
      const hidden = isOn ? sum : 0;
      add(at.kernel2(unit, 0), slopes[0] * hidden);
      add(at.kernel2(unit, 1), slopes[1] * hidden);
      add(unit, back * input);
      add(BIAS_1 + unit, back);
    }
  }
  share(gradient, BIAS_1, HIDDEN, kind);
  share(gradient, BIAS_2, 2, kind);
  return gradient;
}

/** One step of training, in place. */
export function chainStep(
  weights: Float32Array,
  activation: Activation,
  kind: ChainBias,
  past: Moments,
): void {
  const rate = (RATE * (1 + Math.cos((Math.PI * past.steps) / STEPS))) / 2;
  adamStep(weights, chainGradient(weights, activation, kind), past, rate);
}

function share(gradient: Float64Array, start: number, size: number, kind: ChainBias): void {
  if (kind !== "vector") {
    const block = gradient.subarray(start, start + size);
    block.fill(kind === "none" ? 0 : block.reduce((sum, slope) => sum + slope, 0));
  }
}

function value(weights: Float32Array, index: number): number {
  return weights[index] ?? 0;
}
