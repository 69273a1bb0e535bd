/** Axes, and what is drawn between them. */

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { type Range, scale, ticks } from "../learn/scale";
import { number } from "../model/words";
import { useWidth } from "./useWidth";

export interface Frame {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly width: number;
  readonly height: number;
  /** Of the field between the axes, in pixels. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** For `clip-path`: nothing is drawn beyond the field. */
  readonly clip: string;
}

interface Props {
  /** What the picture says, for who cannot see it. */
  readonly label: string;
  readonly x: Range;
  readonly y: Range;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly height: number;
  /** Room for words at the right end of lines, in pixels. */
  readonly roomRight?: number;
  readonly roomLeft?: number;
  readonly xTicks?: readonly number[];
  readonly yTicks?: readonly number[];
  /** What stands beside a tick, if not its number. */
  readonly yName?: (value: number) => string;
  /** A group has parts that can be reached by key. */
  readonly role?: "img" | "group";
  readonly children: (frame: Frame) => ComponentChildren;
}

export function Plot({
  label,
  x: xRange,
  y: yRange,
  xTitle,
  yTitle,
  height,
  roomRight = 16,
  roomLeft = 44,
  xTicks,
  yTicks,
  yName = number,
  role = "img",
  children,
}: Props) {
  const [element, width] = useWidth<HTMLDivElement>(560);
  const id = useId();
  const [left, right, top, bottom] = [roomLeft, width - roomRight, 26, height - 40];
  const x = scale(xRange, [left, right]);
  const y = scale(yRange, [bottom, top]);
  const vertical = xTicks ?? ticks(xRange, Math.max(2, (right - left) / 80));
  const horizontal = yTicks ?? ticks(yRange, Math.max(2, (bottom - top) / 48));
  return (
    <div class="plot" ref={element}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        role={role}
        aria-label={label}
      >
        <g aria-hidden="true">
          {horizontal.map((value) => (
            <g key={value}>
              <path class={value === 0 ? "axis" : "grid"} d={`M${left} ${y(value)}H${right}`} />
              <text class="tick" x={left - 8} y={y(value) + 4} text-anchor="end">
                {yName(value)}
              </text>
            </g>
          ))}
          {vertical.map((value) => (
            <g key={value}>
              <path class={value === 0 ? "axis" : "grid"} d={`M${x(value)} ${top}V${bottom}`} />
              <text class="tick" x={x(value)} y={bottom + 18} text-anchor="middle">
                {number(value)}
              </text>
            </g>
          ))}
          <text class="axis-title" x={right} y={height - 4} text-anchor="end">
            {xTitle}
          </text>
          <text class="axis-title" x={left - 8} y={14} text-anchor="start">
            {yTitle}
          </text>
        </g>
        <clipPath id={id}>
          <rect x={left} y={top} width={Math.max(0, right - left)} height={bottom - top} />
        </clipPath>
        {children({ x, y, width, height, left, right, top, bottom, clip: `url(#${id})` })}
      </svg>
    </div>
  );
}
