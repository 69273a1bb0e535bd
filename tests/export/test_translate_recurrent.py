"""Recurrent layers go out as stock where stock tfjs computes and trains as Keras does."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
import pytest
from layers_as_ir import translation_of

from keras_bias import layers as bl
from keras_tfjs.errors import UnsupportedLayerError, UnsupportedOptionError

L = keras.layers
SEQUENCE = (4, 3)
BEFORE = partial(bl.GRU, reset_after=False)
OTHER_WAY = "Without --stock the layer is carried by keras-tfjs.js, and converts as it is."


@pytest.mark.parametrize(
    ("build", "becomes"),
    [
        (lambda: L.SimpleRNN(2), "SimpleRNN"),
        (lambda: L.LSTM(2, return_sequences=True, return_state=True), "LSTM"),
        (lambda: L.GRU(2, reset_after=False, go_backwards=True), "GRU"),
        (lambda: L.RNN(L.LSTMCell(2)), "RNN"),
        (lambda: bl.LSTM(2), "LSTM"),
        (lambda: bl.LSTM(1, bias_shape="gate"), "LSTM"),
        (lambda: bl.SimpleRNN(2, bias_shape=(1, None)), "SimpleRNN"),
        (lambda: bl.GRU(2, reset_after=False, use_bias=False), "GRU"),
        (lambda: L.RNN(bl.LSTMCell(2)), "RNN"),
    ],
)
def test_goes_out_as_stock(build: Callable[[], Any], becomes: str) -> None:
    layer, translation = translation_of(build(), SEQUENCE)

    assert layer.class_name == becomes
    assert "bias_shape" not in layer.config
    assert translation.twins == ()


TWINS: list[tuple[Callable[[], Any], str, str]] = [
    (lambda: L.GRU(2), "keras>GRU", "reset_after=True"),
    (lambda: L.RNN(L.GRUCell(2)), "keras>RNN", "reset_after=True"),
    (lambda: bl.GRU(2), "keras_bias>GRU", "reset_after=True"),
    (lambda: bl.GRU(2, bias_shape="gate"), "keras_bias>GRU", "reset_after=True"),
    (
        lambda: L.LSTM(2, return_state=True),
        "keras>LSTM",
        "return_state=True without return_sequences=True",
    ),
]

LOWERED: list[tuple[Callable[[], Any], str, str, str]] = [
    (
        lambda: L.LSTM(2, dropout=0.5, recurrent_dropout=0.1, name="n"),
        "keras>LSTM",
        "LSTM",
        "trains without its dropout=0.5 and recurrent_dropout=0.1, which stock layers draw "
        "otherwise.",
    ),
    (
        lambda: L.SimpleRNN(2, kernel_regularizer="l2", name="n"),
        "keras>SimpleRNN",
        "SimpleRNN",
        "trains without its kernel_regularizer: stock recurrent layers add none to the loss.",
    ),
    (
        lambda: bl.LSTM(2, bias_shape="gate", name="n"),
        "keras_bias>LSTM",
        "LSTM",
        "its bias of 4 is written once for each of 8 units.",
    ),
    (
        lambda: bl.LSTM(2, bias_trainable=False, name="n"),
        "keras_bias>LSTM",
        "LSTM",
        "its bias, and trains, though it was fixed in Keras.",
    ),
]


@pytest.mark.parametrize(("build", "becomes"), [row[:2] for row in [*TWINS, *LOWERED]])
def test_goes_out_as_a_twin_where_stock_is_not_equal(
    build: Callable[[], Any], becomes: str
) -> None:
    layer, translation = translation_of(build(), SEQUENCE)

    assert layer.class_name == becomes
    assert becomes in translation.twins


@pytest.mark.parametrize(("build", "becomes", "why"), TWINS)
def test_stock_refuses_what_only_a_twin_can_do(
    build: Callable[[], Any], becomes: str, why: str
) -> None:
    layer = build()

    with pytest.raises(UnsupportedOptionError) as refused:
        translation_of(layer, SEQUENCE, stock=True)

    where = f"{layer.name}/{layer.cell.name}" if becomes == "keras>RNN" else layer.name
    assert str(refused.value) == (
        f"Layer '{where}': {why} has no equal among stock layers. {OTHER_WAY}"
    )


@pytest.mark.parametrize(("build", "_", "becomes", "note"), LOWERED)
def test_stock_says_what_it_leaves_out(
    build: Callable[[], Any], _: str, becomes: str, note: str
) -> None:
    layer, translation = translation_of(build(), SEQUENCE, stock=True)

    assert layer.class_name == becomes
    assert translation.twins == ()
    assert translation.notes == (f"Layer 'n': {note}",)


@pytest.mark.parametrize(
    ("layer", "shape", "stored", "widened"),
    [
        (bl.SimpleRNN, "scalar", [7], [7, 7, 7, 7]),
        (bl.SimpleRNN, (2,), [7, 8], [7, 7, 8, 8]),
        (bl.LSTM, "gate", [1, 2, 3, 4], [1] * 4 + [2] * 4 + [3] * 4 + [4] * 4),
        (bl.LSTM, (1, None), [1, 2, 3, 4], [1, 2, 3, 4] * 4),
        (bl.LSTM, (2, 1), [1, 2], [1] * 8 + [2] * 8),
        (bl.LSTM, (None, 2), range(8), np.repeat(range(8), 2)),
        (BEFORE, "scalar", [7], [7] * 12),
        (BEFORE, "gate", [1, 2, 3], [1] * 4 + [2] * 4 + [3] * 4),
        (BEFORE, (1, 2), [1, 2], [1, 1, 2, 2] * 3),
    ],
)
def test_stock_widens_a_shared_bias(layer: Any, shape: Any, stored: Any, widened: Any) -> None:
    options = {"unit_forget_bias": False} if layer is bl.LSTM else {}
    keras_layer = layer(4, bias_shape=shape, **options)
    keras_layer.build((None, *SEQUENCE))
    keras_layer.cell.bias_variable.assign(list(stored))

    made, _ = translation_of(keras_layer, SEQUENCE, stock=True)

    assert made.weights["bias"].array().tolist() == list(widened)


class Own(keras.layers.LSTMCell):  # type: ignore[misc]  # Keras has no types
    """A cell of a user's own."""


def test_a_cell_of_ones_own_is_named() -> None:
    with pytest.raises(UnsupportedLayerError) as refused:
        translation_of(L.RNN(Own(2, name="own"), name="r"), SEQUENCE)

    assert str(refused.value) == (
        "Layer 'r/own' is a Own, which cannot be converted as a cell. "
        "Use SimpleRNNCell, LSTMCell or GRUCell."
    )
