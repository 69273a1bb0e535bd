/** How far a number is from 0, as a bar to the right or to the left of the middle. */

import { Bar } from "../../Bar";

export function Difference({ value, limit }: { readonly value: number; readonly limit: number }) {
  const shown = Math.min(limit, Math.max(-limit, value));
  return <Bar from={0} to={shown} low={-limit} high={limit} />;
}
