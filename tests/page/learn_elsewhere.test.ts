/** The fourth scene's numbers: least squares, least loss, gradients, gates and bytes. */

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { cell, halfLife, LENGTH, strays } from "../../web_demo/src/learn/gates";
import {
  bestRule,
  logit,
  passJudged,
  type PassRule,
  sigmoid,
  STUDENTS,
} from "../../web_demo/src/learn/logistic";
import { biasBytes, type Held, kernelBytes } from "../../web_demo/src/learn/memory";
import { bestLine, FLATS, rentError } from "../../web_demo/src/learn/regression";
import { type Lesson, step } from "../../web_demo/src/learn/step";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

describe("a line through rents", () => {
  it.each([true, false])("has no better neighbour, with a bias: %s", (hasBias) => {
    const line = bestLine(hasBias);
    const least = rentError(line);

    for (const [slope, intercept] of [
      [0.01, 0],
      [-0.01, 0],
      [0, 1],
      [0, -1],
      [0.01, -1],
    ] as const) {
      if (hasBias || intercept === 0) {
        const moved = { slope: line.slope + slope, intercept: line.intercept + intercept };
        expect(rentError(moved)).toBeGreaterThan(least);
      }
    }
  });

  it("goes through the middle of the points, and without a bias through 0", () => {
    const { slope, intercept } = bestLine(true);
    const off = FLATS.reduce((sum, { size, rent }) => sum + slope * size + intercept - rent, 0);

    expect(off).toBeCloseTo(0, 8);
    expect(bestLine(false).intercept).toBe(0);
    expect(rentError(bestLine(false))).toBeGreaterThan(2 * rentError(bestLine(true)));
  });
});

describe("a rule for passing", () => {
  const slope = (rule: PassRule, key: keyof PassRule): number => {
    const by = (move: number): number => passJudged({ ...rule, [key]: rule[key] + move }).loss;
    return (by(1e-5) - by(-1e-5)) / 2e-5;
  };

  it.each([true, false])("has a slope of 0 where it is best, with a bias: %s", (hasBias) => {
    const rule = bestRule(hasBias);

    expect(slope(rule, "study")).toBeCloseTo(0, 8);
    expect(slope(rule, "sleep")).toBeCloseTo(0, 8);
    if (hasBias) {
      expect(slope(rule, "bias")).toBeCloseTo(0, 8);
    } else {
      expect(rule.bias).toBe(0);
    }
  });

  it("needs its bias to have sleep help", () => {
    expect(bestRule(true).sleep).toBeGreaterThan(0);
    expect(bestRule(false).sleep).toBeLessThan(0);
    expect(passJudged(bestRule(true)).accuracy).toBeGreaterThan(
      passJudged(bestRule(false)).accuracy + 0.1,
    );
  });

  it("has the loss of TensorFlow.js", () => {
    const rule = { study: 0.3, sleep: -0.2, bias: 0.7 };
    const theirs = tf.tidy(
      () =>
        tf.losses
          .sigmoidCrossEntropy(
            tf.tensor1d(STUDENTS.map(({ passed }) => (passed ? 1 : 0))),
            tf.tensor1d(STUDENTS.map((student) => logit(rule, student))),
          )
          .dataSync()[0] ?? NaN,
    );

    expect(passJudged(rule).loss).toBeCloseTo(theirs, 5);
  });
});

describe("a step of training", () => {
  const LESSON: Lesson = { x: 2, y: 5, rate: 0.05, penalty: 0, penalizesBias: false };

  it("has the numbers of a step by hand", () => {
    expect(step({ w: 0.5, b: 0 }, LESSON)).toEqual({
      answer: 1,
      error: 16,
      loss: 16,
      slopeW: -16,
      slopeB: -8,
      next: { w: 1.3, b: 0.4 },
    });
  });

  it.each([false, true])("has the gradient of TensorFlow.js, penalty on the bias: %s", (isOn) => {
    const lesson = { ...LESSON, penalty: 0.3, penalizesBias: isOn };
    const found = step({ w: 0.5, b: -1.5 }, lesson);

    const [w, b] = tf.tidy(() =>
      tf
        .grads((weight: tf.Tensor, bias: tf.Tensor) => {
          const error = tf.square(tf.sub(tf.add(tf.mul(weight, 2), bias), 5));
          const penalty = tf.mul(
            0.3,
            tf.add(tf.square(weight), tf.mul(isOn ? 1 : 0, tf.square(bias))),
          );
          return tf.add(error, penalty);
        })([tf.scalar(0.5), tf.scalar(-1.5)])
        .map((slope) => slope.dataSync()[0] ?? NaN),
    );

    expect(found.slopeW).toBeCloseTo(w ?? NaN, 5);
    expect(found.slopeB).toBeCloseTo(b ?? NaN, 5);
  });
});

describe("gates", () => {
  it("forget half after as many steps as is said", () => {
    for (const forget of [-1, 0, 1, 4]) {
      expect(sigmoid(forget) ** halfLife(forget)).toBeCloseTo(0.5, 12);
    }
    expect(halfLife(0)).toBe(1);
    expect(halfLife(1)).toBeCloseTo(2.2127, 4);
  });

  it("hold a signal with a number each, and not with one for all", () => {
    const least = Math.min(
      ...Array.from({ length: 49 }, (_, index) => {
        const all = -6 + index / 4;
        return strays({ input: all, forget: all, output: all });
      }),
    );

    expect(strays({ input: -5, forget: 6, output: 3 })).toBeLessThan(0.25);
    expect(least).toBeGreaterThan(0.9);
  });

  it("have their state step by step", () => {
    const steps = cell({ input: 0.5, forget: 1, output: -1 });

    expect(steps.length).toBe(LENGTH);
    steps.slice(5).forEach(({ shown, state, said }, index) => {
      const before = steps[index + 4]?.state ?? NaN;
      expect(state).toBeCloseTo(before * sigmoid(1) + shown * sigmoid(0.5), 12);
      expect(said).toBeCloseTo(sigmoid(-1) * Math.tanh(state), 12);
    });
  });
});

describe("memory", () => {
  it.each<[Held, number]>([
    ["vector", 16_000_000],
    ["fixed", 4_000_000],
    ["scalar", 16],
    ["none", 0],
  ])("of 1,000,000 biases in training with Adam, %s: %d bytes", (held, bytes) => {
    expect(biasBytes(held, 1_000_000, "adam")).toBe(bytes);
  });

  it("is at most 1 / (inputs + 1) of the layer", () => {
    const [bias, kernel] = [biasBytes("vector", 1000, "sgd"), kernelBytes(1000, 9, "sgd")];

    expect(bias / (bias + kernel)).toBeCloseTo(1 / 10, 12);
  });
});
