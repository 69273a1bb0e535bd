/** All of a model: in a line, its biases, its layers, its weights, and what to take away. */

import { shown } from "../loader/errors";
import type { Description } from "../model/describe";
import { bytes, count } from "../model/words";
import { liveWeights } from "../state";
import { Biases } from "./Biases";
import { Distributions } from "./Distributions";
import { Layers } from "./Layers";
import { Life } from "./life/Life";
import { Notices } from "./Notices";
import { Take } from "./take/Take";
import { OptimizerWeights, Weights } from "./Weights";

export function Model({ model }: { readonly model: Description }) {
  const optimizer = model.optimizer.reduce((sum, { size }) => sum + size, 0);
  const facts: readonly (readonly [string, string])[] = [
    ["Layers", count(model.layers.length)],
    ["Parameters", count(model.parameters)],
    ["of them biases", count(model.biasParameters)],
    ["of them trained", count(model.trainableParameters)],
    ...(optimizer > 0 ? [["Optimizer", count(optimizer)] as const] : []),
    ["Weight files", bytes(model.bytesLong)],
  ];
  return (
    <article class="model" aria-labelledby="model-title">
      <div class="model-head">
        <h2 id="model-title">{shown(model.title)}</h2>
        {model.origin.length > 0 && <p class="origin">{model.origin.map(shown).join(", ")}</p>}
        <dl class="facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
      <Notices notices={model.notices} />
      <Biases layers={model.layers} />
      <Life model={model} />
      <Layers layers={model.layers} />
      <Weights weights={model.weights} />
      <Distributions weights={model.weights} />
      <OptimizerWeights weights={model.optimizer} />
      <Take model={model} changed={liveWeights.value} />
    </article>
  );
}
