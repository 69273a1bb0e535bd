/**
 * One dense layer with one input, degrees Celsius, and two outputs, degrees Fahrenheit and kelvins.
 *
 * The answer is known: °F = 1.8 °C + 32 and K = °C + 273.15. The temperatures lie evenly about 0,
 * so the best slopes are 1.8 and 1 whatever the bias is, and the biases can be judged alone.
 */

export type Pair = readonly [number, number];
/** What the layer may add: nothing, one number for both outputs, 1, or a number for each. */
export type LayerBias = "none" | "scalar" | "fixed" | "vector";

export const UNITS = ["°F", "K"] as const;
export const SLOPES: Pair = [1.8, 1];
export const OFFSETS: Pair = [32, 273.15];
/** Degrees Celsius that the layer is asked. */
export const CELSIUS: readonly number[] = Array.from({ length: 201 }, (_, index) => index - 100);

/** What the layer adds to each output, of the numbers that the reader has set. */
export function biases(kind: LayerBias, shared: number, own: Pair): Pair {
  switch (kind) {
    case "none":
      return [0, 0];
    case "fixed":
      return [1, 1];
    case "scalar":
      return [shared, shared];
    case "vector":
      return own;
  }
}

/** The layer's answer to a temperature. */
export function layer(celsius: number, [fahrenheit, kelvin]: Pair): Pair {
  return [SLOPES[0] * celsius + fahrenheit, SLOPES[1] * celsius + kelvin];
}

export function target(celsius: number): Pair {
  return layer(celsius, OFFSETS);
}

/** Root mean squared error in degrees over all temperatures and both outputs, by asking them all. */
export function measuredError(added: Pair): number {
  let sum = 0;
  for (const celsius of CELSIUS) {
    const [wantedF, wantedK] = target(celsius);
    const [givenF, givenK] = layer(celsius, added);
    sum += (givenF - wantedF) ** 2 + (givenK - wantedK) ** 2;
  }
  return Math.sqrt(sum / (2 * CELSIUS.length));
}

/** The same by the formula, without asking anything. */
export function formulaError([fahrenheit, kelvin]: Pair): number {
  return Math.sqrt(((fahrenheit - OFFSETS[0]) ** 2 + (kelvin - OFFSETS[1]) ** 2) / 2);
}

/** The biases with the least error: no setting of that kind does better. */
export function best(kind: LayerBias): Pair {
  const mean = (OFFSETS[0] + OFFSETS[1]) / 2;
  return biases(kind, mean, OFFSETS);
}
