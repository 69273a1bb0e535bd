"""Exports a trained network and asks TensorFlow.js, in Node, what it computes there."""

from pathlib import Path
from typing import Any

from keras_bias_demo.train import CELSIUS, outputs
from keras_bias_demo.variants import Outcome, Trained, Variant
from keras_tfjs import convert
from keras_tfjs.verify import TfjsSession, agrees, largest_difference


def outcome(
    variant: Variant, model: Any, trained: Trained, folder: Path, tfjs: TfjsSession
) -> Outcome:
    """The proof: the model in `folder` gives in tfjs what it gives in Keras.

    Args:
        variant: which one.
        model: the trained network.
        trained: what was measured of it.
        folder: is made, or replaced.
        tfjs: real TensorFlow.js.

    Raises:
        ConversionError: if it cannot be written.
        TfjsError: if tfjs cannot load or run it.
    """
    convert(model, folder, overwrite=True)
    expected = [outputs(model)]
    actual = tfjs.predict(folder, [CELSIUS])
    return Outcome(variant, trained, largest_difference(expected, actual), agrees(expected, actual))
