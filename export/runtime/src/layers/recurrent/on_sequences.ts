/** A layer on sequences with states: what tfjs calls it on, with which mask, and how often. */

import type { Tensor } from "@tensorflow/tfjs-core";
import { Tensor as TensorClass, engine } from "@tensorflow/tfjs-core";
import type { Shape, SymbolicTensor } from "@tensorflow/tfjs-layers";
import type { Kwargs } from "../../inputs";
import type { Selective } from "../../masks";
import { MASKED, ownMask } from "../../masks";
import { Twin } from "../twin";

/** What a layer makes of sequences. */
export interface Made {
  readonly outputs: readonly Tensor[];
  readonly states: readonly Tensor[];
}

type Masks = Tensor | (Tensor | null)[] | null | undefined;
type Applied = Tensor | Tensor[] | SymbolicTensor | SymbolicTensor[];

/**
 * A layer that is called on sequences, and on the states it begins with if there are any: on tensors
 * of one list. It gives back its outputs, then its states if `returnState`.
 */
export abstract class OnSequences extends Twin<Tensor | Tensor[]> implements Selective {
  abstract readonly returnSequences: boolean;
  abstract readonly returnState: boolean;
  /** What it made of which inputs, by their ids, in the scope that tfjs is in. */
  readonly #done = new Map<string, Applied>();
  #scope: unknown;

  /** Number of outputs that are no states. */
  protected abstract outputCount(): number;

  /** Number of states. */
  protected abstract stateCount(): number;

  /** What comes of sequences; `states` are none where it is to begin with its own. */
  protected abstract through(
    x: Tensor,
    states: readonly Tensor[],
    mask: Tensor | null,
    training: boolean,
  ): Made;

  /**
   * As in tfjs, where `initialState` is one way to give states.
   *
   * tfjs's executor calls a layer again for each output that a model uses. Here it is given what the
   * first call made: states would go on twice, and other inputs be dropped.
   */
  override apply(inputs: Applied, kwargs: Kwargs = {}): Applied {
    const { initialState, ...others } = kwargs as { initialState?: Tensor | Tensor[] };
    if (initialState !== undefined) {
      return this.apply([inputs, initialState].flat() as Tensor[], others);
    }
    const scope: unknown = engine().state.activeScope;
    if (!Array.isArray(inputs) || !inputs.every(isTensor) || !scope || !this.#isShared()) {
      return super.apply(inputs, kwargs);
    }
    if (scope !== this.#scope) {
      this.#done.clear();
      this.#scope = scope;
    }
    const key = String(inputs.map(({ id }) => id));
    const made = this.#done.get(key) ?? super.apply(inputs, kwargs);
    this.#done.set(key, made);
    return made;
  }

  /** Whether it is part of a model, with more outputs than one. */
  #isShared(): boolean {
    return this.inboundNodes.length > 0 && (this.returnState || this.outputCount() > 1);
  }

  override computeMask(_inputs: Tensor | Tensor[], mask?: Masks): Tensor | Tensor[] {
    const given = (Array.isArray(mask) ? mask[0] : mask) ?? null;
    const count = this.outputCount() + (this.returnState ? this.stateCount() : 0);
    const masks = Array.from({ length: count }, (_, output) =>
      this.maskedInput(output) === 0 ? given : null,
    );
    return one(masks) as Tensor | Tensor[]; // tfjs has no type for no mask, but means it
  }

  maskedInput(output: number): number | null {
    return this.returnSequences && output < this.outputCount() ? 0 : null;
  }

  protected override compute(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor | Tensor[] {
    const [x, ...given] = [inputs].flat() as [Tensor, ...Tensor[]];
    const expected = this.stateCount();
    if (given.length && given.length !== expected) {
      throw new Error(
        `called with ${given.length} states, and has ${expected}. ` +
          `Call it on the input and ${expected} states, or on the input alone.`,
      );
    }
    // A Keras model hands a layer the mask of its input only where that is all it is called on. One
    // that is given by hand comes from the layer before.
    const { inboundNodes } = this;
    const byHand = inboundNodes.some(({ inputTensors }) =>
      inputTensors.slice(0, 1).some(({ sourceLayer }) => sourceLayer.getClassName() === MASKED),
    );
    const unmasked = given.length > 0 && inboundNodes.length > 0 && !byHand;
    const mask = unmasked ? null : maskOf(this, kwargs);
    const { outputs, states } = this.through(x, given, mask, kwargs["training"] === true);
    const all = [...outputs, ...(this.returnState ? states : [])];
    // The last output is a state too, and tfjs frees each of a layer's outputs by itself.
    return one(all.map((each, at) => (all.indexOf(each) < at ? each.clone() : each)));
  }

  /** Forgets the states that it has kept, if it is stateful. */
  abstract override resetStates(): void;

  protected override disposeWeights(): number {
    this.resetStates();
    return super.disposeWeights();
  }
}

/** The layer's own mask of its first input. */
export function maskOf(layer: Twin<Tensor | Tensor[]>, kwargs: Kwargs): Tensor | null {
  const given: unknown = kwargs["mask"];
  return ownMask(layer, { ...kwargs, mask: Array.isArray(given) ? (given[0] as unknown) : given });
}

/** That of the sequences. */
export function firstShape(shape: Shape | Shape[]): Shape {
  return Array.isArray(shape[0]) ? shape[0] : (shape as Shape);
}

/** The only one, or all. */
export function one<T>(values: T[]): T | T[] {
  return values.length === 1 ? (values[0] as T) : values;
}

function isTensor(value: Tensor | SymbolicTensor): value is Tensor {
  return value instanceof TensorClass;
}
