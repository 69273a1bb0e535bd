/** The page knows the layers that a browser can build, and no others. */

import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { CELLS, TWINS } from "../../export/runtime/src/registry";
import { isKnown } from "../../web_demo/src/model/classes";

describe("known classes", () => {
  it.each(Object.keys({ ...TWINS, ...CELLS }))("%s, which keras-tfjs.js brings", (name) => {
    expect(isKnown(name)).toBe(true);
    expect(isKnown(name.replace("kerasBias>", "keras_bias>"))).toBe(true);
  });

  it("no class of the runtime but those", () => {
    const twins = new Set(Object.keys({ ...TWINS, ...CELLS }));
    const stems = [...twins].map((name) => name.slice(name.indexOf(">") + 1));

    const claimed = stems
      .flatMap((stem) => [`keras>${stem}`, `kerasBias>${stem}`])
      .filter((name) => isKnown(name) && !twins.has(name));

    expect(claimed).toEqual([]);
  });

  it("every class that TensorFlow.js registers", () => {
    const { classNameMap } = tf.serialization.SerializationMap.getMap();
    const layers = Object.entries(classNameMap)
      .filter(([name, [make]]) => make.prototype instanceof tf.layers.Layer && !name.includes(">"))
      .map(([name]) => name);

    expect(layers.filter((name) => !isKnown(name))).toEqual([]);
  });

  it.each(["Foo", "keras>Foo", "keras_bias>Flatten", "mine>Dense", "keras>Dense>x", "keras>", ""])(
    "not %s",
    (name) => {
      expect(isKnown(name)).toBe(false);
    },
  );
});
