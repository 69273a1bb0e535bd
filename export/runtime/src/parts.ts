/**
 * The parts of a layer's configuration that are objects: initializers, regularizers, constraints and
 * activations, found and written as tfjs's own layers do.
 *
 * tfjs does not export the functions that find them, so they are looked up where it keeps them.
 */

import { serialization } from "@tensorflow/tfjs-core";
import type { constraints, initializers, regularizers } from "@tensorflow/tfjs-layers";
import type { Activation } from "./activations";
import { spoken } from "./python";

export type Initializer = ReturnType<typeof initializers.ones>;
export type Regularizer = ReturnType<typeof regularizers.l1l2>;
export type Constraint = ReturnType<typeof constraints.nonNeg>;

/** A part as a configuration has it. */
export interface SerializedPart {
  readonly className: string;
  readonly config: serialization.ConfigDict;
}

/** A part as a user gives it: itself, its name, or its configuration. */
export type Given<Part> = Part | string | SerializedPart;

/** The part that is given, or the one by that name; undefined if there is none such. */
function found(
  given: unknown,
  classNameOf: (name: string) => string,
): serialization.Serializable | undefined {
  if (isPart(given)) {
    return given;
  }
  const { className, config } = isSerialized(given)
    ? given
    : { className: typeof given === "string" ? classNameOf(camelCase(given)) : "", config: {} };
  const { classNameMap } = serialization.SerializationMap.getMap();
  const entry = Object.hasOwn(classNameMap, className) ? classNameMap[className] : undefined;
  if (entry === undefined) {
    return undefined;
  }
  const [cls, fromConfig] = entry;
  const part = fromConfig(cls, config);
  return "apply" in part ? part : undefined;
}

/** An initializer, such as `"glorotUniform"`. */
export function initializer(option: string, given: unknown): Initializer {
  return must(
    found(given, capitalized) as Initializer | undefined,
    option,
    given,
    "tf.initializers",
  );
}

/** A regularizer; null for none. */
export function regularizer(option: string, given: unknown): Regularizer | null {
  if (given === null || given === undefined) {
    return null;
  }
  const named = (name: string): string => (name === "l1l2" ? "L1L2" : capitalized(name));
  return must(found(given, named) as Regularizer | undefined, option, given, "tf.regularizers");
}

/** A constraint; null for none. */
export function constraint(option: string, given: unknown): Constraint | null {
  if (given === null || given === undefined) {
    return null;
  }
  return must(found(given, capitalized) as Constraint | undefined, option, given, "tf.constraints");
}

/** An activation; the linear one for null. */
export function activation(option: string, given: unknown): Activation {
  const named = given ?? "linear";
  return must(
    found(named, (name) => name) as Activation | undefined,
    option,
    given,
    "TensorFlow.js or of these twins",
  );
}

/** Whether a value is a part itself. */
export function isPart(value: unknown): value is serialization.Serializable {
  return value instanceof serialization.Serializable;
}

/** A part's configuration, from which tfjs makes it again. */
export function serialized(
  part: serialization.Serializable | null,
): serialization.ConfigDict | null {
  return part && { className: part.getClassName(), config: part.getConfig() };
}

function must<Part>(part: Part | undefined, option: string, given: unknown, of: string): Part {
  if (part === undefined) {
    const shown = isSerialized(given) ? given.className : given;
    throw new Error(
      `${option}=${spoken(shown)} is unknown. Use one of ${of}, ` +
        "or register its class with tf.serialization.registerClass.",
    );
  }
  return part;
}

function isSerialized(given: unknown): given is SerializedPart {
  return typeof given === "object" && given !== null && "className" in given && "config" in given;
}

/** tfjs does so to all that it loads. */
function camelCase(name: string): string {
  return name.replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
