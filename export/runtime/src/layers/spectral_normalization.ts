/** A layer whose kernel's largest singular value is brought to 1 as it trains. */

import type { Tensor } from "@tensorflow/tfjs-core";
import {
  abs,
  div,
  equal,
  matMul,
  max,
  minimum,
  mul,
  reshape,
  rsqrt,
  square,
  sum,
  tidy,
  where,
} from "@tensorflow/tfjs-core";
import type { LayerVariable, Shape } from "@tensorflow/tfjs-layers";
import type { Kwargs } from "../inputs";
import { only, onlyShape } from "../inputs";
import { initializer } from "../parts";
import type { WrappingConfig } from "./wrapping";
import { Wrapping } from "./wrapping";

/** What a `SpectralNormalization` is made of. */
export interface SpectralNormalizationConfig extends WrappingConfig {
  /** How often the singular vectors are improved at each step of training; 1 if left out. */
  readonly powerIterations?: number;
}

/** The inverse of Keras's smallest norm. */
const LARGEST_INVERSE = 1e7;

/**
 * A layer with a kernel or embeddings: the twin of `keras.layers.SpectralNormalization`.
 *
 * At each step of training the kernel is divided by its spectral norm, and stays so, as Keras does on
 * TensorFlow and PyTorch. Otherwise the layer is called as it is. A mask ends here.
 *
 * Input shape, output shape: those of the layer in it.
 */
export class SpectralNormalization extends Wrapping {
  static get className(): string {
    return "keras>SpectralNormalization";
  }

  readonly #powerIterations: number;
  #vector!: LayerVariable;

  constructor(config: SpectralNormalizationConfig) {
    super(config, "spectral_normalization");
    this.#powerIterations = this.options.positive("powerIterations", 1);
    this.supportsMasking = false;
  }

  protected override make(inputShape: Shape | Shape[]): void {
    if (!this.layer.built) {
      this.layer.build(onlyShape(inputShape));
      this.layer.built = true;
    }
    const size = this.#kernel().shape.at(-1) ?? 1;
    const starts = initializer("initializer", "truncatedNormal");
    const parts = { initializer: starts, regularizer: null, constraint: null };
    this.#vector = this.weight("vector_u", [1, size], parts, false);
  }

  protected override shapeOf(inputShape: Shape | Shape[]): Shape | Shape[] {
    return this.layer.computeOutputShape(inputShape);
  }

  protected override compute(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor {
    if (kwargs["training"] === true) {
      tidy(() => {
        this.#normalize(this.#kernel(), this.#vector);
      });
    }
    return only(this.layer.call(inputs, kwargs));
  }

  #kernel(): LayerVariable {
    const [kernel] = this.layer.weights;
    if (!kernel) {
      throw new Error("the layer in it has no kernel. Use one that has.");
    }
    return kernel;
  }

  #normalize(kernel: LayerVariable, vector: LayerVariable): void {
    const before = vector.read();
    const matrix = reshape(kernel.read(), [-1, before.size]);
    let u = before;
    let v = before;
    for (let time = 0; time < this.#powerIterations; time++) {
      v = ofLengthOne(matMul(u, matrix, false, true));
      u = ofLengthOne(matMul(v, matrix));
    }
    const nothing = equal(max(abs(matrix)), 0); // has no direction, and stays as it is
    const norm = reshape(matMul(matMul(v, matrix), u, false, true), []);
    kernel.write(div(kernel.read(), where(nothing, 1, norm)));
    vector.write(where(nothing, before, u));
  }
}

function ofLengthOne(x: Tensor): Tensor {
  return mul(x, minimum(rsqrt(sum(square(x))), LARGEST_INVERSE));
}
