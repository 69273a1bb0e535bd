/** Marks when the first thing to see has been drawn, for who measures how soon that is. */

import { useLayoutEffect } from "preact/hooks";

const MARK = "keras-bias:ready";

export function useReady(isDrawn: boolean): void {
  useLayoutEffect(() => {
    if (isDrawn && performance.getEntriesByName(MARK).length === 0) {
      performance.mark(MARK);
    }
  }, [isDrawn]);
}
