/** The place Live: trainings that run in Python, side by side. */

import { connection, runs, status } from "../../runs/live";
import { useSlowly } from "./useSlowly";
import { Connected } from "./Connected";
import { HowTo } from "./HowTo";
import { RunPanel } from "./RunPanel";
import { Toolbar } from "./Toolbar";

export function Runs() {
  const said = useSlowly(status.value.join(" "));
  const all = runs.value;
  return (
    <>
      <div class="intro">
        <h1>Watch a training</h1>
        <p class="lead">
          Loss, metrics and every bias of a network, while <code>model.fit</code> runs in Python.
        </p>
      </div>
      <Connected state={connection.value} hasRuns={all.length > 0} />
      <p class="visually-hidden" role="status">
        {said}
      </p>
      {all.length > 0 ? (
        <>
          <Toolbar />
          <div class={all.length === 1 ? "runs runs-alone" : "runs"}>
            {all.map((run) => (
              <RunPanel key={run.key} run={run} />
            ))}
          </div>
        </>
      ) : (
        <HowTo />
      )}
    </>
  );
}
