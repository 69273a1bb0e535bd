/** keras-tfjs.js, built as it is shipped, is a classic script that needs nothing but `tf`. */

import * as tf from "@tensorflow/tfjs";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";
import type { Rolldown } from "vite";
import { build } from "vite";
import { beforeAll, describe, expect, test } from "vitest";
import { ACTIVATION_CLASSES, TWINS } from "../../export/runtime/src/index";
import about from "../../export/runtime/package.json";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const configFile = here("../../export/runtime/vite.config.ts");

async function built(mode: string, entry?: string): Promise<Rolldown.OutputChunk> {
  const lib = entry === undefined ? {} : { lib: { entry, formats: ["es" as const] } };
  const done = await build({
    configFile,
    mode,
    logLevel: "silent",
    build: { write: false, ...lib },
  });
  const [result] = [done].flat();
  if (!result || !("output" in result)) {
    throw new Error("Vite built nothing.");
  }
  const [chunk] = result.output;
  return chunk;
}

let code = "";

beforeAll(async () => {
  ({ code } = await built("production"));
}, 60_000);

const names = [...Object.keys(TWINS), ...Object.keys(ACTIVATION_CLASSES)];

function registered(): string[] {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  return names.filter((name) => Object.hasOwn(classNameMap, name));
}

describe("the script", () => {
  test("says what is missing where there is no tf", () => {
    expect(() => {
      runInContext(code, createContext({}));
    }).toThrow("keras-tfjs.js needs TensorFlow.js: load tf.min.js before it.");
  });

  test("registers every twin with the tf that it finds, and makes no other global", () => {
    const page = createContext({ tf });
    expect(registered()).toEqual([]);

    runInContext(code, page);

    expect(registered()).toEqual(names);
    expect(Object.keys(page)).toEqual(["tf"]);
  });

  test("may be loaded twice", () => {
    const page = createContext({ tf });

    runInContext(code, page);
    runInContext(code, page);

    expect(registered()).toEqual(names);
  });

  test("is no module, and asks for no evaluation of code", () => {
    expect(code).not.toMatch(/^\s*(?:import|export)\b/m);
    expect(code).not.toMatch(/\b(?:eval|Function)\s*\(/);
    expect(code).not.toContain("import(");
  });

  test("takes 40 KiB at most, packed", () => {
    expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(40 * 1024);
  });

  test("begins by saying what it is", () => {
    expect(code.startsWith(`/*!\n * ${about.name} ${about.version} | ${about.license}\n`)).toBe(
      true,
    );
  });
});

test("the module imports tfjs only, and registers nothing by itself", async () => {
  const chunk = await built("module");

  expect([...chunk.imports].sort()).toEqual(["@tensorflow/tfjs-core", "@tensorflow/tfjs-layers"]);
  expect(chunk.exports).toEqual(
    expect.arrayContaining([
      "register",
      ...names.flatMap((name) => (Reflect.has(TWINS, name) ? [name.split(">")[1]] : [])),
    ]),
  );
  expect(chunk.code).not.toMatch(/^register\(\)/m);
}, 60_000);

test("a bundle with one twin has no other", async () => {
  const { code: bundle } = await built("module", here("one_twin.ts"));

  const found = [...bundle.matchAll(/return "(keras\w*>\w+)"/g)].map(([, name]) => name);
  expect(found).toEqual(["kerasBias>Dense"]);
  expect(bundle).not.toContain("ofAxes(");
}, 60_000);
