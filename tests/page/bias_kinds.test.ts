/** The kind of a bias: as the configuration says, else as the shape shows. */

import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../web_demo/src/loader/json";
import { type Biased, biasKind, biasLabel } from "../../web_demo/src/model/biasKind";

interface Row {
  readonly why: string;
  readonly className: string;
  readonly config: JsonObject;
  readonly biasShape: readonly number[] | null;
  readonly kernelShape?: readonly number[];
  readonly outputShape?: readonly (number | null)[];
  readonly kind: string | null;
}

const CONV: JsonObject = { filters: 6 };
const MAP = [null, 4, 5, 6];

const ROWS: readonly Row[] = [
  {
    why: "a stock dense layer",
    className: "Dense",
    config: { units: 5 },
    biasShape: [5],
    kind: "vector",
  },
  { why: "one unit", className: "Dense", config: { units: 1 }, biasShape: [1], kind: "vector" },
  {
    why: "use_bias=False",
    className: "Dense",
    config: { units: 5, use_bias: false },
    biasShape: null,
    kind: "absent",
  },
  { why: "an activation", className: "Activation", config: {}, biasShape: null, kind: null },
  {
    why: "stated scalar",
    className: "keras_bias>Dense",
    config: { units: 5, bias_shape: "scalar" },
    biasShape: [1],
    kind: "scalar",
  },
  { why: "rank 0", className: "Foo", config: {}, biasShape: [], kind: "scalar" },
  {
    why: "[1] on five units",
    className: "Foo",
    config: { units: 5 },
    biasShape: [1],
    kind: "scalar",
  },
  {
    why: "the literature's word",
    className: "keras_bias>Conv2D",
    config: { ...CONV, bias_shape: "tied" },
    biasShape: [6],
    kind: "vector",
  },
  {
    why: "a tuple of ones",
    className: "keras_bias>Dense",
    config: { units: 5, bias_shape: [1] },
    biasShape: [1],
    kind: "scalar",
  },
  {
    why: "a tuple of blocks",
    className: "keras_bias>Conv2D",
    config: { ...CONV, bias_shape: [3] },
    biasShape: [3],
    outputShape: MAP,
    kind: "group, 3 blocks",
  },
  {
    why: "a tuple untied",
    className: "keras_bias>Conv2D",
    config: { ...CONV, bias_shape: [null, null, null] },
    biasShape: [4, 5, 6],
    kind: "untied",
  },
  {
    why: "a tuple by location",
    className: "keras_bias>Conv2D",
    config: { ...CONV, bias_shape: [null, null, 1] },
    biasShape: [4, 5, 1],
    kind: "location",
  },
  {
    why: "a short tuple is right-aligned",
    className: "keras_bias>Conv2D",
    config: { ...CONV, bias_shape: [null] },
    biasShape: [6],
    kind: "vector",
  },
  {
    why: "a tuple along one axis",
    className: "keras_bias>Conv2D",
    config: { ...CONV, bias_shape: [null, 1, null] },
    biasShape: [4, 1, 6],
    kind: "other",
  },
  {
    why: "channels first",
    className: "keras_bias>Conv2D",
    config: { ...CONV, data_format: "channels_first", bias_shape: [null, 1, 1] },
    biasShape: [6, 1, 1],
    kind: "vector",
  },
  {
    why: "blocks by shape",
    className: "Foo",
    config: { filters: 6 },
    biasShape: [3],
    kind: "group, 3 blocks",
  },
  {
    why: "untied by shape",
    className: "Foo",
    config: CONV,
    biasShape: [4, 5, 6],
    outputShape: MAP,
    kind: "untied",
  },
  {
    why: "location by shape",
    className: "Foo",
    config: CONV,
    biasShape: [4, 5, 1],
    outputShape: MAP,
    kind: "location",
  },
  {
    why: "channels from the kernel",
    className: "Foo",
    config: {},
    biasShape: [6],
    kernelShape: [3, 3, 2, 6],
    kind: "vector",
  },
  { why: "neither", className: "Foo", config: { units: 5 }, biasShape: [7], kind: "other" },
  { why: "an LSTM", className: "LSTM", config: { units: 4 }, biasShape: [16], kind: "vector" },
  {
    why: "a GRU with two projections",
    className: "GRU",
    config: { units: 4 },
    biasShape: [2, 12],
    kind: "vector",
  },
  {
    why: "one per gate",
    className: "keras_bias>LSTM",
    config: { units: 4, bias_shape: "gate" },
    biasShape: [4],
    kind: "gate",
  },
  {
    why: "one per gate, by tuple",
    className: "keras_bias>LSTM",
    config: { units: 4, bias_shape: [null, 1] },
    biasShape: [4],
    kind: "gate",
  },
  {
    why: "a kind that is not known yet",
    className: "keras_bias>Dense",
    config: { units: 5, bias_shape: "spiral" },
    biasShape: [5],
    kind: "other",
  },
];

describe("the kind of a bias", () => {
  it.each(ROWS)("$why: $kind", ({ kind, why: _, ...row }) => {
    const layer: Biased = { kernelShape: null, outputShape: null, ...row };

    const found = biasKind(layer);

    expect(found && biasLabel(found)).toBe(kind);
  });
});
