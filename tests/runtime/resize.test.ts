/** Resizing: the numbers of `jax.image.resize`, and gradients. */

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import type { Interpolation } from "../../export/runtime/src/resize";
import { INTERPOLATIONS, resized } from "../../export/runtime/src/resize";
import { expectNear, expectTrueGradients, seededTensor, valuesOf } from "./measuring";

interface Row {
  readonly interpolation: Interpolation;
  readonly antialias: boolean;
  /** What JAX makes of the line. */
  readonly made: readonly number[];
}

const LINE = [1, -2, 4, 0.5, 3];

const ROWS: readonly Row[] = [
  { interpolation: "nearest", antialias: false, made: [1.0, 4.0, 3.0] },
  { interpolation: "nearest", antialias: false, made: [1.0, 1.0, -2.0, 4.0, 4.0, 0.5, 3.0, 3.0] },
  { interpolation: "nearest", antialias: false, made: [4.0] },
  { interpolation: "bilinear", antialias: false, made: [0.0, 4.0, 2.166666] },
  { interpolation: "bilinear", antialias: true, made: [-0.285714, 1.888889, 1.928571] },
  {
    interpolation: "bilinear",
    antialias: false,
    made: [1.0, -0.3125, -1.625, 2.125, 2.90625, 0.71875, 1.90625, 3.0],
  },
  { interpolation: "bilinear", antialias: false, made: [4.0] },
  { interpolation: "bilinear", antialias: true, made: [1.368421] },
  { interpolation: "bicubic", antialias: false, made: [-0.034483, 4.0, 2.189655] },
  { interpolation: "bicubic", antialias: true, made: [-0.323077, 1.806977, 2.038461] },
  {
    interpolation: "bicubic",
    antialias: false,
    made: [1.215867, -0.486471, -1.854797, 2.524475, 3.406433, 0.57135, 1.836796, 3.179889],
  },
  { interpolation: "bicubic", antialias: false, made: [4.0] },
  { interpolation: "bicubic", antialias: true, made: [1.28463] },
  { interpolation: "lanczos3", antialias: false, made: [-0.286494, 4.0, 2.001736] },
  { interpolation: "lanczos3", antialias: true, made: [-0.3262, 1.651047, 2.157171] },
  {
    interpolation: "lanczos3",
    antialias: false,
    made: [1.493735, -0.752228, -1.835965, 2.59673, 3.617092, 0.615584, 1.621514, 3.364636],
  },
  { interpolation: "lanczos3", antialias: false, made: [4.0] },
  { interpolation: "lanczos3", antialias: true, made: [1.281816] },
  { interpolation: "lanczos5", antialias: false, made: [-0.508791, 4.0, 1.754134] },
  { interpolation: "lanczos5", antialias: true, made: [-0.292333, 1.583045, 2.24308] },
  {
    interpolation: "lanczos5",
    antialias: false,
    made: [1.718519, -0.991037, -1.791876, 2.677894, 3.660508, 0.652261, 1.358612, 3.598783],
  },
  { interpolation: "lanczos5", antialias: false, made: [4.0] },
  { interpolation: "lanczos5", antialias: true, made: [1.282359] },
];

describe.each(ROWS)("a line of 5 by $interpolation, antialias $antialias: $made", (row) => {
  test("along the height", () => {
    const made = resized(
      tf.tensor4d(LINE, [1, 5, 1, 1]),
      [row.made.length, 1],
      row.interpolation,
      row.antialias,
    );

    expect(made.shape).toEqual([1, row.made.length, 1, 1]);
    expectNear(made, row.made);
  });

  test("along the width, in each channel", () => {
    const image = tf.stack([tf.tensor3d(LINE, [1, 1, 5]), tf.zeros([1, 1, 5])], 3) as tf.Tensor4D;

    const made = resized(image, [2, row.made.length], row.interpolation, row.antialias);

    expectNear(made.slice([0, 1, 0, 0], [1, 1, -1, 1]), row.made);
    expect(valuesOf(made.slice([0, 0, 0, 1]).abs().max())).toEqual([0]);
  });
});

describe.each(INTERPOLATIONS)("%s", (interpolation) => {
  test("has true gradients, taller and narrower", () => {
    expectTrueGradients(
      (x) => resized(x as tf.Tensor4D, [5, 2], interpolation, true),
      [seededTensor([2, 3, 4, 2])],
    );
  });

  test("makes floats of whole numbers, unless it only picks", () => {
    const made = resized(tf.ones([1, 2, 2, 1], "int32"), [2, 4], interpolation);

    expect(made.dtype).toBe(interpolation === "nearest" ? "int32" : "float32");
    expectNear(made, Array<number>(8).fill(1));
  });
});
