/** Numbers and shapes as a reader sees them. */

import type { Shape } from "./shapes";

/** At most five significant digits; exact where it is exact. */
export function number(value: number | null): string {
  if (value === null) {
    return "–";
  }
  if (Number.isNaN(value)) {
    return "NaN";
  }
  if (!Number.isFinite(value)) {
    return value > 0 ? "Infinity" : "−Infinity";
  }
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-4 || size >= 1e6)
      ? value.toExponential(2)
      : String(Number(value.toPrecision(5)));
  return text.replaceAll("-", "−");
}

/** So many digits behind the point, and never −0. */
export function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits).replace(/^-(?=[0.]*$)/u, "");
  return text.replace("-", "−");
}

/** The same with its sign, for what is added. */
export function signed(value: number, digits: number): string {
  const text = fixed(value, digits);
  return /[1-9]/u.test(text) && value > 0 ? `+${text}` : text;
}

export function count(value: number): string {
  return value.toLocaleString("en");
}

/** So many of something. */
export function counted(value: number, what: string): string {
  return `${count(value)} ${what}${value === 1 ? "" : "s"}`;
}

/** `[batch, 5]`: batch is whatever is fed. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function outputShape(shape: Shape | null): string {
  return shape
    ? `[${shape.map((size, axis) => size ?? (axis === 0 ? "batch" : "?")).join(", ")}]`
    : "–";
}

/** As tfjs-vis prints it. */
export function weightShape(shape: readonly number[]): string {
  return shape.length ? `[${shape.join(", ")}]` : "Scalar";
}

export function bytes(value: number): string {
  if (value < 1024) {
    return `${value} bytes`;
  }
  return value < 1024 ** 2
    ? `${number(Number((value / 1024).toPrecision(3)))} KiB`
    : `${number(Number((value / 1024 ** 2).toPrecision(3)))} MiB`;
}
