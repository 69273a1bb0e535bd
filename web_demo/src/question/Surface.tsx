/** A sheet that tfjs-vis draws on. What is on it is not ours: light, and with its own styles. */

import { useEffect, useRef } from "preact/hooks";

interface Props {
  readonly id: string;
  readonly title: string;
  /** One below the heading that it stands under. */
  readonly heading: "h3" | "h4";
  /** Draws; absent where another script does. */
  readonly draw?: (surface: HTMLElement) => Promise<void>;
}

export function Surface({ id, title, heading: Heading, draw }: Props) {
  const sheet = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (sheet.current && draw) {
      void draw(sheet.current);
    }
  }, [draw]);
  return (
    <section class="surface">
      <Heading id={`${id}-title`}>{title}</Heading>
      <div class="scroll sheet" role="group" aria-labelledby={`${id}-title`} tabIndex={0}>
        <div id={id} class="tfjs-vis" ref={sheet} />
      </div>
    </section>
  );
}
