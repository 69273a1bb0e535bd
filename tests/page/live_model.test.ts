/** An opened model in TensorFlow.js: what it computes, what a bias changes, and how it trains. */

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Artefacts } from "../../web_demo/src/loader/artefacts";
import { openedFiles } from "../../web_demo/src/loader/open";
import { LiveError } from "../../web_demo/src/live/errors";
import { begun, ended, grown, type History, pointAt } from "../../web_demo/src/live/history";
import { enlivened, type Living, valuesOf } from "../../web_demo/src/live/living";
import { predicted } from "../../web_demo/src/live/predict";
import { randomProbe, usualSizes } from "../../web_demo/src/live/probe";
import { reason } from "../../web_demo/src/live/reasons";
import { linearSamples, type Samples } from "../../web_demo/src/live/samples";
import { type Setting, trainer } from "../../web_demo/src/live/trainer";
import { differences, isNothing, type Mode, withChanges } from "../../web_demo/src/live/whatif";
import { dense, exported, float32, INPUT, modelJson, NUMBERS, sequential } from "./files";

beforeAll(async () => {
  tf.env().set("IS_TEST", true);
  await tf.setBackend("cpu");
});

const opened = (json: unknown = modelJson(), numbers = NUMBERS): Promise<Artefacts> =>
  openedFiles(exported(json, float32(numbers)));

/** Dense 5 -> dense 2 with an activation of its own. */
function withActivation(activation: string): unknown {
  return {
    ...modelJson(),
    modelTopology: sequential([INPUT, dense("dense_5", 5), dense("dense_2", 2, { activation })]),
  };
}

const SETTING: Setting = {
  optimizer: "adam",
  rate: 0.01,
  losses: ["mse"],
  frozen: new Set<string>(),
};

function samplesOf(living: Living, seed = 3): Samples {
  const sizes = living.inputs.map(usualSizes);
  const { inputs, outputs } = living;
  const targetSizes = outputs.map(usualSizes);
  return linearSamples(
    { inputs, outputs, sizes, targetSizes, losses: SETTING.losses, batch: null },
    seed,
  );
}

const weights = (living: Living): Record<string, number[]> =>
  Object.fromEntries([...living.weights].map(([name, weight]) => [name, [...valuesOf(weight)]]));

describe("a model that was read", () => {
  test("computes with the numbers of its files, and leaves nothing behind", async () => {
    const before = tf.memory().numTensors;
    const living = await enlivened(tf, await opened());

    const { outputs } = predicted(living, {
      rows: 2,
      inputs: [Float32Array.of(1, 0)],
      sizes: [[1]],
    });
    const held = tf.memory().numTensors;
    living.dispose();

    // By hand: the hidden layer is [-10..-6] x + [-5..-1], the next has kernel 0..9, bias 10, 11.
    const hidden = [-15, -13, -11, -9, -7];
    const at = (values: number[], unit: number): number =>
      values.reduce((sum, value, row) => sum + value * (2 * row + unit), 10 + unit);
    expect([...(outputs[0] ?? [])]).toEqual(
      [hidden, [-5, -4, -3, -2, -1]].flatMap((values) => [at(values, 0), at(values, 1)]),
    );
    expect([held - before, tf.memory().numTensors - before]).toEqual([4, 0]);
  });

  test("is refused by name where a layer is unknown", async () => {
    const artefacts = await opened(
      JSON.parse(JSON.stringify(modelJson()).replace('"class_name":"Dense"', '"class_name":"Foo"')),
    );

    const found = await enlivened(tf, artefacts).catch((error: unknown) => error);

    expect(found).toBeInstanceOf(LiveError);
    expect(String(found)).toContain("UNKNOWN_LAYER: Inspect only: layer Foo is unknown");
  });

  test("is not run without its weights", async () => {
    const artefacts = { ...(await opened()), weights: [], hasWeights: false };

    await expect(enlivened(tf, artefacts)).rejects.toMatchObject({ code: "CANNOT_RUN" });
  });

  test("leaves nothing behind where tfjs refuses it half built", async () => {
    const before = tf.memory().numTensors;
    const json = modelJson();
    json.weightsManifest[0]?.weights.pop();

    const found = enlivened(tf, await opened(json, NUMBERS.slice(0, -2)));

    await expect(found).rejects.toMatchObject({ code: "CANNOT_BUILD" });
    expect(tf.memory().numTensors).toBe(before);
  });

  test("goes without what an optimizer kept", async () => {
    const json = modelJson();
    const kept = { name: "dense_2/bias/momentum", shape: [2], dtype: "float32" };
    json.weightsManifest.push({ paths: [], weights: [{ ...kept, group: "optimizer" }] });

    const living = await enlivened(tf, await opened(json, [...NUMBERS, 0, 0]));

    expect([...living.weights.keys()]).toHaveLength(4);
    living.dispose();
  });
});

describe("a bias that is another", () => {
  test.each<[mode: Mode, added: readonly number[]]>([
    ["mean", [0.5, -0.5]],
    ["zero", [-10, -11]],
    ["edited", [-9, -9]],
  ])("moves the outputs by what is added: %s", async (mode, [first = 0, second = 0]) => {
    const living = await enlivened(tf, await opened());
    const probe = randomProbe(living.inputs, [[1]], 5, 1);
    const before = predicted(living, probe);

    const values = mode === "edited" ? Float32Array.of(1, 2) : null;
    const back = withChanges(living, new Map([["dense_2/bias", { mode, values }]]));
    const apart = differences(before, predicted(living, probe));
    back();

    expect(apart[0]?.max).toBeCloseTo(Math.max(Math.abs(first), Math.abs(second)), 4);
    expect(apart[0]?.mean).toBeCloseTo((Math.abs(first) + Math.abs(second)) / 2, 4);
    expect(weights(living)["dense_2/bias"]).toEqual([10, 11]);
    living.dispose();
  });

  test("changes nothing before a softmax if its numbers change alike, and it is said why", async () => {
    const living = await enlivened(tf, await opened(withActivation("softmax")));
    const probe = randomProbe(living.inputs, [[1]], 5, 1);
    const before = predicted(living, probe);

    const values = Float32Array.of(3, 4);
    const back = withChanges(living, new Map([["dense_2/bias", { mode: "edited", values }]]));
    const after = predicted(living, probe);
    back();

    expect(isNothing(differences(before, after), before)).toBe(true);
    expect(reason(living, "dense_2/bias", Float32Array.of(-7, -7))?.text).toBe(
      "what is added to all its inputs alike, a softmax takes out",
    );
    expect(reason(living, "dense_2/bias", Float32Array.of(1, -7))).toBeNull();
    expect(reason(living, "dense_5/bias", Float32Array.of(1, 1))).toBeNull();
    living.dispose();
  });
});

describe("training", () => {
  test("learns a linear map, and holds no tensor more after a thousand steps", async () => {
    const living = await enlivened(
      tf,
      await opened(
        modelJson(),
        NUMBERS.map((n) => n / 10),
      ),
    );
    const one = trainer(living, samplesOf(living), 32, 1);
    const first = one.step(SETTING).loss;
    const before = tf.memory().numTensors;

    let last = NaN;
    for (let step = 0; step < 1000; step += 1) {
      last = one.step(SETTING).loss;
    }

    expect(tf.memory().numTensors).toBe(before);
    expect(last).toBeLessThan(1e-3 * first);
    living.dispose();
  });

  test("leaves a frozen bias alone", async () => {
    const living = await enlivened(tf, await opened());
    const before = weights(living);

    trainer(living, samplesOf(living), 32, 1).step({
      ...SETTING,
      frozen: new Set(["dense_5/bias"]),
    });

    expect(weights(living)["dense_5/bias"]).toEqual(before["dense_5/bias"]);
    expect(weights(living)["dense_2/bias"]).not.toEqual(before["dense_2/bias"]);
    living.dispose();
  });

  test("goes back to the last finite step where the rate is too high", async () => {
    const living = await enlivened(tf, await opened());
    const one = trainer(living, samplesOf(living), 32, 1);
    const seen: Record<string, number[]>[] = [];

    let isTaken = true;
    while (isTaken && seen.length < 100) {
      seen.push(weights(living));
      ({ isTaken } = one.step({ ...SETTING, optimizer: "sgd", rate: 10 }));
    }

    expect(isTaken).toBe(false);
    const now = weights(living);
    expect(seen).toContainEqual(now);
    expect(Object.values(now).flat().every(Number.isFinite)).toBe(true);
    living.dispose();
  });

  test("says so if there is nothing to train", async () => {
    const living = await enlivened(tf, await opened());
    const one = trainer(living, samplesOf(living), 32, 1);

    expect(() => one.step({ ...SETTING, frozen: new Set(living.weights.keys()) })).toThrow(
      "CANNOT_TRAIN: The model: All of its weights are fixed or frozen.",
    );
    living.dispose();
  });

  test("is the same from the same seed", async () => {
    const runs = [1, 1, 2].map(async (seed) => {
      const living = await enlivened(tf, await opened());
      const one = trainer(living, samplesOf(living, seed), 32, seed);
      [1, 2, 3].forEach(() => one.step(SETTING));
      const found = weights(living);
      living.dispose();
      return found;
    });

    const [first, again, other] = await Promise.all(runs);

    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});

describe("a history", () => {
  function after(steps: number): History {
    let found = begun([Float32Array.of(0)]);
    for (let step = 1; step <= steps; step += 1) {
      found = grown(found, 1 / step, [Float32Array.of(step)]);
    }
    return found;
  }

  test("keeps each loss with the step that it was found at", () => {
    const { points } = after(3);

    expect(points.map(({ step, loss }) => [step, loss])).toEqual([
      [0, 1],
      [1, 1 / 2],
      [2, 1 / 3],
      [3, null],
    ]);
  });

  test("is thinned, and its last point is always there", () => {
    const { points, every } = after(2001);

    expect(every).toBe(4);
    expect(points.length).toBeLessThanOrEqual(602);
    expect(points.at(-1)).toMatchObject({ step: 2001, loss: null });
    expect(pointAt({ points, every }, 1003)?.values[0]?.[0]).toBe(1000);
  });

  test("ends with the last step whose loss is finite", () => {
    expect(ended(after(3), NaN).points.at(-1)).toMatchObject({ step: 2, loss: 1 / 3 });
    expect(ended(after(3), 0.25).points.at(-1)).toMatchObject({ step: 3, loss: 0.25 });
  });
});
