/** Attention's options: what its weights are called, how it is saved, what it refuses. */

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import type {
  GroupQueryAttentionConfig,
  MultiHeadAttentionConfig,
} from "../../export/runtime/src/index";
import { GroupQueryAttention, MultiHeadAttention, register } from "../../export/runtime/src/index";
import { modelOf, predicted, savedLayers } from "./measuring";

beforeAll(register);

const multi =
  (config: MultiHeadAttentionConfig) =>
  (more: object = {}) =>
    new MultiHeadAttention({ ...config, ...more });
const grouped =
  (config: GroupQueryAttentionConfig) =>
  (more: object = {}) =>
    new GroupQueryAttention({ ...config, ...more });

const two = { numHeads: 2, keyDim: 3 } as const;

test("takes any number of steps where no weight is bound to them", () => {
  const model = modelOf(multi({ ...two, useCausalMask: true })(), [null, 3], [null, 3]);

  expect(model.outputs[0]?.shape).toEqual([null, null, 3]);
  expect(predicted(model, tf.zeros([2, 7, 3]), tf.zeros([2, 5, 3])).shape).toEqual([2, 7, 3]);
  expect(predicted(model, tf.zeros([1, 1, 3]), tf.zeros([1, 1, 3])).shape).toEqual([1, 1, 3]);
});

test("names its weights after Keras's projections, in Keras's order", () => {
  for (const make of [
    multi({ ...two, useGate: true }),
    grouped({ headDim: 2, numQueryHeads: 4, numKeyValueHeads: 2, useGate: true }),
  ]) {
    const layer = make({ name: "a" });
    modelOf(layer, [3, 4], [3, 4]);

    expect(layer.weights.map(({ originalName }) => originalName)).toEqual(
      ["query", "key", "gate", "value", "attention_output"].flatMap((projection) =>
        ["kernel", "bias"].map((weight) => `a/${projection}/${weight}`),
      ),
    );
  }
});

test("trains the biases that it is told to", () => {
  const layer = multi({ ...two, biasTrainable: { query: false, output: false } })({ name: "a" });
  modelOf(layer, [3, 4], [3, 4]);

  expect(layer.nonTrainableWeights.map(({ originalName }) => originalName)).toEqual([
    "a/query/bias",
    "a/attention_output/bias",
  ]);
});

test("is saved in Keras's words", async () => {
  const layer = multi({
    ...two,
    valueDim: 4,
    attentionAxes: 1,
    useBias: { key: false },
    biasShape: { query: "tied", output: [null, 2] },
    biasTrainable: false,
    inputs: ["query", "value", "attentionMask"],
    useCausalMask: true,
    seed: 7,
  })();

  const written = await savedLayers(modelOf(layer, [3, 4], [3, 4], [3, 3]));

  expect(written.at(-1)?.config).toMatchObject({
    num_heads: 2,
    key_dim: 3,
    value_dim: 4,
    dropout: 0,
    use_bias: { key: false },
    bias_shape: { query: "vector", output: [null, 2] },
    bias_trainable: false,
    use_gate: false,
    output_shape: null,
    attention_axes: [1],
    sliding_window: null,
    inputs: ["query", "value", "attention_mask"],
    use_causal_mask: true,
    return_attention_scores: false,
    seed: 7,
  });
});

describe("bad input is refused in words", () => {
  const made = (config: object) => () => multi(two)({ name: "a", ...config });
  const of =
    (config: object, ...shapes: readonly (readonly (number | null)[])[]) =>
    () => {
      made(config)().build(shapes.map((shape) => [null, ...shape]));
    };
  const shared = (config: object) => () =>
    grouped({ headDim: 2, numQueryHeads: 4, numKeyValueHeads: 2 })({ name: "a", ...config });

  test.each<readonly [string, () => unknown, string]>([
    [
      "no heads",
      made({ numHeads: 0 }),
      "Layer 'a': num_heads=0 is not a positive whole number. Use 1 or more.",
    ],
    [
      "a role that is none",
      made({ inputs: ["query", "values"] }),
      "Layer 'a': inputs=['query', 'values'] is no list of different ones of 'query', 'value', 'key', 'query_mask', 'value_mask', 'key_mask', 'attention_mask'. Use these.",
    ],
    [
      "no value",
      made({ inputs: ["query", "key"] }),
      "Layer 'a': inputs=['query', 'key'] has no 'value'. Name it in the order of the inputs.",
    ],
    [
      "a projection that is none",
      made({ biasShape: { scores: "vector" } }),
      "Layer 'a': bias_shape has a value for 'scores'. Use 'query', 'key', 'gate', 'value', 'output'.",
    ],
    [
      "a shape for a projection without a bias",
      made({ useBias: { query: false }, biasShape: { query: "scalar" } }),
      "Layer 'a/query': bias_shape='scalar' is given to a layer with use_bias=False. Leave one of the two out.",
    ],
    [
      "a shape without any bias",
      made({ useBias: false, biasShape: "scalar" }),
      "Layer 'a/query': bias_shape='scalar' is given to a layer with use_bias=False. Leave one of the two out.",
    ],
    [
      "too few inputs",
      of({}, [3, 4]),
      "Layer 'a': called on 1 tensor, and inputs=['query', 'value'] are 2. Call it on these.",
    ],
    [
      "inputs of different ranks",
      of({}, [3, 4], [2, 3, 4]),
      "Layer 'a': its inputs have the shapes query (None, 3, 4), value (None, 2, 3, 4) and key (None, 2, 3, 4). Use tensors of the same rank, 3 or more.",
    ],
    [
      "a key of another length",
      of({ inputs: ["query", "value", "key"] }, [3, 4], [3, 4], [2, 4]),
      "Layer 'a': its inputs have the shapes query (None, 3, 4), value (None, 3, 4) and key (None, 2, 4). Use a key of the value's sizes but the last.",
    ],
    [
      "axes that there are not",
      of({ attentionAxes: [1, 4] }, [3, 4], [3, 4]),
      "Layer 'a': attention_axes=[1, 4] are not different axes of its inputs of 3. Use 1 to 1.",
    ],
    [
      "a bias along unknown steps",
      of({ biasShape: { key: "location" } }, [3, 4], [null, 4]),
      "Layer 'a/key': bias_shape='location' needs one bias per index of output axis 1, whose size is None (output shape (None, None, 2, 3)). Build the layer on a fixed size, or share the bias along that axis.",
    ],
    [
      "group",
      of({ biasShape: "group" }, [3, 4], [3, 4]),
      "Layer 'a/query': bias_shape='group' needs a layer with groups, and this one has none. Use a tuple with a number of equal blocks, such as (2,).",
    ],
    [
      "heads that cannot share",
      shared({ numKeyValueHeads: 3 }),
      "Layer 'a': num_key_value_heads=3 does not divide num_query_heads=4. Use a divisor.",
    ],
    [
      "a value of another size",
      () => {
        shared({})().build([
          [null, 3, 4],
          [null, 3, 5],
        ]);
      },
      "Layer 'a': its query has the shape (None, 3, 4) and its value (None, 3, 5). Use two of (batch, positions, size), the last of equal size.",
    ],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(new Error(message));
  });

  test("nothing is made before it is refused", () => {
    const before = tf.memory().numTensors;

    expect(of({ biasShape: { output: [3, 1] } }, [4, 4], [4, 4])).toThrow("needs 3 equal blocks");
    expect(tf.memory().numTensors).toBe(before);
  });
});
