/** Linear regression: the weight is the slope, the bias the intercept. */

import { elsewhere, fitRents, LIMITS } from "../../../learn/elsewhere";
import { bestLine, FLATS, rentError } from "../../../learn/regression";
import { path } from "../../../learn/scale";
import { fixed } from "../../../model/words";
import { Choice } from "../../Choice";
import { Facts } from "../Facts";
import { Figure } from "../../Figure";
import { Plot } from "../../Plot";
import { Slider } from "../../Slider";

const MOST = 130;

export function Rents() {
  const { hasIntercept, slope, intercept: set } = elsewhere.state.value;
  const intercept = hasIntercept ? set : 0;
  const line = { slope, intercept };
  const least = rentError(bestLine(hasIntercept));
  return (
    <section class="lab" aria-labelledby="rents-title">
      <div class="lab-controls">
        <h2 id="rents-title">In linear regression: the intercept</h2>
        <p class="quiet">
          Rent by size. The weight is what a square metre costs, the bias what any flat costs.
        </p>
        <Choice
          label="Bias"
          options={[
            ["with", "with"],
            ["without", "without"],
          ]}
          value={hasIntercept ? "with" : "without"}
          onChange={(value) => {
            elsewhere.change({ hasIntercept: value === "with" });
          }}
        />
        <Slider
          label="weight: the slope"
          value={slope}
          min={-LIMITS.slope}
          max={LIMITS.slope}
          step={0.1}
          onChange={(value) => {
            elsewhere.change({ slope: value });
          }}
        />
        {hasIntercept && (
          <Slider
            label="bias: the intercept"
            value={set}
            min={-LIMITS.intercept}
            max={LIMITS.intercept}
            step={5}
            digits={1}
            unit=" €"
            onChange={(value) => {
              elsewhere.change({ intercept: value });
            }}
          />
        )}
        <div class="buttons">
          <button type="button" class="button" onClick={fitRents}>
            Fit the line
          </button>
        </div>
        <p class="verdict" role="status">
          {rentError(line) > least * 1.001
            ? "The weight turns the line, the bias lifts it."
            : hasIntercept
              ? "Least squares: the line goes through the middle of the points."
              : "Without a bias the line must go through 0. It is too steep, to make up for what it cannot lift."}
        </p>
      </div>
      <div class="lab-picture">
        <Figure
          title="Rent by size"
          numbers={() => ({
            head: ["flat", "m²", "rent, €", "by the line, €"],
            rows: FLATS.map(({ size, rent }, index) => [
              String(index + 1),
              size,
              rent,
              Number((slope * size + intercept).toFixed(1)),
            ]),
          })}
        >
          <Plot
            label={`Sixteen flats, and a line of slope ${fixed(slope, 2)} that begins at ${fixed(intercept, 1)} euros.`}
            x={[0, MOST]}
            y={[-200, 1400]}
            xTitle="m²"
            yTitle="€ a month"
            height={300}
            roomLeft={52}
          >
            {({ x, y, clip }) => (
              <g class="series-0" aria-hidden="true">
                {FLATS.map(({ size, rent }) => (
                  <g key={size}>
                    <path
                      class="gap gap-thin"
                      clip-path={clip}
                      d={`M${x(size)} ${y(rent)}V${y(slope * size + intercept)}`}
                    />
                    <circle class="sample" cx={x(size)} cy={y(rent)} r="4" />
                  </g>
                ))}
                <path
                  class="given"
                  clip-path={clip}
                  d={path([0, MOST].map((size) => [x(size), y(slope * size + intercept)]))}
                />
                <circle class="dot-given" cx={x(0)} cy={y(intercept)} r="5" />
                <text class="line-name" x={x(0) + 10} y={y(intercept) - 8}>
                  b = {fixed(intercept, 0)}
                </text>
              </g>
            )}
          </Plot>
        </Figure>
        <Facts
          facts={[
            ["error, in euros", fixed(rentError(line), 2)],
            [`the least there is ${hasIntercept ? "with" : "without"} a bias`, fixed(least, 2)],
          ]}
        />
      </div>
    </section>
  );
}
