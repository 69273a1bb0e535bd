/**
 * Builds the pages into the Python package that serves them.
 *
 * Classic scripts, one file each, so that the pages open from a folder too, where browsers refuse
 * modules. A classic script cannot be split, so each is a build of its own: `vite build` makes
 * app.js and copies what needs no building, `--mode question` and `--mode theme` make the others.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const installed = (path: string): string => createRequire(import.meta.url).resolve(path);
const licence = (name: string): string => join(dirname(installed(name)), "../LICENSE");

const ENTRIES = {
  app: "src/main.tsx",
  question: "src/question/main.tsx",
  theme: "src/theme.ts",
} as const;

const TENSORFLOW = "vendor/tf.es2017.min.js";

/** What is carried as it is: by its name in the site, its file here. */
const COPIES: Readonly<Record<string, string>> = {
  "index.html": here("index.html"),
  "question.html": here("question.html"),
  "question.css": here("src/question/question.css"),
  "as-asked.js": here("src/question/as-asked.js"),
  "models.json": here("models.json"),
  "models.json.js": here("models.json.js"),
  // Built before this: the workspaces stand in that order.
  "keras-tfjs.js": here("../export/keras_tfjs/_js/keras-tfjs.js"),
  // ES2017, since the ES5 build compiles functions from strings, which a strict policy forbids.
  [TENSORFLOW]: installed("@tensorflow/tfjs/dist/tf.es2017.min.js"),
  "vendor/tfjs-vis.umd.min.js": installed("@tensorflow/tfjs-vis/dist/tfjs-vis.umd.min.js"),
  "vendor/tfjs-vis.umd.min.js.LICENSE.txt": installed(
    "@tensorflow/tfjs-vis/dist/tfjs-vis.umd.min.js.LICENSE.txt",
  ),
  "vendor/LICENSE-tensorflow.txt": installed("@tensorflow/tfjs-vis/LICENSE"),
  "vendor/LICENSE-preact.txt": licence("preact"),
  "vendor/LICENSE-preact-signals.txt": licence("@preact/signals"),
  "vendor/LICENSE-fflate.txt": licence("fflate"),
};

const copies: Plugin = {
  name: "copies",
  generateBundle() {
    for (const [fileName, from] of Object.entries(COPIES)) {
      const text = withoutSourceMap(readFileSync(from));
      const source = fileName === TENSORFLOW ? withoutWasmProbe(text) : text;
      this.emitFile({ type: "asset", fileName, source });
    }
  },
};

/** Their maps are not carried along, and a browser's tools would look for them. */
function withoutSourceMap(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replace(/\/\/# sourceMappingURL=\S+\s*$/u, "");
}

/**
 * The package `long` tries whether it may compile WebAssembly. A strict policy forbids and reports
 * that; so it is told at once, and takes the way that it takes there anyway.
 */
function withoutWasmProbe(script: string): string {
  const [before, after, ...more] = script.split(/(?<=try\{)(?=\w+=new WebAssembly\.Instance\()/u);
  if (before === undefined || after === undefined || more.length) {
    throw new Error("TensorFlow.js tries WebAssembly in another way now.");
  }
  return `${before}throw 0;${after}`;
}

export default defineConfig(({ mode }) => {
  const name = mode in ENTRIES ? (mode as keyof typeof ENTRIES) : "app";
  return {
    root: here("."),
    base: "./",
    plugins: name === "app" ? [copies] : [],
    define: { "process.env.NODE_ENV": JSON.stringify("production") },
    build: {
      lib: {
        entry: here(ENTRIES[name]),
        formats: ["iife"],
        name: "kerasBias",
        fileName: () => `${name}.js`,
        cssFileName: "style",
      },
      outDir: here("keras_bias_demo/_site"),
      emptyOutDir: name === "app",
      target: "es2022",
      cssTarget: ["chrome123", "firefox120", "safari17.5"], // they know light-dark()
      reportCompressedSize: false,
    },
  };
});
