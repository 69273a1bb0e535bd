/** What one bias is to be, and whether training may change it. */

import { shown } from "../../loader/errors";
import {
  type Bias,
  changeOf,
  frozen,
  MOST_EDITED,
  setChange,
  setFrozen,
} from "../../live/changing";
import { changed, mean, type Mode } from "../../live/whatif";
import { biasLabel } from "../../model/biasKind";
import { count, number } from "../../model/words";
import { KindMark } from "../KindMark";
import { Check } from "../Check";
import { Choice } from "../Choice";
import { NumberCell } from "../NumberCell";

const MODES: readonly (readonly [Mode, string])[] = [
  ["asIs", "As is"],
  ["mean", "Mean"],
  ["zero", "Zero"],
  ["edited", "Edit"],
];

export function BiasChange({ bias }: { readonly bias: Bias }) {
  const { name, kind, trainable, values } = bias;
  const change = changeOf(name);
  const canEdit = values.length <= MOST_EDITED;
  return (
    <li class="change">
      <div class="change-head">
        <code>{shown(name)}</code>
        {kind && (
          <span class="kind small">
            <KindMark kind={kind} /> {biasLabel(kind)}
          </span>
        )}
      </div>
      <div class="change-row">
        <Choice
          label={
            values.length === 1
              ? `One number, ${number(mean(values))}`
              : `${count(values.length)} numbers, mean ${number(mean(values))}`
          }
          options={canEdit ? MODES : MODES.slice(0, 3)}
          value={change.mode}
          onChange={(mode) => {
            // Editing begins with what was there.
            setChange(name, { mode, values: mode === "edited" ? changed(values, change) : null });
          }}
        />
        {trainable ? (
          <Check
            label="Freeze"
            value={frozen.value.has(name)}
            onChange={(isFrozen) => {
              setFrozen(name, isFrozen);
            }}
          />
        ) : (
          <span class="quiet small">fixed in the file</span>
        )}
      </div>
      {change.mode === "edited" && (
        <ol class="cells" start={0} aria-label={`Numbers of ${name}`}>
          {[...changed(values, change)].map((value, at) => (
            <li key={at}>
              {values.length > 1 && (
                <span class="value-index" aria-hidden="true">
                  {at}
                </span>
              )}
              <NumberCell
                label={`${name}, number ${at}`}
                value={value}
                digits={6}
                onChange={(next) => {
                  const edited = changed(values, change).slice();
                  edited[at] = next;
                  setChange(name, { mode: "edited", values: edited });
                }}
              />
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}
