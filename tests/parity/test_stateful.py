"""Stateful layers begin with zeros when they are loaded, and keep their states from then on.

They have no rows in the tables: their models would go on from call to call. Here a layer that is
not stateful says what the first call gives.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import pytest
from keras import layers as kl
from parity.row import keras_outputs, random_inputs, with_random_weights
from parity.test_parity import same_gradients
from parity.training import Trained

from keras_tfjs import convert
from keras_tfjs.verify import TfjsSession, agrees

LAYERS: list[tuple[Callable[[bool], Any], int]] = [
    (lambda kept: kl.SimpleRNN(3, stateful=kept, name="r"), 1),
    (lambda kept: kl.LSTM(3, stateful=kept, return_sequences=True, name="r"), 2),
    (lambda kept: kl.GRU(3, stateful=kept, name="r"), 1),
    (lambda kept: kl.RNN(kl.GRUCell(3), stateful=kept, name="r"), 1),
    (lambda kept: kl.Bidirectional(kl.GRU(3, stateful=kept, return_sequences=True), name="r"), 2),
]


def built(layer: Any) -> keras.Model:
    """A model of it, for 3 sequences."""
    inputs = keras.Input(batch_shape=(3, 4, 2))
    return with_random_weights(keras.Model(inputs, layer(inputs)))


@pytest.mark.parametrize(("make", "states"), LAYERS)
def test_a_stateful_layer_begins_with_zeros(
    make: Callable[[bool], Any], states: int, tfjs: TfjsSession, tmp_path: Path
) -> None:
    model = built(make(False))
    inputs = random_inputs(model)
    convert(built(make(True)), tmp_path / "out")

    [actual] = tfjs.predict(tmp_path / "out", inputs)
    kept = tfjs.leaked

    assert agrees(keras_outputs(model, inputs), [actual])
    assert kept == states


@pytest.mark.parametrize(("make", "_"), LAYERS)
def test_a_stateful_layer_has_the_gradients_of_one_that_is_not(
    make: Callable[[bool], Any], _: int, tfjs: TfjsSession, tmp_path: Path
) -> None:
    model = built(make(False))
    convert(built(make(True)), tmp_path / "out")

    same_gradients(Trained.by_keras(model, random_inputs(model)), tfjs, tmp_path / "out")


@pytest.mark.parametrize(
    "make",
    [
        lambda kept: kl.LSTM(3, stateful=kept),
        lambda kept: kl.GRU(3, stateful=kept, reset_after=False),
    ],
)
def test_stock_has_stateful_layers_too(
    make: Callable[[bool], Any], tfjs: TfjsSession, tmp_path: Path
) -> None:
    model = built(make(False))
    inputs = random_inputs(model)
    convert(built(make(True)), tmp_path / "out", stock=True)

    actual = tfjs.predict(tmp_path / "out", inputs)

    assert agrees(keras_outputs(model, inputs), actual)
