/** The biases, layer by layer: what kind, and the numbers. */

import { shown } from "../loader/errors";
import type { LayerRow } from "../model/describe";
import { biasLabel } from "../model/biasKind";
import { BiasValues } from "./BiasValues";
import { KindMark } from "./KindMark";
import { useLimit } from "./useLimit";

const FEW = 12;

export function Biases({ layers }: { readonly layers: readonly LayerRow[] }) {
  const biased = layers.filter((layer) => layer.bias !== null);
  const { visible, more } = useLimit(biased, FEW);
  return (
    <section aria-labelledby="biases-title">
      <h3 id="biases-title">Biases</h3>
      {biased.length === 0 && <p class="quiet">None of these layers has a bias to speak of.</p>}
      <ul class="biases">
        {visible.map((layer) => (
          <li key={layer.path.join("/")} class="bias">
            <div class="bias-head">
              <h4>{layer.path.map(shown).join(" / ")}</h4>
              {layer.bias && (
                <p class="kind">
                  <KindMark kind={layer.bias} /> {biasLabel(layer.bias)}
                </p>
              )}
            </div>
            <BiasValues layer={layer} />
          </li>
        ))}
      </ul>
      {more}
    </section>
  );
}
