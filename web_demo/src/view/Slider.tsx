/** A number to drag or to type. */

import { useId, useState } from "preact/hooks";

interface Props {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** Of the handle and of arrow keys; what is typed may lie between. */
  readonly step: number;
  /** Digits behind the point that are shown. */
  readonly digits?: number;
  readonly unit?: string;
  readonly onChange: (value: number) => void;
}

export function Slider({ label, value, min, max, step, digits = 2, unit = "", onChange }: Props) {
  const id = useId();
  // What is being typed is shown as it is, half numbers too.
  const [typed, setTyped] = useState<string | null>(null);
  const change = (text: string): void => {
    const number = Number(text);
    if (text !== "" && number >= min && number <= max) {
      onChange(number);
    }
  };
  const rounded = String(Number(value.toFixed(digits)));
  return (
    <div class="slider">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={`${rounded}${unit}`}
        onInput={({ currentTarget }) => {
          setTyped(null);
          change(currentTarget.value);
        }}
      />
      <span class="slider-number">
        <input
          type="number"
          aria-label={`${label}, typed`}
          min={min}
          max={max}
          step="any"
          value={typed ?? rounded}
          onInput={({ currentTarget }) => {
            setTyped(currentTarget.value);
            change(currentTarget.value);
          }}
          onBlur={() => {
            setTyped(null);
          }}
        />
        {unit}
      </span>
    </div>
  );
}
