/** A model's layers in one list, those of nested models with the path to them. */

import { LoadError, shown } from "../loader/errors";
import { at, isList, isObject, type JsonObject, textAt } from "../loader/json";
import { baseClass } from "./classes";

export interface Layer {
  readonly name: string;
  /** Names of the models around it, and its own. */
  readonly path: readonly string[];
  readonly className: string;
  readonly config: JsonObject;
  /** Of what it wraps: an LSTM's within Bidirectional; otherwise itself. */
  readonly inner: { readonly className: string; readonly config: JsonObject };
  /** False if it or a model around it is not trained. */
  readonly trainable: boolean;
}

/** A layer in a model's own list, as it stands there. */
export interface Entry {
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
  readonly json: JsonObject;
}

const MAX_LAYERS = 20_000;
const NOTHING: JsonObject = {};

/**
 * All layers, in order, without the models that hold them.
 *
 * @throws LoadError DUPLICATE_NAME, NOT_LAYERS_MODEL.
 */
export function flattened(topology: JsonObject): readonly Layer[] {
  const found: Layer[] = [];
  const visit = (model: JsonObject, path: readonly string[], trainable: boolean): void => {
    for (const { name, className, config } of entries(model)) {
      const here = [...path, name];
      const trained = trainable && at(config, "trainable") !== false;
      if (isModel(config)) {
        visit({ config }, here, trained);
      } else {
        found.push({
          name,
          path: here,
          className,
          config,
          inner: wrapped(className, config),
          trainable: trained,
        });
      }
      if (found.length > MAX_LAYERS) {
        throw invalid("The model", `it has more than ${MAX_LAYERS} layers`);
      }
    }
  };
  visit(topology, [], true);
  return found;
}

/** What stands in a Sequential's or Functional's list of layers. */
export function entries(model: JsonObject): readonly Entry[] {
  const config = at(model, "config");
  const listed = isList(config) ? config : at(config, "layers");
  const seen = new Set<string>();
  return (isList(listed) ? listed : []).map((json, index) => {
    const className = textAt(json, "class_name");
    if (!isObject(json) || className === undefined) {
      throw invalid(`Layer ${index}`, "it has no class_name");
    }
    const inner = at(json, "config");
    const name = textAt(inner, "name") ?? textAt(json, "name") ?? "";
    if (name !== "" && seen.has(name)) {
      throw new LoadError("DUPLICATE_NAME", {
        where: `layer '${shown(name)}'`,
        what: "Two layers of one model have this name.",
        fix: "Give the layers different names in Keras, and export again.",
      });
    }
    seen.add(name);
    return { name, className, config: isObject(inner) ? inner : NOTHING, json };
  });
}

export function isModel(config: JsonObject): boolean {
  return isList(at(config, "layers"));
}

function wrapped(className: string, config: JsonObject): Layer["inner"] {
  const layer = at(config, "layer") ?? at(config, "cell");
  const innerClass = textAt(layer, "class_name");
  const innerConfig = at(layer, "config");
  const wraps = ["Bidirectional", "TimeDistributed", "RNN"].includes(baseClass(className));
  return wraps && innerClass !== undefined && isObject(innerConfig)
    ? { className: innerClass, config: innerConfig }
    : { className, config };
}

function invalid(where: string, what: string): LoadError {
  return new LoadError("NOT_LAYERS_MODEL", {
    where,
    what: `This is not a TensorFlow.js layers-model: ${what}.`,
    fix: "Open the model.json that keras-tfjs convert or model.save() wrote.",
  });
}
