/** The numbers of every weight, drawn. */

import type { WeightRow } from "../model/describe";
import { Distribution } from "./Distribution";
import { useLimit } from "./useLimit";

const FEW = 9;

export function Distributions({ weights }: { readonly weights: readonly WeightRow[] }) {
  const { visible, more } = useLimit(weights, FEW);
  return weights.every(({ numbers }) => numbers === null) ? null : (
    <section aria-labelledby="values-title">
      <h3 id="values-title">Values</h3>
      <ul class="spreads">
        {visible.map((weight) => (
          <Distribution key={weight.name} weight={weight} />
        ))}
      </ul>
      {more}
    </section>
  );
}
