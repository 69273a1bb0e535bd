/** Two models beside each other: nothing that differs is missed, and nothing else is said to. */

import { describe, expect, it } from "vitest";
import { aligned } from "../../web_demo/src/compare/align";
import { type Comparison, compared } from "../../web_demo/src/compare/compare";
import { delta, deltaByUnit } from "../../web_demo/src/compare/numbers";
import { optionDifferences } from "../../web_demo/src/compare/options";
import { openedFiles } from "../../web_demo/src/loader/open";
import { type Description, described, type LayerRow } from "../../web_demo/src/model/describe";
import {
  dense,
  exported,
  float32,
  INPUT,
  type LayerJson,
  modelJson,
  NUMBERS,
  sequential,
} from "./files";

async function opened(...files: Parameters<typeof exported>): Promise<Description> {
  return described(await openedFiles(exported(...files)));
}

/** Layers, with weights that fit dense layers of one input and these biases. */
async function network(
  layers: readonly LayerJson[],
  weights: readonly (readonly [
    name: string,
    shape: readonly number[],
    values: readonly number[],
  ])[],
): Promise<Description> {
  const json = {
    modelTopology: sequential(layers),
    weightsManifest: [
      {
        paths: ["group1-shard1of1.bin"],
        weights: weights.map(([name, shape]) => ({ name, shape, dtype: "float32" })),
      },
    ],
  };
  return opened(json, float32(weights.flatMap(([, , values]) => values)));
}

const paths = (found: readonly { a: LayerRow | null; b: LayerRow | null }[]): string[] =>
  found.map(({ a, b }) => `${a?.path.join("/") ?? "-"} ${b?.path.join("/") ?? "-"}`);

const named = async (...names: readonly string[]): Promise<readonly LayerRow[]> => {
  const layers = names.map((name) =>
    name.startsWith("relu") ? { class_name: "ReLU", config: { name } } : dense(name, 2),
  );
  const { layers: rows } = await network(layers, []);
  return rows;
};

describe("layers of two models", () => {
  it.each<readonly [string, readonly string[], readonly string[], readonly string[]]>([
    ["equal names", ["a", "b"], ["a", "b"], ["a a", "b b"]],
    [
      "names counted on",
      ["dense", "dense_1"],
      ["dense_2", "dense_3"],
      ["dense dense_2", "dense_1 dense_3"],
    ],
    [
      "names counted on by one",
      ["dense", "dense_1"],
      ["dense_1", "dense_2"],
      ["dense dense_1", "dense_1 dense_2"],
    ],
    ["one more in between", ["a", "c"], ["a", "b_1", "c"], ["a a", "- b_1", "c c"]],
    ["one less at the end", ["a", "relu", "b"], ["a", "b"], ["a a", "relu -", "b b"]],
    [
      "other names of one class",
      ["hidden", "out"],
      ["dense", "dense_1"],
      ["hidden dense", "out dense_1"],
    ],
    ["two strangers", ["a"], ["relu"], ["a -", "- relu"]],
    ["nothing", [], ["a"], ["- a"]],
  ])("stand beside each other: %s", async (_, a, b, expected) => {
    expect(paths(aligned(await named(...a), await named(...b)))).toEqual(expected);
  });

  it("stay in order, so that layers that changed places are no pair", async () => {
    const found = paths(aligned(await named("a", "relu"), await named("relu", "a")));

    expect(found).toHaveLength(3);
    expect(found.filter((each) => !each.includes("-"))).toHaveLength(1);
  });

  it("are found soon even if they are thousands", { timeout: 2000 }, async () => {
    const [one] = await named("a");
    if (!one) {
      throw new Error("no layer");
    }
    const many = (count: number, stem: string): LayerRow[] =>
      Array.from({ length: count }, (_, index) => ({
        ...one,
        path: [`${stem}${index}`],
      }));

    expect(aligned(many(5000, "x"), many(5001, "y"))).toHaveLength(10_001);
    expect(aligned(many(5000, "x"), many(5001, "x"))).toHaveLength(5001);
  });
});

describe("two models", () => {
  it("that are the same are identical", async () => {
    const { verdict, layers } = compared(await opened(), await opened());

    expect(verdict).toMatchObject({ isIdentical: true, isComplete: true, weights: 4, renamed: 0 });
    expect(layers.every(({ options }) => options.length === 0)).toBe(true);
  });

  it("are identical with NaN in the same place, and by other names", async () => {
    const numbers = float32([NaN, ...NUMBERS.slice(1)]);
    const renamed = JSON.parse(
      JSON.stringify(modelJson()).replaceAll("dense_5", "dense_7"),
    ) as unknown;

    const { verdict } = compared(
      await opened(modelJson(), numbers),
      await opened(renamed, numbers),
    );

    expect(verdict).toMatchObject({ isIdentical: true, renamed: 1 });
  });

  it.each<readonly [string, unknown, readonly number[], Partial<Comparison["verdict"]>]>([
    [
      "a number",
      modelJson(),
      NUMBERS.map((value, index) => (index === 21 ? value + 0.25 : value)),
      { equalWeights: 3, largest: { name: "dense_2/bias", max: 0.25 } },
    ],
    ["a number that is none", modelJson(), [NaN, ...NUMBERS.slice(1)], { equalWeights: 3 }],
    [
      "an option",
      {
        ...modelJson(),
        modelTopology: sequential([
          INPUT,
          dense("dense_5", 5, { activation: "relu" }),
          dense("dense_2", 2),
        ]),
      },
      NUMBERS,
      { otherOptions: 1, equalWeights: 4 },
    ],
    [
      "a layer",
      {
        ...modelJson(),
        modelTopology: sequential([
          INPUT,
          dense("dense_5", 5),
          { class_name: "ReLU", config: { name: "relu" } },
          dense("dense_2", 2),
        ]),
      },
      NUMBERS,
      { onlyB: 1, otherPlaces: 1 },
    ],
  ])("that differ in %s are not", async (_, json, numbers, expected) => {
    const { verdict } = compared(await opened(), await opened(json, float32(numbers)));

    expect(verdict).toMatchObject({ isIdentical: false, ...expected });
  });

  it("joined otherwise are not identical", async () => {
    const functional = (from: string): unknown => ({
      class_name: "Functional",
      config: {
        name: "model",
        layers: [
          { ...INPUT, inbound_nodes: [] },
          { ...dense("a", 1), inbound_nodes: [[["celsius", 0, 0, {}]]] },
          { ...dense("b", 1), inbound_nodes: [[[from, 0, 0, {}]]] },
        ].map((layer) => ({ ...layer, name: layer.config["name"] })),
        input_layers: [["celsius", 0, 0]],
        output_layers: [["b", 0, 0]],
      },
    });
    const model = (from: string): Promise<Description> =>
      opened({ modelTopology: functional(from), weightsManifest: [] }, "");

    const { verdict } = compared(await model("a"), await model("celsius"));

    // a: it is used by nobody; b: it takes another input.
    expect(verdict).toMatchObject({ isIdentical: false, otherPlaces: 1 });
  });

  it("without numbers are never called identical", async () => {
    const json = { ...modelJson(), weightsManifest: modelJson().weightsManifest };
    const artefacts = await openedFiles(exported(json));
    const bare = described({ ...artefacts, weights: [], hasWeights: false, source: null });

    expect(compared(bare, bare).verdict).toMatchObject({ isIdentical: false, isComplete: false });
  });

  it("show what each unit adds, whatever is stored", async () => {
    const scalar: LayerJson = {
      ...dense("d", 4, { bias_shape: "scalar" }),
      class_name: "keras_bias>Dense",
    };
    const group: LayerJson = {
      ...dense("d", 4, { bias_shape: [2] }),
      class_name: "keras_bias>Dense",
    };
    const kernel = ["d/kernel", [1, 4], [1, 2, 3, 4]] as const;
    const [a, b, c] = [
      await network([INPUT, scalar], [kernel, ["d/bias", [1], [7]]]),
      await network([INPUT, group], [kernel, ["d/bias", [2], [7, 9]]]),
      await network([INPUT, dense("d", 4, { use_bias: false })], [kernel]),
    ];

    const spread = (one: Description, other: Description) => {
      const biases = compared(one, other).layers[1]?.biases;
      return [biases?.a, biases?.b].map((values) => (values ? Array.from(values) : values));
    };

    expect(spread(a, b)).toEqual([
      [7, 7, 7, 7],
      [7, 7, 9, 9],
    ]);
    expect(spread(b, c)).toEqual([
      [7, 7, 9, 9],
      [0, 0, 0, 0],
    ]);
  });

  it("are not spread over more units than any layer has", async () => {
    const layer: LayerJson = {
      ...dense("d", 2 ** 53, { bias_shape: "scalar" }),
      class_name: "keras_bias>Dense",
    };
    const model = await network([INPUT, layer], [["d/bias", [1], [7]]]);

    const biases = compared(model, model).layers[1]?.biases;

    expect(biases?.a?.length ?? 1).toBe(1);
  });
});

describe("differences of numbers", () => {
  it("are the largest, its place, and the mean", () => {
    expect(delta([1, 2, 3, 4], [1, 4, 2, 4])).toEqual({
      max: 2,
      mean: 0.75,
      at: 1,
      unequal: 2,
      size: 4,
    });
  });

  it("count what is no number, and compare the others", () => {
    expect(delta([NaN, NaN, 1, Infinity, 0], [NaN, 1, 2, Infinity, -0])).toEqual({
      max: 1,
      mean: 0.25,
      at: 2,
      unequal: 2,
      size: 5,
    });
    expect(delta([NaN], [1])).toMatchObject({ max: null, mean: null, unequal: 1 });
    expect(delta([], [])).toMatchObject({ max: null, unequal: 0, size: 0 });
  });

  it("by unit are over the last axis", () => {
    expect([...deltaByUnit([0, 0, 0, 0], [1, 2, -3, NaN], 2)]).toEqual([3, NaN]);
  });
});

describe("options", () => {
  it("are compared however deep, but for names", () => {
    const a = { name: "a", units: 5, kernel_initializer: { class_name: "Zeros", config: {} } };
    const b = {
      name: "b",
      units: 6,
      kernel_initializer: { class_name: "Ones", config: {} },
      strides: [1, 2],
    };

    expect(optionDifferences(a, b)).toEqual(
      expect.arrayContaining([
        { option: "units", a: "5", b: "6" },
        { option: "kernel_initializer.class_name", a: '"Zeros"', b: '"Ones"' },
        { option: "strides", a: null, b: "[1,2]" },
      ]),
    );
    expect(optionDifferences(a, b)).toHaveLength(3);
  });

  it("of prototypes are options like others", () => {
    const odd = JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}') as never;

    expect(optionDifferences({}, odd).map(({ option }) => option)).toEqual([
      "constructor",
      "__proto__.x",
    ]);
  });
});
