"""Graphs drawn by chance come out of TensorFlow.js as they went in."""

from pathlib import Path

import pytest
from parity.random_models import random_model
from parity.row import keras_outputs, random_inputs, with_random_weights

from keras_tfjs import convert
from keras_tfjs.verify import TfjsSession, agrees, largest_difference

# Up to twenty layers behind each other, each with its own rounding.
TOLERANCE = 1e-4
SEEDS = range(30)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_graphs_agree(seed: int, tfjs: TfjsSession, tmp_path: Path) -> None:
    model = with_random_weights(random_model(seed))
    inputs = random_inputs(model)
    expected = keras_outputs(model, inputs)

    convert(model, tmp_path / "out")
    actual = tfjs.predict(tmp_path / "out", inputs)

    assert agrees(expected, actual, TOLERANCE), largest_difference(expected, actual)
    assert tfjs.leaked == 0
