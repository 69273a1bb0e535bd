/** The recurrent twins, by the kinds that recurrence_by_hand.ts computes. */

import type { LSTMConfig } from "../../export/runtime/src/index";
import { GRU, LSTM, SimpleRNN } from "../../export/runtime/src/index";
import type { CellByHand, Kind, Row } from "./recurrence_by_hand";
import { cellByHand, seedLayer } from "./recurrence_by_hand";

export type Layer = SimpleRNN | LSTM | GRU;

export const KINDS = ["SimpleRNN", "LSTM", "GRU", "GRU, reset before"] as const;

export function layerOf(kind: Kind, config: LSTMConfig): Layer {
  switch (kind) {
    case "SimpleRNN":
      return new SimpleRNN(config);
    case "LSTM":
      return new LSTM({ unitForgetBias: false, ...config });
    case "GRU":
      return new GRU(config);
    case "GRU, reset before":
      return new GRU({ ...config, resetAfter: false });
  }
}

/** The layer's cell, its weights seeded. */
export function byHand(kind: Kind, layer: Layer, counts?: Row): CellByHand {
  seedLayer(layer);
  return cellByHand(kind, layer, "", counts);
}
