/** How far a model is off, as Keras counts it, and what each of the ways asks of the numbers. */

import { LiveError } from "./errors";
import type { Port } from "./ports";
import { product, type Sizes } from "./probe";
import type { Tensor, Tf } from "./tf";

export const LOSSES = ["mse", "binary", "categorical"] as const;
export type Loss = (typeof LOSSES)[number];

export const LOSS_TITLES: Readonly<Record<Loss, string>> = {
  mse: "Mean squared error",
  binary: "Binary cross-entropy",
  categorical: "Categorical cross-entropy",
};

/** Keras's: a probability of 0 would be infinitely wrong. */
const EPSILON = 1e-7;

/** The one that goes with what the last layer does. */
export function usualLoss({ activation }: Port): Loss {
  return activation === "softmax" ? "categorical" : activation === "sigmoid" ? "binary" : "mse";
}

/** Mean over all samples of the batch; a scalar. */
export function lossOf(tf: Tf, loss: Loss, wanted: Tensor, given: Tensor): Tensor {
  const float = given.cast("float32");
  if (loss === "mse") {
    return float.sub(wanted).square().mean();
  }
  if (loss === "binary") {
    const p = float.clipByValue(EPSILON, 1 - EPSILON);
    const one = tf.scalar(1);
    return wanted
      .mul(p.log())
      .add(one.sub(wanted).mul(one.sub(p).log()))
      .mean()
      .neg();
  }
  const shares = float.div(float.sum(-1, true)).clipByValue(EPSILON, 1 - EPSILON);
  return wanted.mul(shares.log()).sum(-1).mean().neg();
}

/**
 * @throws LiveError CANNOT_TRAIN, where what comes out is nothing that the loss can judge.
 */
export function refuseOutputs(loss: Loss, port: Port, values: Float32Array, sizes: Sizes): void {
  if (loss === "mse") {
    return;
  }
  const outside = values.find((value) => !(value >= -1e-6 && value <= 1 + 1e-6));
  const last = sizes.at(-1) ?? 1;
  const first = values.subarray(0, last).reduce((sum, value) => sum + value, 0);
  const isOff = loss === "categorical" && (last < 2 || Math.abs(first - 1) > 1e-3);
  if (outside !== undefined || isOff) {
    throw new LiveError("CANNOT_TRAIN", {
      where: `output '${port.name}'`,
      what:
        outside !== undefined
          ? `${LOSS_TITLES[loss]} judges probabilities, and ${Number(outside.toPrecision(4))} comes out.`
          : last < 2
            ? "Categorical cross-entropy judges shares of several classes, and there is one number."
            : "Categorical cross-entropy judges shares that add up to 1, and these do not.",
      fix: last < 2 && outside === undefined ? "Take the binary one." : "Take mean squared error.",
    });
  }
}

/** @throws LiveError TARGETS, where the targets are nothing that the loss can be told. */
export function refuseTargets(loss: Loss, port: Port, values: Float32Array, sizes: Sizes): void {
  const wrong = loss === "mse" ? -1 : values.findIndex((value) => !(value >= 0 && value <= 1));
  if (wrong >= 0) {
    const row = Math.floor(wrong / Math.max(1, product(sizes))) + 1;
    throw new LiveError("TARGETS", {
      where: `targets of '${port.name}', row ${row}`,
      what: `${LOSS_TITLES[loss]} takes targets from 0 to 1, and ${values[wrong] ?? ""} is there.`,
      fix:
        loss === "categorical"
          ? "Give one column a class with 0 or 1, or one column with the class's number from 0 on."
          : "Write 0 or 1, or take mean squared error.",
    });
  }
}
