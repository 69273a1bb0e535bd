/**
 * Which layer's output goes where, in every model of a topology, as configurations tell it.
 *
 * Layers, not single calls of them: `[layer, node, tensor]` counts nodes from another number where
 * a model is nested, so who uses *any* output of a layer is what can be known for certain.
 */

import { at, isList, isObject, type Json, type JsonObject } from "../loader/json";
import { entries, isModel } from "./layers";

/** A layer, or a model as a layer of another. */
export interface Node {
  /** Names of the models around it and its own, joined with `/`. */
  readonly path: string;
  readonly className: string;
  readonly config: JsonObject;
  readonly isModel: boolean;
  /** How often it is called within its model. */
  readonly calls: number;
  /** Nodes by path, of all calls, in order. */
  readonly inputs: readonly string[];
  /** Who takes its output as an input, by path. */
  readonly users: readonly string[];
  /** Whether it is used otherwise too: as an output of its model, or an argument such as a mask. */
  readonly leaves: boolean;
}

export type Graph = ReadonlyMap<string, Node>;

/** The nodes of all models by path, in the order of their lists. */
export function graph(topology: JsonObject): Graph {
  const nodes = new Map<string, Node>();
  visit(topology, "", nodes);
  return nodes;
}

/** What is known of a node while its model is read. */
interface Draft {
  readonly inputs: string[];
  readonly users: string[];
  calls: number;
  leaves: boolean;
}

function visit(model: JsonObject, prefix: string, nodes: Map<string, Node>): void {
  const layers = entries(model);
  const drafts = new Map<string, Draft>(
    layers.map(({ name }) => [name, { inputs: [], users: [], calls: 0, leaves: false }]),
  );
  const connect = (from: string, to: string): void => {
    drafts.get(from)?.users.push(prefix + to);
    drafts.get(to)?.inputs.push(prefix + from);
  };
  const leave = (value: Json | undefined): void => {
    for (const name of namesIn(value)) {
      const draft = drafts.get(name);
      if (draft) {
        draft.leaves = true;
      }
    }
  };
  if (layers.some(({ json }) => isList(at(json, "inbound_nodes")))) {
    for (const { name, json } of layers) {
      const calls = list(at(json, "inbound_nodes"));
      calls.forEach((call) => {
        readCall(call, name, drafts, connect, leave);
      });
      Object.assign(drafts.get(name) ?? {}, { calls: Math.max(1, calls.length) });
    }
    leave(at(at(model, "config"), "output_layers"));
  } else {
    layers.forEach(({ name }, index) => {
      const before = layers[index - 1];
      if (before) {
        connect(before.name, name);
      }
      Object.assign(drafts.get(name) ?? {}, { calls: 1, leaves: index === layers.length - 1 });
    });
  }
  for (const { name, className, config } of layers) {
    const draft = drafts.get(name);
    if (draft) {
      nodes.set(prefix + name, {
        path: prefix + name,
        className,
        config,
        isModel: isModel(config),
        ...draft,
      });
    }
    if (isModel(config)) {
      visit({ config }, `${prefix}${name}/`, nodes);
    }
  }
}

/** A list of `[layer, node, tensor, arguments]`; whatever has another form may use any of its names. */
function readCall(
  call: Json,
  name: string,
  drafts: ReadonlyMap<string, Draft>,
  connect: (from: string, to: string) => void,
  leave: (value: Json | undefined) => void,
): void {
  if (!isList(call)) {
    leave(call);
    return;
  }
  for (const reference of call) {
    const [from, node, tensor, ...more] = list(reference);
    const isPlain = typeof from === "string" && drafts.has(from);
    if (isPlain && typeof node === "number" && typeof tensor === "number") {
      connect(from, name);
      leave(more);
    } else {
      leave(reference);
    }
  }
}

/** Every text in a value, at any depth. */
function namesIn(value: Json | undefined): readonly string[] {
  const found: string[] = [];
  const open: (Json | undefined)[] = [value];
  while (open.length) {
    const next = open.pop();
    if (typeof next === "string") {
      found.push(next);
    } else if (isObject(next) || isList(next)) {
      Object.values(next).forEach((inner) => open.push(inner));
    }
  }
  return found;
}

function list(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}
