/** One seed may be luck: how well each kind of bias does from fifteen of them. */

import { boundary } from "../../../learn/boundary";
import { KINDS, type NetBias } from "../../../learn/mlp";
import { MOST_STEPS } from "../../../learn/run";
import { median, SEEDS, spread } from "../../../learn/spread";
import { count, fixed } from "../../../model/words";
import { Figure } from "../../Figure";
import { Plot } from "../../Plot";
import { KIND_TITLES } from "./titles";

const percent = (share: number): string => `${fixed(share * 100, 0)} %`;

export function Spread() {
  const isAsked = boundary.state.value.spread;
  const found = spread.value;
  const done = found.at(-1)?.length ?? 0;
  return (
    <section class="lab" aria-labelledby="spread-title">
      <div class="lab-controls">
        <h2 id="spread-title">One seed may be luck</h2>
        <p class="quiet">
          The same training, {count(MOST_STEPS)} steps, from {SEEDS} seeds for each kind of bias.
        </p>
        <div class="buttons">
          <button
            type="button"
            class={isAsked ? "button button-quiet" : "button"}
            onClick={() => {
              boundary.change({ spread: !isAsked });
            }}
          >
            {isAsked ? "Clear" : `Train ${SEEDS} seeds`}
          </button>
        </div>
        <p class="verdict" role="status">
          {!isAsked
            ? "Nothing trained yet."
            : done < SEEDS
              ? `${done} of ${SEEDS} seeds are trained.`
              : `In the middle: ${KINDS.map((kind, index) => `${KIND_TITLES[kind].toLowerCase()} ${percent(median(found[index] ?? []))}`).join(", ")}.`}
        </p>
      </div>
      <div class="lab-picture">{isAsked && <Strips found={found} />}</div>
    </section>
  );
}

function Strips({ found }: { readonly found: readonly (readonly number[])[] }) {
  const rows = KINDS.map((kind, index) => ({ kind, shares: found[index] ?? [] }));
  return (
    <Figure
      title="Points told right"
      caption="A dot for each seed, a bar at the one in the middle."
      numbers={() => ({
        head: ["bias", "least", "middle", "most", "seeds"],
        rows: rows.map(({ kind, shares }) => [
          KIND_TITLES[kind],
          ...(shares.length
            ? [percent(Math.min(...shares)), percent(median(shares)), percent(Math.max(...shares))]
            : ["–", "–", "–"]),
          shares.length,
        ]),
      })}
    >
      <Plot
        label={`Shares of points told right, by kind of bias: ${rows.map(({ kind, shares }) => summary(kind, shares)).join("; ")}.`}
        x={[40, 100]}
        y={[0, KINDS.length]}
        xTitle="% told right"
        yTitle=""
        height={60 + 44 * KINDS.length}
        roomLeft={164}
        yTicks={[]}
      >
        {({ x, y, left }) =>
          rows.map(({ kind, shares }, index) => {
            const middle = y(KINDS.length - index - 0.5);
            return (
              <g key={kind} aria-hidden="true">
                <text class="line-name" x={left - 10} y={middle + 4} text-anchor="end">
                  {KIND_TITLES[kind]}
                </text>
                {shares.map((share, seed) => (
                  <circle
                    key={seed}
                    class="seed"
                    cx={x(Math.max(40, share * 100))}
                    cy={middle + ((seed % 5) - 2) * 5}
                    r="4"
                  />
                ))}
                {shares.length > 0 && (
                  <path class="middle" d={`M${x(median(shares) * 100)} ${middle - 17}v34`} />
                )}
              </g>
            );
          })
        }
      </Plot>
    </Figure>
  );
}

function summary(kind: NetBias, shares: readonly number[]): string {
  return shares.length
    ? `${KIND_TITLES[kind]} ${percent(Math.min(...shares))} to ${percent(Math.max(...shares))}`
    : `${KIND_TITLES[kind]} none yet`;
}
