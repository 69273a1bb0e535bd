/** The sizes that the network leaves open: how long a sentence is, how large an image. */

import { MOST_ALONG } from "../../live/probe";
import { setSize, sizes } from "../../live/probing";
import { living } from "../../live/session";
import { NumberField } from "./NumberField";

export function SizeFields() {
  const fields = (living.value?.inputs ?? []).flatMap(({ name, shape }, input) =>
    shape.flatMap((size, axis) =>
      size === null
        ? [
            <NumberField
              key={`${input} ${axis}`}
              label={
                shape.length <= 2 && axis === 0
                  ? `Length of ${name}`
                  : `Size of ${name}, axis ${axis + 1}`
              }
              value={sizes.value[input]?.[axis] ?? 1}
              min={1}
              max={MOST_ALONG}
              isWhole
              onChange={(next) => {
                setSize(input, axis, next);
              }}
            />,
          ]
        : [],
    ),
  );
  return fields.length === 0 ? null : <div class="fields">{fields}</div>;
}
