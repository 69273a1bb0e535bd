"""Cells and wrapped layers of an .h5 file find their weights, which it has by other names."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import pytest
from keras import layers as kl
from parity.row import keras_outputs, random_inputs, with_random_weights

from keras_bias import layers as bl
from keras_tfjs import convert
from keras_tfjs.verify import TfjsSession, agrees

LAYERS: dict[str, Callable[[], Any]] = {
    "layer": lambda: kl.TimeDistributed(bl.LSTM(3, bias_shape="gate")),
    "stack": lambda: kl.TimeDistributed(
        kl.RNN([kl.LSTMCell(3), kl.GRUCell(2), bl.LSTMCell(2, bias_shape="gate")])
    ),
    "both_ways": lambda: kl.TimeDistributed(kl.Bidirectional(kl.LSTM(3))),
    "both_ways_twin": lambda: kl.TimeDistributed(
        kl.Bidirectional(bl.LSTM(3, bias_shape="gate"), backward_layer=kl.GRU(2, go_backwards=True))
    ),
    "dense": lambda: kl.TimeDistributed(kl.TimeDistributed(bl.Dense(3, bias_shape="scalar"))),
}


@pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS.keys())
@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file")
def test_an_h5_file_gives_the_same_numbers(
    make: Callable[[], Any], tfjs: TfjsSession, tmp_path: Path
) -> None:
    inputs = keras.Input((3, 4, 2))
    model = with_random_weights(keras.Model(inputs, make()(inputs)))
    fed = random_inputs(model)
    model.save(tmp_path / "model.h5")

    convert(tmp_path / "model.h5", tmp_path / "out")
    actual = tfjs.predict(tmp_path / "out", fed)

    assert agrees(keras_outputs(model, fed), actual)
