"""Convolutional LSTMs, Keras's and ours: every option, every bias, over one to three axes.

Most are unrolled, which is the same numbers: JAX compiles every loop anew.
"""

from functools import partial
from typing import Any

import keras
from parity.row import Row

from keras_bias import layers as kl

layers = keras.layers

# As many steps as rows, columns, channels and filters: axes that change places are not seen in
# any shape.
CUBE = (3, 3, 3, 3)
FIRST = {"data_format": "channels_first"}


def row(name: str, kind: str, shape: tuple[int, ...], why: str, *args: Any, **options: Any) -> Row:
    """A row of Keras's own layer on inputs of that shape, steps first."""
    layer = partial(getattr(layers, kind), *args, **{"unroll": True, **options})
    return Row(f"conv_lstm_{name}", partial(flat, layer, shape), why)


def flat(layer: Any, shape: tuple[int, ...]) -> keras.Model:
    """A model of one layer. Several outputs are flattened: tfjs trains them if they are alike."""
    inputs = keras.Input(shape)
    outputs = layer()(inputs)
    if isinstance(outputs, tuple | list):
        outputs = [layers.Flatten()(output) for output in outputs]
    return keras.Model(inputs, outputs)


def masked(steps: int, rows: int, columns: int) -> keras.Model:
    """Steps that an Embedding masks: one of its vectors is an image."""
    ids = keras.Input((steps,), dtype="int32")
    flat = layers.Embedding(4, rows * columns, mask_zero=True)(ids)
    images = layers.TimeDistributed(layers.Reshape((rows, columns, 1)))(flat)
    # Keras on JAX takes a mask in a loop for one along the columns: unrolled, it does not.
    first = layers.ConvLSTM2D(2, 2, padding="same", return_sequences=True, unroll=True)(images)
    second = layers.ConvLSTM2D(3, 2, unroll=True, go_backwards=True, return_state=True)(first)
    return keras.Model(ids, [layers.Flatten()(output) for output in (first, *second)])


def chained(data_format: str) -> keras.Model:
    """One layer's states are those that another begins with."""
    inputs = keras.Input(CUBE)
    options = {"padding": "same", "unroll": True, "data_format": data_format}
    _, h, c = layers.ConvLSTM2D(3, 2, return_state=True, **options)(inputs)
    return keras.Model(inputs, layers.ConvLSTM2D(3, 2, **options)(inputs, initial_state=[h, c]))


def both_ways(kind: Any, shape: tuple[int, ...], **options: Any) -> keras.Model:
    """A layer forwards and its like backwards."""
    return flat(partial(layers.Bidirectional, kind(2, 2, unroll=True, **options)), shape)


STOCK = [
    row("loop", "ConvLSTM2D", (2, 5, 4, 2), "not unrolled", 3, (2, 3), unroll=False),
    row("same", "ConvLSTM2D", CUBE, "all alike", 3, 2, padding="same"),
    row(
        "strides", "ConvLSTM2D", (2, 5, 6, 1), "few places", 1, 3, strides=(2, 3), padding="same"
    ),
    row("states", "ConvLSTM2D", (2, 4, 4, 2), "three outputs", 2, 3, return_state=True),
    row(
        "sequences_backwards", "ConvLSTM2D", (3, 4, 4, 2), "the order of what comes out",
        2, 3, return_sequences=True, go_backwards=True,
    ),
    row(
        "all_outputs", "ConvLSTM2D", (2, 4, 4, 2), "sequences and states",
        2, 3, return_sequences=True, return_state=True,
    ),
    row("unbiased", "ConvLSTM2D", (2, 4, 4, 2), "two weights", 2, 3, use_bias=False),
    row("frozen", "ConvLSTM2D", (2, 4, 4, 2), "nothing to train", 2, 3, trainable=False),
    row("one_step", "ConvLSTM2D", (1, 1, 1, 1), "sizes of one", 1, 1),
    row("softmax", "ConvLSTM2D", (2, 3, 3, 2), "along the channels", 3, 2, activation="softmax"),
]  # fmt: skip

TWINS = [
    row(
        "hard_sigmoid", "ConvLSTM2D", (2, 4, 4, 2), "another in tfjs",
        2, 3, recurrent_activation="hard_sigmoid", activation="hard_tanh",
    ),
    row("dilated", "ConvLSTM2D", (2, 5, 6, 2), "no gradient in tfjs", 2, 2, dilation_rate=(2, 3)),
    row("dilated_same", "ConvLSTM2D", CUBE, "no gradient", 3, 2, dilation_rate=2, padding="same"),
    row("first", "ConvLSTM2D", CUBE, "all alike", 3, 2, padding="same", **FIRST),
    row(
        "first_all_outputs", "ConvLSTM2D", (2, 2, 5, 4), "sequences and states",
        3, (2, 3), strides=(2, 1), return_sequences=True, return_state=True, **FIRST,
    ),
    row(
        "first_softmax", "ConvLSTM2D", (2, 2, 3, 4), "along the columns, in Keras",
        3, 2, activation="softmax", **FIRST,
    ),
    row(
        "regularized", "ConvLSTM2D", (2, 3, 3, 2), "its loss is part of training",
        2, 2, kernel_regularizer="l1", recurrent_regularizer="l2", bias_regularizer="l1l2",
    ),
    row("first_loop", "ConvLSTM2D", (2, 2, 3, 3), "not unrolled", 2, 2, unroll=False, **FIRST),
    row("rows", "ConvLSTM1D", (2, 5, 3), "one axis", 2, 3),
    row("rows_alike", "ConvLSTM1D", (3, 3, 3), "all alike", 3, 2, padding="same"),
    row(
        "rows_first", "ConvLSTM1D", (3, 2, 7), "one axis, channels first",
        3, 2, strides=2, go_backwards=True, return_sequences=True, **FIRST,
    ),
    row("rows_dilated", "ConvLSTM1D", (2, 7, 2), "one axis", 2, 3, dilation_rate=2),
    row("rows_states", "ConvLSTM1D", (2, 4, 2), "one axis", 2, 2, return_state=True),
    row("volumes", "ConvLSTM3D", (2, 3, 4, 3, 2), "three axes", 2, (1, 2, 3)),
    row("volumes_alike", "ConvLSTM3D", (2, 2, 2, 2, 2), "all alike", 2, 2, padding="same"),
    row(
        "volumes_first", "ConvLSTM3D", (2, 2, 3, 4, 3), "three axes, channels first",
        3, 2, strides=(1, 2, 1), return_sequences=True, return_state=True, **FIRST,
    ),
    row(
        "volumes_dilated", "ConvLSTM3D", (2, 3, 4, 3, 1), "no gradient in tfjs",
        1, 2, dilation_rate=(1, 2, 1),
    ),
    Row("conv_lstm_masked", partial(masked, 3, 3, 3), "steps left out, and the mask handed on"),
    Row("conv_lstm_initial_state", partial(chained, "channels_last"), "states that are given"),
    Row("conv_lstm_initial_state_first", partial(chained, "channels_first"), "the same"),
    Row(
        "conv_lstm_bidirectional",
        partial(both_ways, layers.ConvLSTM2D, (2, 3, 3, 2), return_sequences=True),
        "in a wrapper",
    ),
    Row(
        "conv_lstm_bidirectional_rows",
        partial(both_ways, layers.ConvLSTM1D, (2, 3, 2), return_state=True),
        "a twin in a wrapper",
    ),
]  # fmt: skip

SHAPES: tuple[Any, ...] = (
    *("vector", "scalar", "gate", "location", "untied"),
    *((None, 1), (1, None), (2,), (2, 2), (4, 1)),
)


def ours(name: str, kind: str, shape: tuple[int, ...], why: str, *args: Any, **options: Any) -> Row:
    """A row of our own layer on inputs of that shape, steps first."""
    layer = partial(getattr(kl, kind), *args, **{"unroll": True, **options})
    return Row(f"conv_lstm_bias_{name}", partial(flat, layer, shape), why)


def _biased() -> list[Row]:
    rows: list[Row] = []
    for shape in SHAPES:
        name = shape if isinstance(shape, str) else "tuple_" + "_".join(map(str, shape))
        apart = shape in ("vector", "gate", "untied", (None, 1), (4, 1))
        for data_format in ("channels_last", "channels_first"):
            given = {"bias_shape": shape, "unit_forget_bias": apart, "data_format": data_format}
            rows.append(
                ours(
                    f"{name}_{data_format}", "ConvLSTM2D", (2, 4, 4, 4), "all alike",
                    4, 2, padding="same", **given,
                )
            )  # fmt: skip
    return rows


OURS = [
    *_biased(),
    ours(
        "loop", "ConvLSTM2D", (2, 3, 3, 1), "not unrolled",
        2, 2, bias_shape="untied", unroll=False,
    ),
    ours(
        "rows", "ConvLSTM1D", (2, 5, 3), "one axis", 2, 3, bias_shape="untied", return_state=True
    ),
    ours(
        "rows_location", "ConvLSTM1D", (2, 5, 3), "one axis",
        2, 3, bias_shape="location", unit_forget_bias=False,
    ),
    ours(
        "volumes", "ConvLSTM3D", (2, 1, 3, 2, 4), "three axes",
        2, 2, bias_shape="untied", **FIRST,
    ),
    ours("volumes_gate", "ConvLSTM3D", (2, 2, 2, 2, 2), "three axes", 2, 2, bias_shape="gate"),
    ours(
        "strided", "ConvLSTM2D", (2, 5, 7, 1), "places of the output, not of the input",
        2, 3, strides=2, bias_shape="untied",
    ),
    ours(
        "fixed", "ConvLSTM2D", (2, 4, 4, 2), "what training leaves alone",
        2, 3, bias_trainable=False,
    ),
    ours(
        "regularized", "ConvLSTM2D", (2, 4, 4, 2), "its loss is part of training",
        2, 3, bias_shape="untied", bias_regularizer="l2",
    ),
    ours("none", "ConvLSTM1D", (2, 5, 3), "two weights", 2, 3, use_bias=False),
    Row(
        "conv_lstm_bias_bidirectional",
        partial(both_ways, kl.ConvLSTM2D, (2, 3, 3, 2), bias_shape="untied"),
        "in a wrapper",
    ),
]  # fmt: skip

ROWS = [*STOCK, *TWINS, *OURS]
