/** The place *Learn*: a scene, and the way to the others. */

import type { ComponentType } from "preact";
import { address } from "../../learn/address";
import { SCENES } from "../../learn/scenes";
import { place } from "../../place";
import { useReady } from "../useReady";
import { Answer } from "./answer/Answer";
import { Boundary } from "./boundary/Boundary";
import { Convolution } from "./convolution/Convolution";
import { CopyLink } from "./CopyLink";
import { Elsewhere } from "./elsewhere/Elsewhere";

const DRAWN: Readonly<Record<string, ComponentType>> = {
  answer: Answer,
  boundary: Boundary,
  convolution: Convolution,
  elsewhere: Elsewhere,
};

export function Learn() {
  useReady(true);
  const { scene } = place.value;
  const Drawn = DRAWN[scene] ?? Answer;
  const index = SCENES.findIndex(({ name }) => name === scene);
  const next = SCENES[index + 1];
  return (
    <>
      <div class="scenes">
        {SCENES.length > 1 && (
          <nav aria-label="Scenes">
            <ol>
              {SCENES.map(({ name, title }) => (
                <li key={name}>
                  <a
                    href={address({ view: "learn", scene: name })}
                    aria-current={name === scene ? "page" : undefined}
                  >
                    {title}
                  </a>
                </li>
              ))}
            </ol>
          </nav>
        )}
        <CopyLink />
      </div>
      <Drawn />
      {next && (
        <p class="next">
          <a href={address({ view: "learn", scene: next.name })}>
            Next: {next.title} <span aria-hidden="true">→</span>
          </a>
        </p>
      )}
    </>
  );
}
