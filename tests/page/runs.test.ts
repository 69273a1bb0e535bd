/** What the page makes of what Python tells of a training. */

import { beforeEach, describe, expect, it } from "vitest";
import {
  biasLines,
  curveExtent,
  curveNames,
  curves,
  extent,
  logarithmic,
  logarithmicTicks,
  pieces,
  spread,
  tickText,
} from "../../web_demo/src/runs/curves";
import { begun, extended, merged, sampleAt, withSamples } from "../../web_demo/src/runs/history";
import {
  axesOf,
  curve,
  heard,
  isAlike,
  remove,
  runs,
  wantedCurve,
} from "../../web_demo/src/runs/live";
import { readEnd, readRun, readSample, type Sample } from "../../web_demo/src/runs/told";

const ABOUT = {
  run: 1,
  name: "celsius",
  backend: "jax",
  epochs: 3,
  biases: [{ path: "dense", shape: [2], size: 2, trainable: true, summary: false }],
};

function told(step: number, more: object = {}): object {
  return {
    run: 1,
    kind: "batch",
    step,
    logs: { loss: 1 / (step + 1) },
    biases: [[step, -step]],
    ...more,
  };
}

function sample(step: number, more: object = {}): Sample {
  const found = readSample(JSON.stringify(told(step, more)));
  if (!found) {
    throw new Error("no sample");
  }
  return found;
}

function run(...samples: readonly Sample[]) {
  const about = readRun(JSON.stringify(ABOUT));
  if (!about) {
    throw new Error("no run");
  }
  return withSamples(begun("s-1", about), samples);
}

describe("what is kept", () => {
  it("is fewer samples where each holds many numbers", () => {
    const wide = Array.from({ length: 300 }, (_, step) =>
      sample(step, { biases: Array.from({ length: 1000 }, () => Array<number>(14).fill(0)) }),
    );

    const kept = withSamples(run(), wide).batches.samples;

    expect(kept.length).toBeLessThanOrEqual(71); // of 14,000 numbers each
    expect([kept[0]?.step, kept.at(-1)?.step]).toEqual([0, 299]);
  });
});

describe("what is told", () => {
  it("is read with what is not finite in its place", () => {
    const read = sample(5, {
      logs: { loss: null, mae: 2, acc: null },
      strange: { loss: "-Infinity" },
      biases: [[1, null]],
      strangers: [1],
    });

    expect([...read.logs]).toEqual([
      ["loss", -Infinity],
      ["mae", 2],
      ["acc", NaN],
    ]);
    expect(read.biases).toEqual([[1, NaN]]);
    expect(read.strangers).toEqual([1]);
  });

  it.each(["", "null", "[]", "{", '{"run":"1"}', '{"run":1,"biases":3}'])(
    "is nothing if it is %j",
    (text) => {
      expect(readRun(text)).toBeNull();
      expect(readSample(text)).toBeNull();
      expect(readEnd(text)).toBeNull();
    },
  );

  it("is no more than fits", () => {
    const read = sample(1, { biases: Array(5000).fill(Array(500).fill(1)) });

    expect(read.biases).toHaveLength(2000);
    expect(read.biases[0]).toHaveLength(64);
  });
});

describe("a run's history", () => {
  it.each([1, 2, 10, 11, 1000, 4321])("of %i samples keeps the first and the newest", (count) => {
    const all = Array.from({ length: count }, (_, step) => sample(step));

    const { samples } = extended({ spacing: 1, samples: [] }, all, 10);

    const gaps = new Set(samples.slice(1, -1).map(({ step }, i) => step - (samples[i]?.step ?? 0)));
    expect(samples[0]?.step).toBe(0);
    expect(samples.at(-1)?.step).toBe(count - 1);
    expect(samples.length).toBeLessThanOrEqual(10);
    expect(gaps.size).toBeLessThanOrEqual(1);
  });

  it("is one line of batches and epochs, the epoch where both have a step", () => {
    const found = merged(
      run(sample(0), sample(4), sample(4, { kind: "epoch", epoch: 1 }), sample(6)),
    );

    expect(found.map(({ step, kind }) => [step, kind])).toEqual([
      [0, "batch"],
      [4, "epoch"],
      [6, "batch"],
    ]);
    expect([-1, 0, 3, 4, 5, 99].map((step) => sampleAt(found, step)?.step)).toEqual([
      undefined,
      0,
      0,
      4,
      4,
      6,
    ]);
  });

  it("remembers when a loss was first not finite", () => {
    const broken = run(sample(1), sample(2, { logs: { loss: null }, strange: { loss: "NaN" } }));
    const later = withSamples(broken, [sample(3, { logs: { loss: null } })]);

    expect(later.strange).toEqual({ step: 2, name: "loss", value: NaN });
  });
});

describe("lines", () => {
  const trained = run(
    ...[1, 2, 3, 5, 6].map((step) => sample(step)),
    sample(4, { kind: "epoch", logs: { loss: 0.5, mae: 2, val_loss: 0.75 } }),
    sample(8, { kind: "epoch", logs: { loss: 0.25, mae: 1, val_loss: 0.5 } }),
  );

  it("have names, the loss first", () => {
    expect(curveNames([trained])).toEqual(["loss", "mae"]);
    expect(curveNames([])).toEqual(["loss"]);
  });

  it("are of batches, of epochs and of validation", () => {
    expect(curves(trained, "loss").map(({ kind, points }) => [kind, points.length])).toEqual([
      ["batch", 5],
      ["epoch", 2],
      ["validation", 2],
    ]);
    expect(curves(trained, "mae").map(({ kind }) => kind)).toEqual(["epoch"]);
  });

  it("have a way for each number of a bias", () => {
    expect(biasLines(merged(trained), 0).map((line) => line.at(-1))).toEqual([
      [8, 8],
      [8, -8],
    ]);
  });

  it("break where a number is not finite", () => {
    expect(
      pieces([
        [0, NaN],
        [1, 1],
        [2, Infinity],
        [3, NaN],
        [4, 2],
        [5, 3],
      ]),
    ).toEqual([
      [[1, 1]],
      [
        [4, 2],
        [5, 3],
      ],
    ]);
    expect(extent([[[0, NaN]]])).toEqual([-1, 1]);
    expect(extent([[[0, 3]]])).toEqual([2.7, 3.3]);
  });

  it("of losses stand on 0, or on their powers of ten", () => {
    const found = curves(trained, "loss");

    expect(curveExtent(found)[0]).toBe(0);
    expect(logarithmic(found)[1]?.points.map(([, value]) => 10 ** value)).toEqual([0.5, 0.25]);
    expect(logarithmicTicks([-3, 2])).toEqual([-3, -2, -1, 0, 1, 2]);
    expect(logarithmicTicks([-0.5, 0.5]).map((power) => Number((10 ** power).toFixed(3)))).toEqual([
      0.5, 1, 2,
    ]);
  });

  it("of many samples are drawn from some, the last among them", () => {
    expect(spread([1, 2, 3, 4, 5, 6, 7], 3)).toEqual([1, 4, 7]);
    expect(spread([1, 2], 3)).toEqual([1, 2]);
  });

  it("have marks short enough for their place", () => {
    expect([0, -1.25, 200, 1234.5, 2e35, -5e-7].map(tickText)).toEqual([
      "0",
      "−1.25",
      "200",
      "1230",
      "2e35",
      "−5e−7",
    ]);
  });
});

describe("the place Live", () => {
  beforeEach(() => {
    runs.value = [];
    heard("hello", '{"server":"first"}');
  });
  const begin = (number: number): void => {
    heard("run", JSON.stringify({ ...ABOUT, run: number }));
  };

  it("keeps what was told before the connection was lost, and goes on with it", () => {
    begin(1);
    heard("sample", JSON.stringify(told(0)));
    runs.value = runs.value.map((each) => ({ ...each, state: "lost" }));

    heard("hello", '{"server":"first"}');
    heard("sample", JSON.stringify(told(7)));
    heard("end", '{"run":1,"state":"finished"}');

    expect(runs.value.map(({ state }) => state)).toEqual(["finished"]);
    expect(runs.value[0]?.batches.samples.map(({ step }) => step)).toEqual([0, 7]);
  });

  it("has the runs of a server that came after another beside that one's", () => {
    begin(1);
    runs.value = runs.value.map((each) => ({ ...each, state: "lost" }));

    heard("hello", '{"server":"second"}');
    begin(1);

    expect(runs.value.map(({ key, state }) => [key, state])).toEqual([
      ["first-1", "stopped"],
      ["second-1", "running"],
    ]);
    remove("first-1");
    expect(runs.value).toHaveLength(1);
  });

  it("tells a run once, however often it is told", () => {
    begin(1);
    begin(1);

    expect(runs.value).toHaveLength(1);
  });

  it("forgets the oldest that has ended", () => {
    for (let number = 1; number <= 20; number += 1) {
      begin(number);
      if (number > 1) {
        heard("end", `{"run":${number},"state":"finished"}`);
      }
    }

    expect(runs.value).toHaveLength(12);
    expect(runs.value[0]?.key).toBe("first-1");
  });

  it("draws runs between their own axes, or all between the same", () => {
    begin(1);
    begin(2);
    heard("sample", JSON.stringify(told(10, { kind: "epoch" })));
    heard("sample", JSON.stringify(told(99, { kind: "epoch", run: 2, logs: { loss: 8 } })));
    heard("end", '{"run":1,"state":"finished"}');
    const [first] = runs.value;
    if (!first) {
      throw new Error("no run");
    }

    expect(axesOf(first)).toEqual({ x: [0, 10], curve: null });
    isAlike.value = true;
    expect(axesOf(first).x).toEqual([0, 99]);
    expect(axesOf(first).curve?.[1]).toBeGreaterThan(8);
    isAlike.value = false;
  });

  it("falls back to the loss for a metric that no run has", () => {
    wantedCurve.value = "accuracy";

    expect(curve.value).toBe("loss");
    wantedCurve.value = "loss";
  });
});
