/** One variant: its answer in a sentence, and its layers as tfjs-vis shows them. */

import { useEffect, useState } from "preact/hooks";
import { type Layer, libraries } from "./globals";
import { layersOf } from "./run";
import { Surface } from "./Surface";
import type { Variant } from "./variants";

export function VariantCard({ variant }: { readonly variant: Variant }) {
  const [draws, setDraws] = useState<readonly Drawing[]>([]);
  const [failed, setFailed] = useState<string | null>(null);
  useEffect(() => {
    const found = libraries();
    if (found) {
      const drawing = (layer: Layer): Drawing => ({
        name: layer.name,
        draw: (surface) => found.tfvis.show.layer(surface, layer),
      });
      layersOf(found, variant).then(
        (layers) => {
          setDraws(layers.map(drawing));
        },
        (error: unknown) => {
          setFailed(error instanceof Error ? error.message : String(error));
        },
      );
    }
  }, [variant]);
  const { name, title, answer, error } = variant;
  return (
    <article class="variant" aria-labelledby={`${name}-name`}>
      <h3 id={`${name}-name`}>{title}</h3>
      <p class="answer">
        {answer}
        {error !== null && <span class="off"> Typically off by {error.toFixed(2)} degrees.</span>}
      </p>
      {failed !== null && (
        <p class="failure" role="alert">
          {failed}
        </p>
      )}
      {draws.map((drawing) => (
        <Surface
          key={drawing.name}
          heading="h4"
          id={`${name}-${drawing.name}`}
          title={drawing.name}
          draw={drawing.draw}
        />
      ))}
    </article>
  );
}

interface Drawing {
  readonly name: string;
  readonly draw: (surface: HTMLElement) => Promise<void>;
}
