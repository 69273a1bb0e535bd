/** One step of training of one unit on one sample, number by number. */

export interface Unit {
  readonly w: number;
  readonly b: number;
}

export interface Lesson {
  readonly x: number;
  /** What the unit should answer. */
  readonly y: number;
  readonly rate: number;
  /** Strength of the penalty λ w² on the weight, and on the bias if that is asked for. */
  readonly penalty: number;
  readonly penalizesBias: boolean;
}

export interface Step {
  /** w x + b. */
  readonly answer: number;
  /** The squared error, without penalties. */
  readonly error: number;
  readonly loss: number;
  readonly slopeW: number;
  readonly slopeB: number;
  readonly next: Unit;
}

export function step({ w, b }: Unit, lesson: Lesson): Step {
  const { x, y, rate, penalty, penalizesBias } = lesson;
  const onBias = penalizesBias ? penalty : 0;
  const answer = w * x + b;
  const error = (answer - y) ** 2;
  const slopeW = 2 * (answer - y) * x + 2 * penalty * w;
  const slopeB = 2 * (answer - y) + 2 * onBias * b;
  return {
    answer,
    error,
    loss: error + penalty * w * w + onBias * b * b,
    slopeW,
    slopeB,
    next: { w: w - rate * slopeW, b: b - rate * slopeB },
  };
}
