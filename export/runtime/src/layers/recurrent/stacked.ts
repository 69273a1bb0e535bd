/** Several cells as one: each is given the output of the one below it. */

import type { serialization } from "@tensorflow/tfjs-core";
import type { SerializedPart } from "../../parts";
import type { AddWeight, CellConfig, Pass } from "./cell";
import { Cell, under } from "./cell";
import { made } from "./made";

/** What `StackedRNNCells` is made of. */
export interface StackedRNNCellsConfig extends CellConfig {
  /** From the one that has the input to the one that has the output. */
  readonly cells: readonly (Cell | SerializedPart)[];
}

/** Its states are those of its cells, in the order of the cells, as Keras and unlike stock tfjs. */
export class StackedRNNCells extends Cell {
  static get className(): string {
    return "keras>StackedRNNCells";
  }

  readonly cells: readonly Cell[];

  constructor(config: StackedRNNCellsConfig) {
    super(config, "stacked_rnn_cells");
    this.cells = config.cells.map((cell) => made("cells", cell, Cell));
    if (this.cells.length === 0) {
      throw new Error(`'${this.name}': cells=[] is empty. Give it one cell at least.`);
    }
  }

  override get stateSizes(): readonly number[] {
    return this.cells.flatMap((cell) => cell.stateSizes);
  }

  override get outputState(): number {
    const top = this.cells.at(-1);
    return this.stateSizes.length - (top ? top.stateSizes.length - top.outputState : 0);
  }

  override build(features: number, add: AddWeight): void {
    let size = features;
    this.cells.forEach((cell, index) => {
      cell.build(size, under(add, `cell_${index}/`, cell.trainable));
      size = cell.outputOf(cell.stateSizes);
    });
  }

  override begin(batch: number, training: boolean): Pass {
    const passes = this.cells.map((cell) => cell.begin(batch, training));
    const [bottom] = passes as [Pass];
    return {
      project: bottom.project,
      step: (projected, states) => {
        let input = projected;
        let first = 0;
        return this.cells.flatMap((cell, index) => {
          const pass = passes[index] ?? bottom;
          const own = states.slice(first, first + cell.stateSizes.length);
          first += cell.stateSizes.length;
          const next = pass.step(index === 0 ? input : pass.project(input), own);
          input = cell.outputOf(next);
          return next;
        });
      },
    };
  }

  override ownConfig(): serialization.ConfigDict {
    return {
      cells: this.cells.map((cell) => ({
        className: cell.getClassName(),
        config: cell.getConfig(),
      })),
    };
  }
}
