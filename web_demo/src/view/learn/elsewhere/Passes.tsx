/** Logistic regression: the student who studies and sleeps, and where passing begins. */

import { elsewhere, fitPasses, LIMITS } from "../../../learn/elsewhere";
import {
  bestRule,
  logit,
  passJudged,
  type PassRule,
  sigmoid,
  STUDENTS,
} from "../../../learn/logistic";
import { fixed, signed } from "../../../model/words";
import { Choice } from "../../Choice";
import { Facts } from "../Facts";
import { Figure } from "../../Figure";
import { type Frame, Plot } from "../../Plot";
import { Slider } from "../../Slider";

/** Probabilities along which lines are drawn. */
const LEVELS = [0.1, 0.5, 0.9] as const;

export function Passes() {
  const { hasBias, study, sleep, bias, studied, slept } = elsewhere.state.value;
  const rule: PassRule = { study, sleep, bias: hasBias ? bias : 0 };
  const { loss, accuracy } = passJudged(rule);
  const least = passJudged(bestRule(hasBias)).loss;
  const student = { study: studied, sleep: slept };
  const z = logit(rule, student);
  return (
    <section class="lab" aria-labelledby="passes-title">
      <div class="lab-controls">
        <h2 id="passes-title">In logistic regression: the threshold</h2>
        <p class="quiet">
          A student studies and sleeps so many hours: will they pass? The weights say which way is
          up, the bias where passing begins.
        </p>
        <Choice
          label="Bias of the rule"
          options={[
            ["with", "with"],
            ["without", "without"],
          ]}
          value={hasBias ? "with" : "without"}
          onChange={(value) => {
            elsewhere.change({ hasBias: value === "with" });
          }}
        />
        <HoursSlider label="weight of study" name="study" value={study} limit={LIMITS.hours} />
        <HoursSlider label="weight of sleep" name="sleep" value={sleep} limit={LIMITS.hours} />
        {hasBias && (
          <HoursSlider label="bias of passing" name="bias" value={bias} limit={LIMITS.pass} />
        )}
        <div class="buttons">
          <button type="button" class="button" onClick={fitPasses}>
            Fit the rule
          </button>
        </div>
        <p class="verdict" role="status">
          {verdict(rule, hasBias, loss < least + 1e-4)}
        </p>
      </div>
      <div class="lab-picture">
        <Figure
          title="Who passes"
          caption="Discs passed, diamonds failed. The ring is the student below."
          numbers={() => ({
            head: ["student", "study, h", "sleep, h", "passed", "probability"],
            rows: STUDENTS.map((one, index) => [
              String(index + 1),
              one.study,
              one.sleep,
              one.passed ? "yes" : "no",
              fixed(sigmoid(logit(rule, one)), 3),
            ]),
          })}
        >
          <Plot
            label={`Forty students by hours of study and of sleep, and the lines where passing is as likely as 1, 5 and 9 in 10. ${fixed(accuracy * 100, 0)} % are told right.`}
            x={[0, 10]}
            y={[0, 10.5]}
            xTitle="study, hours"
            yTitle="sleep, hours"
            height={320}
            roomRight={20}
          >
            {(frame) => (
              <g aria-hidden="true">
                {LEVELS.map((level) => (
                  <Level key={level} frame={frame} rule={rule} level={level} />
                ))}
                {STUDENTS.map((one, index) => (
                  <Mark key={index} frame={frame} {...one} />
                ))}
                <circle class="asked-ring" cx={frame.x(studied)} cy={frame.y(slept)} r="9" />
              </g>
            )}
          </Plot>
        </Figure>
        <Facts
          facts={[
            ["told right", `${fixed(accuracy * 100, 0)} %`],
            ["loss, mean cross-entropy", fixed(loss, 4)],
            [`the least there is ${hasBias ? "with" : "without"} a bias`, fixed(least, 4)],
          ]}
        />
        <div class="split">
          <HoursSlider label="the student studies" name="studied" value={studied} hours />
          <HoursSlider label="and sleeps" name="slept" value={slept} hours />
        </div>
        <p class="arithmetic">
          z = {fixed(study, 2)} · {fixed(studied, 1)} {term(sleep)} · {fixed(slept, 1)}{" "}
          {term(rule.bias)} = {fixed(z, 2)}, so p = 1 / (1 + e<sup>{fixed(-z, 2)}</sup>) ={" "}
          <strong>{fixed(sigmoid(z), 3)}</strong>
        </p>
      </div>
    </section>
  );
}

function term(value: number): string {
  return value < 0 ? `− ${fixed(-value, 2)}` : `+ ${fixed(value, 2)}`;
}

function verdict(rule: PassRule, hasBias: boolean, isBest: boolean): string {
  const idle = `Who neither studies nor sleeps passes with p = ${fixed(sigmoid(rule.bias), 3)}, which is the bias alone.`;
  if (!isBest) {
    return idle;
  }
  return hasBias
    ? `No rule has less loss. ${idle}`
    : `The line must go through 0 and 0 hours, so the best that is left gives sleep a weight of ${signed(rule.sleep, 2)}: that it harms. ${idle}`;
}

type HoursName = "study" | "sleep" | "bias" | "studied" | "slept";

function HoursSlider(props: {
  readonly label: string;
  readonly name: HoursName;
  readonly value: number;
  readonly limit?: number;
  readonly hours?: boolean;
}) {
  return (
    <Slider
      label={props.label}
      value={props.value}
      min={props.hours ? 0 : -(props.limit ?? 10)}
      max={props.limit ?? 10}
      step={props.hours ? 0.5 : 0.05}
      unit={props.hours ? " h" : ""}
      onChange={(value) => {
        elsewhere.change({ [props.name]: value });
      }}
    />
  );
}

function Mark({
  frame: { x, y },
  study,
  sleep,
  passed,
}: {
  readonly frame: Frame;
  readonly study: number;
  readonly sleep: number;
  readonly passed: boolean;
}) {
  return passed ? (
    <circle class="mark mark-1" cx={x(study)} cy={y(sleep)} r="4.5" />
  ) : (
    <path class="mark mark-0" d={`M${x(study)} ${y(sleep) - 5}l5 5l-5 5l-5-5z`} />
  );
}

/** Where the rule says that probability. */
function Level({
  frame: { x, y, left, right, top, bottom },
  rule,
  level,
}: {
  readonly frame: Frame;
  readonly rule: PassRule;
  readonly level: number;
}) {
  const wanted = Math.log(level / (1 - level)) - rule.bias;
  const ends: [number, number][] = [];
  const put = (study: number, sleep: number): void => {
    const [px, py] = [x(study), y(sleep)];
    if (px >= left - 0.01 && px <= right + 0.01 && py >= top - 0.01 && py <= bottom + 0.01) {
      ends.push([px, py]);
    }
  };
  if (rule.sleep !== 0) {
    put(0, wanted / rule.sleep);
    put(10, (wanted - 10 * rule.study) / rule.sleep);
  }
  if (rule.study !== 0) {
    put(wanted / rule.study, 0);
    put((wanted - 10.5 * rule.sleep) / rule.study, 10.5);
  }
  const [first, second] = ends;
  if (!first || !second) {
    return null;
  }
  const [middleX, middleY] = [(first[0] + second[0]) / 2, (first[1] + second[1]) / 2];
  return (
    <>
      <path
        class={level === 0.5 ? "boundary" : "boundary boundary-thin"}
        d={`M${first[0].toFixed(2)} ${first[1].toFixed(2)}L${second[0].toFixed(2)} ${second[1].toFixed(2)}`}
      />
      <text class="on-line" x={middleX} y={middleY + 4} text-anchor="middle">{`p = ${level}`}</text>
    </>
  );
}
