/** The place *Compare*: two models, and every way in which they differ. */

import { A, B, comparison, compareStatus, swap } from "../../compare/state";
import { useReady } from "../useReady";
import { BiasDifferences } from "./BiasDifferences";
import { CompareOutputs } from "./CompareOutputs";
import { LayerDifferences } from "./LayerDifferences";
import { OptionDifferences } from "./OptionDifferences";
import { SidePanel } from "./SidePanel";
import { VerdictBox } from "./VerdictBox";
import { WeightDifferences } from "./WeightDifferences";

export function Compare() {
  const found = comparison.value;
  useReady(A.model.value !== null);
  return (
    <>
      <div class="intro">
        <h1>Two networks beside each other</h1>
        <p class="lead">
          Before training and after, one kind of bias and another, your export and somebody else's:
          layer by layer, option by option, number by number.
        </p>
      </div>
      <div class="sides">
        <SidePanel side={A} />
        <button
          type="button"
          class="button button-quiet swap"
          disabled={!found}
          onClick={swap}
          aria-label="Swap A and B"
        >
          <span aria-hidden="true">⇄</span>
        </button>
        <SidePanel side={B} />
      </div>
      <p class="visually-hidden" role="status">
        {compareStatus}
      </p>
      {found ? (
        <article class="model" aria-label="Comparison">
          <VerdictBox comparison={found} />
          <BiasDifferences layers={found.layers} />
          <LayerDifferences layers={found.layers} />
          <OptionDifferences layers={found.layers} />
          <WeightDifferences comparison={found} />
          <CompareOutputs comparison={found} />
        </article>
      ) : (
        <p class="quiet compare-empty">
          {A.model.value || B.model.value
            ? "Choose a second model, and the two stand beside each other here."
            : "Choose two models, and they stand beside each other here."}
        </p>
      )}
    </>
  );
}
