/** The scenes of Learn, in the order in which they are read. */

import { answer } from "./answer";
import { boundary } from "./boundary";
import { convolution } from "./convolutionScene";
import { elsewhere } from "./elsewhere";
import type { Addressed } from "./scene";

export interface Scene {
  /** In the address. */
  readonly name: string;
  /** In the navigation. */
  readonly title: string;
  readonly state: Addressed;
}

export const SCENES: readonly Scene[] = [
  { name: "answer", title: "The answer", state: answer },
  { name: "boundary", title: "The boundary", state: boundary },
  { name: "convolution", title: "Convolution", state: convolution },
  { name: "elsewhere", title: "Everywhere else", state: elsewhere },
];
