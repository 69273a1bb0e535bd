/** What the cells of SimpleRNN, LSTM and GRU have in common: their options, weights and products. */

import type { Tensor } from "@tensorflow/tfjs-core";
import {
  add,
  concat,
  dropout,
  expandDims,
  mul,
  ones,
  reshape,
  split,
  zeros,
} from "@tensorflow/tfjs-core";
import type { LayerVariable } from "@tensorflow/tfjs-layers";
import type { Activation } from "../../activations";
import type { WeightParts } from "../../options";
import type { Constraint, Given, Initializer, Regularizer } from "../../parts";
import type { BiasShape } from "../../shape";
import { resolvedRecurrent } from "../../shape";
import type { BiasOptions, SettledBias } from "../biased";
import { biasOptions, expanded } from "../biased";
import { dot } from "../dense";
import type { AddWeight, CellConfig, Pass } from "./cell";
import { Cell } from "./cell";
import { unstacked } from "./loop";

/** What every such cell is given. */
export interface GatedCellConfig extends CellConfig {
  /** Size of the output, and of each state. */
  readonly units: number;
  /** "tanh" if left out; nothing for null. */
  readonly activation?: string | null;
  readonly useBias?: boolean;
  readonly kernelInitializer?: Given<Initializer>;
  readonly recurrentInitializer?: Given<Initializer>;
  readonly biasInitializer?: Given<Initializer>;
  readonly kernelRegularizer?: Given<Regularizer> | null;
  readonly recurrentRegularizer?: Given<Regularizer> | null;
  readonly biasRegularizer?: Given<Regularizer> | null;
  readonly kernelConstraint?: Given<Constraint> | null;
  readonly recurrentConstraint?: Given<Constraint> | null;
  readonly biasConstraint?: Given<Constraint> | null;
  /** Share of the inputs that training drops: the same ones at every step. */
  readonly dropout?: number;
  /** Share of the states that training drops, for each gate others. */
  readonly recurrentDropout?: number;
  /** Which gates and units have biases of their own; "vector", all, if left out. */
  readonly biasShape?: BiasShape | "tied";
  /** Whether training changes the bias; true if left out. */
  readonly biasTrainable?: boolean;
}

/** A cell of that kind with gates. */
export interface RecurrentActivation {
  /** Of the gates; "sigmoid" if left out; nothing for null. */
  readonly recurrentActivation?: string | null;
}

/** Products with a kernel whose columns are the gates', one gate after another. */
export type Product = (x: Tensor) => Tensor;

/** What a pass reads before its first step. */
export interface Reading {
  /** Input times kernel, and the bias of this product. */
  readonly project: Product;
  /** `(units, gates * units)` */
  readonly recurrentKernel: Tensor;
  /** The recurrent product's own bias, `(gates * units,)`. */
  readonly recurrentBias: Tensor | null;
  /** What remains of the state for each gate, one for all, or none for all of it. */
  readonly kept: readonly Tensor[];
}

const DEFAULTS = { activation: "tanh", recurrentActivation: "sigmoid" };

/** A cell of units with gates, each of which has columns in both kernels. */
export abstract class GatedCell extends Cell {
  readonly units: number;
  override readonly outputState = 0;
  protected readonly activation: Activation;
  protected readonly useBias: boolean;
  protected readonly choice: BiasOptions;
  protected readonly kernelParts: WeightParts;
  protected readonly recurrentParts: WeightParts;
  protected readonly biasParts: WeightParts;
  protected readonly dropout: number;
  protected readonly recurrentDropout: number;
  protected kernel?: LayerVariable;
  protected recurrentKernel?: LayerVariable;
  protected bias?: LayerVariable;
  private settled?: SettledBias;

  /**
   * @param config as the subclass takes it.
   * @param stem of the name, where none is given.
   * @param gates how many there are.
   * @param size the option that says how many units there are.
   */
  protected constructor(
    config: GatedCellConfig,
    stem: string,
    protected readonly gates: number,
    size = "units",
  ) {
    super({ ...DEFAULTS, ...config }, stem);
    this.units = this.options.positive(size);
    this.activation = this.options.activation("activation");
    this.useBias = this.options.bool("useBias", true);
    this.choice = biasOptions(this.options, this.useBias);
    this.kernelParts = this.options.weight("kernel", "glorotUniform");
    this.recurrentParts = this.options.weight("recurrent", "orthogonal");
    this.biasParts = this.options.weight("bias", "zeros");
    this.dropout = this.options.number("dropout", 0, 0);
    this.recurrentDropout = this.options.number("recurrentDropout", 0, 0);
  }

  /** Number of products with a bias each; null if only the input's has one. */
  protected projections(): number | null {
    return null;
  }

  /** How the bias starts, given how many it has for the gates. */
  protected startOfBias(initializer: Initializer, _gates: number): Initializer {
    return initializer;
  }

  override get stateSizes(): readonly number[] {
    return [this.units];
  }

  override build(features: number, add: AddWeight): void {
    const width = this.gates * this.units;
    const settled = this.useBias ? this.#settledBias() : undefined;
    this.kernel = add("kernel", [features, width], this.kernelParts, true);
    this.recurrentKernel = add("recurrent_kernel", [this.units, width], this.recurrentParts, true);
    if (settled) {
      const { stored, counts } = settled.resolved;
      const initializer = this.options.checked(() =>
        this.startOfBias(this.biasParts.initializer, counts.at(-2) ?? 1),
      );
      const parts = { ...this.biasParts, initializer };
      this.settled = settled;
      this.bias = add("bias", stored, parts, this.choice.trainable);
    }
  }

  #settledBias(): SettledBias {
    const projections = this.projections();
    const sizes = [this.gates, this.units];
    const { shape: spec } = this.choice;
    return {
      spec,
      resolved: this.options.checked(() =>
        resolvedRecurrent(spec, this.gates, this.units, projections),
      ),
      sizes: projections ? [projections, ...sizes] : sizes,
    };
  }

  override begin(batch: number, training: boolean): Pass {
    const { kernel, recurrentKernel } = this;
    if (!kernel || !recurrentKernel) {
      throw new Error(`the cell '${this.name}' has no weights yet. Build its layer first.`);
    }
    const [bias = null, recurrentBias = null] = this.#biases();
    const apart = this.recurrentDropout > 0; // so Keras has it for the input's, too
    const drawn = (rate: number, features: number): readonly Tensor[] =>
      training ? drops(rate, [batch, features], apart ? this.gates : 1) : [];
    const columns = kernel.read();
    const weighted = weigher(columns, drawn(this.dropout, columns.shape[0]));
    return this.steps({
      project: (x) => (bias ? add(weighted(x), bias) : weighted(x)),
      recurrentKernel: recurrentKernel.read(),
      recurrentBias,
      kept: drawn(this.recurrentDropout, this.units),
    });
  }

  /** The pass, of what it reads. */
  protected abstract steps(reading: Reading): Pass;

  /** The full bias of each product: one for each gate and unit. */
  #biases(): readonly Tensor[] {
    const { bias, settled } = this;
    if (!bias || !settled) {
      return [];
    }
    const sizes = settled.sizes as readonly number[];
    const apart = expanded(bias.read(), settled);
    const width = this.gates * this.units;
    const rows = this.projections() ?? 1;
    const full = apart.size < rows * width ? add(apart, zeros([...sizes])) : apart;
    return unstacked(reshape(full, [rows, width]), 0);
  }
}

/** So many draws of what remains of a shape; none if nothing is dropped. */
export function drops(rate: number, shape: [number, number], count: number): readonly Tensor[] {
  return rate > 0 && rate < 1
    ? Array.from({ length: count }, () => dropout(ones(shape), rate))
    : [];
}

/**
 * Products with a kernel, of what remains of x.
 *
 * @param kept what remains: nothing dropped if empty, one for all gates or one for each.
 */
export function weigher(kernel: Tensor, kept: readonly Tensor[]): Product {
  const [first, ...others] = kept;
  if (!first) {
    return (x) => dot(x, kernel);
  }
  if (others.length === 0) {
    return (x) => dot(remains(x, first), kernel);
  }
  const kernels = split(kernel, kept.length, 1);
  return (x) => {
    const gates = kernels.map((columns, gate) => dot(remains(x, kept[gate] ?? first), columns));
    return concat(gates, -1);
  };
}

/** x, `(batch, ..., features)`, with what is kept of it, `(batch, features)`. */
function remains(x: Tensor, kept: Tensor): Tensor {
  return mul(x, x.rank === 2 ? kept : expandDims(kept, 0));
}
