/** Biases beside each other, unit by unit. */

import type { BiasPair } from "../../compare/biases";
import type { LayerPair } from "../../compare/compare";
import { shown } from "../../loader/errors";
import { biasLabel } from "../../model/biasKind";
import { count, number } from "../../model/words";
import { useLimit } from "../useLimit";
import { Pairs } from "./Pairs";

const FEW = 12;

export function BiasDifferences({ layers }: { readonly layers: readonly LayerPair[] }) {
  const biased = layers.flatMap((pair) =>
    pair.biases ? [{ title: pair.title, biases: pair.biases }] : [],
  );
  const { visible, more } = useLimit(biased, FEW);
  return (
    <section aria-labelledby="bias-differences-title">
      <h3 id="bias-differences-title">Biases</h3>
      {biased.length === 0 && <p class="quiet">Neither model has biases to compare.</p>}
      <ul class="biases">
        {visible.map(({ title, biases }) => (
          <li key={title} class="bias">
            <div class="bias-head">
              <h4>{shown(title)}</h4>
              <p class="kind">{kinds(biases)}</p>
            </div>
            <Difference title={title} biases={biases} />
          </li>
        ))}
      </ul>
      {more}
    </section>
  );
}

function kinds({ layers: { a, b } }: BiasPair): string {
  const [inA, inB] = [a, b].map((layer) =>
    layer === null ? "no layer" : layer.bias ? biasLabel(layer.bias) : "none",
  );
  return inA === inB ? (inA ?? "") : `${inA ?? ""} → ${inB ?? ""}`;
}

interface Props {
  readonly title: string;
  readonly biases: BiasPair;
}

function Difference({ title, biases }: Props) {
  const { a, b, each, delta: found } = biases;
  const length = a?.length ?? b?.length ?? 0;
  const words = found
    ? found.unequal === 0
      ? "equal in both"
      : `max |Δ| ${number(found.max)}, mean |Δ| ${number(found.mean)}`
    : `only in ${a ? "A" : "B"}`;
  return (
    <>
      <p class="bias-about">{`${count(length)} ${length === 1 ? each : `${each}s`}, ${words}`}</p>
      <Pairs pairs={biases} title={`biases of ${title}`} words={words} />
    </>
  );
}
