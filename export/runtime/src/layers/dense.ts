/** A dense layer whose bias has the shape of your choice. */

import type { Tensor, serialization } from "@tensorflow/tfjs-core";
import { matMul, reshape } from "@tensorflow/tfjs-core";
import type { LayerVariable, Shape } from "@tensorflow/tfjs-layers";
import { InputSpec } from "@tensorflow/tfjs-layers";
import type { Activation } from "../activations";
import { floats, knownSize, only, onlyShape, within } from "../inputs";
import type { LayerConfig } from "../options";
import { Options } from "../options";
import type { Constraint, Given, Initializer, Regularizer } from "../parts";
import { serialized } from "../parts";
import type { BiasShape } from "../shape";
import type { BiasOptions, SettledBias } from "./biased";
import { biasOptions, settled, shapeInConfig, withBias } from "./biased";
import { Twin } from "./twin";

/** What a `Dense` is made of: all that stock tfjs takes, and two options more. */
export interface DenseConfig extends LayerConfig {
  /** Size of the output's last axis. */
  readonly units: number;
  readonly activation?: string | null;
  readonly useBias?: boolean;
  readonly kernelInitializer?: Given<Initializer>;
  readonly biasInitializer?: Given<Initializer>;
  readonly kernelRegularizer?: Given<Regularizer> | null;
  readonly biasRegularizer?: Given<Regularizer> | null;
  readonly kernelConstraint?: Given<Constraint> | null;
  readonly biasConstraint?: Given<Constraint> | null;
  /** Which axes of the output have biases of their own; "vector", one per unit, if left out. */
  readonly biasShape?: BiasShape | "tied";
  /** Whether training changes the bias; true if left out. */
  readonly biasTrainable?: boolean;
}

/**
 * `activation(dot(input, kernel) + bias)`: the twin of `keras_bias.layers.Dense`.
 *
 * Input shape: `(batch, ..., inputDim)`. Output shape: `(batch, ..., units)`.
 */
export class Dense extends Twin {
  static readonly className = "kerasBias>Dense";

  private readonly units: number;
  private readonly activation: Activation;
  private readonly useBias: boolean;
  private readonly choice: BiasOptions;
  private readonly kernelInitializer: Initializer;
  private readonly biasInitializer: Initializer;
  private readonly kernelRegularizer: Regularizer | null;
  private readonly biasRegularizer: Regularizer | null;
  private readonly kernelConstraint: Constraint | null;
  private readonly biasConstraint: Constraint | null;
  private kernel?: LayerVariable;
  private bias?: LayerVariable;
  private settled?: SettledBias;

  constructor(config: DenseConfig) {
    super(config, "dense");
    this.inputSpec = [new InputSpec({ minNDim: 2 })];
    const options = new Options(this.name, config);
    this.units = options.positive("units");
    this.activation = options.activation("activation");
    this.useBias = options.bool("useBias", true);
    this.choice = biasOptions(options, this.useBias);
    this.kernelInitializer = options.initializer("kernelInitializer", "glorotUniform");
    this.biasInitializer = options.initializer("biasInitializer", "zeros");
    this.kernelRegularizer = options.regularizer("kernelRegularizer");
    this.biasRegularizer = options.regularizer("biasRegularizer");
    this.kernelConstraint = options.constraint("kernelConstraint");
    this.biasConstraint = options.constraint("biasConstraint");
  }

  override build(inputShape: Shape | Shape[]): void {
    const { inputDim, settledBias } = within(this.name, () => ({
      inputDim: knownSize(-1, onlyShape(inputShape)),
      settledBias: this.useBias
        ? settled(this.choice.shape, this.computeOutputShape(inputShape).slice(1), -1, null)
        : undefined,
    }));
    this.kernel = this.addWeight(
      "kernel",
      [inputDim, this.units],
      "float32",
      this.kernelInitializer,
      this.kernelRegularizer ?? undefined,
      true,
      this.kernelConstraint ?? undefined,
    );
    if (settledBias) {
      this.settled = settledBias;
      this.bias = this.addWeight(
        "bias",
        [...settledBias.resolved.stored],
        "float32",
        this.biasInitializer,
        this.biasRegularizer ?? undefined,
        this.choice.trainable,
        this.biasConstraint ?? undefined,
      );
    }
    this.inputSpec = [new InputSpec({ minNDim: 2, axes: { [-1]: inputDim } })];
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [...onlyShape(inputShape).slice(0, -1), this.units];
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor {
    const x = floats(only(inputs));
    const { kernel, bias, settled: of } = this;
    // A fused kernel would read as many biases as there are units, whatever it is given.
    const y = kernel ? dot(x, kernel.read()) : x;
    return this.activation.apply(bias && of ? withBias(y, bias.read(), of) : y);
  }

  override getConfig(): serialization.ConfigDict {
    return {
      ...super.getConfig(),
      units: this.units,
      activation: this.activation.getClassName(),
      useBias: this.useBias,
      kernelInitializer: serialized(this.kernelInitializer),
      biasInitializer: serialized(this.biasInitializer),
      kernelRegularizer: serialized(this.kernelRegularizer),
      biasRegularizer: serialized(this.biasRegularizer),
      kernelConstraint: serialized(this.kernelConstraint),
      biasConstraint: serialized(this.biasConstraint),
      biasShape: shapeInConfig(this.choice.shape),
      biasTrainable: this.choice.trainable,
    };
  }
}

/** `(batch, ..., inputDim)` times `(inputDim, units)`: one product of matrices. */
function dot(x: Tensor, kernel: Tensor): Tensor {
  if (x.rank === 2) {
    return matMul(x, kernel);
  }
  const [inputDim, units] = kernel.shape as [number, number];
  const leading = x.shape.slice(0, -1);
  const rows = leading.reduce((total, size) => total * size, 1);
  return reshape(matMul(reshape(x, [rows, inputDim]), kernel), [...leading, units]);
}
