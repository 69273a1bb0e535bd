/** Layers over spatial axes: what they refuse, and what the parity with Keras does not see. */

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import {
  AdaptiveAveragePooling1D,
  AdaptiveMaxPooling2D,
  AveragePooling1D,
  Cropping1D,
  Cropping2D,
  GlobalAveragePooling1D,
  GlobalMaxPooling1D,
  MaxPooling1D,
  UpSampling1D,
  UpSampling2D,
  ZeroPadding1D,
  ZeroPadding3D,
} from "../../export/runtime/src/index";
import { expectNear, valuesOf } from "./measuring";

const applied = (layer: tf.layers.Layer, x: tf.Tensor, kwargs = {}): tf.Tensor =>
  layer.apply(x, kwargs) as tf.Tensor;

describe("refuses", () => {
  const rows: readonly [string, () => unknown, string][] = [
    [
      "pairs for other axes",
      () => new ZeroPadding3D({ name: "z", padding: [1, 2] }),
      "padding=[1, 2] is not for a layer with 3 spatial axes. Use a whole number from 0, or a pair for each axis.",
    ],
    [
      "what is no pair",
      () => new ZeroPadding1D({ name: "z", padding: [1, 2, 3] }),
      "padding=[1, 2, 3] is not for a layer with 1 spatial axis. Use a whole number from 0, or a pair for each axis.",
    ],
    [
      "less than nothing",
      () => new ZeroPadding1D({ name: "z", padding: -1 }),
      "padding=-1 is not for a layer with 1 spatial axis. Use a whole number from 0, or a pair for each axis.",
    ],
    [
      "to leave nothing",
      () => applied(new Cropping1D({ name: "z", cropping: [1, 2] }), tf.ones([1, 3, 2])),
      "cropping=(1, 2) leaves nothing of a spatial axis of size 3. Use a larger input, or cut less off.",
    ],
    [
      "an interpolation that there is not",
      () => new UpSampling2D({ name: "z", interpolation: "area" as "nearest" }),
      "interpolation='area' is unknown. Use 'nearest' or 'bilinear' or 'bicubic' or 'lanczos3' or 'lanczos5'.",
    ],
    [
      "a window that does not fit",
      () => applied(new MaxPooling1D({ name: "z", poolSize: 4 }), tf.ones([1, 3, 2])),
      "a kernel that spans 4 does not fit into a spatial axis of size 3 with padding='valid'. Use a larger input, a smaller kernel or padding='same'.",
    ],
    [
      "a size of another number of axes",
      () => new AdaptiveMaxPooling2D({ name: "z", outputSize: [2] }),
      "output_size=[2] is not for a layer with 2 spatial axes. Use a whole number from 1, or a tuple of 2.",
    ],
    [
      "a mask that is not one of steps",
      () =>
        applied(new GlobalAveragePooling1D({ name: "z" }), tf.ones([1, 3, 2]), {
          mask: tf.ones([1, 2], "bool"),
        }),
      "its input has shape (1, 3, 2) and a mask of shape (1, 2), which is not one of its steps. Put the layer where no other mask arrives.",
    ],
  ];

  test.each(rows)("%s", (_, make, message) => {
    expect(make).toThrow(new Error(`Layer 'z': ${message}`));
  });
});

test("unknown sizes stay unknown, and those that are asked for are known", () => {
  const shape = [null, null, null, 3];

  expect(new Cropping2D().computeOutputShape(shape)).toEqual(shape);
  expect(new AdaptiveMaxPooling2D({ outputSize: 2 }).computeOutputShape(shape)).toEqual([
    null,
    2,
    2,
    3,
  ]);
});

test("windows end on whole numbers where Keras with JAX rounds them up", () => {
  const x = tf.tensor3d([1, 2, 3], [1, 3, 1]);

  const y = applied(new AdaptiveAveragePooling1D({ outputSize: 7 }), x);

  expectNear(y, [1, 1, 1.5, 2, 2.5, 3, 3]);
});

test("infinities stay where they are", () => {
  const x = tf.tensor3d([Infinity, 1, -Infinity], [1, 3, 1]);

  const y = [
    applied(new UpSampling1D(), x),
    applied(new ZeroPadding1D(), x),
    applied(new GlobalMaxPooling1D(), x),
  ];

  expect(y.map(valuesOf)).toEqual([
    [Infinity, Infinity, 1, 1, -Infinity, -Infinity],
    [0, Infinity, 1, -Infinity, 0],
    [Infinity],
  ]);
});

test("whole numbers stay whole where nothing is computed", () => {
  const x = tf.tensor3d([1, 2, 3], [1, 3, 1], "int32");
  const kept = [
    new UpSampling1D(),
    new ZeroPadding1D(),
    new Cropping1D(),
    new GlobalMaxPooling1D(),
  ];

  const types = kept.map((layer) => applied(layer, x).dtype);

  expect(types).toEqual(["int32", "int32", "int32", "int32"]);
  expect(applied(new AveragePooling1D(), x).dtype).toBe("float32");
});

test("no tensor is left behind", () => {
  const layer = new UpSampling2D({ interpolation: "bicubic" });
  const x = tf.ones([1, 2, 2, 1]);
  const before = tf.memory().numTensors;

  applied(layer, x).dispose();

  expect(tf.memory().numTensors).toBe(before);
});
