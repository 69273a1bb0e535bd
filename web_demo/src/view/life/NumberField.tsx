/** A number with its name, typed. */

import { useId, useState } from "preact/hooks";

interface Props {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly isWhole?: boolean;
  readonly onChange: (value: number) => void;
}

export function NumberField({ label, value, min, max, isWhole = false, onChange }: Props) {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <div class="number-field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="number"
        min={min}
        max={max}
        step={isWhole ? 1 : "any"}
        value={typed ?? String(value)}
        onInput={({ currentTarget }) => {
          setTyped(currentTarget.value);
          const number = currentTarget.valueAsNumber;
          if (number >= min && number <= max && (!isWhole || Number.isInteger(number))) {
            onChange(number);
          }
        }}
        onBlur={() => {
          setTyped(null);
        }}
      />
    </div>
  );
}
