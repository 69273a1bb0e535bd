/** LSTMs of convolutions over sequences of rows, images and volumes: twins of `keras.layers`. */

import type { Tensor, serialization } from "@tensorflow/tfjs-core";
import { reshape } from "@tensorflow/tfjs-core";
import type { Shape } from "@tensorflow/tfjs-layers";
import { channelsBack, channelsLast } from "../../convolve";
import { tuple } from "../../python";
import type { Axes } from "../of_axes";
import { ofAxes } from "../of_axes";
import type { AddWeight } from "./cell";
import type { ConvLSTMCellConfig } from "./conv_lstm_cell";
import { ConvLSTMCell } from "./conv_lstm_cell";
import type { Course, Outcome } from "./loop";
import type { RecurrentConfig } from "./recurrent";
import { firstShape } from "./on_sequences";
import { Recurrent } from "./recurrent";
import { product } from "../../sizes";

/** What a `ConvLSTM1D`, `2D` or `3D` is made of. */
export type ConvLSTMConfig = ConvLSTMCellConfig & RecurrentConfig;

/**
 * What runs its cell on sequences of images, which the cell is given, and gives back, as rows.
 *
 * Bias shapes: those of `LSTM`, and "location", one for each place of a step's output, and
 * "untied", one for each place, gate and filter.
 */
abstract class ConvLSTM extends Recurrent {
  declare readonly cell: ConvLSTMCell;
  /** Without batch and steps, from when it is built. */
  #inputSizes: Shape = [];

  constructor(
    private readonly axes: Axes,
    config: ConvLSTMConfig,
  ) {
    super(
      config,
      `conv_lstm${axes}d`,
      (name) => new ConvLSTMCell(axes, { ...config, name, trainable: true }),
    );
  }

  override prepare(inputShape: Shape, add: AddWeight): void {
    const [batch = null, steps = null, ...sizes] = this.#sequence(inputShape);
    this.cell.settle(sizes);
    this.#inputSizes = sizes;
    super.prepare([batch, steps, product(sizes as number[])], add);
  }

  protected override shapeOf(inputShape: Shape | Shape[]): Shape | Shape[] {
    const [batch = null, steps = null, ...sizes] = this.#sequence(firstShape(inputShape));
    const state = [batch, ...this.cell.outputShape(sizes)];
    const output = this.returnSequences ? [batch, steps, ...state.slice(1)] : state;
    return this.returnState ? [output, state, [...state]] : output;
  }

  /** The output for sequences of images, and the states after them. */
  override run(
    x: Tensor,
    states: readonly Tensor[],
    mask: Tensor | null,
    training: boolean,
    course?: Course,
  ): Outcome {
    if (tuple(x.shape.slice(2)) !== tuple(this.#inputSizes)) {
      throw new Error(
        `was built for steps of shape ${tuple(this.#inputSizes)}, and called on ` +
          `${tuple(x.shape)}. Call it on the size it was built on.`,
      );
    }
    if (mask && mask.rank !== 2) {
      throw new Error(
        `its mask has shape ${tuple(mask.shape)}, and a mask is of whole steps here: ` +
          "(batch, steps). Build the model without this mask.",
      );
    }
    const given = states.map((state) => this.#rows(state, 1));
    const outcome = super.run(this.#rows(x, 2), given, mask, training, course);
    return {
      output: this.#images(outcome.output),
      states: outcome.states.map((state) => this.#images(state)),
    };
  }

  override resetStates(states?: Tensor | Tensor[]): void {
    const given = states === undefined ? [] : Array.isArray(states) ? states : [states];
    super.resetStates(given.map((state) => this.#rows(state, 1)));
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...this.cell.ownConfig() };
  }

  /** `(batch, steps, ...image)`, or without steps, as rows: `(batch, steps, features)`. */
  #rows(x: Tensor, leading: 1 | 2): Tensor {
    const outer = x.shape.slice(0, leading);
    const sizes = x.shape.slice(leading);
    const images = channelsLast(reshape(x, [product(outer), ...sizes]), this.cell.dataFormat);
    return reshape(images, [...outer, product(sizes)]);
  }

  /** `(batch, steps, features)`, or without steps, as images of the output. */
  #images(rows: Tensor): Tensor {
    const outer = rows.shape.slice(0, -1);
    const shape = this.cell.outputShape(this.#inputSizes) as number[];
    const [channels = 1, ...spatial] = shape;
    const last = this.cell.dataFormat === "channelsFirst" ? [...spatial, channels] : shape;
    const images = reshape(rows, [product(outer), ...last]);
    return reshape(channelsBack(images, this.cell.dataFormat), [...outer, ...shape]);
  }

  #sequence(shape: Shape): Shape {
    if (shape.length !== this.axes + 3) {
      const sizes = ["rows", "images", "volumes"][this.axes - 1];
      throw new Error(
        `called on the shape ${tuple(shape)}. Call it on sequences of ${sizes}, ` +
          `of ${this.axes + 3} axes: batch, steps, ${this.axes} spatial and the channels.`,
      );
    }
    return shape;
  }
}

/**
 * An LSTM of convolutions over sequences of rows.
 *
 * Input shape: `(batch, steps, length, channels)`. Output shape: `(batch, newLength, filters)`, with
 * steps after the batch if `returnSequences`. Channels come before the places with
 * `dataFormat: "channelsFirst"`.
 */
export const ConvLSTM1D = /* @__PURE__ */ ofAxes("ConvLSTM1D", 1, ConvLSTM);

/**
 * An LSTM of convolutions over sequences of images.
 *
 * Input shape: `(batch, steps, height, width, channels)`. Output shape:
 * `(batch, newHeight, newWidth, filters)`, with steps after the batch if `returnSequences`. Channels
 * come before the places with `dataFormat: "channelsFirst"`.
 */
export const ConvLSTM2D = /* @__PURE__ */ ofAxes("ConvLSTM2D", 2, ConvLSTM);

/**
 * An LSTM of convolutions over sequences of volumes.
 *
 * Input shape: `(batch, steps, depth, height, width, channels)`. Output shape:
 * `(batch, newDepth, newHeight, newWidth, filters)`, with steps after the batch if
 * `returnSequences`. Channels come before the places with `dataFormat: "channelsFirst"`.
 */
export const ConvLSTM3D = /* @__PURE__ */ ofAxes("ConvLSTM3D", 3, ConvLSTM);
