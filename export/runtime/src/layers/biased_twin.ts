/** A layer that multiplies by weights, then adds a bias of any shape, then applies an activation. */

import type { Tensor } from "@tensorflow/tfjs-core";
import type { LayerVariable, Shape } from "@tensorflow/tfjs-layers";
import type { Activation } from "../activations";
import { floats, only, onlyShape } from "../inputs";
import type { LayerConfig, WeightParts } from "../options";
import type { Constraint, Given, Initializer, Regularizer } from "../parts";
import type { BiasShape } from "../shape";
import type { BiasOptions, SettledBias } from "./biased";
import { biasOptions, settled, withBias } from "./biased";
import { Twin } from "./twin";

/** What every such layer is given for its bias and its activation. */
export interface BiasedConfig extends LayerConfig {
  readonly activation?: string | null;
  readonly useBias?: boolean;
  readonly biasInitializer?: Given<Initializer>;
  readonly biasRegularizer?: Given<Regularizer> | null;
  readonly biasConstraint?: Given<Constraint> | null;
  /** Which axes of the output have biases of their own; "vector", one per unit, if left out. */
  readonly biasShape?: BiasShape | "tied";
  /** Whether training changes the bias; true if left out. */
  readonly biasTrainable?: boolean;
}

/**
 * `activation(product(input) + bias)`.
 *
 * A subclass has `buildKernels`, which makes its weights in Keras's order, `product`, which uses
 * them, and `shapeOf`. The product is never fused with the bias: a fused kernel reads as
 * many biases as there are channels, whatever it is given.
 */
export abstract class BiasedTwin extends Twin {
  protected readonly useBias: boolean;
  readonly #choice: BiasOptions;
  readonly #biasParts: WeightParts;
  readonly #activation: Activation;
  private bias?: LayerVariable;
  private settled?: SettledBias;

  protected constructor(config: BiasedConfig, stem: string) {
    super(config, stem);
    this.#activation = this.options.activation("activation");
    this.useBias = this.options.bool("useBias", true);
    this.#choice = biasOptions(this.options, this.useBias);
    this.#biasParts = this.options.weight("bias", "zeros");
  }

  /** Makes the weights other than the bias. */
  protected abstract buildKernels(inputShape: Shape): void;

  /** What comes before the bias: `(batch, ...)` in float32 to the output's shape. */
  protected abstract product(x: Tensor): Tensor;

  protected abstract override shapeOf(inputShape: Shape | Shape[]): Shape;

  /** The axis of units or channels in the output without batch. */
  protected channelAxis(): number {
    return -1;
  }

  /** Number of equal blocks of channels that "group" tells apart; null if there are none. */
  protected biasGroups(_inputShape: Shape): number | null {
    return null;
  }

  /** The bias on an output of these sizes, without the batch. */
  protected settle(spec: BiasShape, inputShape: Shape): SettledBias {
    const sizes = this.shapeOf(inputShape).slice(1);
    return settled(spec, sizes, this.channelAxis(), this.biasGroups(inputShape));
  }

  protected override make(inputShape: Shape | Shape[]): void {
    const shape = onlyShape(inputShape);
    const settledBias = this.useBias ? this.settle(this.#choice.shape, shape) : undefined;
    this.buildKernels(shape);
    if (settledBias) {
      const { stored } = settledBias.resolved;
      this.settled = settledBias;
      this.bias = this.weight("bias", stored, this.#biasParts, this.#choice.trainable);
    }
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    const y = this.product(floats(only(inputs)));
    const { bias, settled: of } = this;
    return this.#activation.apply(bias && of ? withBias(y, bias.read(), of) : y);
  }
}
