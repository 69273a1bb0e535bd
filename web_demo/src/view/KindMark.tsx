/** A picture of who shares a bias: places from above to below, units from left to right. */

import type { BiasKind, BiasName } from "../model/biasKind";

type Box = readonly [x: number, y: number, width: number, height: number];

const columns = (y: number, height: number): readonly Box[] =>
  [0, 6, 12, 18].map((x) => [x, y, 4, height]);

const BOXES: Readonly<Record<BiasName, readonly Box[]>> = {
  absent: [],
  scalar: [[0, 0, 22, 14]],
  vector: columns(0, 14),
  group: [
    [0, 0, 10, 14],
    [12, 0, 10, 14],
  ],
  location: [
    [0, 0, 22, 4],
    [0, 5, 22, 4],
    [0, 10, 22, 4],
  ],
  untied: [...columns(0, 4), ...columns(5, 4), ...columns(10, 4)],
  gate: [
    [0, 0, 10, 14],
    [12, 0, 10, 14],
  ],
  other: [
    [0, 0, 10, 6],
    [12, 0, 10, 14],
    [0, 8, 10, 6],
  ],
};

export function KindMark({ kind }: { readonly kind: BiasKind }) {
  return (
    <svg class="kind-mark" viewBox="-1 -1 24 16" width="24" height="16" aria-hidden="true">
      {kind.name === "absent" ? (
        <rect class="kind-absent" x="0.5" y="0.5" width="21" height="13" rx="1.5" />
      ) : (
        BOXES[kind.name].map(([x, y, width, height]) => (
          <rect key={`${x} ${y}`} x={x} y={y} width={width} height={height} rx="1" />
        ))
      )}
    </svg>
  );
}
