/** SimpleRNN, LSTM and GRU, with a bias of any shape, and an RNN of any cell. */

import type { serialization } from "@tensorflow/tfjs-core";
import type { SerializedPart } from "../../parts";
import { Cell } from "./cell";
import type { GRUCellConfig, LSTMCellConfig, SimpleRNNCellConfig } from "./cells";
import { GRUCell, LSTMCell, SimpleRNNCell } from "./cells";
import { made } from "./made";
import type { RecurrentConfig } from "./recurrent";
import { Recurrent } from "./recurrent";
import { StackedRNNCells } from "./stacked";

/** What a layer of a cell is given: all that the cell takes, in the layer's own name. */
type Of<Config> = RecurrentConfig & Omit<Config, "name" | "trainable">;

export type SimpleRNNConfig = Of<SimpleRNNCellConfig>;
export type LSTMConfig = Of<LSTMCellConfig>;
export type GRUConfig = Of<GRUCellConfig>;

/** What an `RNN` is made of. */
export interface RNNConfig extends RecurrentConfig {
  /** A cell, or several: the output of each is the input of the next. */
  readonly cell: Cell | SerializedPart | readonly (Cell | SerializedPart)[];
}

/** The cell's part of a layer's; whether it is trainable is the layer's affair. */
function cellConfig<Config extends object>(config: Config, name: string): Config {
  return { ...config, name, trainable: true };
}

/** A layer whose cell is its own: the cell's options are the layer's. */
abstract class OfOwnCell extends Recurrent {
  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...this.cell.ownConfig() };
  }
}

/** `h = activation(x W + h U + b)`: the twin of `SimpleRNN`, Keras's and keras_bias's. */
export class SimpleRNN extends OfOwnCell {
  static get className(): string {
    return "keras>SimpleRNN";
  }

  constructor(config: SimpleRNNConfig) {
    super(config, "simple_rnn", (name) => new SimpleRNNCell(cellConfig(config, name)));
  }
}

/**
 * Long short-term memory: the twin of `LSTM`, Keras's and keras_bias's.
 *
 * Input shape: `(batch, steps, features)`, then states if you give any. Output shape:
 * `(batch, units)`, or `(batch, steps, units)` with `returnSequences`; then the states h and c with
 * `returnState`.
 */
export class LSTM extends OfOwnCell {
  static get className(): string {
    return "keras>LSTM";
  }

  constructor(config: LSTMConfig) {
    super(config, "lstm", (name) => new LSTMCell(cellConfig(config, name)));
  }
}

/** Gated recurrent units: the twin of `GRU`, Keras's and keras_bias's. */
export class GRU extends OfOwnCell {
  static get className(): string {
    return "keras>GRU";
  }

  constructor(config: GRUConfig) {
    super(config, "gru", (name) => new GRUCell(cellConfig(config, name)));
  }
}

/** A cell of your choice, or a stack of them, through a sequence: the twin of Keras's `RNN`. */
export class RNN extends Recurrent {
  static get className(): string {
    return "keras>RNN";
  }

  constructor(config: RNNConfig) {
    super(config, "rnn", () => cellOf(config.cell));
  }

  override getConfig(): serialization.ConfigDict {
    const cell = { className: this.cell.getClassName(), config: this.cell.getConfig() };
    return { ...super.getConfig(), cell };
  }
}

function cellOf(given: RNNConfig["cell"]): Cell {
  return Array.isArray(given)
    ? new StackedRNNCells({ cells: given as readonly (Cell | SerializedPart)[] })
    : made("cell", given, Cell);
}
