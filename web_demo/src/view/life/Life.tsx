/** What can be done with an opened model beside looking: run it, change its biases, train it. */

import { useEffect, useRef } from "preact/hooks";
import { shown } from "../../loader/errors";
import { begin, isLoading, living, refusal } from "../../live/session";
import type { Description } from "../../model/describe";
import { liveWeights } from "../../state";
import { reset, steps } from "../../live/training";
import { count } from "../../model/words";
import { Problem } from "./Problem";
import { Run } from "./Run";
import { Train } from "./Train";
import { WhatIf } from "./WhatIf";

export function Life({ model }: { readonly model: Description }) {
  const now = living.value;
  const heading = useRef<HTMLHeadingElement>(null);
  const isAsked = useRef(false);
  useEffect(() => {
    if (now && isAsked.current) {
      heading.current?.focus(); // the button that had the focus is gone
    }
    isAsked.current = false;
  }, [now]);
  return (
    <section class="life" aria-labelledby="life-title">
      <h3 id="life-title" tabIndex={-1} ref={heading}>
        Run it, change its biases, train it
      </h3>
      {now ? (
        <>
          <Changed />
          <Run />
          <WhatIf />
          <Train />
        </>
      ) : (
        <Start
          model={model}
          onStart={() => {
            isAsked.current = true;
            void begin();
          }}
        />
      )}
    </section>
  );
}

function Start({ model, onStart }: { readonly model: Description; readonly onStart: () => void }) {
  const unknown = model.layers.find(({ isKnown }) => !isKnown);
  const isRefused = refusal.value?.code === "UNKNOWN_LAYER";
  if (unknown || isRefused) {
    return (
      <p class="inspect-only">
        <strong>
          {unknown ? (
            <>
              Inspect only: layer <code>{shown(unknown.className)}</code> is unknown to this page.
            </>
          ) : (
            `${refusal.value?.parts.where ?? ""}.`
          )}
        </strong>{" "}
        The model cannot be run, probed or trained here. All that is shown of it, from its files, is
        right.
      </p>
    );
  }
  return (
    <div class="life-start">
      {refusal.value && <Problem error={refusal.value} />}
      <p class="quiet prose">
        The page builds the network from the files that it has read, in this browser, and feeds it
        what you like. For that it loads TensorFlow.js, 1.2 MB, from beside itself.
      </p>
      <button type="button" class="button" disabled={isLoading.value} onClick={onStart}>
        {isLoading.value ? "Building the network ..." : "Build and run this network"}
      </button>
    </div>
  );
}

function Changed() {
  const changed = liveWeights.value.size;
  return changed === 0 ? null : (
    <div class="changed">
      <p>
        <strong>{steps.value > 0 ? "Trained" : "Changed"} here, not saved.</strong> {count(changed)}{" "}
        {changed === 1 ? "weight differs" : "weights differ"} from the files. All numbers on this
        page are of the network as it is now.
      </p>
      <button type="button" class="button button-quiet" onClick={reset}>
        Back to the weights of the files
      </button>
    </div>
  );
}
