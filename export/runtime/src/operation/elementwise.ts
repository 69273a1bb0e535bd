/** Operations of `keras.ops` on each number, by Keras's class. Formulas: `keras/src/ops`. */

import type { Tensor } from "@tensorflow/tfjs-core";
import {
  abs, acos, acosh, add, asin, asinh, atan, atan2, atanh, ceil, clipByValue, cos, cosh, div, elu,
  equal, erf, exp, expm1, floor, greater, greaterEqual, isFinite, isInf, isNaN, leakyRelu, less,
  lessEqual, log, log1p, logicalAnd, logicalNot, logicalOr, logicalXor, maximum, minimum, mod, mul,
  neg, notEqual, pow, reciprocal, relu, relu6, round, rsqrt, scalar, selu, sigmoid, sign, sin,
  sinh, softplus, sqrt, square, step, sub, tan, tanh, where, 
} from "@tensorflow/tfjs-core"; // prettier-ignore
import { ACTIVATIONS } from "../activations";
import { above, severed } from "../gradient";
import { at, floats } from "../inputs";
import type { Compute, Given } from "./given";
import { of, promoted } from "./given";
import { common, stretched } from "./parts";

type Unary = (x: Tensor) => Tensor;
type Binary = (x: Tensor, y: Tensor) => Tensor;

/** Of one tensor, in float32. */
const one =
  (compute: Unary): Compute =>
  (given) =>
    compute(given.floats(0));

/** Of one tensor, in its own type. */
const kept =
  (compute: Unary): Compute =>
  (given) => {
    const x = given.tensor(0);
    return x.dtype === "bool" ? compute(of("int32", x)) : compute(x);
  };

/** A yes or no to each number, through which no gradient passes. */
const asked =
  (compute: Unary): Compute =>
  (given) => {
    const x = given.tensor(0);
    return severed([x], () => of("bool", compute(x)));
  };

/** Of two tensors in one type; of truths, as numbers and back. */
const two =
  (compute: Binary): Compute =>
  (given) => {
    const [x, y] = given.pair();
    return x.dtype === "bool" ? of("bool", compute(of("int32", x), of("int32", y))) : compute(x, y);
  };

/** Of two tensors, in float32. */
const both =
  (compute: Binary): Compute =>
  (given) =>
    compute(given.floats(0), given.floats(1));

/** A yes or no to each pair of numbers, through which no gradient passes. */
const compared =
  (compute: Binary): Compute =>
  (given) => {
    const [x, y] = given.pair();
    return severed([x, y], () => compute(x, y));
  };

/** The same of truths. */
const logical =
  (compute: Binary): Compute =>
  (given) => {
    const pair = given.pair();
    const [x, y] = pair;
    return severed(pair, () => compute(of("bool", x), of("bool", y)));
  };

/** With numbers among the options. */
const formed =
  (compute: (x: Tensor, number: (key: string, fallback: number) => number) => Tensor): Compute =>
  (given) =>
    compute(given.floats(0), (key, fallback) => given.options.number(key, fallback));

/** Of tensors stretched to one shape: tfjs's gradient of an extreme knows no two. */
const even =
  (compute: Binary): Binary =>
  (x, y) => {
    const shape = common(x.shape, y.shape);
    return compute(stretched(x, shape), stretched(y, shape));
  };

const largest = /* @__PURE__ */ even(maximum);
const least = /* @__PURE__ */ even(minimum);

/** Of one tensor. */
export const OF_ONE: Readonly<Record<string, Compute>> = /* @__PURE__ */ (() => ({
  Absolute: kept(abs),
  Angle: one((x) =>
    mul(
      severed([x], () => of("float32", less(x, 0))),
      Math.PI,
    ),
  ),
  Arccos: one(acos),
  Arccosh: one(acosh),
  Arcsin: one(asin),
  Arcsinh: one(asinh),
  Arctan: one(atan),
  Arctanh: one(atanh),
  Cbrt: one((x) => mul(sign(x), pow(abs(x), 1 / 3))),
  Ceil: one(ceil),
  Celu: formed((x, number) => {
    const alpha = number("alpha", 1);
    return add(relu(x), mul(alpha, minimum(expm1(div(minimum(x, 0), alpha)), 0)));
  }),
  Copy: (given) => given.tensor(0).clone(),
  Cos: one(cos),
  Cosh: one(cosh),
  Elu: formed((x, number) => {
    const y = elu(x);
    return where(above(x, 0), y, mul(number("alpha", 1), y));
  }),
  Erf: one(erf),
  Erfc: one((x) => sub(1, erf(x))),
  Exp: one(exp),
  Expm1: one(expm1),
  Floor: one(floor),
  Gelu: (given) => {
    const x = given.floats(0);
    const bent = given.options.bool("approximate", true)
      ? tanh(mul(Math.sqrt(2 / Math.PI), add(x, mul(0.044715, mul(x, square(x))))))
      : erf(mul(x, Math.SQRT1_2));
    return mul(mul(0.5, x), add(1, bent));
  },
  HardShrink: formed((x, number) => where(above(abs(x), number("threshold", 0.5)), x, 0)),
  HardSigmoid: one(ACTIVATIONS.hardSigmoid),
  HardSilu: one(ACTIVATIONS.hardSilu),
  HardTanh: one(ACTIVATIONS.hardTanh),
  Isfinite: asked(isFinite),
  Isinf: asked(isInf),
  Isnan: asked(isNaN),
  Isneginf: asked((x) => logicalAnd(isInf(x), less(x, 0))),
  Isposinf: asked((x) => logicalAnd(isInf(x), greater(x, 0))),
  LeakyRelu: formed((x, number) => leakyRelu(x, number("negativeSlope", 0.2))),
  Log: one(log),
  Log10: one((x) => mul(log(x), Math.LOG10E)),
  Log1p: one(log1p),
  Log2: one((x) => mul(log(x), Math.LOG2E)),
  LogSigmoid: one(ACTIVATIONS.logSigmoid),
  LogicalNot: asked((x) => logicalNot(of("bool", x))),
  NanToNum: (given) => {
    const x = given.floats(0);
    const { options } = given;
    const most = 3.4028234663852886e38;
    const parts: readonly (readonly [Unary, number])[] = [
      [isNaN, options.number("nan", 0)],
      [(y) => logicalAnd(isInf(y), greater(y, 0)), options.optionalNumber("posinf") ?? most],
      [(y) => logicalAnd(isInf(y), less(y, 0)), options.optionalNumber("neginf") ?? -most],
    ];
    return parts.reduce(
      (y, [found, value]) =>
        where(
          severed([x], () => found(x)),
          value,
          y,
        ),
      x,
    );
  },
  Negative: kept(neg),
  ReLU: (given) => {
    const x = given.floats(0);
    const { options } = given;
    const threshold = options.number("threshold", 0);
    const most = options.optionalNumber("maxValue");
    const slope = options.number("negativeSlope", 0);
    const rectified = threshold ? where(above(x, threshold), x, 0) : relu(x);
    const positive = most === null ? rectified : minimum(rectified, most);
    return slope ? sub(positive, mul(slope, relu(sub(threshold, x)))) : positive;
  },
  Relu: one(relu),
  Relu6: one(relu6),
  Round: formed((x, number) => {
    const unit = 10 ** number("decimals", 0);
    return unit === 1 ? round(x) : div(round(mul(x, unit)), unit);
  }),
  Rsqrt: one(rsqrt),
  Selu: one(selu),
  Sigmoid: one(sigmoid),
  Sign: kept(sign),
  Signbit: asked((x) => logicalOr(less(x, 0), less(reciprocal(floats(x)), 0))),
  Silu: one((x) => mul(x, sigmoid(x))),
  Sin: one(sin),
  Sinc: one((x) => {
    const zero = severed([x], () => equal(x, 0));
    const angle = mul(where(zero, 1, x), Math.PI);
    return where(zero, 1, div(sin(angle), angle));
  }),
  Sinh: one(sinh),
  SoftShrink: formed((x, number) => {
    const threshold = number("threshold", 0.5);
    return sub(x, clipByValue(x, -threshold, threshold));
  }),
  Softplus: one(softplus),
  Softsign: one((x) => div(x, add(1, abs(x)))),
  SparsePlus: one(ACTIVATIONS.sparsePlus),
  SparseSigmoid: one(ACTIVATIONS.sparseSigmoid),
  Sqrt: one(sqrt),
  Square: kept((x) => mul(x, x)),
  Squareplus: formed((x, number) => div(add(x, sqrt(add(square(x), number("b", 4)))), 2)),
  StopGradient: (given) => {
    const x = given.tensor(0);
    return severed([x], () => x.clone());
  },
  Tan: one(tan),
  Tanh: one(tanh),
  TanhShrink: one(ACTIVATIONS.tanhShrink),
  Threshold: formed((x, number) =>
    where(above(x, number("threshold", 0)), x, number("defaultValue", 0)),
  ),
  Trunc: one((x) => mul(sign(x), floor(abs(x)))),
}))();

/** Of two tensors, stretched to each other. */
export const OF_TWO: Readonly<Record<string, Compute>> = /* @__PURE__ */ (() => ({
  Add: two(add),
  Arctan2: both(atan2),
  Divide: both(div),
  DivideNoNan: both((x, y) => {
    const zero = severed([y], () => equal(y, 0));
    return where(zero, 0, div(x, where(zero, 1, y)));
  }),
  Equal: compared(equal),
  FloorDivide: (given) => {
    const [x, y] = given.pair();
    return of(x.dtype, floor(div(floats(x), floats(y))));
  },
  Fmax: both((x, y) => unless(isNaN, x, y, largest)),
  Fmin: both((x, y) => unless(isNaN, x, y, least)),
  Fmod: both((x, y) => {
    const ratio = div(x, y);
    return sub(x, mul(y, mul(sign(ratio), floor(abs(ratio)))));
  }),
  Greater: compared(greater),
  GreaterEqual: compared(greaterEqual),
  Heaviside: both((x, y) =>
    where(
      severed([x], () => equal(x, 0)),
      y,
      step(x),
    ),
  ),
  Hypot: both((x, y) => sqrt(add(square(x), square(y)))),
  Isclose: (given) => {
    const [x, y] = [given.floats(0), given.floats(1)];
    const far = (at: number, fallback: number): Tensor =>
      given.value(at) === null ? scalar(fallback) : given.floats(at);
    return severed([x, y], () => {
      const near = lessEqual(abs(sub(x, y)), add(far(3, 1e-8), mul(far(2, 1e-5), abs(y))));
      const close = logicalOr(equal(x, y), near);
      return given.options.bool("equalNan", false)
        ? logicalOr(close, logicalAnd(isNaN(x), isNaN(y)))
        : logicalAnd(close, logicalNot(logicalOr(isNaN(x), isNaN(y))));
    });
  },
  Ldexp: both((x, y) => mul(x, exp(mul(y, Math.LN2)))),
  Less: compared(less),
  LessEqual: compared(lessEqual),
  Logaddexp: both((x, y) => add(largest(x, y), log1p(exp(neg(abs(sub(x, y))))))),
  Logaddexp2: both((x, y) =>
    add(largest(x, y), mul(log1p(exp(mul(neg(abs(sub(x, y))), Math.LN2))), Math.LOG2E)),
  ),
  LogicalAnd: logical(logicalAnd),
  LogicalOr: logical(logicalOr),
  LogicalXor: logical(logicalXor),
  Maximum: two(largest),
  Minimum: two(least),
  Mod: two(mod),
  Multiply: two(mul),
  NotEqual: compared(notEqual),
  Power: two(pow),
  Subtract: two(sub),
}))();

/** Of several tensors, stretched to each other. */
export const OF_SEVERAL: Readonly<Record<string, Compute>> = /* @__PURE__ */ (() => ({
  Clip: (given) => {
    const x = given.tensor(0);
    const limits = ["xMin", "xMax"].map((key) => given.options.optionalNumber(key));
    const whole = x.dtype !== "float32" && limits.every(Number.isInteger);
    const [least, most] = limits;
    const low = least === null || least === undefined ? floats(x) : maximum(floats(x), least);
    const clipped = most === null || most === undefined ? low : minimum(low, most);
    return whole ? of("int32", clipped) : clipped;
  },
  Select: (given) => {
    const conditions = listed(given, 0);
    const choices = promoted(...listed(given, 1), given.value(2) ?? 0);
    return conditions.reduceRight<Tensor>(
      (rest, condition, index) => chosen(condition, at(choices, index), rest),
      at(choices, -1),
    );
  },
  Where: (given) => {
    const [x, y] = promoted(given.value(1), given.value(2)) as [Tensor, Tensor];
    return chosen(given.tensor(0), x, y);
  },
}))();

function listed(given: Given, at: number): readonly Tensor[] {
  return given.value(at) as readonly Tensor[];
}

/** x where the condition holds and y elsewhere, all stretched to each other. */
function chosen(condition: Tensor, x: Tensor, y: Tensor): Tensor {
  const truth = severed([condition], () => of("bool", condition).clone());
  const shape = [truth, x, y].reduce<readonly number[]>(
    (known, each) => common(known, each.shape),
    [],
  );
  const full = of("bool", stretched(of("int32", truth), shape));
  return where(
    severed([full], () => full.clone()),
    stretched(x, shape),
    stretched(y, shape),
  );
}

/** What `compute` gives of both, or the other one where one of them is not a number. */
function unless(asks: Unary, x: Tensor, y: Tensor, compute: Binary): Tensor {
  const missing = (z: Tensor): Tensor => severed([z], () => asks(z));
  return where(missing(x), y, where(missing(y), x, compute(x, y)));
}
