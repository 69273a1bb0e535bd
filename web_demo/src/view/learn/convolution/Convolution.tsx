/** Scene 3: how many biases a convolution has, and what they are for. */

import { Counts } from "./Counts";
import { Places } from "./Places";

export function Convolution() {
  return (
    <article class="scene">
      <div class="intro">
        <h1>A convolution shares its bias, too</h1>
        <p class="lead">
          A filter slides over the picture and adds the same number everywhere: its bias is tied. It
          could as well have one for each place. That costs numbers, and says more.
        </p>
      </div>
      <Counts />
      <Places />
    </article>
  );
}
