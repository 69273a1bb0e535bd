/** A text that changes at most once a second, for who has it read aloud. */

import { useEffect, useRef, useState } from "preact/hooks";

const SECOND = 1000;

export function useSlowly(text: string): string {
  const [shown, setShown] = useState(text);
  const changed = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, changed.current + SECOND - Date.now());
    const timer = setTimeout(() => {
      changed.current = Date.now();
      setShown(text);
    }, wait);
    return () => {
      clearTimeout(timer);
    };
  }, [text]);
  return shown;
}
