/** Training: on what, how, and what it did. */

import { shown } from "../../loader/errors";
import { biases, isChanged } from "../../live/changing";
import { type Loss, LOSS_TITLES, LOSSES } from "../../live/losses";
import { living } from "../../live/session";
import {
  broken,
  expectedStep,
  history,
  isTraining,
  losses,
  lowerRate,
  optimizer,
  pause,
  play,
  rate,
  reset,
  REST,
  setLoss,
  setOptimizer,
  stepOnce,
  steps,
  trainProblem,
  trainSamples,
} from "../../live/training";
import { count, counted, number } from "../../model/words";
import { Choice } from "../Choice";
import { Course } from "./Course";
import { LossCurve } from "./LossCurve";
import { NumberField } from "./NumberField";
import { Problem } from "./Problem";
import { TrainData } from "./TrainData";

export function Train() {
  const past = history.value;
  const hasSamples = trainSamples.value !== null && !(trainSamples.value instanceof Error);
  return (
    <section class="lab life-lab" aria-labelledby="train-title" data-table="train">
      <div class="lab-controls">
        <h4 id="train-title">Train it</h4>
        <TrainData />
        <Losses />
        <Choice
          label="Optimizer"
          options={[
            ["adam", "Adam"],
            ["sgd", "SGD"],
          ]}
          value={optimizer.value}
          onChange={setOptimizer}
        />
        <div class="fields">
          <NumberField
            label="Learning rate"
            value={rate.value}
            min={1e-9}
            max={1e6}
            onChange={(next) => {
              rate.value = next;
            }}
          />
        </div>
        {isChanged.value && (
          <p class="quiet small">
            The biases on trial above are not kept: training goes on from the network without them.
          </p>
        )}
        {expectedStep.value > 1 && (
          <p class="quiet small">
            A step of so large a network takes about{" "}
            {counted(Math.ceil(expectedStep.value), "second")} here, and the page stands still
            meanwhile.
          </p>
        )}
        <div class="buttons">
          <button
            type="button"
            class="button"
            disabled={!hasSamples}
            onClick={isTraining.value ? pause : play}
          >
            {isTraining.value ? "Pause" : "Train"}
          </button>
          <button
            type="button"
            class="button button-quiet"
            disabled={!hasSamples}
            onClick={stepOnce}
          >
            One step
          </button>
          <button type="button" class="button button-quiet" disabled={!past} onClick={reset}>
            Reset
          </button>
        </div>
      </div>
      <div class="lab-picture">
        <h4>What training does</h4>
        {trainProblem.value && <Problem error={trainProblem.value} />}
        <Broken />
        {past ? (
          <>
            <LossCurve history={past} />
            {biases.value.length > 0 && <Course history={past} />}
          </>
        ) : (
          <p class="quiet prose">
            The loss of each step, and where each bias goes. A frozen bias stays. The weights that
            come of it are the network’s from then on, on this page alone; Reset takes those of the
            files again.
          </p>
        )}
        <p class="visually-hidden" role="status">
          {isTraining.value ? "Training." : past ? said() : ""}
        </p>
      </div>
    </section>
  );
}

function said(): string {
  const taken = steps.value;
  const rests = taken > 0 && taken % REST === 0 ? " Training rests; Train goes on." : "";
  return `Trained ${counted(taken, "step")}.${rests}`;
}

function Losses() {
  const ports = living.value?.outputs ?? [];
  return (
    <>
      {ports.map(({ name }, output) => (
        <div class="select-field" key={output}>
          <label for={`loss-${output}`}>
            {ports.length > 1 ? (
              <>
                Loss of <code>{shown(name)}</code>
              </>
            ) : (
              "Loss"
            )}
          </label>
          <select
            id={`loss-${output}`}
            value={losses.value[output] ?? "mse"}
            onChange={({ currentTarget }) => {
              setLoss(output, currentTarget.value as Loss);
            }}
          >
            {LOSSES.map((loss) => (
              <option key={loss} value={loss}>
                {LOSS_TITLES[loss]}
              </option>
            ))}
          </select>
        </div>
      ))}
    </>
  );
}

function Broken() {
  const found = broken.value;
  return found ? (
    <div class="problem" role="alert">
      <p>
        <strong>The loss is not finite any more.</strong>
      </p>
      <p>
        {found.step > 0
          ? `Training stopped after step ${count(found.step)}, the last one whose numbers are finite, and the network is as it was there. A learning rate of ${number(found.rate)} is too high here.`
          : `Already the first step at a learning rate of ${number(found.rate)} gives no finite number; the network is as it was.`}
      </p>
      <button type="button" class="button button-quiet" onClick={lowerRate}>
        Take {number(found.rate / 10)} instead
      </button>
    </div>
  ) : null;
}
