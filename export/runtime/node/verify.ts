/**
 * Answers what a converted model computes in real tfjs: one JSON request a line in, one answer out.
 *
 * `keras_tfjs.verify` starts it. A request is `{"id", "do", "folder", ...}`; the answer
 * `{"id", "result", "leaked"}`, where `leaked` counts the tensors that the computation left behind,
 * or `{"id", "error"}` with tfjs's own message.
 */
import { tf } from "./tf"; // first: it makes the backend and the global `tf`
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { createInterface } from "node:readline";
import { goOn, gradients, predict, summary, trainStep } from "./computations";
import { loaded, save } from "./folder";
import type { EncodedArray } from "./tensors";

type Request = { readonly id: number; readonly folder: string } & (
  | { readonly do: "predict"; readonly inputs: EncodedArray[] }
  | {
      readonly do: "gradients";
      readonly inputs: EncodedArray[];
      readonly cotangents: EncodedArray[];
    }
  | {
      readonly do: "train_step";
      readonly inputs: EncodedArray[];
      readonly targets: EncodedArray[];
      readonly learning_rate: number;
    }
  | {
      readonly do: "go_on";
      readonly inputs: EncodedArray[];
      readonly targets: EncodedArray[];
      readonly steps: number;
    }
  | { readonly do: "resave"; readonly out_folder: string }
  | { readonly do: "summary" }
);

async function answer(request: Request): Promise<object> {
  const model = await loaded(request.folder);
  const before = tf.memory().numTensors;
  const result = await computed(request, model);
  const leaked = tf.memory().numTensors - before;
  model.dispose();
  return { result, leaked };
}

async function computed(request: Request, model: LayersModel): Promise<unknown> {
  switch (request.do) {
    case "predict":
      return predict(model, request.inputs);
    case "gradients":
      return gradients(model, request.inputs, request.cotangents);
    case "train_step":
      return trainStep(model, request.inputs, request.targets, request.learning_rate);
    case "go_on":
      return goOn(model, request.inputs, request.targets, request.steps);
    case "resave":
      await save(model, request.folder, request.out_folder);
      return null;
    case "summary":
      return summary(model);
  }
}

// Standard output carries answers only.
console.log = console.error;
console.info = console.error;

await tf.setBackend("cpu");
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as Request;
  const said = await answer(request).catch((error: unknown) => ({
    error: error instanceof Error ? error.message : String(error),
  }));
  process.stdout.write(JSON.stringify({ id: request.id, ...said }) + "\n");
}
