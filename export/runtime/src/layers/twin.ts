/** What all twins do alike around the numbers. */

import type { Tensor, serialization } from "@tensorflow/tfjs-core";
import { tidy } from "@tensorflow/tfjs-core";
import type { LayerVariable, Shape } from "@tensorflow/tfjs-layers";
import { layers } from "@tensorflow/tfjs-layers";
import type { Kwargs } from "../inputs";
import { onlyShape, within } from "../inputs";
import type { LayerConfig, WeightParts } from "../options";
import { named, Options } from "../options";

/**
 * A layer of tfjs that leaves no tensors behind, whose errors name it, and that hands on masks.
 *
 * Its output has the input's shape unless the subclass says otherwise.
 */
export abstract class Twin<Output extends Tensor | Tensor[] = Tensor> extends layers.Layer {
  /** What the subclass reads of them is what `getConfig` writes. */
  protected readonly options: Options;

  /**
   * @param config as the subclass takes it.
   * @param stem of the name, where none is given.
   */
  protected constructor(config: LayerConfig, stem: string) {
    super(named(config, stem));
    this.options = new Options(this.name, config);
    this.supportsMasking = true;
  }

  /** The output or outputs; what else it makes is disposed of. */
  protected abstract compute(inputs: Tensor | Tensor[], kwargs: Kwargs): Output;

  override call(inputs: Tensor | Tensor[], kwargs: Kwargs): Output {
    return tidy(() =>
      within(this.name, () => {
        this.invokeCallHook(inputs, kwargs);
        return this.compute(inputs, kwargs);
      }),
    );
  }

  /** Makes the weights. */
  protected make(_inputShape: Shape | Shape[]): void {
    // Most have none.
  }

  /** The shape of the output or outputs. */
  protected shapeOf(inputShape: Shape | Shape[]): Shape | Shape[] {
    return [...onlyShape(inputShape)];
  }

  override build(inputShape: Shape | Shape[]): void {
    within(this.name, () => {
      this.make(inputShape);
    });
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return within(this.name, () => this.shapeOf(inputShape));
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options.written() };
  }

  /** A weight of its own, in float32. */
  protected weight(
    name: string,
    shape: readonly number[],
    { initializer, regularizer, constraint }: WeightParts,
    trainable = true,
  ): LayerVariable {
    return this.addWeight(
      name,
      [...shape],
      "float32",
      initializer,
      regularizer ?? undefined,
      trainable,
      constraint ?? undefined,
    );
  }
}
