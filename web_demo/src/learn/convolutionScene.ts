/** The third scene's state: the sizes of a layer, and a small experiment. */

import { choice, real, whole } from "./codec";
import { type ConvBias, KINDS, SIDE, type Sizes, type TaskName } from "./convolution";
import { sceneState } from "./scene";

interface State extends Sizes {
  readonly task: TaskName;
  readonly bias: ConvBias;
  readonly strength: number;
  readonly row: number;
  readonly column: number;
}

export const convolution = sceneState<State>({
  side: whole(32, 1, 2048),
  channels: whole(3, 1, 4096),
  kernel: whole(5, 1, 99),
  filters: whole(32, 1, 4096),
  padding: choice(["valid", "same"], "valid"),
  task: choice(["grey", "centre", "level"], "grey"),
  bias: choice(KINDS, "tied"),
  strength: real(0.5, 0, 1),
  row: whole(3, 0, SIDE - 1),
  column: whole(4, 0, SIDE - 1),
});
