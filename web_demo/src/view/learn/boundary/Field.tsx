/** What a net says everywhere in the square: blue for one class, orange for the other, pale between. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { EXTENT } from "../../../learn/datasets";
import { margin, type NetActivation } from "../../../learn/mlp";
import { type Colour, usePalette } from "../usePalette";

/** Squares along each side; the browser smooths between them. */
const CELLS = 56;
/** Of full colour, so that points and lines stand out. */
const STRENGTH = 0.5;

interface Props {
  readonly net: Float32Array;
  readonly activation: NetActivation;
}

export function Field({ net, activation }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const palette = usePalette(canvas);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || !palette) {
      return;
    }
    const { above, below, middle } = palette;
    const image = context.createImageData(CELLS, CELLS);
    const at = (cell: number): number => ((cell + 0.5) / CELLS) * 2 * EXTENT - EXTENT;
    for (let row = 0; row < CELLS; row += 1) {
      for (let column = 0; column < CELLS; column += 1) {
        const sure = Math.tanh(margin(net, activation, at(column), -at(row)) / 2);
        const side: Colour = sure > 0 ? above : below;
        const share = Math.abs(sure) * STRENGTH + (sure === 0 ? 0 : 0.08);
        const start = 4 * (row * CELLS + column);
        for (const part of [0, 1, 2] as const) {
          image.data[start + part] = middle[part] + (side[part] - middle[part]) * share;
        }
        image.data[start + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
  }, [net, activation, palette]);
  return <canvas class="field" ref={canvas} width={CELLS} height={CELLS} aria-hidden="true" />;
}
