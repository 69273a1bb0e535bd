/** Whether Python is heard, and what to do if not. */

import { type Connection, tryNow } from "../../runs/live";

interface Props {
  readonly state: Connection;
  readonly hasRuns: boolean;
}

export function Connected({ state: { state, seconds }, hasRuns }: Props) {
  const kept = hasRuns ? " What it told stays here until this page is closed." : "";
  const again = ` Listening again in ${seconds} s.`;
  switch (state) {
    case "unknown":
    case "none":
      return null;
    case "connecting":
      return <p class="connected quiet">Looking for Python …</p>;
    case "open":
      return (
        <p class="connected quiet">
          <span class="lamp lamp-on" aria-hidden="true" />
          {hasRuns ? "Connected to Python." : "Connected to Python. No training has begun yet."}
        </p>
      );
    case "ended":
    case "lost":
      return (
        <div class={state === "lost" ? "connected connected-lost" : "connected"}>
          <p>
            <span class="lamp" aria-hidden="true" />
            {state === "lost" ? "The connection to Python is lost." : "Python has ended."}
            {kept}
            {again}
          </p>
          <button type="button" class="button button-quiet" onClick={tryNow}>
            Listen now
          </button>
        </div>
      );
  }
}
