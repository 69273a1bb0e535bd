/** A recurrent cell: biases that hold its gates open, to remember, or shut, not to be disturbed. */

import { elsewhere, gateBiases } from "../../../learn/elsewhere";
import { cell, type GateBiases, halfLife, LENGTH, SIGNAL, strays } from "../../../learn/gates";
import { sigmoid } from "../../../learn/logistic";
import { path } from "../../../learn/scale";
import { fixed } from "../../../model/words";
import { Choice } from "../../Choice";
import { Facts } from "../Facts";
import { Figure } from "../../Figure";
import { Plot } from "../../Plot";
import { Slider } from "../../Slider";

const GATES = [
  ["gInput", "input gate"],
  ["gForget", "forget gate"],
  ["gOutput", "output gate"],
] as const;

export function Gates() {
  const state = elsewhere.state.value;
  const biases = gateBiases(state);
  const isShared = state.gates === "scalar";
  const steps = cell(biases);
  const line = (of: "shown" | "state" | "said") => steps.map((at) => [at.time, at[of]] as const);
  return (
    <section class="lab" aria-labelledby="gates-title">
      <div class="lab-controls">
        <h2 id="gates-title">In a recurrent cell: gates</h2>
        <p class="quiet">
          An LSTM’s cell is shown one signal, then noise. Without its biases every gate is half
          open; they say what a gate does when nothing else is known.
        </p>
        <Choice
          label="Bias of the gates"
          options={[
            ["gate", "one per gate"],
            ["scalar", "one number"],
          ]}
          value={state.gates}
          onChange={(gates) => {
            elsewhere.change({ gates });
          }}
        />
        {isShared ? (
          <GateSlider label="all three gates" name="gAll" value={state.gAll} />
        ) : (
          GATES.map(([name, label]) => (
            <GateSlider key={name} label={label} name={name} value={state[name]} />
          ))
        )}
        <div class="buttons">
          {!isShared && (
            <button
              type="button"
              class="button"
              onClick={() => {
                elsewhere.change({ gInput: -5, gForget: 6, gOutput: 3 });
              }}
            >
              Hold the signal
            </button>
          )}
          <button
            type="button"
            class="button button-quiet"
            onClick={() => {
              elsewhere.change({ gInput: 0, gForget: 1, gOutput: 0, gAll: 0, gates: "gate" });
            }}
          >
            As Keras begins
          </button>
        </div>
        <p class="verdict" role="status">
          {verdict(isShared, biases)}
        </p>
      </div>
      <div class="lab-picture">
        <Figure
          title="What the cell keeps"
          caption="Dotted what it is shown, solid its state, dashed what it says."
          numbers={() => ({
            head: ["step", "shown", "state", "said"],
            rows: steps.map(({ time, shown, state: kept, said }) => [
              String(time),
              shown,
              kept,
              said,
            ]),
          })}
        >
          <Plot
            label={`A signal of 1 at step ${SIGNAL}, then noise; ${LENGTH - 1 - SIGNAL} steps later the state is ${fixed(steps.at(-1)?.state ?? 0, 2)}.`}
            x={[0, LENGTH - 1]}
            y={[-1.2, 1.4]}
            xTitle="step"
            yTitle=""
            height={300}
            roomRight={52}
          >
            {({ x, y, right, top, bottom }) => {
              const drawn = (of: "shown" | "state" | "said"): string =>
                path(
                  line(of).map(([time, value]) => [
                    x(time),
                    Math.min(bottom, Math.max(top, y(value))),
                  ]),
                );
              return (
                <g aria-hidden="true">
                  <path class="shown-line" d={drawn("shown")} />
                  <g class="series-1">
                    <path class="given said" d={drawn("said")} />
                  </g>
                  <g class="series-0">
                    <path class="given" d={drawn("state")} />
                    <text
                      class="line-name"
                      x={right + 6}
                      y={Math.max(top, Math.min(bottom, y(steps.at(-1)?.state ?? 0))) + 4}
                    >
                      state
                    </text>
                  </g>
                </g>
              );
            }}
          </Plot>
        </Figure>
        <Facts
          facts={[
            ["input gate, open", percent(biases.input)],
            ["kept at each step", percent(biases.forget)],
            ["half is gone after, steps", fixed(halfLife(biases.forget), 1)],
            ["strays from the signal by", fixed(strays(biases), 2)],
          ]}
        />
        <p class="formula quiet">
          A gate is 1 / (1 + e<sup>−b</sup>) where its kernel adds nothing; half is forgotten after
          ln 0.5 / ln f steps. Keras begins with a forget bias of 1: 2.2 steps instead of 1. Here
          the kernels are set by hand: the signal itself opens the input gate.
        </p>
      </div>
    </section>
  );
}

function GateSlider(props: {
  readonly label: string;
  readonly name: "gInput" | "gForget" | "gOutput" | "gAll";
  readonly value: number;
}) {
  return (
    <Slider
      label={props.label}
      value={props.value}
      min={-6}
      max={6}
      step={0.25}
      onChange={(value) => {
        elsewhere.change({ [props.name]: value });
      }}
    />
  );
}

function percent(bias: number): string {
  return `${fixed(100 * sigmoid(bias), 1)} %`;
}

function verdict(isShared: boolean, biases: GateBiases): string {
  if (isShared) {
    return "To remember, one gate must be open and another shut. One number opens all or shuts all: the cell forgets, or drowns in noise.";
  }
  return strays(biases) < 0.25
    ? "The forget gate is held open and the input gate shut: the signal stays, and noise stays out."
    : "Open the forget gate to remember, and shut the input gate against noise.";
}
