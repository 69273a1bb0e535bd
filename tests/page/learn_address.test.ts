/** An address leads to the very picture that it was copied from. */

import { describe, expect, it } from "vitest";
import { address, parsedAddress } from "../../web_demo/src/learn/address";
import {
  choice,
  decoded,
  encoded,
  type Fields,
  flag,
  real,
  weights,
  whole,
} from "../../web_demo/src/learn/codec";
import { SCENES } from "../../web_demo/src/learn/scenes";

interface State {
  readonly kind: "a" | "b";
  readonly b: number;
  readonly seed: number;
  readonly open: boolean;
  readonly w: Float32Array | null;
}

const FIELDS: Fields<State> = {
  kind: choice(["a", "b"], "a"),
  b: real(0, -400, 400),
  seed: whole(7, 0, 9999),
  open: flag(false),
  w: weights(3),
};
const START: State = { kind: "a", b: 0, seed: 7, open: false, w: null };

function there(state: State): string {
  return address({ view: "learn", scene: "x" }, encoded(FIELDS, state));
}

function back(hash: string): State {
  return decoded(FIELDS, parsedAddress(hash, ["x"])?.set ?? new URLSearchParams());
}

describe("an address", () => {
  it("says nothing of what is as it began", () => {
    expect(there(START)).toBe("#v=1&view=learn&scene=x");
    expect(parsedAddress("#v=1&view=learn&scene=x", ["x"])?.set).toBeNull();
  });

  it.each<State>([
    START,
    { kind: "b", b: 152.575, seed: 0, open: true, w: Float32Array.of(0.1, -1e-30, 3e38) },
    { ...START, b: -0.1 - 0.2 },
    { ...START, b: 1e-300, w: Float32Array.of(0, -0, 1 / 3) },
  ])("leads back to %j, to the last bit", (state) => {
    expect(back(there(state))).toEqual(state);
  });

  it.each([
    ["kind=c", "no such word"],
    ["b=401", "out of range"],
    ["b=", "no number"],
    ["b=NaN", "not a number"],
    ["seed=1.5", "not whole"],
    ["open=yes", "not a flag"],
    ["w=AAAA", "too short"],
    ["w=!!!!", "not base64"],
    ["w=AADAfwAAwH8AAMB_", "weights that are not finite"],
    ["foo=1", "unknown here"],
  ])("with %s (%s) is as it began", (text) => {
    expect(back(`#v=1&view=learn&scene=x&${text}`)).toEqual(START);
  });

  it("of another version names a place and sets nothing", () => {
    const found = parsedAddress("#v=2&view=open&b=1", ["x"]);

    expect(found).toEqual({ place: { view: "open", scene: "x" }, set: null });
  });

  it("is at the beginning without a word, and leaves names of elements alone", () => {
    expect(parsedAddress("", ["x", "y"])?.place).toEqual({ view: "learn", scene: "x" });
    expect(parsedAddress("#v=1&view=learn&scene=nowhere", ["x"])?.place.scene).toBe("x");
    expect(parsedAddress("#main", ["x"])).toBeNull();
  });
});

describe("a scene", () => {
  it.each(SCENES.map((scene) => [scene.name, scene] as const))(
    "%s is as it began when nothing is set",
    (_, { state }) => {
      state.read(new URLSearchParams());

      expect(state.write()).toEqual([]);
    },
  );
});
