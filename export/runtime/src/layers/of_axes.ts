/** Layers of one family, which differ in their names and in how many spatial axes they have. */

import type { serialization } from "@tensorflow/tfjs-core";
import type { layers } from "@tensorflow/tfjs-layers";

/** Number of spatial axes. */
export type Axes = 1 | 2 | 3;

/** The class of a layer, which tfjs finds by its `className`. */
export interface LayerClass<Given extends readonly unknown[], Layer extends layers.Layer> {
  readonly className: string;
  readonly fromConfig: typeof serialization.Serializable.fromConfig;
  new (...given: Given): Layer;
}

/**
 * The layer of a family with so many axes: the twin of Keras's layer of that name.
 *
 * @param name such as "MaxPooling1D".
 * @param axes handed to the family's constructor, before what the layer is given.
 * @param family what all of them do alike.
 */
export function ofAxes<Given extends readonly unknown[], Layer extends layers.Layer>(
  name: string,
  axes: Axes,
  family: abstract new (axes: Axes, ...given: Given) => Layer,
): LayerClass<Given, Layer> {
  // TypeScript lets no class extend one of a type parameter.
  const known = family as unknown as new (axes: Axes, ...given: readonly unknown[]) => layers.Layer;
  const made = class extends known {
    static readonly className = `keras>${name}`;

    constructor(...given: Given) {
      super(axes, ...given);
    }
  };
  return made as unknown as LayerClass<Given, Layer>;
}
