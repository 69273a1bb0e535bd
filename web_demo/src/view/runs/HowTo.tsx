/** How a training comes to this page. */

const CODE = `from keras_bias.callbacks import LiveView

live = LiveView()  # prints the address of this page, and opens it
model.fit(x, y, epochs=20, callbacks=[live])`;

export function HowTo() {
  return (
    <section class="how-to" aria-labelledby="how-to-title">
      <h2 id="how-to-title">How a training comes here</h2>
      <p class="quiet">
        Any Keras model, on any backend. The callback looks at the biases between two steps, and
        tells this page; nothing leaves the machine. Further trainings of the same program stand
        beside the first.
      </p>
      <pre class="scroll" tabIndex={0} role="region" aria-label="The code">
        <code>{CODE}</code>
      </pre>
    </section>
  );
}
