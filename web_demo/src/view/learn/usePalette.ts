/** The theme's colours as numbers, for a canvas, which knows no custom properties. */

import { type RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

export type Colour = readonly [red: number, green: number, blue: number];

export interface Palette {
  readonly above: Colour;
  readonly below: Colour;
  readonly middle: Colour;
}

/** Read from the element's own style, which names them: `color`, `caret-color`, `background-color`. */
export function usePalette(element: RefObject<Element | null>): Palette | null {
  const [palette, setPalette] = useState<Palette | null>(null);
  useLayoutEffect(() => {
    const read = (): void => {
      if (element.current) {
        const style = getComputedStyle(element.current);
        setPalette({
          above: colour(style.color),
          below: colour(style.caretColor),
          middle: colour(style.backgroundColor),
        });
      }
    };
    read();
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    scheme.addEventListener("change", read);
    return () => {
      observer.disconnect();
      scheme.removeEventListener("change", read);
    };
  }, [element]);
  return palette;
}

function colour(text: string): Colour {
  const [red = 0, green = 0, blue = 0] = (text.match(/[\d.]+/gu) ?? []).map(Number);
  return [red, green, blue];
}
