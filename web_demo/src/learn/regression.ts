/** Slope and intercept: rents by size, with and without a bias, in closed form. */

import { uniform } from "./random";

export interface RentLine {
  /** Euros for each square metre. */
  readonly slope: number;
  /** Euros that any flat costs: the bias. */
  readonly intercept: number;
}

export interface Flat {
  /** In square metres. */
  readonly size: number;
  /** In euros a month. */
  readonly rent: number;
}

/** Made up: 350 euros, 8 for each square metre, and up to 90 more or less. */
export const FLATS: readonly Flat[] = made();

function made(): readonly Flat[] {
  const next = uniform(5);
  return Array.from({ length: 16 }, (_, index) => {
    const size = Math.round(24 + 6 * index + 5 * next());
    return { size, rent: Math.round(350 + 8 * size + (2 * next() - 1) * 90) };
  });
}

export function rentError({ slope, intercept }: RentLine): number {
  const squares = FLATS.map(({ size, rent }) => (slope * size + intercept - rent) ** 2);
  return Math.sqrt(mean(squares));
}

/** Least squares: the line goes through the middle of the points, or without a bias through 0. */
export function bestLine(hasBias: boolean): RentLine {
  const sizes = FLATS.map(({ size }) => size);
  const rents = FLATS.map(({ rent }) => rent);
  const [size, rent] = hasBias ? [mean(sizes), mean(rents)] : [0, 0];
  const along = mean(FLATS.map((flat) => (flat.size - size) * (flat.rent - rent)));
  const slope = along / mean(sizes.map((value) => (value - size) ** 2));
  return { slope, intercept: rent - slope * size };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
