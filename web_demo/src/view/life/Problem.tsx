/** Something that could not be done here, and how to mend that. */

import type { LiveError } from "../../live/errors";

export function Problem({ error }: { readonly error: LiveError }) {
  const { where, what, fix } = error.parts;
  return (
    <div class="problem" role="alert">
      <p>
        <strong>{where}</strong> <code>{error.code}</code>
      </p>
      <p>
        {what} {fix}
      </p>
    </div>
  );
}
