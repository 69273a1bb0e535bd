/** How wide an element is, in pixels, so that what is drawn in it keeps its size of type. */

import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

export function useWidth<T extends Element>(before: number): [RefObject<T | null>, number] {
  const element = useRef<T>(null);
  const [width, setWidth] = useState(before);
  useLayoutEffect(() => {
    const found = element.current;
    if (!found) {
      return undefined;
    }
    setWidth(found.clientWidth);
    const observer = new ResizeObserver(() => {
      setWidth(found.clientWidth);
    });
    observer.observe(found);
    return () => {
      observer.disconnect();
    };
  }, []);
  return [element, width];
}
