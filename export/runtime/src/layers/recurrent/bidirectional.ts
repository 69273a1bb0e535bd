/** Two recurrent layers on one sequence, one of them from its end. */

import type { Tensor, serialization } from "@tensorflow/tfjs-core";
import { add, concat, div, mul, reverse } from "@tensorflow/tfjs-core";
import type { Shape } from "@tensorflow/tfjs-layers";
import type { LayerConfig } from "../../options";
import type { SerializedPart } from "../../parts";
import { under } from "./cell";
import { made } from "./made";
import type { Made } from "./on_sequences";
import { OnSequences, firstShape, one } from "./on_sequences";
import { Recurrent } from "./recurrent";

/** How two outputs become one. */
const MERGES = {
  concat: (y: Tensor, other: Tensor) => concat([y, other], -1),
  sum: (y: Tensor, other: Tensor) => add(y, other),
  mul: (y: Tensor, other: Tensor) => mul(y, other),
  ave: (y: Tensor, other: Tensor) => div(add(y, other), 2),
} as const;

type Merge = keyof typeof MERGES;

/** What a `Bidirectional` is made of. */
export interface BidirectionalConfig extends LayerConfig {
  readonly layer: Recurrent | SerializedPart;
  /** The same layer backwards, with weights of its own, if left out or null. */
  readonly backwardLayer?: Recurrent | SerializedPart | null;
  /** "concat" if left out; null hands out both. */
  readonly mergeMode?: Merge | null;
}

/**
 * A recurrent layer forwards, another backwards: the twin of Keras's `Bidirectional`.
 *
 * Input shape: `(batch, steps, features)`, then the states of both layers if you give any. Output
 * shape: that of one layer, its last axis doubled by "concat"; two of them with `mergeMode: null`;
 * then the states of both layers if they return them.
 */
export class Bidirectional extends OnSequences {
  static get className(): string {
    return "keras>Bidirectional";
  }

  readonly forwardLayer: Recurrent;
  readonly backwardLayer: Recurrent;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly #mergeMode: Merge | null;

  constructor(config: BidirectionalConfig) {
    super(config, "bidirectional");
    const { options } = this;
    this.#mergeMode =
      config.mergeMode === null
        ? null
        : options.oneOf("mergeMode", ["concat", "sum", "mul", "ave"]);
    const { layer, backwardLayer } = config;
    this.forwardLayer = options.checked(() => made("layer", layer, Recurrent));
    this.backwardLayer = options.checked(() =>
      made("backward_layer", backwardLayer ?? backwards(this.forwardLayer), Recurrent),
    );
    this.returnSequences = this.forwardLayer.returnSequences;
    this.returnState = this.forwardLayer.returnState;
    this._stateful = this.forwardLayer.stateful;
    options.checked(() => {
      checkPair(this.forwardLayer, this.backwardLayer, this.#mergeMode);
    });
  }

  protected override make(inputShape: Shape | Shape[]): void {
    this.#both((layer, name) => {
      const add = under(this.weight.bind(this), `${name}/`, layer.trainable);
      layer.prepare(firstShape(inputShape), add);
    });
  }

  protected override shapeOf(inputShape: Shape | Shape[]): Shape | Shape[] {
    const [[y, ...states], [other, ...others]] = this.#both((layer) => {
      const shapes = layer.computeOutputShape(inputShape);
      return (Array.isArray(shapes[0]) ? shapes : [shapes]) as [Shape, ...Shape[]];
    });
    const joined = [...y.slice(0, -1), (y.at(-1) ?? 0) + (other.at(-1) ?? 0)];
    const outputs = this.#mergeMode ? [this.#mergeMode === "concat" ? joined : y] : [y, other];
    return one([...outputs, ...states, ...others]);
  }

  protected override outputCount(): number {
    return this.#mergeMode ? 1 : 2;
  }

  protected override stateCount(): number {
    return this.forwardLayer.stateCount() + this.backwardLayer.stateCount();
  }

  protected override through(
    x: Tensor,
    states: readonly Tensor[],
    mask: Tensor | null,
    training: boolean,
  ): Made {
    const { returnSequences } = this;
    const half = this.forwardLayer.stateCount();
    const [ahead, back] = this.#both((layer, name) => {
      const own = name === "forward" ? states.slice(0, half) : states.slice(half);
      const { goBackwards, unroll } = layer;
      // Keras forces the last of these on both layers, whatever they were given.
      const course = { returnSequences, goBackwards, unroll, zeroOutputForMask: returnSequences };
      return layer.run(x, own, mask, training, course);
    });
    const y = ahead.output;
    const other = returnSequences ? reverse(back.output, 1) : back.output;
    return {
      outputs: this.#mergeMode ? [MERGES[this.#mergeMode](y, other)] : [y, other],
      states: [...ahead.states, ...back.states],
    };
  }

  override resetStates(): void {
    this.#both((layer) => {
      layer.resetStates();
    });
  }

  override getConfig(): serialization.ConfigDict {
    const [layer, backwardLayer] = this.#both((each) => ({
      className: each.getClassName(),
      config: each.getConfig(),
    }));
    return { ...super.getConfig(), layer, backwardLayer, mergeMode: this.#mergeMode };
  }

  /** Of both layers, which are called by the names that their weights have. */
  #both<T>(compute: (layer: Recurrent, name: "forward" | "backward") => T): [T, T] {
    return [compute(this.forwardLayer, "forward"), compute(this.backwardLayer, "backward")];
  }
}

/** The same layer, in the other direction. */
function backwards(layer: Recurrent): SerializedPart {
  const name = `backward_${layer.name}`;
  return {
    className: layer.getClassName(),
    config: { ...layer.getConfig(), goBackwards: true, name },
  };
}

/** Refuses two layers whose outputs do not go together. */
function checkPair(layer: Recurrent, backward: Recurrent, mergeMode: Merge | null): void {
  if (layer.goBackwards === backward.goBackwards) {
    throw new Error(
      "layer and backward_layer go the same way. Give one of them go_backwards=True.",
    );
  }
  const same = ["stateful", "returnSequences", "returnState"] as const;
  const apart = same.find((option) => layer[option] !== backward[option]);
  if (apart) {
    throw new Error(
      `layer and backward_layer differ in ${apart.replace(/[A-Z]/, (x) => `_${x.toLowerCase()}`)}. ` +
        "Give both the same.",
    );
  }
  const sizes = [layer, backward].map(({ cell }) => cell.outputOf(cell.stateSizes));
  if (mergeMode && mergeMode !== "concat" && sizes[0] !== sizes[1]) {
    throw new Error(
      `merge_mode='${mergeMode}' needs outputs of one size, and they have ` +
        `${sizes.join(" and ")}. Use 'concat' or None.`,
    );
  }
}
