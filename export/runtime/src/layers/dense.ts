/** A dense layer whose bias has the shape of your choice. */

import type { Tensor } from "@tensorflow/tfjs-core";
import { matMul, reshape } from "@tensorflow/tfjs-core";
import type { LayerVariable, Shape } from "@tensorflow/tfjs-layers";
import { InputSpec } from "@tensorflow/tfjs-layers";
import { knownSize, onlyShape } from "../inputs";
import type { WeightParts } from "../options";
import type { Constraint, Given, Initializer, Regularizer } from "../parts";
import type { BiasedConfig } from "./biased_twin";
import { BiasedTwin } from "./biased_twin";
import { product } from "../sizes";

/** What a `Dense` is made of: all that stock tfjs takes, and two options more. */
export interface DenseConfig extends BiasedConfig {
  /** Size of the output's last axis. */
  readonly units: number;
  readonly kernelInitializer?: Given<Initializer>;
  readonly kernelRegularizer?: Given<Regularizer> | null;
  readonly kernelConstraint?: Given<Constraint> | null;
}

/**
 * `activation(dot(input, kernel) + bias)`: the twin of `keras_bias.layers.Dense`.
 *
 * Input shape: `(batch, ..., inputDim)`. Output shape: `(batch, ..., units)`.
 */
export class Dense extends BiasedTwin {
  static get className(): string {
    return "kerasBias>Dense";
  }

  readonly #units: number;
  readonly #kernelParts: WeightParts;
  #kernel!: LayerVariable;

  constructor(config: DenseConfig) {
    super(config, "dense");
    this.inputSpec = [new InputSpec({ minNDim: 2 })];
    this.#units = this.options.positive("units");
    this.#kernelParts = this.options.weight("kernel", "glorotUniform");
  }

  protected override buildKernels(inputShape: Shape): void {
    const inputDim = knownSize(-1, inputShape);
    this.#kernel = this.weight("kernel", [inputDim, this.#units], this.#kernelParts);
    this.inputSpec = [new InputSpec({ minNDim: 2, axes: { [-1]: inputDim } })];
  }

  protected override shapeOf(inputShape: Shape | Shape[]): Shape {
    return [...onlyShape(inputShape).slice(0, -1), this.#units];
  }

  protected override product(x: Tensor): Tensor {
    return dot(x, this.#kernel.read());
  }
}

/** `(batch, ..., inputDim)` times `(inputDim, units)`: one product of matrices. */
export function dot(x: Tensor, kernel: Tensor): Tensor {
  if (x.rank === 2) {
    return matMul(x, kernel);
  }
  const [inputDim, units] = kernel.shape as [number, number];
  const leading = x.shape.slice(0, -1);
  const rows = product(leading);
  return reshape(matMul(reshape(x, [rows, inputDim]), kernel), [...leading, units]);
}
