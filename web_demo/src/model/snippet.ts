/** The code that runs an opened model in a page of one's own. */

import type { Description } from "./describe";

export function snippet({ inputs, twins }: Description): string {
  // A first prediction takes one sample, and any length where any length is taken.
  const zeros = inputs.map((shape) => `tf.zeros([${shape.map((size) => size ?? 1).join(", ")}])`);
  const fed = zeros.length === 1 ? (zeros[0] ?? "") : `[${zeros.join(", ")}]`;
  return [
    `<script src="tf.min.js"></script>`,
    ...(twins.length ? [`<script src="keras-tfjs.js"></script>`] : []),
    "<script>",
    `  tf.loadLayersModel("model.json").then((model) => {`,
    "    model.summary();",
    ...(zeros.length ? [`    console.log(String(model.predict(${fed})));`] : []),
    "  });",
    "</script>",
  ].join("\n");
}
