/** The cells of SimpleRNN, LSTM and GRU: one step of each, in Keras's formulas. */

import type { Tensor } from "@tensorflow/tfjs-core";
import { add, concat, matMul, mul, ones, split, sub, tidy } from "@tensorflow/tfjs-core";
import type { Activation } from "../../activations";
import type { Initializer } from "../../parts";
import { spokenShape } from "../../shape";
import type { Pass } from "./cell";
import type { GatedCellConfig, Reading, RecurrentActivation } from "./gated_cell";
import { GatedCell, weigher } from "./gated_cell";

export type SimpleRNNCellConfig = GatedCellConfig;

export interface LSTMCellConfig extends GatedCellConfig, RecurrentActivation {
  /** Whether the biases of the forget gate start at 1; true if left out. */
  readonly unitForgetBias?: boolean;
}

export interface GRUCellConfig extends GatedCellConfig, RecurrentActivation {
  /** Whether the state is weighted before it is reset, with biases of its own; true if left out. */
  readonly resetAfter?: boolean;
}

/** `h = activation(x W + h U + b)` */
export class SimpleRNNCell extends GatedCell {
  static get className(): string {
    return "keras>SimpleRNNCell";
  }

  constructor(config: SimpleRNNCellConfig) {
    super(config, "simple_rnn_cell", 1);
  }

  protected override steps({ project, recurrentKernel, kept }: Reading): Pass {
    const recur = weigher(recurrentKernel, kept);
    return {
      project,
      step: (projected, states) => {
        const [h] = states as [Tensor];
        return [this.activation.apply(add(projected, recur(h)))];
      },
    };
  }
}

/** `c = f c + i activation(z)`, `h = o activation(c)`; gates in the order i, f, z, o. */
export class LSTMCell extends GatedCell {
  static get className(): string {
    return "keras>LSTMCell";
  }

  protected readonly recurrentActivation: Activation;
  protected readonly unitForgetBias: boolean;

  /**
   * @param config of an LSTM.
   * @param stem of the name, where none is given.
   * @param size the option that says how many units there are.
   */
  constructor(config: LSTMCellConfig, stem = "lstm_cell", size = "units") {
    super(config, stem, 4, size);
    this.recurrentActivation = this.options.activation("recurrentActivation");
    this.unitForgetBias = this.options.bool("unitForgetBias", true);
  }

  override get stateSizes(): readonly number[] {
    return [this.units, this.units];
  }

  protected override steps({ project, recurrentKernel, kept }: Reading): Pass {
    const recur = weigher(recurrentKernel, kept);
    const { activation, recurrentActivation } = this;
    return {
      project,
      step: (projected, states) => {
        const [h, c] = states as [Tensor, Tensor];
        const gates = split(add(projected, recur(h)), 4, 1);
        const [zi, zf, zc, zo] = gates as [Tensor, Tensor, Tensor, Tensor];
        const input = mul(recurrentActivation.apply(zi), activation.apply(zc));
        const carried = add(mul(recurrentActivation.apply(zf), c), input);
        return [mul(recurrentActivation.apply(zo), activation.apply(carried)), carried];
      },
    };
  }

  protected override startOfBias(initializer: Initializer, gates: number): Initializer {
    if (!this.unitForgetBias) {
      return initializer;
    }
    if (gates !== 4) {
      throw new Error(
        "unit_forget_bias=True needs a bias for the forget gate alone, and " +
          `bias_shape=${spokenShape(this.choice.shape)} shares it with other gates. ` +
          "Use unit_forget_bias=False, or bias_shape='gate'.",
      );
    }
    return forgetting(initializer);
  }
}

/** `h = z h + (1 - z) candidate`; gates in the order z (update), r (reset), candidate. */
export class GRUCell extends GatedCell {
  static get className(): string {
    return "keras>GRUCell";
  }

  readonly #recurrentActivation: Activation;
  readonly #resetAfter: boolean;

  constructor(config: GRUCellConfig) {
    super(config, "gru_cell", 3);
    this.#recurrentActivation = this.options.activation("recurrentActivation");
    this.#resetAfter = this.options.bool("resetAfter", true);
  }

  protected override projections(): number | null {
    return this.#resetAfter ? 2 : null;
  }

  protected override steps(reading: Reading): Pass {
    const { project } = reading;
    const candidate = this.#resetAfter ? this.#after(reading) : this.#before(reading);
    return {
      project,
      step: (projected, states) => {
        const [h] = states as [Tensor];
        const { update, proposed } = candidate(projected, h);
        return [add(mul(update, h), mul(sub(1, update), this.activation.apply(proposed)))];
      },
    };
  }

  /** The state is weighted, then reset. */
  #after({ recurrentKernel, recurrentBias, kept }: Reading): Candidate {
    const weighted = weigher(recurrentKernel, kept);
    return (projected, h) => {
      const inner = recurrentBias ? add(weighted(h), recurrentBias) : weighted(h);
      const [xz, xr, xh] = split(projected, 3, 1) as [Tensor, Tensor, Tensor];
      const [hz, hr, hh] = split(inner, 3, 1) as [Tensor, Tensor, Tensor];
      const reset = this.#recurrentActivation.apply(add(xr, hr));
      return {
        update: this.#recurrentActivation.apply(add(xz, hz)),
        proposed: add(xh, mul(reset, hh)),
      };
    };
  }

  /** The state is reset, then weighted. */
  #before({ recurrentKernel, kept }: Reading): Candidate {
    const { units } = this;
    const sizes = [2 * units, units];
    const [ofGates, ofCandidate] = split(recurrentKernel, sizes, 1) as [Tensor, Tensor];
    const weighted = weigher(ofGates, kept.slice(0, 2));
    const last = kept.at(-1);
    return (projected, h) => {
      const [xzr, xh] = split(projected, sizes, 1) as [Tensor, Tensor];
      const [zz, zr] = split(add(xzr, weighted(h)), 2, 1) as [Tensor, Tensor];
      const reset = mul(this.#recurrentActivation.apply(zr), last ? mul(h, last) : h);
      return {
        update: this.#recurrentActivation.apply(zz),
        proposed: add(xh, matMul(reset, ofCandidate)),
      };
    };
  }
}

/** The update gate, and the candidate before its activation. */
type Candidate = (
  projected: Tensor,
  h: Tensor,
) => { readonly update: Tensor; readonly proposed: Tensor };

/** The start of an LSTM's bias, with ones for the forget gate. */
function forgetting(initializer: Initializer): Initializer {
  const start = Object.create(initializer) as Initializer;
  start.apply = (shape, dtype) =>
    tidy(() => {
      const gate = (shape[0] ?? 4) / 4;
      const forget = ones([gate], dtype);
      return concat([
        initializer.apply([gate], dtype),
        forget,
        initializer.apply([2 * gate], dtype),
      ]);
    });
  return start;
}
