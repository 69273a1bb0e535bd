/** What to know of a model that can be shown all the same. */

import type { Notice } from "../model/describe";

export function Notices({ notices }: { readonly notices: readonly Notice[] }) {
  return notices.length === 0 ? null : (
    <ul class="notices" aria-label="To know">
      {notices.map(({ code, text }) => (
        <li key={code}>
          <code>{code}</code> {text}
        </li>
      ))}
    </ul>
  );
}
