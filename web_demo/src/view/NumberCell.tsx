/** A number in a table that can be typed over. */

import { useState } from "preact/hooks";

interface Props {
  readonly label: string;
  readonly value: number;
  readonly digits: number;
  readonly onChange: (value: number) => void;
}

export function NumberCell({ label, value, digits, onChange }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      class="number-cell"
      type="number"
      step="any"
      aria-label={label}
      value={typed ?? String(Number(value.toFixed(digits)))}
      onInput={({ currentTarget }) => {
        setTyped(currentTarget.value);
        const number = currentTarget.valueAsNumber;
        if (Math.abs(number) < 1e6) {
          onChange(number);
        }
      }}
      onBlur={() => {
        setTyped(null);
      }}
    />
  );
}
