/** Two fair objections to the answer, each an experiment. */

import type { ComponentChildren } from "preact";
import { answer } from "../../../learn/answer";
import { Chain } from "./Chain";
import { Softmax } from "./Softmax";

export function Objections() {
  const { linear, softmax } = answer.state.value;
  return (
    <section class="objections" aria-labelledby="objections-title">
      <h2 id="objections-title">Two fair objections</h2>
      <p class="quiet">One number per layer is a constraint, and sometimes it costs nothing.</p>
      <Objection
        title="“But my network, dense 5 then dense 2, does learn it with one number per layer.”"
        isOpen={linear}
        onToggle={(isOpen) => {
          answer.change({ linear: isOpen });
        }}
      >
        <Chain />
      </Objection>
      <Objection
        title="“And a classifier? Can its softmax do with one number?”"
        isOpen={softmax}
        onToggle={(isOpen) => {
          answer.change({ softmax: isOpen });
        }}
      >
        <Softmax />
      </Objection>
    </section>
  );
}

interface Props {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
  readonly children: ComponentChildren;
}

function Objection({ title, isOpen, onToggle, children }: Props) {
  return (
    <details
      class="objection"
      open={isOpen}
      onToggle={({ currentTarget }) => {
        if (currentTarget.open !== isOpen) {
          onToggle(currentTarget.open);
        }
      }}
    >
      <summary>
        <h3>{title}</h3>
      </summary>
      {isOpen && <div class="objection-body">{children}</div>}
    </details>
  );
}
