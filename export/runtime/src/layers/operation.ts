/** Operations of `keras.ops` between a model's layers. */

import type { Tensor, serialization } from "@tensorflow/tfjs-core";
import { tidy, zeros } from "@tensorflow/tfjs-core";
import type { Shape } from "@tensorflow/tfjs-layers";
import { at, floats } from "../inputs";
import { NO_MASK } from "../masks";
import { decoded, Given } from "../operation/given";
import { ELEMENTWISE, OPERATIONS } from "../operation/operations";
import type { LayerConfig } from "../options";
import { Options } from "../options";
import { spoken } from "../python";
import { Twin } from "./twin";

/** What an `Operation` is made of. */
export interface OperationConfig extends LayerConfig {
  /** Keras's class, such as "Add". */
  readonly operation: { readonly name: string };
  /**
   * What it is called with: `{tensor: 0}` for the first tensor that the layer is called on, with the
   * `dtype` that Keras computes it in if that is not float32; `{float: 0.5}`; `{slice: [...]}`;
   * `{ellipsis: true}`; `{array: [...], dtype}`; whole numbers and truths as they are.
   */
  readonly arguments: readonly unknown[];
  /** What Keras's class is made of. */
  readonly options?: object;
  /** Whether what comes out is float32 in any case: for layers that take nothing else. */
  readonly floats?: boolean;
}

/** Sizes that stand for unknown ones, to see what becomes of them; the latter come out even. */
const PROBES = [
  [2, 3],
  [24, 48],
] as const;

/**
 * An operation on tensors: the twin of what `x * 2`, `x[:, 0]` and `keras.ops.mean(x)` leave in a
 * functional model.
 *
 * Input shapes and output shape: the operation's. The output has no mask, as in Keras.
 */
export class Operation extends Twin<Tensor | Tensor[]> {
  static get className(): string {
    return "keras>Operation";
  }

  private readonly operation: string;
  private readonly written: readonly unknown[];
  private readonly given: object;
  private readonly floats: boolean;
  #outputs = 1;

  constructor(config: OperationConfig) {
    super(config, "operation");
    this.operation = config.operation.name;
    this.written = config.arguments;
    this.given = config.options ?? {};
    this.floats = config.floats ?? false;
    if (!(this.operation in OPERATIONS)) {
      throw new Error(
        `Layer '${this.name}': operation=${spoken(this.operation)} is none of those known here. ` +
          "Take the keras-tfjs.js of the version that converted the model.",
      );
    }
  }

  protected override shapeOf(inputShape: Shape | Shape[]): Shape | Shape[] {
    const shapes = (Array.isArray(inputShape[0]) ? inputShape : [inputShape]) as Shape[];
    const known = this.operation in ELEMENTWISE && shapes.length === 1 && this.#tensorsOnly();
    return known ? [...(shapes[0] ?? [])] : this.#probed(shapes);
  }

  override computeMask(): Tensor | Tensor[] {
    return this.#outputs === 1 ? NO_MASK : Array<Tensor>(this.#outputs).fill(NO_MASK);
  }

  override getConfig(): serialization.ConfigDict {
    const { operation, written, given, floats } = this;
    const own = { operation: { name: operation }, arguments: written, options: given, floats };
    return { ...super.getConfig(), ...(own as unknown as serialization.ConfigDict) };
  }

  protected override compute(inputs: Tensor | Tensor[]): Tensor | Tensor[] {
    const tensors = Array.isArray(inputs) ? inputs : [inputs];
    const values = this.written.map((argument) => decoded(argument, tensors));
    const made = OPERATIONS[this.operation]?.(
      new Given(values, new Options(this.name, this.given)),
    );
    const outputs = [made ?? []].flat().map((each) => (this.floats ? floats(each) : each));
    this.#outputs = outputs.length;
    return Array.isArray(made) && outputs.length !== 1 ? outputs : at(outputs, 0);
  }

  /** Whether all arguments are tensors or single numbers. */
  #tensorsOnly(): boolean {
    return this.written.every(
      (each) =>
        typeof each !== "object" || each === null || !("array" in each || Array.isArray(each)),
    );
  }

  /** The output's shape on tensors of zeros; what changes with the unknown sizes is unknown. */
  #probed(shapes: readonly Shape[]): Shape | Shape[] {
    for (const [attempt, sizes] of PROBES.entries()) {
      try {
        const [one, other] = sizes.map((size) => this.#shapesAt(shapes, size)) as [
          number[][],
          number[][],
        ];
        const found = one.map((shape, index) =>
          shape.map((size, axis) => (size === other[index]?.[axis] ? size : null)),
        );
        return found.length === 1 ? (found[0] as Shape) : found;
      } catch (error) {
        if (attempt === PROBES.length - 1) {
          throw error;
        }
      }
    }
    return [];
  }

  #shapesAt(shapes: readonly Shape[], size: number): number[][] {
    return tidy(() => {
      const inputs = shapes.map((shape) => zeros(shape.map((each) => each ?? size)));
      return [this.compute(inputs)].flat().map(({ shape }) => shape);
    });
  }
}
