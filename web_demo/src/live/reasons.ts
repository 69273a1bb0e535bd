/** Why a change of a bias cannot be seen, or not all of it, where the layers tell. */

import type { Living } from "./living";
import type { Layer, LayersModel } from "./tf";

export interface Reason {
  /** As a sentence without its first words: "changes nothing here: ...". */
  readonly text: string;
  /** Whether it explains an effect of nothing; otherwise it is to know. */
  readonly ofNothing: boolean;
}

/** Layers that do nothing to numbers outside of training, or to each alike. */
const PASSES =
  /(?:^|>)(?:Dropout|SpatialDropout\dD|GaussianNoise|GaussianDropout|Reshape|Flatten)$/u;

const ACTIVATES = /(?:^|>)(?:Activation|Softmax)$/u;

/**
 * @param difference what is added to each of the bias's numbers.
 */
export function reason(living: Living, bias: string, difference: Float32Array): Reason | null {
  if (difference.every((value) => value === 0)) {
    const text =
      difference.length === 1 ? "it is that number already" : "its numbers are that already";
    return { text, ofNothing: true };
  }
  if (/(?:^|[/_])key\/bias$/u.test(bias)) {
    return {
      text: "what is added to all keys alike, the softmax over them takes out",
      ofNothing: true,
    };
  }
  const owner = ownerOf(living.model, bias);
  if (!owner) {
    return null;
  }
  const next = following(owner.model, owner.layer);
  const isShared = isAlike(difference);
  const activations = next.filter((layer) => ACTIVATES.test(layer.getClassName()));
  if (isShared && [owner.layer, ...activations].some((each) => activationOf(each) === "softmax")) {
    return { text: "what is added to all its inputs alike, a softmax takes out", ofNothing: true };
  }
  const classes = next.map((layer) => layer.getClassName());
  if (classes.some((name) => /(?:Layer|Group)Normalization$/u.test(name))) {
    return {
      text: "it stands before a normalisation, which takes out what is added alike",
      ofNothing: true,
    };
  }
  return classes.some((name) => name.endsWith("BatchNormalization"))
    ? {
        text: "a batch normalisation follows: in training it takes this bias out again",
        ofNothing: false,
      }
    : null;
}

function isAlike(values: Float32Array): boolean {
  const [first = 0] = values;
  return values.every((value) => Math.abs(value - first) <= 1e-6 * Math.abs(first));
}

interface Owner {
  readonly model: LayersModel;
  readonly layer: Layer;
}

function ownerOf(model: LayersModel, bias: string): Owner | null {
  for (const layer of model.layers) {
    if (layer.weights.some(({ originalName }) => originalName === bias)) {
      return isModel(layer) ? ownerOf(layer, bias) : { model, layer };
    }
  }
  return null;
}

/** The layers that take what the layer gives. */
function following(model: LayersModel, layer: Layer, depth = 0): readonly Layer[] {
  const outputs = new Set(
    layer.inboundNodes.flatMap((node) => node.outputTensors.map(({ id }) => id)),
  );
  const next = model.layers.filter((other) =>
    other.inboundNodes.some((node) => node.inputTensors.some(({ id }) => outputs.has(id))),
  );
  return next.flatMap((other) =>
    PASSES.test(other.getClassName()) && depth < 5 ? following(model, other, depth + 1) : [other],
  );
}

function activationOf(layer: Layer): string | null {
  if (isModel(layer)) {
    return null;
  }
  const stated = layer.getConfig()["activation"];
  return /(?:^|>)Softmax$/u.test(layer.getClassName())
    ? "softmax"
    : typeof stated === "string"
      ? stated.replace(/^.*>/u, "").toLowerCase()
      : null;
}

function isModel(layer: Layer): layer is LayersModel {
  return "layers" in layer;
}
