/** Whom attention sees: masks that are given, and those that come beside a tensor. */

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import type {
  GroupQueryAttentionConfig,
  MultiHeadAttentionConfig,
} from "../../export/runtime/src/index";
import {
  GroupQueryAttention,
  MaskOf,
  MultiHeadAttention,
  register,
} from "../../export/runtime/src/index";
import type { Attending } from "./attention_by_hand";
import { attended, linearOf } from "./attention_by_hand";
import {
  expectNear,
  expectTrueGradients,
  modelOf,
  predicted,
  product,
  reloaded,
  seededTensor,
  seedWeights,
  valuesOf,
} from "./measuring";

beforeAll(register);

const BATCH = 2;
const multi = (config: Partial<MultiHeadAttentionConfig>) =>
  new MultiHeadAttention({ numHeads: 2, keyDim: 3, ...config });
const grouped = (config: Partial<GroupQueryAttentionConfig>) =>
  new GroupQueryAttention({ headDim: 3, numQueryHeads: 4, numKeyValueHeads: 2, ...config });

/** A mask of zeros and ones that differ from sample to sample. */
function mask(shape: readonly number[], zeros: readonly number[]): tf.Tensor {
  const size = product(shape);
  return tf.tensor(
    Array.from({ length: size }, (_, index) => (zeros.includes(index) ? 0 : 1)),
    [...shape],
  );
}

const [targets, sources, size] = [3, 4, 5];
const query = seededTensor([BATCH, targets, size], 1);
const value = seededTensor([BATCH, sources, size], 2);
const MASKS = {
  queryMask: mask([BATCH, targets], [1, 5]),
  valueMask: mask([BATCH, sources], [0, 6, 7]),
  keyMask: mask([BATCH, sources], [1, 4]),
  // The first target of the first sample sees nothing, in each of these.
  attentionMask: mask([BATCH, targets, sources], [0, 1, 2, 3, 6, 13, 17, 22]),
};
type Given = keyof typeof MASKS;

/** What the masks say, looked up place by place. */
function seesBy(given: readonly Given[]): Attending["sees"] {
  const at = (name: Given, ...place: readonly number[]): boolean => {
    const { shape } = MASKS[name];
    const flat = shape.reduce((total, each, axis) => total * each + (place[axis] ?? 0), 0);
    return !given.includes(name) || valuesOf(MASKS[name])[flat] === 1;
  };
  return ([sample = 0, target = 0], [, source = 0]) =>
    at("queryMask", sample, target) &&
    at("valueMask", sample, source) &&
    at("keyMask", sample, source) &&
    at("attentionMask", sample, target, source);
}

const GIVEN: readonly (readonly Given[])[] = [
  ["valueMask"],
  ["attentionMask"],
  ["valueMask", "keyMask"],
  ["valueMask", "attentionMask"],
  ["queryMask", "valueMask", "keyMask", "attentionMask"],
];

describe.each([
  { kind: "multi-head", make: multi, counted: (each: Given) => each !== "queryMask" },
  { kind: "group query", make: grouped, counted: () => true },
])("$kind attention", ({ make, counted }) => {
  describe.each(GIVEN.map((given) => ({ given })))("with $given", ({ given }) => {
    const inputs = ["query", "value", ...given] as const;
    const tensors = [query, value, ...given.map((name) => MASKS[name])];
    const shapes = tensors.map(({ shape }) => shape.slice(1));
    const sees = seesBy(given.filter(counted));

    test.each([
      { more: {}, blind: "equal shares", why: "as Keras's fused operation shares them" },
      { more: { dropout: 0.5 }, blind: "nothing", why: "as Keras's masked softmax leaves them" },
    ] as const)("sees what all of them show; the blind have $blind, $why", ({ more, blind }) => {
      const layer = make({ inputs, ...more });
      const model = modelOf(layer, ...shapes);

      const y = predicted(model, ...tensors);

      const linear = linearOf(layer);
      const wanted = attended({ query, value, key: value, linear, axes: [1], sees, blind });
      expectNear(y, wanted.output);
    });

    test("has the slopes as gradients", () => {
      for (const dropout of [0, 0.5]) {
        const layer = make({ inputs, dropout });
        layer.build(shapes.map((shape) => [null, ...shape]));

        expectTrueGradients(
          (one, other) => layer.apply([one, other, ...tensors.slice(2)]) as tf.Tensor,
          [query, value],
        );
      }
    });
  });

  test("takes masks of any type, and of 1 along an axis", () => {
    const inputs = ["query", "value", "attentionMask"] as const;
    const layer = make({ inputs });
    const model = modelOf(layer, [targets, size], [sources, size], [1, sources]);
    const one = mask([BATCH, 1, sources], [0, 6]);
    const many = tf.mul(one, tf.ones([BATCH, targets, 1]));

    const [wanted, ...found] = [many, one, tf.cast(one, "bool"), tf.cast(one, "int32")].map(
      (each) => valuesOf(layer.apply([query, value, each]) as tf.Tensor),
    );

    expect(found).toEqual([wanted, wanted, wanted]);
    expect(model.outputs[0]?.shape).toEqual([null, targets, size]);
  });

  test("refuses a mask that does not fit", () => {
    const layer = make({ name: "a", inputs: ["query", "value", "attentionMask"] });

    expect(() => layer.apply([query, value, tf.ones([BATCH, targets, 3])])).toThrow(
      new Error(
        `Layer 'a': its scores have shape (2, ${layer instanceof MultiHeadAttention ? 2 : 4}, 3, 4) and a mask of shape (2, 3, 3), which cannot be stretched to it. Use one of (batch, ..., targets, sources).`,
      ),
    );
  });

  test("drops shares in training only, and makes up for them", () => {
    const layer = make({ dropout: 0.5, biasInitializer: "ones", kernelInitializer: "zeros" });
    const [x, steps] = [tf.ones([1, 2000, 1]), tf.ones([1, 50, 1])];

    const still = layer.apply([x, steps]) as tf.Tensor;
    const trained = layer.apply([x, steps], { training: true }) as tf.Tensor;

    expect(new Set(valuesOf(still))).toEqual(new Set([1]));
    expect(new Set(valuesOf(trained))).toEqual(new Set([1])); // the kernel of 0 hides it
    const [, , , , , , kernel] = layer.weights;
    kernel?.write(tf.ones(kernel.shape as number[]));
    const [quiet, noisy] = [{}, { training: true }].map((kwargs) =>
      valuesOf(layer.apply([x, steps], kwargs) as tf.Tensor),
    ) as [number[], number[]];
    const mean = noisy.reduce((total, each) => total + each, 0) / noisy.length;
    expect(new Set(noisy).size).toBeGreaterThan(10);
    // 2000 means of 50 drops each: their mean is off by 1 part in 300 at most, as good as always.
    expect(mean / (quiet[0] ?? NaN)).toBeCloseTo(1, 1);
  });
});

test("a mask of each pair counts above a half where grouped attention has no other", () => {
  const inputs = ["query", "value", "attentionMask"] as const;
  const small = tf.fill([BATCH, targets, sources], 0.3);
  const nothing = tf.zeros([BATCH, targets, sources]);
  const numbers = (of: tf.Tensor, dropout: number): number[] => {
    const layer = grouped({ inputs, dropout, kernelInitializer: "ones" });
    return valuesOf(layer.apply([query, value, of]) as tf.Tensor);
  };

  expect(numbers(small, 0.5)).toEqual(numbers(nothing, 0.5));
  expect(numbers(small, 0)).not.toEqual(numbers(nothing, 0));
});

describe("masks that come beside a tensor", () => {
  // Steps of 0 are left out: the last of the first sample, the first two of the second.
  const x = tf.mul(seededTensor([BATCH, 4, 3]), tf.reshape(mask([BATCH, 4], [3, 4, 5]), [2, 4, 1]));
  const other = tf.mul(
    seededTensor([BATCH, 4, 3], 9),
    tf.reshape(mask([BATCH, 4], [0, 7]), [2, 4, 1]),
  );
  const filled = (of: tf.Tensor): boolean[] =>
    Array.from({ length: BATCH * 4 }, (_, step) => valuesOf(of)[step * 3] !== 0);
  const masked = (input: tf.SymbolicTensor): tf.SymbolicTensor =>
    tf.layers.masking({ maskValue: 0 }).apply(input) as tf.SymbolicTensor;

  const wanted = (
    layer: tf.layers.Layer,
    [one, two]: readonly [tf.Tensor, tf.Tensor],
    shown: Partial<Record<"query" | "value", boolean>>,
    maskedAs = [one, two] as const,
  ): number[] => {
    const sees: Attending["sees"] = ([sample = 0, target = 0], [, source = 0]) =>
      (!shown.query || filled(maskedAs[0])[sample * 4 + target] === true) &&
      (!shown.value || filled(maskedAs[1])[sample * 4 + source] === true);
    const linear = linearOf(layer);
    const from = { query: one, value: two, key: two, linear, axes: [1] };
    return attended({ ...from, sees, blind: "equal shares" }).output;
  };

  test.each([
    { kind: "multi-head", make: multi },
    { kind: "group query", make: grouped },
  ])("hide a sequence's steps from itself in $kind attention", async ({ make }) => {
    const layer = make({});
    const input = tf.input({ shape: [4, 3] });
    const within = masked(input);
    const model = tf.model({
      inputs: input,
      outputs: layer.apply([within, within]) as tf.SymbolicTensor,
    });
    seedWeights(model);

    for (const each of [model, await reloaded(model)]) {
      expectNear(predicted(each, x), wanted(layer, [x, x], { query: true, value: true }));
    }
  });

  test("are one where they come from one place, though the tensors are others", () => {
    const layer = multi({});
    const input = tf.input({ shape: [4, 3] });
    const within = masked(input);
    const copy = tf.layers.activation({ activation: "linear" }).apply(within) as tf.SymbolicTensor;
    const moved = tf.layers.dense({ units: 3 }).apply(copy) as tf.SymbolicTensor;
    const model = tf.model({
      inputs: input,
      outputs: [layer.apply([moved, copy]) as tf.SymbolicTensor, moved],
    });
    seedWeights(model);

    const [y, query_] = model.predict(x) as [tf.Tensor, tf.Tensor];

    const shown = { query: true, value: true };
    expectNear(y, wanted(layer, [query_, x], shown, [x, x]));
  });

  test("hide nothing of a value that has none", () => {
    const layer = multi({});
    const [one, two] = [tf.input({ shape: [4, 3] }), tf.input({ shape: [4, 3] })];
    const outputs = layer.apply([masked(one), two]) as tf.SymbolicTensor;
    const model = tf.model({ inputs: [one, two], outputs });
    seedWeights(model);

    expectNear(predicted(model, x, other), wanted(layer, [x, other], { query: true }));
  });

  test("of an earlier layer are none of this one's", () => {
    const layer = multi({});
    const [one, two] = [tf.input({ shape: [4, 3] }), tf.input({ shape: [4, 3] })];
    const before = tf.layers.simpleRNN({ units: 3 }).apply(masked(one)) as tf.SymbolicTensor;
    const query_ = tf.layers.repeatVector({ n: 4 }).apply(before) as tf.SymbolicTensor;
    const outputs = layer.apply([query_, two]) as tf.SymbolicTensor;
    const model = tf.model({ inputs: [one, two], outputs: [outputs, query_] });
    seedWeights(model);

    const [y, repeated] = model.predict([x, other]) as [tf.Tensor, tf.Tensor];

    expectNear(y, wanted(layer, [repeated, other], {}));
  });

  test.each([
    { first: "the one with a mask", order: [0, 1], shown: { query: true, value: true } },
    { first: "the one without", order: [1, 0], shown: {} },
  ] as const)("come through a sum as those of its first input: $first", ({ order, shown }) => {
    const layer = multi({});
    const inputs = [tf.input({ shape: [4, 3] }), tf.input({ shape: [4, 3] })] as const;
    const ways = [masked(inputs[0]), inputs[1]] as const;
    const sum = tf.layers.add().apply(order.map((at) => ways[at])) as tf.SymbolicTensor;
    const outputs = layer.apply([sum, sum]) as tf.SymbolicTensor;
    const model = tf.model({ inputs: [...inputs], outputs });
    seedWeights(model);
    const both = tf.add(x, other);

    const y = predicted(model, x, other);

    expectNear(y, wanted(layer, [both, both], shown, [x, x]));
  });

  test("are handed over by MaskOf, where they are not the first input's", async () => {
    const layer = multi({ inputs: ["query", "value", "valueMask"] });
    const [one, two] = [tf.input({ shape: [4, 3] }), tf.input({ shape: [4, 3] })];
    const within = masked(two);
    const given = new MaskOf().apply(within) as tf.SymbolicTensor;
    const outputs = layer.apply([one, within, given]) as tf.SymbolicTensor;
    const model = tf.model({ inputs: [one, two], outputs });
    seedWeights(model);

    for (const each of [model, await reloaded(model)]) {
      expectNear(predicted(each, x, other), wanted(layer, [x, other], { value: true }));
    }
  });

  test("are missed in words, where they are not handed over", () => {
    const layer = multi({ name: "a" });
    const [one, two] = [tf.input({ shape: [4, 3] }), tf.input({ shape: [4, 3] })];
    const outputs = layer.apply([masked(one), masked(two)]) as tf.SymbolicTensor;
    const model = tf.model({ inputs: [one, two], outputs });

    expect(() => predicted(model, x, other)).toThrow(
      new Error(
        "Layer 'a': its value has a mask, and tfjs hands over that of the first input only. " +
          "Give it as an input of its own, 'value_mask', made by keras>MaskOf.",
      ),
    );
  });

  test("are not guessed, where a layer is called in two places", () => {
    const layer = multi({ name: "a" });
    const input = tf.input({ shape: [4, 3] });
    const [one, two] = [masked(input), input].map(
      (each) => layer.apply([each, each]) as tf.SymbolicTensor,
    ) as [tf.SymbolicTensor, tf.SymbolicTensor];
    const model = tf.model({ inputs: input, outputs: [one, two] });

    expect(() => model.predict(x)).toThrow(
      new Error(
        "Layer 'a': it is called in several places, and different ones of its inputs have masks there. " +
          "Use a layer of its own for each place.",
      ),
    );
  });

  test("of the query go on with the output, and not with the shares", () => {
    const last = tf.layers.simpleRNN({ units: 2 });
    const outputs = (withMask: boolean): number[] => {
      const input = tf.input({ shape: [4, 3] });
      const within = withMask ? masked(input) : input;
      const layer = multi({ kernelInitializer: "ones", returnAttentionScores: true });
      const [y] = layer.apply([within, within]) as tf.SymbolicTensor[];
      const model = tf.model({ inputs: input, outputs: last.apply(y ?? []) as tf.SymbolicTensor });
      return valuesOf(predicted(model, x));
    };
    const layer = multi({ returnAttentionScores: true });
    const own = mask([BATCH, 4], [3]);

    expect(layer.computeMask([x, x], [own, own])).toEqual([own, null]);
    expect(multi({}).computeMask([x, x], [own, own])).toBe(own);
    expect(outputs(true)).not.toEqual(outputs(false));
  });
});
