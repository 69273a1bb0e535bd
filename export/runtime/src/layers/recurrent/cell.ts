/**
 * A cell: what a recurrent layer computes at each step.
 *
 * Cells are no layers of tfjs: the layer they belong to owns their weights, by these names.
 *   - `<layer>/kernel`, `<layer>/recurrent_kernel`, `<layer>/bias`: of SimpleRNN, LSTM, GRU, RNN
 *   - `<layer>/cell_<i>/kernel` ...: of the i-th of StackedRNNCells in an RNN, the lowest is 0
 *   - `<layer>/forward/kernel`, `<layer>/backward/kernel` ...: in Bidirectional, before all else
 */

import type { Tensor } from "@tensorflow/tfjs-core";
import { serialization } from "@tensorflow/tfjs-core";
import type { LayerVariable } from "@tensorflow/tfjs-layers";
import type { WeightParts } from "../../options";
import { Options } from "../../options";

/** What makes a weight; the name has no slash in front. */
export type AddWeight = (
  name: string,
  shape: readonly number[],
  parts: WeightParts,
  trainable: boolean,
) => LayerVariable;

/** A sequence's worth of steps: weights are read once, and what is dropped is drawn once. */
export interface Pass {
  /** What a step makes of its input alone: `(..., features)`, for one step or all at once. */
  readonly project: (x: Tensor) => Tensor;
  /** The next states, of a step's projected input, `(batch, ...)`, and the states before. */
  readonly step: (projected: Tensor, states: readonly Tensor[]) => Tensor[];
}

/** What every cell is given. */
export interface CellConfig {
  readonly name?: string;
  /** Whether training changes its weights; true if left out. */
  readonly trainable?: boolean;
}

/** The output of a step is one of the states. */
export abstract class Cell extends serialization.Serializable {
  readonly name: string;
  readonly trainable: boolean;
  protected readonly options: Options;
  /** The size of each state, `(batch, size)`. */
  abstract readonly stateSizes: readonly number[];
  /** Which of the states is the output. */
  abstract readonly outputState: number;

  constructor(config: CellConfig, stem: string) {
    super();
    this.name = config.name ?? stem;
    this.trainable = config.trainable ?? true;
    this.options = new Options(this.name, config);
  }

  /** Makes the weights, for inputs with that many features. */
  abstract build(features: number, add: AddWeight): void;

  /**
   * Reads the weights.
   *
   * @param batch the number of sequences.
   * @param training whether to drop out.
   */
  abstract begin(batch: number, training: boolean): Pass;

  /** That of the states which is the output. */
  outputOf<State>(states: readonly State[]): State {
    return states[this.outputState] as State;
  }

  /** The options apart from the name and from `trainable`, which a layer has too. */
  ownConfig(): serialization.ConfigDict {
    return this.options.written();
  }

  override getConfig(): serialization.ConfigDict {
    return { name: this.name, trainable: this.trainable, ...this.ownConfig() };
  }
}

/** The same, its weights by longer names: `<prefix>/<name>`, frozen if `trainable` is false. */
export function under(add: AddWeight, prefix: string, trainable: boolean): AddWeight {
  return (name, shape, parts, trains) => add(prefix + name, shape, parts, trainable && trains);
}
