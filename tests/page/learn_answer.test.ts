/** The first scene's numbers, against others found in another way. */

import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { moments } from "../../web_demo/src/learn/adam";
import {
  best,
  biases,
  CELSIUS,
  formulaError,
  type LayerBias,
  measuredError,
  type Pair,
  target,
} from "../../web_demo/src/learn/celsius";
import {
  at,
  bend,
  chain,
  CHAIN_SIZE,
  chainError,
  type ChainBias,
  chainGradient,
  chainStep,
  collapsed,
  held,
  STEPS,
  untrained,
} from "../../web_demo/src/learn/chain";
import { IDEAL, judged, logits, softmax, type Triple } from "../../web_demo/src/learn/softmax";

function trained(kind: ChainBias, activation: "linear" | "relu", seed = 7): Float32Array {
  const weights = untrained(seed);
  const past = moments(CHAIN_SIZE);
  while (past.steps < STEPS) {
    chainStep(weights, activation, kind, past);
  }
  return weights;
}

describe("one layer, °C to °F and K", () => {
  it.each<[LayerBias, Pair, number]>([
    ["scalar", [152.575, 152.575], 120.575],
    ["vector", [32, 273.15], 0],
    ["none", [0, 0], 194.467],
    ["fixed", [1, 1], 193.684],
  ])("has its least error with %s at %j", (kind, added, error) => {
    const found = best(kind);

    expect(found).toEqual(added);
    expect(measuredError(found)).toBeCloseTo(error, 3);
  });

  it("measures what the formula says, for any bias", () => {
    for (const added of [
      [0, 0],
      [-400, 400],
      [31.9, 12.5],
    ] as const) {
      expect(measuredError(added)).toBeCloseTo(formulaError(added), 9);
    }
  });

  it("has no better shared number on either side", () => {
    const least = measuredError(best("scalar"));

    for (const step of [-0.1, 0.1]) {
      expect(measuredError(biases("scalar", 152.575 + step, [0, 0]))).toBeGreaterThan(least);
    }
  });

  it("has slopes that are best at 1.8 and 1 whatever is added, as least squares has them", () => {
    const squares = CELSIUS.reduce((sum, celsius) => sum + celsius ** 2, 0);
    const slopes = ([0, 1] as const).map(
      (output) =>
        CELSIUS.reduce((sum, celsius) => sum + celsius * (target(celsius)[output] - 152.575), 0) /
        squares,
    );

    expect(slopes[0]).toBeCloseTo(1.8, 12);
    expect(slopes[1]).toBeCloseTo(1, 12);
  });
});

describe("dense 5, dense 2", () => {
  it.each<[ChainBias, number]>([
    ["scalar", 0],
    ["vector", 0],
    ["none", 194.467],
  ])("without activations learns with %s down to %d degrees", (kind, error) => {
    // 1e-2: Adam, in single precision, stops that near.
    expect(Math.abs(chainError(trained(kind, "linear"), "linear") - error)).toBeLessThan(1e-2);
  });

  it("is one line for each output: b1·W2 + b2", () => {
    const weights = trained("scalar", "linear");
    const lines = collapsed(weights);

    for (const celsius of [-100, -12.5, 0, 100]) {
      const answer = chain(weights, "linear", celsius);
      expect(lines[0].slope * celsius + lines[0].offset).toBeCloseTo(answer[0], 5);
      expect(lines[1].slope * celsius + lines[1].offset).toBeCloseTo(answer[1], 5);
    }
    expect(lines[0].offset).toBeCloseTo(32, 2);
    expect(lines[1].offset).toBeCloseTo(273.15, 2);
    expect(bend(weights, "linear")).toBeLessThan(1e-9);
    expect(bend(weights, "relu")).toBeGreaterThan(10);
  });

  it("keeps shared biases one number, and absent ones 0", () => {
    const [scalar, none] = [trained("scalar", "relu"), trained("none", "relu")];

    expect(new Set(scalar.slice(at.bias1(0), at.bias1(5))).size).toBe(1);
    expect(scalar[at.bias2(0)]).toBe(scalar[at.bias2(1)]);
    expect([...none.slice(at.bias1(0), at.bias1(5)), none[at.bias2(0)]]).toEqual([
      0, 0, 0, 0, 0, 0,
    ]);
  });

  it("holds biases from elsewhere to its kind", () => {
    const odd = Float32Array.from({ length: CHAIN_SIZE }, (_, index) => index);

    expect([...held(odd, "scalar").slice(5, 10)]).toEqual([5, 5, 5, 5, 5]);
    expect([...held(odd, "scalar").slice(20)]).toEqual([20, 20]);
    expect([...held(odd, "none").slice(5, 11)]).toEqual([0, 0, 0, 0, 0, 10]);
    expect(held(odd, "vector")).toBe(odd);
  });

  it("gives the same network for the same seed", () => {
    expect(untrained(7)).toEqual(untrained(7));
    expect(untrained(7)).not.toEqual(untrained(8));
  });
});

describe("a softmax", () => {
  it("does not know a number that all its logits share", () => {
    const [plain, moved] = [judged([0, 0, 0]), judged([7, 7, 7])];

    expect(moved.loss).toBeCloseTo(plain.loss, 12);
    expect(moved.accuracy).toBe(plain.accuracy);
    expect(Math.abs(plain.shared)).toBeLessThan(1e-15);
    softmax(logits(40, [7, 7, 7])).forEach((share, index) => {
      expect(share).toBeCloseTo(softmax(logits(40, [0, 0, 0]))[index] ?? NaN, 14);
    });
  });

  it("tells ice, water and steam apart with a number for each", () => {
    expect(judged([0, 0, 0]).accuracy).toBeCloseTo(21 / 31, 12);
    expect(judged(IDEAL).accuracy).toBe(1);
  });

  it("has the gradient of its loss", () => {
    const bias: Triple = [0.5, -1, 2];
    const { gradient } = judged(bias);

    gradient.forEach((slope, index) => {
      const at = (step: number): number =>
        judged(
          bias.map((value, other) => value + (other === index ? step : 0)) as unknown as Triple,
        ).loss;
      expect((at(1e-5) - at(-1e-5)) / 2e-5).toBeCloseTo(slope, 8);
    });
  });
});

it.each(["linear", "relu"] as const)(
  "dense 5, dense 2 is that of TensorFlow.js, %s",
  async (name) => {
    await tf.setBackend("cpu");
    const weights = untrained(11);
    weights.set([0.3, -0.2, 0.1, 0.05, -0.4], at.bias1(0));
    weights.set([0.7, 1.1], at.bias2(0));
    const gradient = chainGradient(weights, name, "vector");

    const theirs = tf.tidy(() => {
      const x = tf.tensor2d(
        CELSIUS.map((celsius) => celsius / 100),
        [CELSIUS.length, 1],
      );
      const y = tf.tensor2d(CELSIUS.map((celsius) => target(celsius).map((value) => value / 100)));
      const numbers = tf.variable(tf.tensor1d(weights));
      const answers = (): tf.Tensor => {
        const sums = tf.add(tf.matMul(x, numbers.slice(0, 5).reshape([1, 5])), numbers.slice(5, 5));
        const hidden = name === "relu" ? tf.relu(sums) : sums;
        return tf.add(
          tf.matMul(hidden, numbers.slice(10, 10).reshape([5, 2])),
          numbers.slice(20, 2),
        );
      };
      const { grads } = tf.variableGrads(() => tf.losses.meanSquaredError(y, answers()).asScalar());
      return {
        answers: answers().arraySync() as [number, number][],
        gradient: Object.values(grads)[0]?.dataSync() ?? [],
      };
    });

    CELSIUS.forEach((celsius, index) => {
      chain(weights, name, celsius).forEach((value, output) => {
        expect(Math.abs(value / 100 - (theirs.answers[index]?.[output] ?? NaN))).toBeLessThan(1e-5);
      });
    });
    expect(theirs.gradient.length).toBe(CHAIN_SIZE);
    theirs.gradient.forEach((slope, index) => {
      expect(Math.abs((gradient[index] ?? NaN) - slope)).toBeLessThan(1e-5);
    });
  },
);
