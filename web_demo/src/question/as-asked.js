// One input, dense 5, dense 2.
const model = tf.sequential();
model.add(tf.layers.dense({ inputShape: [1], units: 5 }));
model.add(tf.layers.dense({ units: 2 }));

// Its two layers, as tfjs-vis shows them.
for (const index of [0, 1]) {
  const surface = document.getElementById("as-asked-layer-" + index);
  tfvis.show.layer(surface, model.getLayer(undefined, index));
}
