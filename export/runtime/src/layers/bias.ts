/** A layer that adds a bias to whatever comes in, and nothing else. */

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

/** What a `Bias` is made of. */
export interface BiasConfig extends LayerConfig {
  /** Which axes have biases of their own; "vector", one per channel, if left out. */
  readonly biasShape?: BiasShape | "tied";
  /** How the bias starts; "zeros" if left out. */
  readonly biasInitializer?: Given<Initializer>;
  readonly biasRegularizer?: Given<Regularizer> | null;
  readonly biasConstraint?: Given<Constraint> | null;
  /** Whether training changes the bias; true if left out. */
  readonly biasTrainable?: boolean;
  /** What is applied to the sum; nothing if left out. */
  readonly activation?: string | null;
  /** Where the channels are; "channelsLast" if left out. */
  readonly dataFormat?: "channelsLast" | "channelsFirst";
  /** Number of equal blocks of channels that "group" tells apart. */
  readonly groups?: number | null;
}

/**
 * `activation(input + bias)`: the twin of `keras_bias.layers.Bias`.
 *
 * Input shape: any, with the batch first. Output shape: the same.
 */
export class Bias extends Twin {
  static get className(): string {
    return "kerasBias>Bias";
  }

  readonly #choice: BiasOptions;
  readonly #biasParts: WeightParts;
  readonly #activation: Activation;
  readonly #dataFormat: "channelsLast" | "channelsFirst";
  readonly #groups: number | null;
  #bias!: LayerVariable;
  #settled!: SettledBias;

  constructor(config: BiasConfig = {}) {
    super(config, "bias");
    const { options } = this;
    this.#choice = biasOptions(options, true);
    this.#biasParts = options.weight("bias", "zeros");
    this.#activation = options.activation("activation");
    this.#dataFormat = options.oneOf("dataFormat", ["channelsLast", "channelsFirst"]);
    this.#groups = options.optionalPositive("groups");
  }

  protected override make(inputShape: Shape | Shape[]): void {
    const sizes = onlyShape(inputShape).slice(1);
    const channelAxis = this.#dataFormat === "channelsFirst" ? 0 : -1;
    this.#settled = settled(this.#choice.shape, sizes, channelAxis, this.#groups);
    const { stored } = this.#settled.resolved;
    this.#bias = this.weight("bias", stored, this.#biasParts, this.#choice.trainable);
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    const x = floats(only(inputs));
    return this.#activation.apply(withBias(x, this.#bias.read(), this.#settled));
  }
}
