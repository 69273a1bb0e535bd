/** The second scene's state: four nets in training, what was moved, and what is looked at. */

import { computed, effect, signal, untracked } from "@preact/signals";
import { choice, type Field, flag, weights, whole } from "./codec";
import type { PresetName } from "./datasets";
import { inFrames } from "./frames";
import { KINDS, NET_SIZE, type NetBias, UNITS } from "./mlp";
import {
  advance,
  applyEdit,
  begun,
  continues,
  type Edit,
  edited,
  MOST_STEPS,
  type Nets,
  type Plan,
  withEdit,
} from "./run";
import { sceneState } from "./scene";

export const BIAS_LIMIT = 20;
const STEPS_PER_FRAME = 5;
const MOST_EDITS = 60;

interface State {
  readonly data: PresetName;
  readonly seed: number;
  /** Steps that have been trained. */
  readonly steps: number;
  /** The step that is looked at; -1 is the last. */
  readonly look: number;
  readonly edits: readonly Edit[];
  /** Whose biases are drawn along the steps. */
  readonly traced: NetBias;
  /** Whether the spread over seeds is asked for. */
  readonly spread: boolean;
  /** All four nets after the last step, for who has not trained them yet. */
  readonly w: Float32Array | null;
}

/** As "step_kind_unit_value", one behind another. */
const edits: Field<readonly Edit[]> = {
  initial: [],
  write: (all) =>
    all.map(({ step, kind, unit, value }) => [step, kind, unit, value].join("_")).join("~"),
  read: (text) => {
    const found = text.split("~").map((each) => {
      const [step = NaN, kind = NaN, unit = NaN, value = NaN] = each.split("_").map(Number);
      return { step, kind, unit, value };
    });
    return found.length <= MOST_EDITS && found.every(isPossible) ? found : undefined;
  },
};

function isPossible({ step, kind, unit, value }: Edit): boolean {
  return (
    [step, kind, unit].every(Number.isInteger) &&
    step >= 0 &&
    step <= MOST_STEPS &&
    kind in KINDS &&
    unit >= 0 &&
    unit < UNITS &&
    Math.abs(value) <= BIAS_LIMIT
  );
}

export const boundary = sceneState<State>(
  {
    data: choice(["disc", "bands", "ring", "half"], "disc"),
    seed: whole(7, 0, 9999),
    steps: whole(0, 0, MOST_STEPS),
    look: whole(-1, -1, MOST_STEPS),
    edits,
    traced: choice(KINDS, "vector"),
    spread: flag(false),
    w: weights(KINDS.length * NET_SIZE),
  },
  () => {
    isPlaying.value = false;
  },
);

export const isPlaying = signal(false);

let run = begun(planned(boundary.state.peek()));
/** Changes with the run, whose past is too long to copy at every step. */
const version = signal(0);
let isWorking = false;

function planned({ data, seed, edits: moved }: State): Plan {
  return { preset: data, seed, edits: moved };
}

function isBehind(): boolean {
  return run.past.length - 1 < boundary.state.peek().steps;
}

/** The run follows the state: begins anew where that is of another run, and trains as far. */
effect(() => {
  const plan = planned(boundary.state.value);
  const plays = isPlaying.value;
  untracked(() => {
    run = continues(run, plan) ? { ...run, plan } : begun(plan);
    version.value += 1;
    if (!isWorking && (plays || isBehind())) {
      work();
    }
  });
});

function work(): void {
  isWorking = true;
  inFrames({
    piece: () => {
      if (isBehind()) {
        advance(run);
      }
      return isBehind();
    },
    shown: () => {
      version.value += 1;
    },
    done: () => {
      isWorking = false;
      if (isPlaying.peek()) {
        playOn();
      } else {
        keepWeights();
      }
    },
  });
}

function playOn(): void {
  const { steps } = boundary.state.peek();
  if (steps < MOST_STEPS) {
    boundary.change({ steps: Math.min(MOST_STEPS, steps + STEPS_PER_FRAME), w: null });
  } else {
    isPlaying.value = false;
    keepWeights();
  }
}

/** The last nets stand in the address; where they came from there, they are what is true. */
function keepWeights(): void {
  const { steps, w } = boundary.state.peek();
  const last = run.past[steps];
  if (w) {
    run.past[steps] = w;
    version.value += 1;
  } else if (last && steps > 0) {
    boundary.change({ w: last });
  }
}

/** The nets after each step, as far as they are trained and asked for. */
export const past = computed<readonly Nets[]>(() => {
  const { steps } = boundary.state.value;
  return version.value >= 0 ? run.past.slice(0, steps + 1) : [];
});

/** The step that is looked at. */
export const looked = computed(() => {
  const { look, steps } = boundary.state.value;
  return look < 0 ? steps : Math.min(look, steps);
});

/** The nets at the step that is looked at, or the nearest that is known. */
export const nets = computed<Nets>(() => {
  const { steps, w } = boundary.state.value;
  const known = past.value;
  const found = known[looked.value];
  return found ?? (looked.value === steps ? w : null) ?? known.at(-1) ?? new Float32Array();
});

export function play(): void {
  goBack(looked.value === MOST_STEPS ? 0 : looked.value);
  isPlaying.value = true;
}

export function pause(): void {
  isPlaying.value = false;
  keepWeights();
}

export function stepOnce(): void {
  isPlaying.value = false;
  goBack(looked.value);
  const { steps } = boundary.state.value;
  boundary.change({ steps: Math.min(MOST_STEPS, steps + 1), w: null });
  keepWeightsIfKnown();
}

/** To a step, with what was moved up to there. */
function goBack(step: number): void {
  const { steps, edits: moved, w } = boundary.state.value;
  const kept = moved.filter((edit) => edit.step <= step);
  boundary.change({ steps: step, look: -1, w: step === steps ? w : null, edits: kept });
}

function keepWeightsIfKnown(): void {
  if (!isBehind()) {
    keepWeights();
  }
}

/** Another preset, another seed, or the same from the beginning. */
export function restart(part: Partial<Pick<State, "data" | "seed">>): void {
  isPlaying.value = false;
  const isOther = part.data !== undefined;
  const { spread } = boundary.state.value;
  const begin = { steps: 0, look: -1, edits: [], w: null, spread: spread && !isOther };
  boundary.change({ ...part, ...begin });
}

/** Sets a hidden bias at the step that is looked at; training goes on from there. */
export function move(kind: number, unit: number, value: number): void {
  isPlaying.value = false;
  const step = looked.value;
  const edit: Edit = {
    step,
    kind,
    unit: KINDS[kind] === "scalar" ? 0 : unit,
    value: Math.fround(Math.min(BIAS_LIMIT, Math.max(-BIAS_LIMIT, value))),
  };
  const moved = withEdit(boundary.state.value.edits, edit);
  if (moved.length > MOST_EDITS) {
    return;
  }
  const shown = Float32Array.from(nets.value);
  applyEdit(shown, edit);
  run = edited(run, edit, moved);
  boundary.change({ steps: step, look: -1, edits: moved, w: shown });
}
