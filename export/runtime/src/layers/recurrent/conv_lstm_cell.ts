/** The cell of ConvLSTM1D, 2D and 3D: an LSTM's, whose products are convolutions. */

import type { Tensor } from "@tensorflow/tfjs-core";
import {
  add,
  concat,
  mul,
  ones,
  reshape,
  split,
  tidy,
  transpose,
  zeros,
} from "@tensorflow/tfjs-core";
import type { Shape } from "@tensorflow/tfjs-layers";
import type { Activation } from "../../activations";
import type { DataFormat, Moves, Padding } from "../../convolve";
import { channelsBack, channelsLast, convolve, convolvedSize } from "../../convolve";
import { knownSize } from "../../inputs";
import type { Initializer } from "../../parts";
import { tuple } from "../../python";
import type { Resolved } from "../../shape";
import { resolved, resolvedRecurrent } from "../../shape";
import type { ConvolutionalConfig } from "../convolutional";
import type { Axes } from "../of_axes";
import { expanded } from "../biased";
import type { AddWeight, CellConfig, Pass } from "./cell";
import type { LSTMCellConfig } from "./cells";
import { LSTMCell } from "./cells";
import { drops } from "./gated_cell";
import { product } from "../../sizes";

/** What it is given: what a convolution and an LSTM are. */
export type ConvLSTMCellConfig = CellConfig &
  Omit<LSTMCellConfig, "units"> &
  Omit<ConvolutionalConfig, keyof LSTMCellConfig | "padding"> & {
    /** Number of channels in the output, and in each state. */
    readonly filters: number;
    /** Of the convolution of the input; that of the state is always "same". */
    readonly padding?: Exclude<Padding, "causal">;
  };

/** The sizes of a step's input and output, channels last and without batch. */
interface Sizes {
  readonly input: readonly number[];
  readonly output: readonly number[];
}

const GATES = 4;

/** Biases that differ by place, which no other recurrent layer has. */
const PLACED: ReadonlySet<unknown> = new Set(["location", "untied"]);

/** Activations of the last axis, whichever that is. */
const ALONG_AN_AXIS: ReadonlySet<string> = new Set([
  "softmax",
  "logSoftmax",
  "keras>logSoftmax",
  "keras>sparsemax",
]);

/**
 * `c = f c + i activation(z)`, `h = o activation(c)`; gates in the order i, f, z, o.
 *
 * Its inputs and its states are rows of numbers, as any cell's are: places, and at each the
 * channels. The layer it belongs to puts them in their shapes.
 */
export class ConvLSTMCell extends LSTMCell {
  static override get className(): string {
    return "keras>ConvLSTMCell";
  }

  readonly dataFormat: DataFormat;
  readonly #kernelSize: readonly number[];
  private readonly strides: readonly number[];
  private readonly padding: "valid" | "same";
  private readonly dilation: readonly number[];
  private sizes: Sizes = { input: [], output: [] };
  private resolved?: Resolved;

  /**
   * @param axes number of spatial axes.
   * @param config as its layer has it.
   */
  constructor(axes: Axes, config: ConvLSTMCellConfig) {
    // What an LSTM calls units, a convolution calls filters.
    super(config as unknown as LSTMCellConfig, "conv_lstm_cell", "filters");
    const { options } = this;
    this.#kernelSize = options.perAxis("kernelSize", axes);
    this.strides = options.perAxis("strides", axes, 1);
    this.padding = options.oneOf("padding", ["valid", "same"]);
    this.dataFormat = options.oneOf("dataFormat", ["channelsLast", "channelsFirst"]);
    this.dilation = options.perAxis("dilationRate", axes, 1);
    if (Math.max(...this.strides) > 1 && Math.max(...this.dilation) > 1) {
      throw new Error(
        `strides=${tuple(this.strides)} are given with dilation_rate=${tuple(this.dilation)}. ` +
          "Use 1 for one of the two.",
      );
    }
  }

  /** The shape of a step's output, without batch, from that of its input. */
  outputShape(inputShape: Shape): Shape {
    const first = this.dataFormat === "channelsFirst";
    const spatial = first ? inputShape.slice(1) : inputShape.slice(0, -1);
    const sizes = spatial.map((size, axis) =>
      convolvedSize(
        size,
        this.#kernelSize[axis] ?? 1,
        this.strides[axis] ?? 1,
        this.padding,
        this.dilation[axis] ?? 1,
      ),
    );
    return first ? [this.units, ...sizes] : [...sizes, this.units];
  }

  /**
   * From now on its steps have inputs of that shape, without batch.
   *
   * @throws Error if a size is unknown.
   */
  settle(inputShape: Shape): void {
    const first = this.dataFormat === "channelsFirst";
    const last = (shape: Shape): number[] => {
      const sizes = shape.map((_, axis) => knownSize(axis, shape));
      return first ? [...sizes.slice(1), ...sizes.slice(0, 1)] : sizes;
    };
    this.sizes = { input: last(inputShape), output: last(this.outputShape(inputShape)) };
  }

  override get stateSizes(): readonly number[] {
    const size = product(this.sizes.output);
    return [size, size];
  }

  override build(_features: number, add: AddWeight): void {
    const width = GATES * this.units;
    const inputDim = this.sizes.input.at(-1) ?? 0;
    const bias = this.useBias ? this.options.checked(() => this.#resolve()) : undefined;
    this.kernel = add("kernel", [...this.#kernelSize, inputDim, width], this.kernelParts, true);
    this.recurrentKernel = add(
      "recurrent_kernel",
      [...this.#kernelSize, this.units, width],
      this.recurrentParts,
      true,
    );
    if (bias) {
      const start = this.#biasStart(bias);
      this.resolved = bias;
      this.bias = add(
        "bias",
        bias.stored,
        { ...this.biasParts, initializer: start },
        this.choice.trainable,
      );
    }
  }

  #resolve(): Resolved {
    const { shape: spec } = this.choice;
    if (!PLACED.has(spec)) {
      return resolvedRecurrent(spec, GATES, this.units, null);
    }
    const places = this.sizes.output.slice(0, -1);
    const width = GATES * this.units;
    return this.dataFormat === "channelsFirst"
      ? resolved(spec, [width, ...places], 0, null)
      : resolved(spec, [...places, width], -1, null);
  }

  #biasStart({ counts }: Resolved): Initializer {
    const { initializer } = this.biasParts;
    const { shape: spec } = this.choice;
    const first = this.dataFormat === "channelsFirst";
    const byGate = PLACED.has(spec) ? spec === "untied" : counts[0] === GATES;
    return this.unitForgetBias && byGate
      ? forgetting(initializer, spec === "untied" && first ? 0 : -1)
      : initializer;
  }

  override begin(batch: number, training: boolean): Pass {
    const { sizes, strides, padding, dilation, units } = this;
    if (!this.kernel || !this.recurrentKernel) {
      throw new Error(`the cell '${this.name}' has no weights yet. Build its layer first.`);
    }
    const drawn = (rate: number, features: number): readonly Tensor[] =>
      training ? drops(rate, [batch, features], GATES) : [];
    const convolved = convolver(
      this.kernel.read(),
      { strides, padding, dilation },
      sizes.input,
      drawn(this.dropout, product(sizes.input)),
    );
    const recur = convolver(
      this.recurrentKernel.read(),
      { padding: "same" },
      sizes.output,
      drawn(this.recurrentDropout, this.stateSizes[0] ?? 0),
    );
    const bias = this.#fullBias();
    const rows = (x: Tensor, width: number): Tensor => reshape(x, [-1, width]);
    return {
      project: (x) => {
        const z = convolved(x);
        return reshape(bias ? add(z, bias) : z, [...x.shape.slice(0, -1), -1]);
      },
      step: (projected, states) => {
        const [h, c] = states as [Tensor, Tensor];
        const width = GATES * units;
        const gates = split(add(rows(projected, width), rows(recur(h), width)), GATES, 1);
        const [zi, zf, zc, zo] = gates as [Tensor, Tensor, Tensor, Tensor];
        const candidate = mul(this.#gate(zi), this.#activated(zc, this.activation));
        const carried = add(mul(this.#gate(zf), rows(c, units)), candidate);
        const output = mul(this.#gate(zo), this.#activated(carried, this.activation));
        return [reshape(output, h.shape), reshape(carried, c.shape)];
      },
    };
  }

  #gate(z: Tensor): Tensor {
    return this.#activated(z, this.recurrentActivation);
  }

  /** The activation of `(batch * places, filters)`, along the axis that is last in Keras. */
  #activated(z: Tensor, activation: Activation): Tensor {
    if (this.dataFormat === "channelsLast" || !ALONG_AN_AXIS.has(activation.getClassName())) {
      return activation.apply(z);
    }
    const x = channelsBack(reshape(z, [-1, ...this.sizes.output]), this.dataFormat);
    return reshape(channelsLast(activation.apply(x), this.dataFormat), z.shape);
  }

  /** As it is added to `(..., ...places, gates * filters)`. */
  #fullBias(): Tensor | null {
    const { bias, resolved: of, choice } = this;
    if (!bias || !of) {
      return null;
    }
    const b = bias.read();
    if (PLACED.has(choice.shape)) {
      return this.dataFormat === "channelsLast"
        ? b
        : transpose(b, [...b.shape.slice(1).map((_, axis) => axis + 1), 0]);
    }
    const sizes = [GATES, this.units];
    const apart = expanded(b, { spec: choice.shape, resolved: of, sizes });
    const width = GATES * this.units;
    return apart.size === 1
      ? apart
      : reshape(apart.size < width ? add(apart, zeros(sizes)) : apart, [width]);
  }
}

/**
 * A convolution of rows: `(..., features)` to `(product(...), ...places, gates * filters)`.
 *
 * @param sizes of the input, channels last, whose product is the number of features.
 * @param kept what remains of the features for each gate, `(batch, features)`; all if empty.
 */
function convolver(
  kernel: Tensor,
  moves: Moves,
  sizes: readonly number[],
  kept: readonly Tensor[],
): (x: Tensor) => Tensor {
  const images = (x: Tensor): Tensor => reshape(x, [-1, ...sizes]);
  const [first] = kept;
  if (!first) {
    return (x) => convolve(images(x), kernel, moves);
  }
  const kernels = split(kernel, kept.length, -1);
  return (x) => {
    const gates = kernels.map((filters, gate) =>
      convolve(images(mul(x, kept[gate] ?? first)), filters, moves),
    );
    return concat(gates, -1);
  };
}

/** The start of a bias with ones for the forget gate, the gates lying along the axis. */
function forgetting(initializer: Initializer, axis: 0 | -1): Initializer {
  const start = Object.create(initializer) as Initializer;
  start.apply = (shape, dtype) => {
    const gates = (count: number): number[] => {
      const sizes = shape as number[];
      const size = ((sizes.at(axis) ?? GATES) / GATES) * count;
      return axis === 0 ? [size, ...sizes.slice(1)] : [...sizes.slice(0, -1), size];
    };
    return tidy(() => {
      const before = initializer.apply(gates(1), dtype);
      const after = initializer.apply(gates(2), dtype);
      return concat([before, ones(gates(1)), after], axis);
    });
  };
  return start;
}
