/** A picture with its caption, and the same in numbers for who cannot see it or wants to know. */

import type { ComponentChildren } from "preact";
import { AsTable, type Numbers } from "./AsTable";

interface Props {
  readonly title: string;
  readonly caption?: ComponentChildren;
  /** Made only when asked for. */
  readonly numbers: () => Numbers;
  readonly children: ComponentChildren;
}

export function Figure({ title, caption, numbers, children }: Props) {
  return (
    <figure class="figure">
      <figcaption>
        <span class="figure-title">{title}</span>
        {caption && <span class="figure-caption">{caption}</span>}
      </figcaption>
      {children}
      <AsTable title={title} numbers={numbers} />
    </figure>
  );
}
