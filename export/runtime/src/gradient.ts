/** An operation with a gradient of its own: exact where tfjs has none, or one that overflows. */

import type { GradSaveFunc, Tensor } from "@tensorflow/tfjs-core";
import { customGrad, greater, scalar, zeros, zerosLike } from "@tensorflow/tfjs-core";
import { at } from "./inputs";

/**
 * `compute(x)`, whose gradient is `back(dy, y, x)`.
 *
 * @param x any shape.
 * @param compute what comes out, y.
 * @param back the gradient by x, given that by y; of x's shape.
 * @param kept what `back` asks for beside that, and is constant.
 */
export function withGradient(
  x: Tensor,
  compute: (x: Tensor) => Tensor,
  back: (dy: Tensor, y: Tensor, x: Tensor, kept: Tensor) => Tensor,
  kept: Tensor = x,
): Tensor {
  const operation = (input: Tensor, save: GradSaveFunc) => {
    const value = compute(input);
    save([value, input, kept]);
    const gradFunc = (dy: Tensor, saved: Tensor[]) => {
      const [y, from, more] = saved as [Tensor, Tensor, Tensor];
      return back(dy, y, from, more);
    };
    return { value, gradFunc };
  };
  // tfjs types every argument as either a tensor or the function that saves.
  return customGrad(operation as Parameters<typeof customGrad>[0])(x);
}

/**
 * Whether each number is above the threshold, for `where`.
 *
 * tfjs asks the condition of a `where` for its gradient too, and stops at `greater`, which has none.
 */
export function above(x: Tensor, threshold: number): Tensor {
  return withGradient(
    x,
    (input) => greater(input, threshold),
    (_dy, _y, input) => zerosLike(input),
  );
}

/** What `compute` gives, taken as constant: no operation in it needs a gradient. */
export function constant(compute: () => Tensor): Tensor {
  return withGradient(scalar(0), compute, (_dy, _y, unused) => zerosLike(unused));
}

/**
 * What `compute` gives, of which no input has a gradient.
 *
 * tfjs stops at comparisons, which have none, also where nothing comes back through them.
 */
export function severed(inputs: readonly Tensor[], compute: () => Tensor): Tensor {
  const operation = (...given: readonly (Tensor | GradSaveFunc)[]) => ({
    value: compute(),
    gradFunc: () => given.slice(0, -1).map((_, index) => zeros(at(inputs, index).shape)),
  });
  return customGrad(operation as unknown as Parameters<typeof customGrad>[0])(...inputs);
}
