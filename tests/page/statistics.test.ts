/** What is said of a weight's numbers. */

import { describe, expect, it } from "vitest";
import { statistics } from "../../web_demo/src/model/statistics";
import { bytes, number, outputShape, weightShape } from "../../web_demo/src/model/words";

describe("statistics", () => {
  it("are over finite values, and count the others", () => {
    const found = statistics(new Float32Array([1, 2, NaN, Infinity, 0, -Infinity]));

    expect(found).toEqual({
      min: 0,
      max: 2,
      mean: 1,
      std: Math.sqrt(2 / 3),
      zeros: 1,
      nans: 1,
      infinities: 2,
    });
  });

  it("of nothing finite are nothing", () => {
    expect(statistics(new Float32Array([NaN]))).toMatchObject({ min: null, std: null, nans: 1 });
    expect(statistics(new Float32Array([]))).toMatchObject({ min: null, mean: null, zeros: 0 });
  });

  it("of one number have no spread", () => {
    expect(statistics(new Float32Array([152.5]))).toMatchObject({ min: 152.5, max: 152.5, std: 0 });
  });

  it("keep a small spread on a large offset", () => {
    // Sums of squares would lose it: 1e8 squared has no room for the 1.
    expect(statistics(new Int32Array([1e8, 1e8 + 2])).std).toBe(1);
  });

  it("count minus zero as zero", () => {
    expect(statistics(new Float32Array([-0, 0])).zeros).toBe(2);
  });
});

describe("words", () => {
  it.each([
    [0, "0"],
    [-28.13379, "−28.134"],
    [0.1, "0.1"],
    [0.00001234, "1.23e−5"],
    [12345678, "1.23e+7"],
    [NaN, "NaN"],
    [-Infinity, "−Infinity"],
    [null, "–"],
  ])("%d is written %s", (value, text) => {
    expect(number(value)).toBe(text);
  });

  it("shapes are written as tfjs-vis writes them", () => {
    expect([weightShape([]), weightShape([1]), weightShape([5, 2])]).toEqual([
      "Scalar",
      "[1]",
      "[5, 2]",
    ]);
    expect(outputShape([null, null, 2])).toBe("[batch, ?, 2]");
  });

  it("sizes of files are in binary units", () => {
    expect([bytes(88), bytes(1536), bytes(102_000_000)]).toEqual([
      "88 bytes",
      "1.5 KiB",
      "97.3 MiB",
    ]);
  });
});
