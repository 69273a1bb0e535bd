/** What a layer is called on: tensors, their shapes, and their axes. */

import type { Tensor } from "@tensorflow/tfjs-core";
import { cast } from "@tensorflow/tfjs-core";
import type { Shape, layers } from "@tensorflow/tfjs-layers";
import { spoken, tuple } from "./python";

/** What tfjs hands to `call` beside the tensors. */
export type Kwargs = Parameters<layers.Layer["call"]>[1];

/** The tensor in float32, as every layer computes: tfjs refuses to mix types. */
export function floats(x: Tensor): Tensor {
  return x.dtype === "float32" ? x : cast(x, "float32");
}

/** The only tensor a layer is called on. */
export function only(inputs: Tensor | Tensor[]): Tensor {
  const [x] = exactly(1, inputs) as [Tensor];
  return x;
}

/** The two tensors a layer is called on. */
export function pair(inputs: Tensor | Tensor[]): [Tensor, Tensor] {
  return exactly(2, inputs) as [Tensor, Tensor];
}

/** The shape of the only input, `(batch, ...)`. */
export function onlyShape(shape: Shape | Shape[]): Shape {
  if (isShape(shape)) {
    return shape;
  }
  const [found] = exactly(1, shape) as [Shape];
  return found;
}

/** The shapes of the two inputs. */
export function pairOfShapes(shapes: Shape | Shape[]): [Shape, Shape] {
  return exactly(2, isShape(shapes) ? [shapes] : shapes) as [Shape, Shape];
}

/**
 * An axis counted from the front.
 *
 * @throws Error if a tensor of that shape has no such axis.
 */
export function positiveAxis(axis: number, shape: Shape): number {
  const positive = axis < 0 ? axis + shape.length : axis;
  if (positive < 0 || positive >= shape.length) {
    throw new Error(
      `axis=${axis} is none of the input's ${shape.length} (input shape ${tuple(shape)}). ` +
        `Use -${shape.length} to ${shape.length - 1}.`,
    );
  }
  return positive;
}

/**
 * The size of an axis, which a weight's shape needs.
 *
 * @throws Error if it is unknown.
 */
export function knownSize(axis: number, shape: Shape): number {
  const size = shape[positiveAxis(axis, shape)];
  if (typeof size !== "number") {
    throw new Error(
      `the size of axis ${positiveAxis(axis, shape)} is ${spoken(size)} ` +
        `(input shape ${tuple(shape)}), and a weight's shape needs it. ` +
        "Build the layer on a fixed size.",
    );
  }
  return size;
}

/** Says which layer a message is about, whoever raises it. */
export function within<T>(layer: string, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const where = `Layer '${layer}`;
    if (said.startsWith(`${where}': `) || said.startsWith(`${where}/`)) {
      throw error;
    }
    throw new Error(`${where}': ${said}`, { cause: error });
  }
}

/** The element at an index that is known to exist. */
export function at<T>(values: readonly T[], index: number): T {
  return values.at(index) as T;
}

function exactly<T>(number: number, inputs: T | T[]): T[] {
  const list = Array.isArray(inputs) ? inputs : [inputs];
  if (list.length !== number) {
    throw new Error(
      `called on ${list.length} ${list.length === 1 ? "tensor" : "tensors"}. ` +
        `Call it on ${number === 1 ? "one" : "two"}.`,
    );
  }
  return list;
}

function isShape(shape: Shape | Shape[]): shape is Shape {
  return !Array.isArray(shape[0]);
}
