/** Long work in slices, one for each animation frame, so that the page answers meanwhile. */

/** Milliseconds of a frame that work may take: half of the 16 that there are. */
const BUDGET = 8;

interface Work {
  /** A small piece; false when there is nothing left to do. */
  readonly piece: () => boolean;
  /** After each frame's pieces, to show how far it is. */
  readonly shown: () => void;
  readonly done?: () => void;
  /** So many pieces in a frame and no more, where one is to see them. */
  readonly perFrame?: number;
}

/** Works until done, or until the function that it gives is called. A hidden tab waits by itself. */
export function inFrames({ piece, shown, done, perFrame = Infinity }: Work): () => void {
  let frame = requestAnimationFrame(function work() {
    const end = performance.now() + BUDGET;
    let isMore = true;
    for (let count = 0; isMore && count < perFrame && performance.now() < end; count += 1) {
      isMore = piece();
    }
    if (isMore) {
      frame = requestAnimationFrame(work);
      shown();
    } else {
      shown();
      done?.();
    }
  });
  return () => {
    cancelAnimationFrame(frame);
  };
}
