/** One sample, number by number. */

import { shown } from "../../loader/errors";
import { fits } from "../../live/probe";
import type { Port } from "../../live/ports";
import { NumberCell } from "../NumberCell";

interface Props {
  readonly ports: readonly Port[];
  /** For each input. */
  readonly typed: readonly Float32Array[];
  readonly setTyped: (input: number, at: number, value: number) => void;
}

export function TypedInputs({ ports, typed, setTyped }: Props) {
  return (
    <div class="stack">
      {ports.map(({ name, below }, input) => {
        const values = [...(typed[input] ?? [])];
        return (
          <div key={input} role="group" aria-label={shown(name)}>
            <p class="port">
              <code>{shown(name)}</code>
              {below !== null && (
                <span class="quiet small"> whole numbers from 0 to {below - 1}</span>
              )}
            </p>
            <ol class="cells" start={0}>
              {values.map((value, at) => (
                <li key={at}>
                  {values.length > 1 && (
                    <span class="value-index" aria-hidden="true">
                      {at}
                    </span>
                  )}
                  <NumberCell
                    label={values.length > 1 ? `${name}, number ${at}` : name}
                    value={value}
                    digits={4}
                    onChange={(next) => {
                      if (fits(next, below)) {
                        setTyped(input, at, next);
                      }
                    }}
                  />
                </li>
              ))}
            </ol>
          </div>
        );
      })}
    </div>
  );
}
