/** An opened model, instantiated: what can be fed, what comes out, and its weights by name. */

import type { Artefacts } from "../loader/artefacts";
import { shown } from "../loader/errors";
import { flattened } from "../model/layers";
import { modelArtifacts } from "./artifacts";
import { asLiveError, LiveError } from "./errors";
import { type Port, ports } from "./ports";
import type { LayersModel, LayerVariable, Tf } from "./tf";

export interface Living {
  readonly tf: Tf;
  readonly model: LayersModel;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** By the manifest's name. */
  readonly weights: ReadonlyMap<string, LayerVariable>;
  /** Samples that it takes at once, if no other number will do. */
  readonly batch: number | null;
  /** Frees all that the model holds. */
  readonly dispose: () => void;
}

/** One after another: what a model makes is told by what there was before. */
let last: Promise<unknown> = Promise.resolve();

/**
 * The model of what was read.
 *
 * @throws LiveError CANNOT_BUILD, CANNOT_RUN, TOO_LARGE, UNKNOWN_LAYER.
 */
export function enlivened(tf: Tf, artefacts: Artefacts): Promise<Living> {
  const built = last.then(() => build(tf, artefacts));
  last = built.catch(() => null);
  return built;
}

async function build(tf: Tf, artefacts: Artefacts): Promise<Living> {
  refuseUnknown(tf, artefacts);
  const artifacts = modelArtifacts(artefacts);
  const { state } = tf.engine();
  const before = new Set(Object.keys(state.registeredVariables));
  tf.engine().startScope();
  try {
    const model = await tf.loadLayersModel({ load: () => Promise.resolve(artifacts) });
    const made = state.activeScope.track.map((tensor) => tf.keep(tensor));
    return livingOf(tf, model, () => {
      model.dispose();
      tf.dispose(made); // what layers hold beside their weights
    });
  } catch (error) {
    Object.entries(state.registeredVariables).forEach(([name, variable]) => {
      if (!before.has(name)) {
        variable.dispose();
      }
    });
    const said = error instanceof Error ? error.message : "";
    const unknown = /^Unknown layer: (\S+?)\.? /u.exec(said)?.[1];
    throw unknown === undefined
      ? asLiveError(error, "CANNOT_BUILD", "The model")
      : unknownLayer(unknown);
  } finally {
    tf.engine().endScope(); // frees what a load that failed has left
  }
}

function livingOf(tf: Tf, model: LayersModel, dispose: () => void): Living {
  const [inputs, outputs] = ports(model);
  return {
    tf,
    model,
    inputs,
    outputs,
    weights: new Map(model.weights.map((weight) => [weight.originalName, weight])),
    batch: inputs.find(({ batch }) => batch !== null)?.batch ?? null,
    dispose,
  };
}

/** What the numbers of a weight are now. Not a copy: not to be written to. */
export function valuesOf(weight: LayerVariable): Float32Array {
  return weight.read().dataSync<"float32">();
}

/** Gives a weight other numbers. They become the weight's own: not to be written to after. */
export function setValues({ tf }: Living, weight: LayerVariable, values: Float32Array): void {
  tf.tidy(() => {
    weight.write(tf.tensor(values, weight.shape as number[]));
  });
}

function refuseUnknown(tf: Tf, { manifest }: Artefacts): void {
  const known = tf.serialization.SerializationMap.getMap().classNameMap;
  const missing = flattened(manifest.topology)
    .flatMap(({ className, inner }) => [className, inner.className])
    .find((name) => !Object.hasOwn(known, spelt(name)));
  if (missing !== undefined) {
    throw unknownLayer(missing);
  }
}

/** As TensorFlow.js spells what a file has in Python's way. */
function spelt(name: string): string {
  return name.replace(/_+(\w|$)/gu, (_, next: string) => next.toUpperCase());
}

function unknownLayer(name: string): LiveError {
  return new LiveError("UNKNOWN_LAYER", {
    where: `Inspect only: layer ${shown(name)} is unknown to this page`,
    what: "The model cannot be run, probed or trained here.",
    fix: "All that is shown of it, from its files, is right.",
  });
}
