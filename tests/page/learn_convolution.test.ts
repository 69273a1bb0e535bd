/** The third scene: counts by hand, convolutions by TensorFlow.js, least errors by trying. */

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import {
  answers,
  biasCount,
  type ConvBias,
  convolved,
  cross,
  difference,
  FILTERS,
  fitted,
  kernelCount,
  KINDS,
  type Maps,
  needed,
  outputSide,
  PLACES,
  SIDE,
  type Sizes,
  type TaskName,
  TASKS,
  variation,
} from "../../web_demo/src/learn/convolution";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

describe("counts", () => {
  const sizes: Sizes = { side: 32, channels: 3, kernel: 5, filters: 32, padding: "valid" };

  it.each<[ConvBias, number]>([
    ["none", 2400],
    ["scalar", 2401],
    ["tied", (3 * 5 * 5 + 1) * 32],
    ["location", 2400 + 28 * 28],
    ["untied", 3 * 5 * 5 * 32 + 28 * 28 * 32],
  ])("of a 5 x 5 kernel on 32 x 32 x 3, 32 filters, %s: %d", (kind, all) => {
    expect(kernelCount(sizes) + biasCount(kind, sizes)).toBe(all);
  });

  it("know padding, and kernels that are too large", () => {
    expect(outputSide({ ...sizes, padding: "same" })).toBe(32);
    expect(outputSide({ ...sizes, side: 4 })).toBe(0);
    expect(biasCount("untied", { ...sizes, side: 4 })).toBe(0);
  });
});

it("convolves as TensorFlow.js does", () => {
  const picture = cross(0, 6);

  for (const { kernel } of FILTERS) {
    const theirs = tf.tidy(() =>
      tf
        .conv2d(
          tf.tensor4d([...picture], [1, SIDE, SIDE, 1]),
          tf.tensor4d([...kernel], [3, 3, 1, 1]),
          1,
          "same",
        )
        .dataSync(),
    );

    convolved(picture, kernel).forEach((value, place) => {
      expect(value).toBeCloseTo(theirs[place] ?? NaN, 5);
    });
  }
});

describe("a fitted bias", () => {
  const EXACT: Readonly<Record<TaskName, readonly ConvBias[]>> = {
    grey: ["untied"],
    centre: ["location", "untied"],
    level: ["tied", "untied"],
  };

  it.each(TASKS.map(({ name }) => name))("is exact for %s where it can be", (task) => {
    const wanted = needed(task, 0.5);

    const exact = KINDS.filter((kind) => difference(fitted(kind, wanted), wanted) < 1e-12);

    expect(exact).toEqual(EXACT[task]);
  });

  it.each(KINDS.filter((kind) => kind !== "none"))("%s has the least error of its kind", (kind) => {
    const wanted = needed("grey", 0.7);
    const best = fitted(kind, wanted);
    const least = difference(best, wanted);
    const shared = sharers(kind);

    for (const step of [-0.01, 0.01]) {
      const moved = best.map((map, filter) =>
        map.map((value, place) => (shared(filter, place) ? value + step : value)),
      );
      expect(difference(moved, wanted)).toBeGreaterThan(least);
    }
  });

  it("makes up for grey that was not subtracted, at every place", () => {
    const picture = cross(0, 0);
    const grey = picture.map((value) => value - 0.3);
    const given = answers(picture, fitted("untied", needed("grey", 0.3)));

    FILTERS.forEach(({ kernel }, filter) => {
      convolved(grey, kernel).forEach((value, place) => {
        expect(given[filter]?.[place]).toBeCloseTo(value, 12);
      });
    });
  });

  it("is alike at all places where it is tied", () => {
    expect(variation(fitted("tied", needed("grey", 1)))).toBe(0);
    expect(variation(fitted("untied", needed("grey", 1)))).toBeGreaterThan(0.4);
  });
});

/** Whether a number of the bias is the one that is moved: the one of the first place and filter. */
function sharers(kind: ConvBias): (filter: number, place: number) => boolean {
  return (filter, place) =>
    kind === "scalar" ||
    (kind === "tied" && filter === 0) ||
    (kind === "location" && place === 0) ||
    (kind === "untied" && filter === 0 && place === 0);
}

it("has a map for each filter", () => {
  const maps: Maps = needed("centre", 1);

  expect(maps.map(({ length }) => length)).toEqual([PLACES, PLACES]);
});
