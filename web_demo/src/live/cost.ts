/** How long a sample takes, roughly, so that nobody is surprised by a page that stands still. */

import type { Living } from "./living";
import type { Layer, LayersModel } from "./tf";

/** Multiplications and additions of TensorFlow.js in plain JavaScript, in a second. */
const SPEED = 50_000_000;

/** A training step against a forward pass, with all that single operations cost beside. */
const TRAINING = 20;
/** Seconds that a training step should take at most. */
const STEP = 0.05;
const BATCH = 32;

/** Samples of a training step: fewer where each takes long. */
export function batchSize(living: Living, freeSize: number): number {
  const fitting = STEP / (TRAINING * Math.max(1e-9, secondsPerSample(living, freeSize)));
  return Math.max(1, Math.min(BATCH, Math.floor(fitting)));
}

/** Seconds for a training step. */
export function secondsPerStep(living: Living, freeSize: number, rows: number): number {
  const few = living.batch ?? Math.min(rows, 2 * batchSize(living, freeSize));
  return few * TRAINING * secondsPerSample(living, freeSize);
}

/** Seconds for a sample, forward. */
export function secondsPerSample({ model }: Living, freeSize: number): number {
  return workOf(model, freeSize) / SPEED;
}

function workOf(model: LayersModel, freeSize: number): number {
  return model.layers.reduce((sum, layer) => sum + workOfLayer(layer, freeSize), 0);
}

function workOfLayer(layer: Layer, freeSize: number): number {
  if (isModel(layer)) {
    return workOf(layer, freeSize);
  }
  if (layer.getClassName().endsWith("Embedding")) {
    return 0; // looked up
  }
  const kernels = layer.weights.filter(({ shape }) => shape.length > 1);
  const size = kernels.reduce(
    (sum, { shape }) => sum + (shape as number[]).reduce((all, length) => all * length, 1),
    0,
  );
  return size === 0 ? 0 : size * placesOf(layer, freeSize);
}

/** How often the kernel is used: at each place of a convolution, at each step of a recurrence. */
function placesOf(layer: Layer, freeSize: number): number {
  const shapes = [shapeOf(layer, "output"), shapeOf(layer, "input")];
  const places = shapes.map((shape) => {
    const isFirst = layer.getConfig()["dataFormat"] === "channelsFirst";
    const space = isFirst ? shape.slice(2) : shape.slice(1, -1);
    return space.reduce<number>((all, size) => all * (size ?? freeSize), 1);
  });
  const [after = 1, before = 1] = places;
  return shapes[0]?.length === 2 ? before : after;
}

function shapeOf(layer: Layer, end: "input" | "output"): readonly (number | null)[] {
  const node = layer.inboundNodes[0];
  const shape = (end === "input" ? node?.inputShapes : node?.outputShapes) as unknown;
  const first: unknown = Array.isArray(shape) && Array.isArray(shape[0]) ? shape[0] : shape;
  return Array.isArray(first) ? first.map((size) => (typeof size === "number" ? size : null)) : [];
}

function isModel(layer: Layer): layer is LayersModel {
  return "layers" in layer;
}
