/** A dense layer of any rank, its product given by an equation, its bias of the shape of your choice. */

import type { Tensor, serialization } from "@tensorflow/tfjs-core";
import type { LayerVariable, Shape } from "@tensorflow/tfjs-layers";
import { InputSpec } from "@tensorflow/tfjs-layers";
import type { Equation } from "../einsum";
import { einsum, isElided, parsed } from "../einsum";
import { onlyShape } from "../inputs";
import type { WeightParts } from "../options";
import type { Constraint, Given, Initializer, Regularizer } from "../parts";
import { spoken, tuple } from "../python";
import type { BiasShape, Sizes } from "../shape";
import type { SettledBias } from "./biased";
import { settled } from "./biased";
import type { BiasedConfig } from "./biased_twin";
import { BiasedTwin } from "./biased_twin";

/** What an `EinsumDense` is made of. */
export interface EinsumDenseConfig extends Omit<BiasedConfig, "useBias"> {
  /** Axes of input, kernel and output by letters: `"abc,cd->abd"`, or `"...x,xy->...y"`. */
  readonly equation: string;
  /** Sizes of the output's letters without the batch; null where the input says them. */
  readonly outputShape: number | readonly (number | null)[];
  /** The output's letters along which "vector" has a bias per index; no bias if left out. */
  readonly biasAxes?: string | null;
  readonly kernelInitializer?: Given<Initializer>;
  readonly kernelRegularizer?: Given<Regularizer> | null;
  readonly kernelConstraint?: Given<Constraint> | null;
}

/**
 * `activation(einsum(equation, input, kernel) + bias)`: the twin of `keras.layers.EinsumDense` and
 * of `keras_bias.layers.EinsumDense`.
 *
 * Input and output shapes: as the equation says, with the batch first.
 */
export class EinsumDense extends BiasedTwin {
  static get className(): string {
    return "keras>EinsumDense";
  }

  readonly #equation: string;
  readonly #given: Sizes;
  readonly #biasAxes: string | null;
  readonly #kernelParts: WeightParts;
  #kernel!: LayerVariable;

  constructor(config: EinsumDenseConfig) {
    super({ ...config, useBias: hasBias(config) }, "einsum_dense");
    this.#equation = this.options.text("equation");
    this.#given = this.options.sizes("outputShape");
    const axes = this.options.optionalText("biasAxes");
    this.#biasAxes = this.useBias ? (axes ?? this.#equation.replaceAll(".", "").slice(-1)) : null;
    this.#kernelParts = this.options.weight("kernel", "glorotUniform");
    this.supportsMasking = false; // in Keras a mask ends here
  }

  protected override shapeOf(inputShape: Shape | Shape[]): Shape {
    const shape = onlyShape(inputShape);
    return this.#outputShapeOf(this.#parsedFor(shape), shape);
  }

  protected override settle(spec: BiasShape, inputShape: Shape): SettledBias {
    const equation = this.#parsedFor(inputShape);
    const sizes = this.#outputShapeOf(equation, inputShape).slice(1);
    return settled(spec, sizes, this.#channelAxes(equation), null);
  }

  protected override buildKernels(inputShape: Shape): void {
    const equation = this.#parsedFor(inputShape);
    const outputShape = this.#outputShapeOf(equation, inputShape);
    const shape = equation.other.map((name) => {
      const { one, output } = equation;
      const size =
        outputShape[output.indexOf(name)] ?? inputShape[one.indexOf(name)] ?? this.#unknown(name);
      return size;
    });
    this.#kernel = this.weight("kernel", shape, this.#kernelParts);
    this.inputSpec = [new InputSpec({ ndim: inputShape.length })];
  }

  protected override product(x: Tensor): Tensor {
    return einsum(this.#equation, x, this.#kernel.read());
  }

  override getConfig(): serialization.ConfigDict {
    const config: serialization.ConfigDict = {
      ...super.getConfig(),
      ...inLowerCase(this.#equation, this.#biasAxes),
    };
    Reflect.deleteProperty(config, "useBias"); // Keras has no such option here
    return config;
  }

  #parsedFor(inputShape: Shape): Equation {
    const kernel = /,([a-zA-Z]*)->/.exec(this.#equation)?.[1] ?? "";
    return parsed(this.#equation, [inputShape.length, kernel.length]);
  }

  /** With the batch; sizes that were not given are the input's. */
  #outputShapeOf({ one, output }: Equation, inputShape: Shape): Shape {
    const [batch, ...others] = output;
    const letters = others.filter((name) => !isElided(name));
    if (letters.length !== this.#given.length) {
      throw new Error(
        `output_shape=${tuple(this.#given)} does not fit equation=${spoken(this.#equation)}, whose ` +
          `output has ${letters.length} letters besides the batch. Use one size for each.`,
      );
    }
    const rest = others.map((name) => {
      const index = one.indexOf(name);
      const own = index < 0 ? null : (inputShape[index] ?? null);
      const size = this.#given[letters.indexOf(name)] ?? null;
      if (size !== null && index >= 0 && size !== own) {
        throw new Error(
          `output_shape=${tuple(this.#given)} gives ${spoken(name)} the size ${size}, ` +
            `and the input has ${spoken(own)} there (input shape ${tuple(inputShape)}). ` +
            "Use None.",
        );
      }
      return size ?? own;
    });
    return batch === undefined ? rest : [inputShape[0] ?? null, ...rest];
  }

  /** The axes of `biasAxes` in the output without batch, in ascending order. */
  #channelAxes({ output }: Equation): readonly number[] {
    const letters = this.#biasAxes ?? "";
    const shown = `bias_axes=${spoken(this.#biasAxes)}`;
    const strange = Array.from(letters).find((letter) => !output.includes(letter));
    if (strange !== undefined || letters === "") {
      throw new Error(
        `${shown} are not all axes of the output of equation=${spoken(this.#equation)}. ` +
          "Use letters behind the arrow.",
      );
    }
    if (letters.includes(output[0] ?? "")) {
      throw new Error(
        `${shown} has the batch among them, along which a bias cannot vary. ` +
          `Use letters of the other axes of ${spoken(this.#equation)}.`,
      );
    }
    return output.flatMap((name, axis) => (letters.includes(name) ? [axis - 1] : []));
  }

  #unknown(name: string): never {
    throw new Error(
      `the size of axis ${spoken(name)} of equation=${spoken(this.#equation)} is None, ` +
        "and the kernel's shape needs it. Give it in output_shape, or build the layer on a fixed size.",
    );
  }
}

/** A bias shape of its own asks for a bias, even where Keras's option does not. */
function hasBias({ biasAxes, biasShape }: EinsumDenseConfig): boolean {
  const vector = biasShape === undefined || biasShape === "vector" || biasShape === "tied";
  return !vector || (biasAxes !== null && biasAxes !== undefined);
}

/** The same with small letters: tfjs takes a capital in a text for a new word as it saves. */
function inLowerCase(equation: string, biasAxes: string | null): serialization.ConfigDict {
  const letters = [...new Set(equation.match(/[a-zA-Z]/g))];
  if (!/[A-Z]/.test(equation) || letters.length > ALPHABET.length) {
    return { equation, biasAxes };
  }
  const renamed = (text: string): string =>
    text.replace(/[a-zA-Z]/g, (letter) => ALPHABET.charAt(letters.indexOf(letter)));
  return { equation: renamed(equation), biasAxes: biasAxes && renamed(biasAxes) };
}

const ALPHABET = "abcdefghijklmnopqrstuvwxyz";
