/**
 * Builds the twins twice from the same sources.
 *
 * `vite build`: keras-tfjs.js, the classic script that finds the global `tf`, where the Python
 * package carries it. `vite build --mode module`: the ES module, for bundlers.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { BuildOptions, Plugin } from "vite";
import { defineConfig } from "vite";

interface Package {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
}

const require = createRequire(import.meta.url);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const about = JSON.parse(readFileSync(here("package.json"), "utf8")) as Package;
const tfjs = ["@tensorflow/tfjs-core", "@tensorflow/tfjs-layers"];

/**
 * What is imported from tfjs, taken from the global `tf` once, under short names.
 *
 * Left to itself the build writes `(0, tf.add)(x, y)` at each of a thousand calls.
 */
const fromGlobal: Plugin = {
  name: "tfjs-from-global",
  enforce: "pre",
  resolveId: (id) => (tfjs.includes(id) ? `\0${id}` : null),
  load: (id) => {
    const found = tfjs.find((name) => id === `\0${name}`);
    const names = found ? Object.keys(require(found) as object) : [];
    return found ? names.map((name) => `export const ${name} = tf.${name};`).join("\n") : null;
  },
};

const banner = `/*!
 * ${about.name} ${about.version} | ${about.license}
 * ${about.description}.
 * Load it after TensorFlow.js and before the model.
 */
if (typeof tf === "undefined") {
  throw new Error("keras-tfjs.js needs TensorFlow.js: load tf.min.js before it.");
}`;

const script: BuildOptions = {
  lib: {
    entry: here("src/script.ts"),
    formats: ["iife"],
    name: "kerasTfjs",
    fileName: () => "keras-tfjs.js",
  },
  outDir: here("../keras_tfjs/_js"),
  emptyOutDir: false, // the Node program stands there too
  target: "es2022",
  rolldownOptions: {
    // What is not imported of tfjs is not read either.
    treeshake: { propertyReadSideEffects: false, unknownGlobalSideEffects: false },
    output: { postBanner: banner },
  },
};

const module: BuildOptions = {
  lib: { entry: here("src/index.ts"), formats: ["es"], fileName: "index" },
  outDir: here("dist"),
  target: "es2022",
  minify: false,
  rolldownOptions: { external: tfjs },
};

export default defineConfig(({ mode }) => ({
  root: here("."),
  plugins: mode === "module" ? [] : [fromGlobal],
  build: mode === "module" ? module : script,
}));
