/**
 * Keras's activations that stock tfjs lacks, or knows by another formula.
 *
 * Formulas: `keras.activations`, and its TensorFlow and JAX backends. They are computed in float32,
 * whatever comes in, and in a form that neither overflows nor cancels, with gradients that do not
 * either. In a configuration they go by names such as `keras>hard_sigmoid`, in stock layers too.
 */

import type { Tensor } from "@tensorflow/tfjs-core";
import {
  abs,
  add,
  cast,
  clipByValue,
  cumsum,
  div,
  elu,
  exp,
  greater,
  leakyRelu,
  log,
  max,
  maximum,
  minimum,
  mul,
  neg,
  range,
  reciprocal,
  relu,
  relu6,
  serialization,
  sigmoid,
  softplus,
  split,
  sqrt,
  square,
  step,
  sub,
  sum,
  tanh,
  tidy,
  topk,
  where,
} from "@tensorflow/tfjs-core";
import { above, withGradient } from "./gradient";
import { floats } from "./inputs";
import { tuple } from "./python";

/** A function of each number, or along the last axis; the result has the input's shape. */
export type ActivationFunction = (x: Tensor) => Tensor;

/** The part of tfjs's activation classes that layers call. */
export interface Activation extends serialization.Serializable {
  apply(x: Tensor): Tensor;
}

/** By the name in tfjs, which spells Keras's in camel case. */
export const ACTIVATIONS = {
  /** x where x > 0, else exp(x) - 1: with Keras's alpha of 1 the same as elu. */
  celu: (x) => elu(x),
  /** exp(x) */
  exponential: (x) => exp(x),
  /** The first half of the last axis, times the sigmoid of the second: the axis is halved. */
  glu: (x) => {
    const size = x.shape.at(-1) ?? 1;
    if (size % 2) {
      throw new Error(
        `Activation 'glu' needs a last axis of even size, and it has shape ${tuple(x.shape)}. ` +
          "Give the layer before it an even number of units.",
      );
    }
    const [values, gates] = split(x, 2, x.rank - 1) as [Tensor, Tensor];
    return mul(values, sigmoid(gates));
  },
  /** x where |x| > 1/2, else 0. */
  hardShrink: (x) => where(above(abs(x), 0.5), x, 0),
  /** relu6(x + 3) / 6; stock tfjs has clip(x / 5 + 1/2, 0, 1) under this name. */
  hardSigmoid: (x) => div(relu6(add(x, 3)), 6),
  /** x relu6(x + 3) / 6, also called hard swish. */
  hardSilu: (x) => mul(x, div(relu6(add(x, 3)), 6)),
  /** x, clipped to [-1, 1]. */
  hardTanh: (x) => clipByValue(x, -1, 1),
  /** x where x > 0, else x / 5; stock tfjs has the layer only. */
  leakyRelu: (x) => leakyRelu(x, 0.2),
  /** log(1 / (1 + exp(-x))); tfjs's own forgets to keep x for its gradient. */
  logSigmoid: (x) => neg(softplus(neg(x))),
  /**
   * The logarithm of softmax, along the last axis. Stock tfjs has it, but its gradient is NaN on
   * WebGL wherever a size is odd: what a texture holds beyond the numbers becomes log(0) there.
   */
  logSoftmax: (x) =>
    withGradient(x, logSoftmax, (dy, y) => sub(dy, mul(exp(y), sum(dy, -1, true)))),
  /** x, moved towards 0 by 1/2 and no further. */
  softShrink: (x) => sub(x, clipByValue(x, -0.5, 0.5)),
  /** 0 up to -1, (x + 1)^2 / 4 up to 1, x from there. */
  sparsePlus: (x) => {
    const bend = div(square(add(clipByValue(x, -1, 1), 1)), 4);
    return add(bend, relu(sub(x, 1)));
  },
  /** (x + 1) / 2, clipped to [0, 1]. */
  sparseSigmoid: (x) => div(clipByValue(add(x, 1), 0, 2), 2),
  /**
   * x less a threshold, or 0. Keras takes as threshold the sum of all partial sums where
   * https://arxiv.org/abs/1602.02068 takes the last, so the shares do not sum to 1: a network that
   * was trained so has to be computed so.
   */
  sparsemax: (x) => withGradient(x, sparsemax, sparsemaxBack),
  /** (x + sqrt(x^2 + 4)) / 2 */
  squareplus: (x) => withGradient(x, squareplus, squareplusBack),
  /** x - tanh(x) */
  tanhShrink: (x) => sub(x, tanh(x)),
} as const satisfies Readonly<Record<string, ActivationFunction>>;

/** The name in a class registry: `keras>hardSigmoid`. */
export type ActivationName = `keras>${keyof typeof ACTIVATIONS}`;

/** Halves the last axis, so only a layer that says so can have it. */
export const CHANGES_SHAPE: ActivationName = "keras>glu";

/** The classes by which tfjs finds the activations, by their `className`. */
export const ACTIVATION_CLASSES: Readonly<
  Record<string, serialization.SerializableConstructor<Activation>>
> = Object.fromEntries(
  Object.entries(ACTIVATIONS).map(([name, compute]) => {
    const className = `keras>${name}`;
    return [className, activationClass(className, compute)];
  }),
);

function activationClass(
  name: string,
  compute: ActivationFunction,
): serialization.SerializableConstructor<Activation> {
  return class extends serialization.Serializable implements Activation {
    static readonly className = name;

    apply(x: Tensor): Tensor {
      return tidy(() => compute(floats(x)));
    }

    getConfig(): serialization.ConfigDict {
      return {};
    }
  };
}

function logSoftmax(x: Tensor): Tensor {
  const shifted = sub(x, max(x, -1, true));
  // The largest number is a summand of 1.
  return sub(shifted, log(maximum(sum(exp(shifted), -1, true), 1)));
}

/** The largest numbers of each row, from the largest on, and which of them count. */
function ranked(x: Tensor): {
  readonly sorted: Tensor;
  readonly order: Tensor;
  readonly support: Tensor;
} {
  const size = x.shape.at(-1) ?? 1;
  // Which ones count does not change if all are moved alike, and so nothing overflows.
  const { values: sorted, indices: order } = topk(sub(x, max(x, -1, true)), size);
  const places = range(1, size + 1, 1, "float32");
  const excess = sub(cumsum(sorted, x.rank - 1), 1);
  return { sorted, order, support: step(sub(mul(sorted, places), excess)) };
}

/** max(0, x - (sum of the k largest's partial sums - 1) / k), with the maximum taken out of it. */
function sparsemax(x: Tensor): Tensor {
  const largest = max(x, -1, true);
  const { sorted, support } = ranked(x);
  const number = sum(support, -1, true);
  const partial = mul(cumsum(sorted, x.rank - 1), support);
  const moved = div(sub(sum(partial, -1, true), 1), number);
  const unmoved = mul(largest, div(sub(number, 1), 2));
  return relu(sub(sub(sub(x, largest), moved), unmoved));
}

/** The i-th largest is in k - i + 1 of the partial sums. */
function sparsemaxBack(dy: Tensor, y: Tensor, x: Tensor): Tensor {
  const { order, support } = ranked(x);
  const number = sum(support, -1, true);
  const size = x.shape.at(-1) ?? 1;
  const place = cast(topk(neg(cast(order, "float32")), size).indices, "float32");
  const share = div(relu(sub(number, place)), number);
  const passed = mul(dy, step(y));
  return sub(passed, mul(share, sum(passed, -1, true)));
}

/** With t = squareplus(|x|), squareplus(-|x|) is 1 / t, which does not cancel. */
function squareplus(x: Tensor): Tensor {
  const size = abs(x);
  const large = div(add(size, root(size)), 2);
  return where(greater(x, 0), large, reciprocal(large));
}

function squareplusBack(dy: Tensor, y: Tensor, x: Tensor): Tensor {
  return mul(dy, div(y, root(abs(x))));
}

/** sqrt(size^2 + 4), where size^2 alone may overflow. */
function root(size: Tensor): Tensor {
  const larger = maximum(size, 2);
  const ratio = div(minimum(size, 2), larger);
  return mul(larger, sqrt(add(1, square(ratio))));
}
