/** The page of the question: its code, what that shows, and the same network otherwise biased. */

import { Footer } from "../view/Footer";
import { Header } from "../view/Header";
import code from "./as-asked.js?raw";
import { libraries } from "./globals";
import { Surface } from "./Surface";
import { VariantCard } from "./Variant";
import type { Variant } from "./variants";

export function Question({ variants }: { readonly variants: readonly Variant[] | null }) {
  return (
    <>
      <Header page="question" />
      <main id="main">
        <div class="intro">
          <h1>“Isn’t a bias vector redundant? Doesn’t a layer need only one number?”</h1>
          <p class="lead">
            A bias is one number for each <em>unit</em>: it says where that unit’s line crosses
            zero. Five units have five lines, so dense 5 has a vector of 5, and dense 2 one of 2.
          </p>
        </div>
        {!libraries() && (
          <p class="failure" role="alert">
            TensorFlow.js or tfjs-vis did not load from <code>vendor/</code>, so nothing runs here.
          </p>
        )}
        <section class="asked" aria-labelledby="asked-title">
          <div>
            <h2 id="asked-title">As it was asked</h2>
            <p class="answer">
              Shapes [5] and [2], and nothing but zeros in them: nobody has trained this network
              yet. A vector of zeros looks redundant.
            </p>
            <pre class="scroll" tabIndex={0} role="region" aria-label="The code of the question">
              <code>{code.trim()}</code>
            </pre>
          </div>
          <div>
            <Surface heading="h3" id="as-asked-layer-0" title="model.getLayer(undefined, 0)" />
            <Surface heading="h3" id="as-asked-layer-1" title="model.getLayer(undefined, 1)" />
          </div>
        </section>
        <Others variants={variants} />
      </main>
      <Footer />
    </>
  );
}

function Others({ variants }: { readonly variants: readonly Variant[] | null }) {
  return (
    <section aria-labelledby="others-title">
      <h2 id="others-title">The same network, with the biases of your choice</h2>
      {variants?.length === 0 && (
        <p class="answer">
          No models are served with this page, so there is only the question’s own network. Start{" "}
          <code>keras-bias demo</code> to train the variants and see them here.
        </p>
      )}
      {variants && variants.length > 0 && (
        <p class="answer">
          Trained in Keras to turn °C into °F and K, exported with keras-tfjs, loaded with{" "}
          <code>tf.loadLayersModel</code>. TensorFlow.js adds _1, _2 to names that the page has
          already used.
        </p>
      )}
      <div class="variants">
        {variants?.map((variant) => (
          <VariantCard key={variant.name} variant={variant} />
        ))}
      </div>
    </section>
  );
}
