/** Who passes: the probability for a student who studies and sleeps so many hours. */

import { uniform } from "./random";

export interface PassRule {
  /** For each hour of study. */
  readonly study: number;
  /** For each hour of sleep. */
  readonly sleep: number;
  readonly bias: number;
}

export interface Student {
  readonly study: number;
  readonly sleep: number;
  readonly passed: boolean;
}

/** Made up, by chance as the rule 0.6, 0.4, -5.5 has it. */
export const STUDENTS: readonly Student[] = made();
const ROUNDS = 50;

function made(): readonly Student[] {
  const next = uniform(21);
  return Array.from({ length: 40 }, () => {
    const [study, sleep] = [round(10 * next()), round(2 + 8 * next())];
    return { study, sleep, passed: next() < sigmoid(0.6 * study + 0.4 * sleep - 5.5) };
  });
}

function round(hours: number): number {
  return Math.round(2 * hours) / 2;
}

export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

export function logit(rule: PassRule, { study, sleep }: Omit<Student, "passed">): number {
  return rule.study * study + rule.sleep * sleep + rule.bias;
}

/** Mean cross-entropy, and the share of students that are told right. */
export function passJudged(rule: PassRule): { readonly loss: number; readonly accuracy: number } {
  let [loss, right] = [0, 0];
  for (const student of STUDENTS) {
    const signed = (student.passed ? 1 : -1) * logit(rule, student);
    loss += signed > 0 ? Math.log1p(Math.exp(-signed)) : Math.log1p(Math.exp(signed)) - signed;
    right += signed > 0 ? 1 : 0;
  }
  return { loss: loss / STUDENTS.length, accuracy: right / STUDENTS.length };
}

/** The rule with the least loss, by Newton's method: its steps are exact where the loss is a bowl. */
export function bestRule(hasBias: boolean): PassRule {
  const size = hasBias ? 3 : 2;
  let weights = Array<number>(size).fill(0);
  for (let step = 0; step < ROUNDS; step += 1) {
    const rule = asRule(weights);
    const gradient = Array<number>(size).fill(0);
    const curvature = gradient.map(() => Array<number>(size).fill(0));
    for (const student of STUDENTS) {
      const inputs = [student.study, student.sleep, 1].slice(0, size);
      const share = sigmoid(logit(rule, student));
      inputs.forEach((input, row) => {
        gradient[row] = (gradient[row] ?? 0) + input * (share - (student.passed ? 1 : 0));
        inputs.forEach((other, column) => {
          const line = curvature[row] ?? [];
          line[column] = (line[column] ?? 0) + input * other * share * (1 - share);
        });
      });
    }
    const move = solved(curvature, gradient);
    weights = weights.map((weight, index) => weight - (move[index] ?? 0));
  }
  return asRule(weights);
}

function asRule([study = 0, sleep = 0, bias = 0]: readonly number[]): PassRule {
  return { study, sleep, bias };
}

/** A x = b by elimination, for a few unknowns and a matrix with a positive diagonal. */
function solved(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  rows.forEach((pivot, at) => {
    const lead = pivot[at] ?? 1;
    for (let column = 0; column < pivot.length; column += 1) {
      pivot[column] = (pivot[column] ?? 0) / lead;
    }
    rows.forEach((row, other) => {
      const factor = row[at] ?? 0;
      if (other !== at) {
        row.forEach((value, column) => {
          row[column] = value - factor * (pivot[column] ?? 0);
        });
      }
    });
  });
  return rows.map((row) => row.at(-1) ?? 0);
}
