/** Builds verify.mjs: one file for Node that has tfjs inside, so that a wheel's users need no npm. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  build: {
    ssr: here("verify.ts"),
    target: "node20",
    outDir: here("../../keras_tfjs/_js"),
    emptyOutDir: false, // keras-tfjs.js stands there too
    minify: true,
    rolldownOptions: { output: { entryFileNames: "verify.mjs" } },
  },
  ssr: { noExternal: true },
});
