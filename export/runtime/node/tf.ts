/**
 * The `tf` of a page: core with all gradients and chained operations, layers, and the cpu backend.
 *
 * The twins of a model come as a script that finds `tf` in the global scope, as in a page.
 */
import * as core from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";
import * as layers from "@tensorflow/tfjs-layers";
import "@tensorflow/tfjs-backend-cpu";

/** What a page calls `tf`. */
export const tf = { ...core, ...layers };

declare global {
  var tf: unknown;
}

globalThis.tf = tf;
