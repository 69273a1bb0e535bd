"""Layers in a SpectralNormalization, at each step of sequences, and embeddings both ways."""

from functools import partial
from typing import Any

import keras
from keras import layers as kl
from parity.normalization_models import behind
from parity.row import Row

from keras_bias import layers as bl
from keras_tfjs.errors import UnsupportedOptionError

spectral = kl.SpectralNormalization

SPECTRAL = [
    # Trains as on TensorFlow, and not as on JAX: test_spectral_normalization.py.
    Row("spectral_dense", behind(lambda: spectral(kl.Dense(4)), 3), "a matrix", trains=False),
    Row(
        "spectral_conv",
        behind(lambda: spectral(kl.Conv2D(2, 2), power_iterations=3), 4, 4, 3),
        "more axes",
        trains=False,
    ),
    Row(
        "spectral_ours",
        behind(lambda: spectral(bl.Dense(4, bias_shape="scalar")), 2, 3),
        "a twin in a twin",
        trains=False,
    ),
    Row(
        "spectral_depthwise",
        behind(lambda: spectral(kl.DepthwiseConv2D(2, depth_multiplier=2)), 4, 4, 3),
        "a kernel by another name",
        trains=False,
    ),
]


def _there_and_back(mask_zero: bool = False, **options: Any) -> keras.Model:
    words = keras.Input((4,), dtype="int32")
    embedding = kl.ReversibleEmbedding(5, 3, mask_zero=mask_zero, **options)
    seen = embedding(words)
    if mask_zero:
        seen = kl.GRU(3, return_sequences=True)(seen)
    return keras.Model(words, embedding(kl.Dense(3)(seen), reverse=True))


def _on_several() -> keras.Model:
    inputs = [keras.Input(shape) for shape in ((4, 3), (2, 3), (None, 3))]
    layer = kl.TimeDistributed(kl.Dense(2))
    return keras.Model(inputs, [kl.Flatten()(layer(each)) for each in inputs])


def _only_back() -> keras.Model:
    inputs = keras.Input((2, 3))
    return keras.Model(inputs, kl.ReversibleEmbedding(5, 3)(inputs, reverse=True))


EMBEDDINGS = [
    Row("embedding_and_back", _there_and_back, "one table for both"),
    Row("embedding_and_back_untied", partial(_there_and_back, tie_weights=False), "two tables"),
    Row(
        "embedding_and_back_masked",
        partial(_there_and_back, mask_zero=True, logit_soft_cap=1.5),
        "a mask on the way there only, and a cap on the way back",
    ),
    Row("embedding_only_back", _only_back, "on floats"),
    Row(
        "embedding_reversible",
        lambda: keras.Sequential(
            [
                keras.Input((4,), dtype="int32"),
                kl.ReversibleEmbedding(5, 3, tie_weights=False, logit_soft_cap=2.0),
            ]
        ),
        "which nobody goes back by: stock",
    ),
]

STEPS = [Row("time_distributed_on_several", _on_several, "stock tfjs takes one number of steps")]

ROWS = [*SPECTRAL, *EMBEDDINGS, *STEPS]


def _frames() -> keras.Model:
    layers = [
        keras.Input((6, 6, 2)),
        kl.Conv2D(3, 3, activation="relu"),
        kl.BatchNormalization(),
        kl.MaxPooling2D(),
        kl.Flatten(),
        kl.Dense(2, activation="tanh", name="last"),
    ]
    inputs = keras.Input((4, 6, 6, 2))
    frames = kl.TimeDistributed(keras.Sequential(layers, name="frame"), name="frames")
    return keras.Model(inputs, kl.LSTM(3)(frames(inputs)))


def _branches() -> keras.Model:
    step = keras.Input((5,))
    one, other = kl.Dense(4, name="one")(step), kl.Dense(4, name="other")(step)
    joined = kl.Concatenate(axis=1)([kl.Add()([one, other]), one, kl.Multiply()([one, other])])
    deep = keras.Sequential([kl.Dense(3), kl.Dropout(0.3), kl.LayerNormalization()])
    at_each = kl.TimeDistributed(keras.Model(step, deep(joined), name="inner"))
    inputs = [keras.Input((None, 5)), keras.Input((3, 5))]
    return keras.Model(inputs, [at_each(each) for each in inputs])


ROWS += [
    Row("model_at_each_step", _frames, "tfjs wraps one layer only"),
    Row("branches_at_each_step", _branches, "called twice, on other numbers of steps"),
]

REFUSED = [
    Row(
        "spectral_of_integers",
        lambda: keras.Sequential(
            [keras.Input((4,), dtype="int32"), spectral(kl.Embedding(5, 3), name="n")]
        ),
        "Keras gives back integers",
        error=UnsupportedOptionError,
        message=(
            "Layer 'n': Keras computes it in integers, as its input is of them, and TensorFlow.js "
            "in float32. Give it an input of floats."
        ),
    ),
]
