/** Keras's Adam and AdamW. */

import type { serialization } from "@tensorflow/tfjs-core";
import { AdamOptimizer, engine, mul, tidy } from "@tensorflow/tfjs-core";

/** What the optimizer is given, as tfjs has read it from JSON. */
interface AdamConfig {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/**
 * tfjs's Adam with Keras's epsilon, which is added to the root before that is corrected for the
 * number of steps, and with Keras's decay of weights, which comes before a step.
 */
export class Adam extends AdamOptimizer {
  static override get className(): string {
    return "keras>Adam";
  }

  constructor(private readonly own: AdamConfig) {
    super(own.learningRate, own.beta1, own.beta2, own.epsilon);
  }

  override applyGradients(gradients: Parameters<AdamOptimizer["applyGradients"]>[0]): void {
    const step = this.iterations + 1;
    this.epsilon = this.own.epsilon / Math.sqrt(1 - this.beta2 ** step);
    if (this.own.weightDecay !== 0) {
      const names = Array.isArray(gradients)
        ? gradients.map(({ name }) => name)
        : Object.keys(gradients);
      const kept = 1 - this.own.weightDecay * this.learningRate;
      for (const name of names) {
        const weight = engine().registeredVariables[name];
        tidy(() => weight?.assign(mul(weight, kept)));
      }
    }
    super.applyGradients(gradients);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), epsilon: this.own.epsilon, weightDecay: this.own.weightDecay };
  }

  static override fromConfig<T extends serialization.Serializable>(
    cls: serialization.SerializableConstructor<T>,
    config: serialization.ConfigDict,
  ): T {
    return new cls(config);
  }
}
