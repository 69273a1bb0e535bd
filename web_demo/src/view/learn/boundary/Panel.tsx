/** One net: what it says, the points, and the lines of its units, that can be moved. */

import { useMemo, useRef } from "preact/hooks";
import { BIAS_LIMIT, move } from "../../../learn/boundary";
import { EXTENT, type Preset, samples } from "../../../learn/datasets";
import { biasThrough, type Point, segment } from "../../../learn/line";
import { accuracy, at, KINDS, netGradient, UNITS } from "../../../learn/mlp";
import { scale } from "../../../learn/scale";
import { fixed } from "../../../model/words";
import { AsTable } from "../../AsTable";
import { useWidth } from "../../useWidth";
import { Field } from "./Field";
import { KIND_TITLES } from "./titles";

interface Props {
  readonly kind: number;
  readonly net: Float32Array;
  readonly preset: Preset;
}

const KEY_STEP = 0.05;
const EACH = Array.from({ length: UNITS }, (_, unit) => unit);

/** From the plane to pixels, of which the picture has so many a side. */
interface Grid {
  readonly side: number;
  readonly across: (x: number) => number;
  readonly down: (y: number) => number;
}

function gridOf(side: number): Grid {
  return {
    side,
    across: scale([-EXTENT, EXTENT], [0, side]),
    down: scale([-EXTENT, EXTENT], [side, 0]),
  };
}

export function Panel({ kind, net, preset }: Props) {
  const [picture, side] = useWidth<SVGSVGElement>(240);
  const grid = useMemo(() => gridOf(side), [side]);
  const name = KINDS[kind] ?? "none";
  const title = KIND_TITLES[name];
  const points = samples(preset.name);
  const right = accuracy(net, preset.activation, points);
  const { loss } = netGradient(net, preset.activation, name, points);
  const isFree = name === "scalar" || name === "vector";
  const lines = EACH.map((unit) => lineOf(net, unit));
  const marks = useMemo(() => marksOf(preset, grid), [preset, grid]);
  const pointAt = ({ clientX, clientY }: PointerEvent): Point => {
    const box = picture.current?.getBoundingClientRect();
    return box
      ? [
          ((clientX - box.left) / box.width) * 2 * EXTENT - EXTENT,
          EXTENT - ((clientY - box.top) / box.height) * 2 * EXTENT,
        ]
      : [0, 0];
  };
  return (
    <section class="panel" aria-labelledby={`panel-${name}`}>
      <h3 id={`panel-${name}`}>{title}</h3>
      <div class="panel-picture">
        <Field net={net} activation={preset.activation} />
        <svg
          ref={picture}
          viewBox={`0 0 ${side} ${side}`}
          role="group"
          aria-label={`${title}: ${fixed(right * 100, 0)} % of the points are told right. The lines of its five units${isFree ? " can be moved" : ""}.`}
        >
          <path class="mark mark-0" d={marks.zero} />
          <path class="mark mark-1" d={marks.one} />
          <path class="cross" d={`M${grid.across(0)} ${grid.down(0) - 5}v10m-5-5h10`} />
          {lines.map(
            ({ ends }, unit) => ends && <Line key={unit} unit={unit} d={between(ends, grid)} />,
          )}
          {lines.map((line) => (
            <Handle
              key={line.unit}
              line={line}
              grid={grid}
              label={`${title}, bias ${name === "scalar" ? "of all units" : `of unit ${line.unit + 1}`}, line ${line.unit + 1}`}
              onMove={
                isFree
                  ? (value) => {
                      move(kind, line.unit, value);
                    }
                  : null
              }
              pointAt={pointAt}
            />
          ))}
        </svg>
      </div>
      <p class="panel-score">
        <strong>{fixed(right * 100, 0)} %</strong>
        <span class="quiet">told right, loss {fixed(loss, 3)}</span>
      </p>
      <AsTable
        title={`lines of ${title}`}
        numbers={() => ({
          head: ["unit", "w, across", "w, up", "b", "from the origin"],
          rows: EACH.map((unit) => {
            const [wx, wy] = [net[at.kernel1(unit, 0)] ?? 0, net[at.kernel1(unit, 1)] ?? 0];
            const b = net[at.bias1(unit)] ?? 0;
            return [`h${unit + 1}`, wx, wy, b, Math.abs(b) / Math.hypot(wx, wy)];
          }),
        })}
      />
    </section>
  );
}

interface UnitLine {
  readonly unit: number;
  readonly wx: number;
  readonly wy: number;
  readonly b: number;
  readonly ends: readonly [Point, Point] | null;
}

function lineOf(net: Float32Array, unit: number): UnitLine {
  const [wx, wy] = [net[at.kernel1(unit, 0)] ?? 0, net[at.kernel1(unit, 1)] ?? 0];
  const b = net[at.bias1(unit)] ?? 0;
  return { unit, wx, wy, b, ends: segment(wx, wy, b) };
}

function Line({ unit, d }: { readonly unit: number; readonly d: string }) {
  return (
    <g aria-hidden="true">
      <path class="unit-halo" d={d} />
      <path class={`unit-line unit-${unit}`} d={d} />
    </g>
  );
}

interface HandleProps {
  readonly line: UnitLine;
  readonly grid: Grid;
  readonly label: string;
  /** Null where the bias is not the reader's to set. */
  readonly onMove: ((value: number) => void) | null;
  readonly pointAt: (event: PointerEvent) => Point;
}

function Handle({ line, grid, label, onMove, pointAt }: HandleProps) {
  const isHeld = useRef(false);
  const { unit, wx, wy, b, ends } = line;
  const [x, y] = place(line, grid);
  const number = (
    <text x={x} y={y + 3.6} text-anchor="middle" aria-hidden="true">
      {unit + 1}
    </text>
  );
  if (!onMove) {
    return (
      ends && (
        <g class="handle-held" aria-hidden="true">
          <rect x={x - 7} y={y - 7} width="14" height="14" rx="2" />
          {number}
        </g>
      )
    );
  }
  return (
    <g
      class={ends ? "handle" : "handle handle-away"}
      role="slider"
      tabindex={0}
      aria-label={label}
      aria-valuemin={-BIAS_LIMIT}
      aria-valuemax={BIAS_LIMIT}
      aria-valuenow={Number(b.toFixed(3))}
      aria-valuetext={`${fixed(b, 2)}${ends ? "" : ", the line lies outside"}`}
      onPointerDown={(event) => {
        isHeld.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (isHeld.current) {
          onMove(biasThrough(wx, wy, pointAt(event)));
        }
      }}
      onPointerUp={() => {
        isHeld.current = false;
      }}
      onPointerCancel={() => {
        isHeld.current = false;
      }}
      onKeyDown={(event) => {
        const way = KEYS[event.key];
        if (way !== undefined) {
          event.preventDefault();
          onMove(b + way * KEY_STEP);
        }
      }}
    >
      <circle class="handle-reach" cx={x} cy={y} r="14" />
      <circle class="handle-disc" cx={x} cy={y} r="8.5" />
      {number}
    </g>
  );
}

const KEYS: Readonly<Record<string, number>> = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  PageUp: 10,
  PageDown: -10,
};

/** Near an end of the line, where lines through one point are apart; at the edge if it is outside. */
function place({ unit, wx, wy, b, ends }: UnitLine, { side, across, down }: Grid): Point {
  const inset = 13;
  const inside = (value: number): number => Math.min(side - inset, Math.max(inset, value));
  if (ends) {
    const [[ax, ay], [bx, by]] = ends;
    // Neighbours sit at different ends, for lines that lie close together.
    const isFirst = ax + 0.3 * ay > bx + 0.3 * by === (unit % 2 === 0);
    const [x, y] = isFirst ? [ax, ay] : [bx, by];
    return [inside(across(x)), inside(down(y))];
  }
  const size = wx * wx + wy * wy || 1;
  return [inside(across((-b * wx) / size)), inside(down((-b * wy) / size))];
}

function between([[ax, ay], [bx, by]]: readonly [Point, Point], { across, down }: Grid): string {
  const digits = (value: number): string => value.toFixed(2);
  return `M${digits(across(ax))} ${digits(down(ay))}L${digits(across(bx))} ${digits(down(by))}`;
}

/** Points of class 0 are diamonds, those of class 1 discs. */
function marksOf(
  { name }: Preset,
  { across, down }: Grid,
): { readonly zero: string; readonly one: string } {
  const { x, y, label } = samples(name);
  const of = (wanted: number, draw: (at: string) => string): string =>
    label
      .map((found, index) =>
        found === wanted
          ? draw(`${across(x[index] ?? 0).toFixed(1)} ${down(y[index] ?? 0).toFixed(1)}`)
          : "",
      )
      .join("");
  return {
    zero: of(0, (at) => `M${at}m-3 0l3-3l3 3l-3 3z`),
    one: of(1, (at) => `M${at}m-2.6 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0z`),
  };
}
