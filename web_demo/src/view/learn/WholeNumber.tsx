/** A whole number from 1 on, typed. */

import { useId, useState } from "preact/hooks";

interface Props {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}

export function WholeNumber({ label, value, max, onChange }: Props) {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <div class="whole">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="number"
        min={1}
        max={max}
        step={1}
        value={typed ?? String(value)}
        onInput={({ currentTarget }) => {
          setTyped(currentTarget.value);
          const number = currentTarget.valueAsNumber;
          if (Number.isInteger(number) && number >= 1 && number <= max) {
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
