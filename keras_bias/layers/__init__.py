"""`keras.layers`, with a bias shape wherever a layer here has one.

A drop-in: the classes of this package stand in for Keras's of the same name, and every other name
is Keras's own.
"""

from typing import Any

import keras

from keras_bias.layers.bias import Bias
from keras_bias.layers.dense import Dense

__all__ = ["Bias", "Dense"]


def __getattr__(name: str) -> Any:
    try:
        return getattr(keras.layers, name)
    except AttributeError:
        raise AttributeError(
            f"module {__name__!r} has no attribute {name!r}, and keras.layers has none either"
        ) from None


def __dir__() -> list[str]:
    return sorted({*__all__, *dir(keras.layers)})
