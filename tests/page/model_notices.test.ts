/** What the page says of a whole model: units that see nothing, and layers that are one. */

import { describe, expect, it } from "vitest";
import { openedFiles } from "../../web_demo/src/loader/open";
import { described } from "../../web_demo/src/model/describe";
import { unitsOfZeros } from "../../web_demo/src/model/deadUnits";
import { EXAMPLE } from "../../web_demo/src/model/example";
import { collapsed } from "../../web_demo/src/model/linearChain";
import type { Notice } from "../../web_demo/src/model/notices";
import {
  dense,
  exported,
  file,
  float32,
  INPUT,
  type LayerJson,
  modelJson,
  NUMBERS,
  sequential,
} from "./files";

interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

async function noticesOf(
  layers: readonly LayerJson[],
  weights: readonly Weight[],
): Promise<readonly Notice[]> {
  const specs = weights.map(({ name, shape }) => ({ name, shape, dtype: "float32" }));
  const json = {
    modelTopology: sequential(layers),
    weightsManifest: [{ paths: ["a.bin"], weights: specs }],
  };
  const numbers = float32(weights.flatMap(({ values }) => values));
  return described(await openedFiles([file("model.json", json), file("a.bin", numbers)])).notices;
}

const relu = { activation: "relu" };

describe("dead units", () => {
  it("are those whose kernel is all zeros", async () => {
    const notices = await noticesOf(
      [INPUT, dense("hidden", 3, relu)],
      [
        { name: "hidden/kernel", shape: [2, 3], values: [1, 0, 0, 0, 0, 2] },
        { name: "hidden/bias", shape: [3], values: [0, 5, 0] },
      ],
    );

    expect(notices).toEqual([
      {
        code: "DEAD_UNITS",
        where: "hidden",
        text: "1 of 3 units (1) has a kernel of zeros alone: before the activation it gives its bias, whatever comes in, for 0 times any number is 0.",
        numbers: null,
      },
    ]);
  });

  it("without a bias give 0", async () => {
    const [notice] = await noticesOf(
      [INPUT, dense("hidden", 2, { use_bias: false })],
      [{ name: "hidden/kernel", shape: [1, 2], values: [0, 0] }],
    );

    expect(notice?.text).toBe(
      "All 2 units have a kernel of zeros alone: before the activation each gives 0, whatever comes in, for 0 times any number is 0.",
    );
  });

  it("are counted along the axis of the units", () => {
    const numbers = new Float32Array([0, 0, 1, 0, 0, 0, 0, 3]); // (2, out 2, in 2)

    expect(unitsOfZeros({ shape: [2, 2, 2], numbers }, -1)).toEqual({ dead: [], units: 2 });
    expect(unitsOfZeros({ shape: [2, 2, 2], numbers }, -2)).toEqual({ dead: [0], units: 2 });
  });

  it("are not claimed for NaN, for no numbers, nor for layers of another kind", async () => {
    const foo: LayerJson = { class_name: "Foo", config: { name: "foo" } };
    const notices = await noticesOf(
      [INPUT, foo],
      [{ name: "foo/kernel", shape: [1, 2], values: [0, 0] }],
    );

    expect(notices.map(({ code }) => code)).toEqual(["UNKNOWN_LAYER"]);
    expect(unitsOfZeros({ shape: [1, 1], numbers: new Float32Array([NaN]) }, -1).dead).toEqual([]);
    expect(unitsOfZeros({ shape: [0, 3], numbers: new Float32Array() }, -1).dead).toEqual([]);
    expect(unitsOfZeros({ shape: [1, 3], numbers: null }, -1).dead).toEqual([]);
  });
});

describe("a linear chain", () => {
  it("is one map, and the example's is °C to (°F, K)", () => {
    const [notice] = described(EXAMPLE).notices;

    expect(notice?.where).toBe("dense_5 → dense_2");
    expect(notice?.text).toBe(
      "There is no activation between 'dense_5' and 'dense_2', so together they are one affine map: x·W + b, with W = W1·W2 and b = b1·W2 + b2. 22 params == W[1, 2] + b[2], which has 4 numbers.",
    );
    expect(notice?.numbers?.head).toEqual(["Output", "W from input 0", "b"]);
    const near = notice?.numbers?.rows.map((row) => row.map((cell) => Number(cell).toFixed(4)));
    expect(near).toEqual([
      ["0.0000", "1.8000", "32.0000"],
      ["1.0000", "1.0000", "273.1500"],
    ]);
  });

  it("gives what the layers give one after the other", () => {
    const first = { inputs: 2, outputs: 3, kernel: [1, 2, 3, 4, 5, 6], bias: [1, 1, 2] };
    const second = { inputs: 3, outputs: 1, kernel: [1, -1, 2], bias: [7] };

    const one = collapsed(first, second);

    expect([...Array.from(one.kernel), ...Array.from(one.bias)]).toEqual([5, 11, 11]);
  });

  it("of three ends where an activation bends it, and may be narrow", async () => {
    const layers = [INPUT, dense("a", 5), dense("b", 1), dense("c", 3, relu), dense("d", 2)];
    const zeros = (name: string, shape: readonly number[]): Weight => ({
      name,
      shape,
      values: Array<number>(shape.reduce((a, b) => a * b, 1)).fill(1),
    });
    const notices = await noticesOf(layers, [
      zeros("a/kernel", [4, 5]),
      zeros("a/bias", [5]),
      zeros("b/kernel", [5, 1]),
      zeros("b/bias", [1]),
      zeros("c/kernel", [1, 3]),
      zeros("c/bias", [3]),
      zeros("d/kernel", [3, 2]),
      zeros("d/bias", [2]),
    ]);

    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatchObject({ where: "a → b → c" });
    expect(notices[0]?.text).toContain("so up to the last activation they are one affine map");
    expect(notices[0]?.text).toContain("37 params == W[4, 3] + b[3], which has 15 numbers.");
    expect(notices[0]?.text).toContain("have rank 1 at most, where a W of its own could have 3.");
    // Four ones through five ones, one, three ones: 4 * 5 = 20 from all inputs, so 5 from each.
    expect(notices[0]?.numbers?.rows[0]).toEqual(["0", 5, 5, 5, 5, 7]);
  });

  it("of no numbers is not computed, whatever sizes it claims", { timeout: 5000 }, async () => {
    const [notice] = await noticesOf(
      [INPUT, dense("a", 0, { use_bias: false }), dense("b", 2 ** 29, { use_bias: false })],
      [
        { name: "a/kernel", shape: [1, 0], values: [] },
        { name: "b/kernel", shape: [0, 2 ** 29], values: [] },
      ],
    );

    expect(notice?.where).toBe("a → b");
    expect(notice?.numbers).toBeNull();
  });

  it("of scalar biases spreads them over the units", async () => {
    const scalar = (name: string, units: number): LayerJson => ({
      ...dense(name, units, { bias_shape: "scalar" }),
      class_name: "keras_bias>Dense",
    });
    const [notice] = await noticesOf(
      [INPUT, scalar("a", 2), scalar("b", 2)],
      [
        { name: "a/kernel", shape: [1, 2], values: [1, 2] },
        { name: "a/bias", shape: [1], values: [10] },
        { name: "b/kernel", shape: [2, 2], values: [1, 2, 3, 4] },
        { name: "b/bias", shape: [1], values: [5] },
      ],
    );

    expect(notice?.numbers?.rows).toEqual([
      ["0", 7, 45],
      ["1", 10, 65],
    ]);
  });

  it.each<readonly [string, (json: ReturnType<typeof modelJson>) => void]>([
    [
      "an activation",
      (json) =>
        (json.modelTopology = sequential([INPUT, dense("dense_5", 5, relu), dense("dense_2", 2)])),
    ],
    [
      "a layer between",
      (json) =>
        (json.modelTopology = sequential([
          INPUT,
          dense("dense_5", 5),
          { class_name: "Dropout", config: { name: "drop", rate: 0.5 } },
          dense("dense_2", 2),
        ])),
    ],
    [
      "a class that is not known",
      (json) =>
        (json.modelTopology = sequential([
          INPUT,
          dense("dense_5", 5),
          { ...dense("dense_2", 2), class_name: "mine>Dense" },
        ])),
    ],
  ])("is none with %s", async (_, change) => {
    const json = modelJson();
    change(json);

    const { notices } = described(await openedFiles(exported(json)));

    expect(notices.map(({ code }) => code)).not.toContain("LINEAR_CHAIN");
  });

  it("has no numbers where one of them is none", async () => {
    const broken = float32(NUMBERS.map((value, index) => (index === 6 ? NaN : value)));

    const { notices } = described(await openedFiles(exported(modelJson(), broken)));

    expect(notices.map(({ code, numbers }) => [code, numbers === null])).toEqual([
      ["NON_FINITE", true],
      ["LINEAR_CHAIN", true],
    ]);
  });
});
