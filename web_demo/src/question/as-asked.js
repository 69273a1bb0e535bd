// The network of the question: one input, a dense layer of 5, a dense layer of 2.
const model = tf.sequential();
model.add(tf.layers.dense({ inputShape: [1], units: 5 }));
model.add(tf.layers.dense({ units: 2 }));

// What tfjs-vis shows of its two layers.
for (const index of [0, 1]) {
  const surface = document.getElementById("as-asked-layer-" + index);
  tfvis.show.layer(surface, model.getLayer(undefined, index));
}
