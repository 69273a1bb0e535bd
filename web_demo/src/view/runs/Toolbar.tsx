/** What holds for all runs at once: which curve, and the step that is looked at. */

import {
  curve,
  isAlike,
  isLogarithmic,
  lastStep,
  looked,
  names,
  runs,
  wantedCurve,
} from "../../runs/live";
import { Check } from "../Check";
import { Choice } from "../Choice";
import { Slider } from "../Slider";

export function Toolbar() {
  const last = lastStep.value;
  return (
    <section class="runs-toolbar" aria-label="What is shown of all runs">
      {names.value.length > 1 && (
        <Choice
          label="Curve"
          options={names.value.map((name) => [name, name] as const)}
          value={curve.value}
          onChange={(name) => {
            wantedCurve.value = name;
          }}
        />
      )}
      {runs.value.length > 1 && (
        <Check
          label="Same axes"
          value={isAlike.value}
          onChange={(value) => {
            isAlike.value = value;
          }}
        />
      )}
      <Check
        label="Logarithmic curve"
        value={isLogarithmic.value}
        onChange={(value) => {
          isLogarithmic.value = value;
        }}
      />
      <div class="runs-scrubber">
        <Slider
          label="Step that is shown"
          value={Math.min(last, looked.value ?? last)}
          min={0}
          max={Math.max(1, last)}
          step={1}
          digits={0}
          onChange={(step) => {
            const whole = Math.round(step);
            looked.value = whole >= last ? null : whole;
          }}
        />
        <button
          type="button"
          class="button button-quiet"
          disabled={looked.value === null}
          onClick={() => {
            looked.value = null;
          }}
        >
          Newest
        </button>
      </div>
    </section>
  );
}
