/** Code that runs an opened model in a page of one's own, alone or with tfjs-vis. */

import type { Description } from "../model/describe";

/** A page that loads the model and predicts once. */
export function tfjsCode({ inputs, twins }: Description): string {
  // A first prediction takes one sample, and any length where any length is taken.
  const zeros = inputs.map((shape) => `tf.zeros([${shape.map((size) => size ?? 1).join(", ")}])`);
  const fed = zeros.length === 1 ? (zeros[0] ?? "") : `[${zeros.join(", ")}]`;
  return page(twins, [
    `  tf.loadLayersModel("model.json").then((model) => {`,
    "    model.summary();",
    ...(zeros.length ? [`    console.log(String(model.predict(${fed})));`] : []),
    "  });",
  ]);
}

/** A page that shows summary and layers as tfjs-vis does. */
export function tfjsVisCode({ twins }: Description): string {
  return page(
    twins,
    [
      `  tf.loadLayersModel("model.json").then((model) => {`,
      `    tfvis.show.modelSummary({ name: "Summary", tab: "Model" }, model);`,
      "    for (const layer of model.layers.filter(({ weights }) => weights.length > 0)) {",
      `      tfvis.show.layer({ name: layer.name, tab: "Layers" }, layer);`,
      "    }",
      "  });",
    ],
    ["tfjs-vis.umd.min.js"],
  );
}

function page(
  twins: readonly string[],
  lines: readonly string[],
  more: readonly string[] = [],
): string {
  const scripts = ["tf.min.js", ...(twins.length ? ["keras-tfjs.js"] : []), ...more];
  return [
    ...scripts.map((script) => `<script src="${script}"></script>`),
    "<script>",
    ...lines,
    "</script>",
  ].join("\n");
}
