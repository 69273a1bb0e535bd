/**
 * A small classifier of points in the plane: 2 inputs, 5 hidden units, 2 classes under a softmax.
 *
 * Plain arithmetic on one list of numbers: the hidden kernel, 2 for each unit, and bias of 5; the
 * output kernel, 2 for each unit, and bias of 2. Both layers have biases of the same kind.
 */

import { adamStep, type Moments } from "./adam";
import type { Samples } from "./datasets";
import { glorot, uniform } from "./random";

export const KINDS = ["none", "scalar", "fixed", "vector"] as const;
export type NetBias = (typeof KINDS)[number];
export type NetActivation = "relu" | "tanh";

export const UNITS = 5;
const [BIAS_1, KERNEL_2, BIAS_2] = [2 * UNITS, 3 * UNITS, 5 * UNITS];
export const NET_SIZE = 5 * UNITS + 2;

export const at = {
  kernel1: (unit: number, input: number): number => 2 * unit + input,
  bias1: (unit: number): number => BIAS_1 + unit,
  kernel2: (unit: number, output: number): number => KERNEL_2 + 2 * unit + output,
  bias2: (output: number): number => BIAS_2 + output,
} as const;

/** The same kernels for every kind of bias; biases begin at 0, and fixed ones are 1. */
export function untrainedNet(seed: number, kind: NetBias): Float32Array {
  const next = uniform(seed);
  const weights = new Float32Array(NET_SIZE);
  weights.set(glorot(next, 2, UNITS), 0);
  weights.set(glorot(next, UNITS, 2), KERNEL_2);
  if (kind === "fixed") {
    weights.fill(1, BIAS_1, BIAS_1 + UNITS);
    weights.fill(1, BIAS_2, BIAS_2 + 2);
  }
  return weights;
}

/** Logit of class 1 less that of class 0: above 0 the point is of class 1. */
export function margin(
  weights: Float32Array,
  activation: NetActivation,
  x: number,
  y: number,
): number {
  let sum = value(weights, BIAS_2 + 1) - value(weights, BIAS_2);
  for (let unit = 0; unit < UNITS; unit += 1) {
    const hidden = activated(
      activation,
      value(weights, 2 * unit) * x +
        value(weights, 2 * unit + 1) * y +
        value(weights, BIAS_1 + unit),
    );
    sum += hidden * (value(weights, KERNEL_2 + 2 * unit + 1) - value(weights, KERNEL_2 + 2 * unit));
  }
  return sum;
}

/** Share of the points whose class the net tells; where it says neither, it tells none. */
export function accuracy(
  weights: Float32Array,
  activation: NetActivation,
  { x, y, label }: Samples,
): number {
  let right = 0;
  label.forEach((wanted, index) => {
    const found = margin(weights, activation, x[index] ?? 0, y[index] ?? 0);
    right += (wanted === 1 ? found : -found) > 0 ? 1 : 0;
  });
  return right / label.length;
}

/** Mean cross-entropy, and its slope along every number that training may change. */
export function netGradient(
  weights: Float32Array,
  activation: NetActivation,
  kind: NetBias,
  { x, y, label }: Samples,
): { readonly loss: number; readonly gradient: Float64Array } {
  const gradient = new Float64Array(NET_SIZE);
  const hidden = new Float64Array(UNITS);
  const slopes = new Float64Array(UNITS);
  let loss = 0;
  for (let sample = 0; sample < label.length; sample += 1) {
    const [first, second] = [x[sample] ?? 0, y[sample] ?? 0];
    let difference = value(weights, BIAS_2 + 1) - value(weights, BIAS_2);
    for (let unit = 0; unit < UNITS; unit += 1) {
      const sum =
        value(weights, 2 * unit) * first +
        value(weights, 2 * unit + 1) * second +
        value(weights, BIAS_1 + unit);
      const out = activated(activation, sum);
      hidden[unit] = out;
      slopes[unit] = activation === "relu" ? (sum > 0 ? 1 : 0) : 1 - out * out;
      difference +=
        out * (value(weights, KERNEL_2 + 2 * unit + 1) - value(weights, KERNEL_2 + 2 * unit));
    }
    const signed = label[sample] === 1 ? difference : -difference;
    loss += signed > 0 ? Math.log1p(Math.exp(-signed)) : Math.log1p(Math.exp(signed)) - signed;
    const back = (1 / (1 + Math.exp(-difference)) - (label[sample] ?? 0)) / label.length;
    add(gradient, BIAS_2, -back);
    add(gradient, BIAS_2 + 1, back);
    for (let unit = 0; unit < UNITS; unit += 1) {
      const out = hidden[unit] ?? 0;
      add(gradient, KERNEL_2 + 2 * unit, -back * out);
      add(gradient, KERNEL_2 + 2 * unit + 1, back * out);
      const through =
        back *
        (slopes[unit] ?? 0) *
        (value(weights, KERNEL_2 + 2 * unit + 1) - value(weights, KERNEL_2 + 2 * unit));
      add(gradient, 2 * unit, through * first);
      add(gradient, 2 * unit + 1, through * second);
      add(gradient, BIAS_1 + unit, through);
    }
  }
  share(gradient.subarray(BIAS_1, BIAS_1 + UNITS), kind);
  share(gradient.subarray(BIAS_2), kind);
  return { loss: loss / label.length, gradient };
}

/** One step of training, in place; gives the loss before it. */
export function netStep(
  weights: Float32Array,
  activation: NetActivation,
  kind: NetBias,
  samples: Samples,
  past: Moments,
  rate: number,
): number {
  const { loss, gradient } = netGradient(weights, activation, kind, samples);
  adamStep(weights, gradient, past, rate);
  return loss;
}

function activated(activation: NetActivation, sum: number): number {
  return activation === "relu" ? Math.max(0, sum) : Math.tanh(sum);
}

/** Of a shared bias it is the sum, of one that is not trained 0. */
function share(block: Float64Array, kind: NetBias): void {
  if (kind === "scalar") {
    block.fill(block.reduce((sum, slope) => sum + slope, 0));
  } else if (kind !== "vector") {
    block.fill(0);
  }
}

function add(gradient: Float64Array, index: number, slope: number): void {
  gradient[index] = (gradient[index] ?? 0) + slope;
}

function value(weights: Float32Array, index: number): number {
  return weights[index] ?? 0;
}
