/** The models next to the page, to choose one from. */

import type { ServedModel } from "../loader/served";
import { count } from "../model/words";
import { openServed } from "../state";

interface Props {
  readonly models: readonly ServedModel[];
  readonly chosen: string | null;
}

export function Served({ models, chosen }: Props) {
  return (
    <section class="served" aria-labelledby="served-title">
      <h2 id="served-title">Served with this page</h2>
      <ul>
        {models.map((model) => (
          <li key={model.name}>
            <button
              type="button"
              aria-pressed={model.name === chosen}
              onClick={() => void openServed(model)}
            >
              <span class="served-title">{model.title}</span>
              <span class="served-facts">{facts(model)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function facts({ biasParameters, error }: ServedModel): string {
  const biases =
    biasParameters === null
      ? []
      : [biasParameters === 1 ? "1 bias" : `${count(biasParameters)} biases`];
  // Hundredths of a degree are enough to tell the variants apart.
  const off = error === null ? [] : [`off by ${error.toFixed(2)}°`];
  return [...biases, ...off].join(", ");
}
