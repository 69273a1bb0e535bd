/** What all recurrent layers do alike around their cell. */

import type { Tensor } from "@tensorflow/tfjs-core";
import { dispose, keep, zeros } from "@tensorflow/tfjs-core";
import type { Shape } from "@tensorflow/tfjs-layers";
import { floats, knownSize } from "../../inputs";
import type { LayerConfig } from "../../options";
import { spoken, tuple } from "../../python";
import type { AddWeight, Cell } from "./cell";
import { under } from "./cell";
import type { Course, Outcome } from "./loop";
import { run } from "./loop";
import type { Made } from "./on_sequences";
import { OnSequences, firstShape, one } from "./on_sequences";

/** What every recurrent layer is given apart from its cell. */
export interface RecurrentConfig extends LayerConfig, Partial<Course> {
  /** Whether the states come out too, after the output. */
  readonly returnState?: boolean;
  /** Whether a batch begins with the states that the one before it ended with. */
  readonly stateful?: boolean;
}

/** A cell, and what it does with a sequence. */
export abstract class Recurrent extends OnSequences implements Course {
  readonly cell: Cell;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
  readonly zeroOutputForMask: boolean;
  readonly unroll: boolean;
  /** Those a batch begins with, if it is stateful; none for zeros. */
  #kept: readonly Tensor[] = [];
  #batch: number | null = null;

  /**
   * @param config as the subclass takes it.
   * @param stem of the name, where none is given.
   * @param cellFor the cell of a layer of that name.
   */
  constructor(config: RecurrentConfig, stem: string, cellFor: (name: string) => Cell) {
    super(config, stem);
    const { options } = this;
    this.returnSequences = options.bool("returnSequences", false);
    this.returnState = options.bool("returnState", false);
    this.goBackwards = options.bool("goBackwards", false);
    this.zeroOutputForMask = options.bool("zeroOutputForMask", false);
    this.unroll = options.bool("unroll", false);
    this._stateful = options.bool("stateful", false);
    this.cell = options.checked(() => cellFor(this.name));
  }

  protected override make(inputShape: Shape | Shape[]): void {
    this.prepare(firstShape(inputShape), this.weight.bind(this));
  }

  /** Makes the weights; another layer may do it, and own them. */
  prepare(inputShape: Shape, add: AddWeight): void {
    const [batch = null] = sequence(inputShape);
    if (this.stateful && batch === null) {
      throw new Error(
        `stateful=True needs a fixed number of sequences (input shape ${tuple(inputShape)}). ` +
          "Give the input a batch_shape.",
      );
    }
    this.#batch = batch;
    this.cell.build(knownSize(2, inputShape), under(add, "", this.cell.trainable));
  }

  protected override shapeOf(inputShape: Shape | Shape[]): Shape | Shape[] {
    const [batch = null, steps = null] = sequence(firstShape(inputShape));
    const states = this.cell.stateSizes.map((size): Shape => [batch, size]);
    const size = this.cell.outputOf(this.cell.stateSizes);
    const output: Shape = this.returnSequences ? [batch, steps, size] : [batch, size];
    return one([output, ...(this.returnState ? states : [])]);
  }

  protected override outputCount(): number {
    return 1;
  }

  override stateCount(): number {
    return this.cell.stateSizes.length;
  }

  protected override through(
    x: Tensor,
    states: readonly Tensor[],
    mask: Tensor | null,
    training: boolean,
  ): Made {
    const outcome = this.run(x, states, mask, training);
    return { outputs: [outcome.output], states: outcome.states };
  }

  /**
   * The output for sequences, and the states after them.
   *
   * @param x `(batch, steps, features)`
   * @param states those it begins with; its own if there are none.
   * @param mask `(batch, steps)`: 0 where a step changes nothing; null for none.
   * @param training whether to drop out.
   * @param course how to go through them; its own way if left out.
   */
  run(
    x: Tensor,
    states: readonly Tensor[],
    mask: Tensor | null,
    training: boolean,
    course: Course = this,
  ): Outcome {
    const [batch] = sequence(x.shape) as [number];
    if (this.stateful && batch !== this.#batch) {
      throw new Error(
        `stateful=True keeps the states of ${spoken(this.#batch)} sequences, and was called on ` +
          `${batch}. Call it on ${spoken(this.#batch)}.`,
      );
    }
    const zero = (): Tensor[] => this.cell.stateSizes.map((size) => zeros([batch, size]));
    const begin = [states, this.#kept].find((given) => given.length)?.map(floats) ?? zero();
    const outcome = run(this.cell, floats(x), begin, mask, course, training);
    if (this.stateful) {
      this.#keep(outcome.states);
    }
    return outcome;
  }

  /** Forgets the states; zeros, or those that are given, are what the next batch begins with. */
  override resetStates(states: Tensor | Tensor[] = []): void {
    this.#keep([states].flat());
  }

  #keep(states: readonly Tensor[]): void {
    const before = [...this.#kept];
    // What a gradient still needs of those before, tfjs has saved.
    this.#kept = states.map((state) => keep(state.clone()));
    dispose(before);
  }
}

function sequence(shape: Shape): Shape {
  if (shape.length !== 3) {
    throw new Error(
      `called on the shape ${tuple(shape)}. Call it on sequences: (batch, steps, features).`,
    );
  }
  return shape;
}
