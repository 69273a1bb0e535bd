/** How numbers are spread over bins, and over the columns of a picture. */

import { describe, expect, it } from "vitest";
import { columnsOf } from "../../web_demo/src/model/columns";
import { histogram } from "../../web_demo/src/model/histogram";

const of = (numbers: readonly number[]) => {
  const finite = numbers.filter(Number.isFinite);
  return histogram(new Float32Array(numbers), Math.min(...finite), Math.max(...finite));
};

describe("a histogram", () => {
  it("counts every finite number once, the greatest too", () => {
    const numbers = Array.from({ length: 400 }, (_, index) => Math.sin(index) * 3);

    const { bins } = of([...numbers, NaN, Infinity]);

    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(400);
    expect(bins.length).toBeGreaterThanOrEqual(20);
    expect(bins.length).toBeLessThanOrEqual(33);
  });

  it("has an edge at 0, so that no bin is of both signs", () => {
    const { bins } = of([-0.3, -0.1, 0.1, 0.2, 0.7, 0.9, 1]);

    expect(bins.every(({ from, to }) => from >= 0 || to <= 0)).toBe(true);
    expect(bins.some(({ from }) => from === 0)).toBe(true);
    expect(bins.filter(({ to }) => to <= 0).reduce((sum, { count }) => sum + count, 0)).toBe(2);
  });

  it("of one number over and over is one bin", () => {
    expect(of([2, 2, 2])).toEqual({ bins: [{ from: 2, to: 2, count: 3 }], most: 3 });
  });

  it("holds the largest numbers there are, and the smallest", () => {
    expect(of([-3.4e38, 3.4e38, 0]).bins.reduce((sum, { count }) => sum + count, 0)).toBe(3);
    expect(of([1e-45, 3e-45]).bins.reduce((sum, { count }) => sum + count, 0)).toBe(2);
  });
});

describe("columns", () => {
  it("are the numbers themselves while they are few", () => {
    expect(columnsOf([1, -2], 4)).toEqual([
      { from: 0, to: 1, low: 0, high: 1, isBroken: false },
      { from: 1, to: 2, low: -2, high: 0, isBroken: false },
    ]);
  });

  it("hold the extremes of their share, and say if one is no number", () => {
    expect(columnsOf([1, -2, 3, NaN, 5], 3)).toEqual([
      { from: 0, to: 2, low: -2, high: 1, isBroken: false },
      { from: 2, to: 4, low: 0, high: 3, isBroken: true },
      { from: 4, to: 5, low: 0, high: 5, isBroken: false },
    ]);
  });

  it("of nothing are none", () => {
    expect(columnsOf([], 3)).toEqual([]);
  });
});
