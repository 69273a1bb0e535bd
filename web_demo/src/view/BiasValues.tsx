/** A layer's biases as bars with their numbers; many of them side by side. */

import { shown } from "../loader/errors";
import type { LayerRow, WeightRow } from "../model/describe";
import { count, number, weightShape } from "../model/words";
import { AsTable } from "./AsTable";
import { Bar } from "./Bar";
import { valueTable } from "./Distribution";
import { UnitBars } from "./UnitBars";

export function BiasValues({ layer }: { readonly layer: LayerRow }) {
  const weights = layer.weights.filter((weight) => weight.isBias);
  return weights.length === 0 ? (
    <p class="quiet">No bias: the layer adds nothing.</p>
  ) : (
    <>
      {weights.map((weight) => (
        <Values key={weight.name} weight={weight} />
      ))}
    </>
  );
}

function Values({ weight }: { readonly weight: WeightRow }) {
  const { values, statistics } = weight;
  const shape = weightShape(weight.shape);
  const held = weight.trainable ? "trained" : "fixed";
  const size = weight.size === 1 ? "one number" : `${count(weight.size)} numbers`;
  const about = <p class="bias-about">{`${shape}, ${size}, ${held}`}</p>;
  if (!statistics) {
    return about;
  }
  const low = Math.min(0, statistics.min ?? 0);
  const high = Math.max(0, statistics.max ?? 0);
  const words = `${number(statistics.min)} to ${number(statistics.max)}, mean ${number(statistics.mean)}`;
  if (!values) {
    return (
      <>
        {about}
        {weight.numbers && (
          <UnitBars label={`${shown(weight.name)}: ${words}`} values={weight.numbers} />
        )}
        <p class="range">{words}</p>
        {weight.numbers && (
          <AsTable
            title={shown(weight.name)}
            numbers={() => valueTable(weight.numbers ?? [], "Unit")}
          />
        )}
      </>
    );
  }
  return (
    <>
      {about}
      <ol class="values" start={0}>
        {values.map((value, index) => (
          <li key={index}>
            <span class="value-index" aria-hidden="true">
              {index}
            </span>
            <Bar from={0} to={Number.isFinite(value) ? value : 0} low={low} high={high} />
            <span class={Number.isFinite(value) ? "value" : "value broken"}>{number(value)}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
