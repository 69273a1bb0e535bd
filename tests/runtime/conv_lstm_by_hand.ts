/** What the tests of convolutional LSTMs share: loops over the definition, slow and plain to see. */

import * as tf from "@tensorflow/tfjs";
import { vi } from "vitest";
import type { Moves } from "../../export/runtime/src/convolve";
import { convolvedByHand } from "./convolution_by_hand";
import { expectTrueGradients, product, seededTensor, valuesOf } from "./measuring";

/** What tells one such layer from another. */
export interface ByHand extends Moves {
  readonly returnSequences?: boolean;
  readonly goBackwards?: boolean;
  /** `(batch, steps)`: whether a step is done. */
  readonly mask?: readonly (readonly boolean[])[];
  /** Of the gates; the logistic function if left out. */
  readonly gate?: (z: number) => number;
}

/** Which of a layer's biases is added, at `[gate, filter, ...place]`. */
export type BiasAt = (index: readonly number[]) => number;

/** The output, and the last two states: channels first where the input has them so. */
export interface Outcome {
  readonly output: tf.Tensor;
  readonly states: readonly [tf.Tensor, tf.Tensor];
}

/**
 * Step by step, sample by sample, number by number.
 *
 * @param x `(batch, steps, ...spatial, channels)`, or channels before the places.
 * @param kernel `(...size, channels, 4 * filters)`
 * @param recurrentKernel `(...size, filters, 4 * filters)`
 * @param initial the two states before the first step; zeros if left out.
 */
export function convLSTMByHand(
  x: tf.Tensor,
  kernel: tf.Tensor,
  recurrentKernel: tf.Tensor,
  bias: BiasAt,
  { returnSequences, goBackwards, mask, gate = logistic, ...moves }: ByHand,
  initial?: readonly tf.Tensor[],
): Outcome {
  const filters = recurrentKernel.shape.at(-2) ?? 0;
  const first = moves.dataFormat === "channelsFirst";
  const { dataFormat = "channelsLast" } = moves;
  const steps = tf.unstack(x, 1);
  const times = steps.map((step, time) => ({ step, time }));
  let [h, c] = initial ?? [];
  const outputs: tf.Tensor[] = [];
  for (const { step, time } of goBackwards ? times.reverse() : times) {
    const fromInput = convolvedByHand(step, kernel, moves);
    const shape = fromInput.shape.map((size, axis) =>
      axis === (first ? 1 : fromInput.rank - 1) ? filters : size,
    );
    h ??= tf.zeros(shape);
    c ??= tf.zeros(shape);
    const fromState = convolvedByHand(h, recurrentKernel, { padding: "same", dataFormat });
    const [a, b] = [fromInput.bufferSync(), fromState.bufferSync()];
    const [before, carried] = [h.bufferSync(), c.bufferSync()];
    const [nextH, nextC] = [tf.buffer(shape), tf.buffer(shape)];
    for (let flat = 0; flat < product(shape); flat++) {
      const place = nextH.indexToLoc(flat);
      const [sample = 0, ...rest] = place;
      const filter = (first ? rest.shift() : rest.pop()) ?? 0;
      const [zi = 0, zf = 0, zc = 0, zo = 0] = [0, 1, 2, 3].map((index) => {
        const channel = index * filters + filter;
        const at = first ? [sample, channel, ...rest] : [sample, ...rest, channel];
        return a.get(...at) + b.get(...at) + bias([index, filter, ...rest]);
      });
      const done = mask?.[sample]?.[time] ?? true;
      const sum = gate(zf) * carried.get(...place) + gate(zi) * Math.tanh(zc);
      nextC.set(done ? sum : carried.get(...place), ...place);
      nextH.set(done ? gate(zo) * Math.tanh(sum) : before.get(...place), ...place);
    }
    [h, c] = [nextH.toTensor(), nextC.toTensor()];
    outputs.push(h);
  }
  const states = [h, c] as [tf.Tensor, tf.Tensor];
  return { output: returnSequences ? tf.stack(outputs, 1) : states[0], states };
}

/** The bias of `(4 * filters,)`. */
export function biasOfVector(bias: tf.Tensor | undefined, filters: number): BiasAt {
  const values = bias ? valuesOf(bias) : [];
  return ([gate = 0, filter = 0]) => values[gate * filters + filter] ?? 0;
}

function logistic(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

/** Every gradient is a slope: of the input, and of the weights or those of the given names. */
export function expectWeightGradients(
  layer: tf.layers.Layer,
  x: tf.Tensor,
  names: readonly string[] = ["kernel", "recurrent_kernel", "bias"],
): void {
  const own = (name: string): string => name.slice(layer.name.length + 1);
  const all = layer.weights.map(({ shape }, index) => {
    const sizes = shape as number[];
    return tf.mul(seededTensor(sizes, index + 2), 4 / Math.sqrt(product(sizes)));
  });
  const moved = layer.weights.flatMap(({ originalName }, index) =>
    names.includes(own(originalName)) ? [index] : [],
  );
  expectTrueGradients(
    (input, ...values) => {
      layer.weights.forEach((weight, index) => {
        const value = values[moved.indexOf(index)] ?? all[index];
        vi.spyOn(weight, "read").mockReturnValue(value ?? tf.scalar(NaN));
      });
      return layer.apply(input) as tf.Tensor;
    },
    [x, ...moved.map((index) => all[index] ?? tf.scalar(NaN))],
  );
  vi.restoreAllMocks();
}
