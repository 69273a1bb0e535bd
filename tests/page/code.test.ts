/** The code to take away runs the opened model, or says that it cannot. */

import { describe, expect, it } from "vitest";
import { openedFiles } from "../../web_demo/src/loader/open";
import { described } from "../../web_demo/src/model/describe";
import { tfjsCode, tfjsVisCode } from "../../web_demo/src/save/browserCode";
import { kerasCode } from "../../web_demo/src/save/kerasCode";
import { kerasCall } from "../../web_demo/src/save/kerasLayers";
import { dense, exported, INPUT, modelJson, sequential } from "./files";

const twins = { userDefinedMetadata: { keras_tfjs: { twins: ["keras_bias>Dense"] } } };

describe("code for a browser", () => {
  it("needs no second script for stock layers", async () => {
    expect(tfjsCode(described(await openedFiles(exported()))))
      .toBe(`<script src="tf.min.js"></script>
<script>
  tf.loadLayersModel("model.json").then((model) => {
    model.summary();
    console.log(String(model.predict(tf.zeros([1, 1]))));
  });
</script>`);
  });

  it("loads keras-tfjs.js where twins are needed, before tfjs-vis", async () => {
    const model = described(await openedFiles(exported({ ...modelJson(), ...twins })));

    expect(tfjsCode(model)).toContain('<script src="keras-tfjs.js"></script>');
    expect(tfjsVisCode(model).split("\n").slice(0, 3)).toEqual([
      '<script src="tf.min.js"></script>',
      '<script src="keras-tfjs.js"></script>',
      '<script src="tfjs-vis.umd.min.js"></script>',
    ]);
    expect(tfjsVisCode(model)).toContain("tfvis.show.layer(");
  });
});

describe("code for Keras", () => {
  it("builds the layers, and reads the weights", async () => {
    const code = kerasCode(described(await openedFiles(exported())));

    expect(code).toContain(`model = keras.Sequential(
    [
        keras.Input((1,), name="celsius"),
        layers.Dense(units=5, name="dense_5"),
        layers.Dense(units=2, name="dense_2"),
    ]
)`);
    expect(code).toContain('np.frombuffer(b"".join');
  });

  it.each<readonly [string, unknown]>([
    ["an unknown class", sequential([INPUT, { class_name: "Foo", config: { name: "a" } }])],
    ["a regularizer", sequential([INPUT, dense("dense_5", 5, { kernel_regularizer: { l2: 1 } })])],
    ["another hard_sigmoid", sequential([INPUT, dense("d", 5, { activation: "hard_sigmoid" })])],
    ["an option that nobody knows", sequential([INPUT, dense("d", 5, { gamma: 3 })])],
    ["units that are no number", sequential([INPUT, dense("d", null as never)])],
    ["units that are code", sequential([INPUT, dense("d", { x: 1 } as never)])],
    [
      "a model in the model",
      sequential([{ class_name: "Sequential", config: { name: "m", layers: [INPUT] } }]),
    ],
  ])("says how to load, for %s", async (_, modelTopology) => {
    const model = described(await openedFiles(exported({ modelTopology, weightsManifest: [] })));

    expect(kerasCode(model)).toContain('keras.saving.load_model("model.keras")');
  });

  it("quotes names and never runs them", () => {
    const config = { name: '"); import os; ("', units: 2, activation: "linear" };

    expect(kerasCall("Dense", config)).toBe(
      String.raw`layers.Dense(units=2, name="\"); import os; (\"")`,
    );
  });
});
