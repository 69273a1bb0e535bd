/** The first of many, and a button for further ones: a page of 50,000 rows would not scroll. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { count } from "../model/words";

interface Limited<T> {
  readonly visible: readonly T[];
  /** The button; nothing if all are visible. */
  readonly more: ComponentChildren;
}

export function useLimit<T>(all: readonly T[], limit: number, further = 500): Limited<T> {
  const [shownOf, setShownOf] = useState<{ all: readonly T[]; limit: number } | null>(null);
  const visible = shownOf?.all === all ? shownOf.limit : limit;
  const rest = all.length - visible;
  const next = Math.min(rest, further);
  return {
    visible: all.slice(0, visible),
    more: rest > 0 && (
      <button
        type="button"
        class="button button-quiet more"
        onClick={() => {
          setShownOf({ all, limit: visible + next });
        }}
      >
        {`Show ${count(next)} more of ${count(all.length)}`}
      </button>
    ),
  };
}
