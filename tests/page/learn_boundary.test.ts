/** The second scene: its net against TensorFlow.js, its lessons over many seeds, its past. */

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { adamStep, moments } from "../../web_demo/src/learn/adam";
import { boundary } from "../../web_demo/src/learn/boundary";
import { type PresetName, preset, PRESETS, samples } from "../../web_demo/src/learn/datasets";
import { biasThrough, segment } from "../../web_demo/src/learn/line";
import {
  accuracy,
  at,
  KINDS,
  margin,
  NET_SIZE,
  type NetActivation,
  type NetBias,
  netGradient,
  netStep,
  UNITS,
  untrainedNet,
} from "../../web_demo/src/learn/mlp";
import { glorot, uniform } from "../../web_demo/src/learn/random";
import {
  advance,
  begun,
  continues,
  type Edit,
  netOf,
  withEdit,
} from "../../web_demo/src/learn/run";
import { median } from "../../web_demo/src/learn/spread";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const KERAS_ADAM = [0.11123177, -1.040192, -0.13557665];

function trained(name: PresetName, kind: NetBias, seed: number): number {
  const { activation } = preset(name);
  const net = untrainedNet(seed, kind);
  const past = moments(NET_SIZE);
  while (past.steps < 1000) {
    netStep(net, activation, kind, samples(name), past, 0.05);
  }
  return accuracy(net, activation, samples(name));
}

describe("the net", () => {
  it.each<[NetActivation, PresetName]>([
    ["relu", "bands"],
    ["tanh", "ring"],
  ])("answers and has the gradients of TensorFlow.js, %s", (activation, name) => {
    const net = untrainedNet(5, "vector");
    net.set(glorot(uniform(9), 1, UNITS + 2).slice(0, UNITS), at.bias1(0));
    net.set([0.3, -0.2], at.bias2(0));
    const points = samples(name);
    const { loss, gradient } = netGradient(net, activation, "vector", points);

    const theirs = tf.tidy(() => {
      const numbers = tf.variable(tf.tensor1d(net));
      const x = tf.stack([tf.tensor1d([...points.x]), tf.tensor1d([...points.y])], 1);
      const labels = tf.oneHot(tf.tensor1d([...points.label], "int32"), 2);
      const logits = (): tf.Tensor => {
        const kernel = numbers.slice(0, 2 * UNITS).reshape([UNITS, 2]);
        const sums = tf.add(tf.matMul(x, kernel, false, true), numbers.slice(2 * UNITS, UNITS));
        const hidden = activation === "relu" ? tf.relu(sums) : tf.tanh(sums);
        const second = numbers.slice(3 * UNITS, 2 * UNITS).reshape([UNITS, 2]);
        return tf.add(tf.matMul(hidden, second), numbers.slice(5 * UNITS, 2));
      };
      const { value, grads } = tf.variableGrads(() =>
        tf.losses.softmaxCrossEntropy(labels, logits()).asScalar(),
      );
      const found = logits();
      return {
        loss: value.dataSync()[0] ?? NaN,
        gradient: Object.values(grads)[0]?.dataSync() ?? [],
        margins: tf.sub(found.slice([0, 1], [-1, 1]), found.slice([0, 0], [-1, 1])).dataSync(),
      };
    });

    // 1e-5: TensorFlow.js sums in single precision.
    expect(Math.abs(loss - theirs.loss)).toBeLessThan(1e-5);
    expect(theirs.gradient.length).toBe(NET_SIZE);
    theirs.gradient.forEach((slope, index) => {
      expect(Math.abs((gradient[index] ?? NaN) - slope)).toBeLessThan(1e-5);
    });
    theirs.margins.forEach((wanted, index) => {
      const [x, y] = [points.x[index] ?? 0, points.y[index] ?? 0];
      expect(Math.abs(margin(net, activation, x, y) - wanted)).toBeLessThan(1e-5);
    });
  });

  it("steps as Keras's Adam does", () => {
    const weights = Float32Array.of(1, -2, 0.5);
    const past = moments(3);

    for (let step = 0; step < 20; step += 1) {
      const gradient = Float64Array.from(weights, (value, index) => 2 * value * (index + 1));
      adamStep(weights, gradient, past, 0.05);
    }

    // keras.optimizers.Adam(0.05) on sum(w**2 * [1, 2, 3]), keras 3.15.1, in single precision.
    KERAS_ADAM.forEach((value, index) => {
      expect(Math.abs(value - (weights[index] ?? NaN))).toBeLessThan(1e-5);
    });
  });

  it("has one number where it is shared, 1 where it is fixed, none where there is none", () => {
    const ends = KINDS.map((kind) => {
      const run = begun({ preset: "bands", seed: 3, edits: [] });
      for (let step = 0; step < 30; step += 1) {
        advance(run);
      }
      const last = run.past.at(-1) ?? new Float32Array();
      const net = netOf(last, KINDS.indexOf(kind));
      return [...net.slice(at.bias1(0), at.bias1(UNITS))];
    });

    expect(ends[0]).toEqual([0, 0, 0, 0, 0]);
    expect(new Set(ends[1]).size).toBe(1);
    expect(ends[1]?.[0]).not.toBe(0);
    expect(ends[2]).toEqual([1, 1, 1, 1, 1]);
    expect(new Set(ends[3]).size).toBe(5);
  });

  it("gives an output bias that is shared no slope, for the softmax does not know it", () => {
    const { gradient } = netGradient(untrainedNet(1, "scalar"), "relu", "scalar", samples("bands"));

    expect(Math.abs(gradient[at.bias2(0)] ?? NaN)).toBeLessThan(1e-15);
  });
});

describe("the presets", () => {
  const seeds = [1, 2, 3, 4, 5, 6, 7];
  const middle = (name: PresetName, kind: NetBias): number =>
    median(seeds.map((seed) => trained(name, kind, seed)));

  it.each(PRESETS.map(({ name, lesson, needs }) => [name, lesson, needs] as const))(
    "%s: %s",
    (name, _, needs) => {
      const [none, scalar, vector] = [
        middle(name, "none"),
        middle(name, "scalar"),
        middle(name, "vector"),
      ];

      expect(vector).toBeGreaterThan(none + 0.1);
      if (needs === "vector") {
        expect(vector).toBeGreaterThan(scalar + 0.05);
      } else {
        expect(scalar).toBeGreaterThanOrEqual(vector - 0.01);
      }
    },
    60_000,
  );
});

it("a net that says neither tells nothing right", () => {
  expect(accuracy(new Float32Array(NET_SIZE), "relu", samples("disc"))).toBe(0);
});

it("on the disc a shared number is trained to below 0, and held at 1 it would do", () => {
  const net = untrainedNet(1, "scalar");
  const past = moments(NET_SIZE);
  while (past.steps < 1000) {
    netStep(net, "relu", "scalar", samples("disc"), past, 0.05);
  }

  expect(net[at.bias1(0)]).toBeLessThan(-1);
  expect(margin(net, "relu", 0, 0)).toBe(0);
  expect(trained("disc", "fixed", 2)).toBeGreaterThan(0.95);
});

describe("a run", () => {
  const EDIT: Edit = { step: 5, kind: 3, unit: 2, value: 1.5 };

  it("is the same run for the same plan", () => {
    const [one, other] = [0, 1].map(() => {
      const run = begun({ preset: "ring", seed: 4, edits: [EDIT] });
      for (let step = 0; step < 12; step += 1) {
        advance(run);
      }
      return run.past;
    });

    expect(one).toEqual(other);
    expect(netOf(one?.[5] ?? new Float32Array(), 3)[at.bias1(2)]).toBe(1.5);
    expect(netOf(one?.[4] ?? new Float32Array(), 3)[at.bias1(2)]).not.toBe(1.5);
  });

  it("is continued by a plan that differs in the future alone", () => {
    const run = begun({ preset: "ring", seed: 4, edits: [] });

    expect(continues(run, { preset: "ring", seed: 4, edits: [EDIT] })).toBe(true);
    expect(continues(run, { preset: "ring", seed: 5, edits: [] })).toBe(false);
    expect(continues(run, { preset: "ring", seed: 4, edits: [{ ...EDIT, step: 0 }] })).toBe(false);
  });

  it("forgets what was moved later, and takes the last place of what is moved on", () => {
    const later = { ...EDIT, step: 9 };

    expect(withEdit([EDIT, later], { ...EDIT, value: 2 })).toEqual([{ ...EDIT, value: 2 }]);
    expect(withEdit([EDIT], later)).toEqual([EDIT, later]);
  });

  it("comes back from an address with what was moved", () => {
    boundary.state.value = {
      ...boundary.state.value,
      edits: [EDIT, { ...EDIT, step: 9 }],
    };
    const written = new URLSearchParams(boundary.write().map(([name, value]) => [name, value]));
    const before = boundary.state.value.edits;
    boundary.state.value = { ...boundary.state.value, edits: [] };

    boundary.read(written);

    expect(boundary.state.value.edits).toEqual(before);
  });
});

describe("a line", () => {
  it("crosses the square where w·x + b is 0", () => {
    const ends = segment(1, 2, -0.5) ?? [];

    expect(ends.length).toBe(2);
    for (const [x, y] of ends) {
      expect(x + 2 * y - 0.5).toBeCloseTo(0, 12);
      expect(Math.max(Math.abs(x), Math.abs(y))).toBeCloseTo(3, 12);
    }
    expect(segment(1, 0, 9)).toBeNull();
    expect(segment(0, 0, 1)).toBeNull();
  });

  it("goes through the point that it is dragged to", () => {
    const b = biasThrough(0.7, -1.2, [1.5, 0.25]);

    expect(0.7 * 1.5 - 1.2 * 0.25 + b).toBeCloseTo(0, 12);
  });
});
