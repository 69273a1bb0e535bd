/** What to know of a model that can be shown all the same: where, what, and why. */

import { shown } from "../loader/errors";
import type { Notice, NoticeCode } from "../model/notices";
import { AsTable } from "./AsTable";
import { useLimit } from "./useLimit";

const FEW = 6;

/** Nothing is wrong there: the network has more numbers than it needs. */
const MERELY: ReadonlySet<NoticeCode> = new Set(["LINEAR_CHAIN", "NO_EFFECT", "REDUNDANT_BIAS"]);

export function Notices({ notices }: { readonly notices: readonly Notice[] }) {
  const { visible, more } = useLimit(notices, FEW);
  return notices.length === 0 ? null : (
    <>
      <ul class="notices" aria-label="To know">
        {visible.map(({ code, where, text, numbers }) => (
          <li key={`${code} ${where ?? ""}`} class={MERELY.has(code) ? "merely" : ""}>
            <p class="notice-head">
              <code>{code}</code>
              {where !== null && <span class="notice-where">{shown(where)}</span>}
            </p>
            <p>{text}</p>
            {numbers && <AsTable title={numbers.title} numbers={() => numbers} />}
          </li>
        ))}
      </ul>
      {more}
    </>
  );
}
