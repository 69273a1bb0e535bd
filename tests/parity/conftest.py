"""One Node process for the whole folder; Keras runs on JAX, which imports fastest."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest

from keras_tfjs.verify import TfjsSession

# What draws numbers, by the class whose `__call__` it is.
DRAWING = ("VarianceScaling", "Orthogonal", "RandomUniform", "RandomNormal")


@pytest.fixture(scope="session")
def tfjs() -> Iterator[TfjsSession]:
    with TfjsSession(timeout_seconds=30) as session:
        yield session


@pytest.fixture(autouse=True, scope="session")
def zeros_to_start_from() -> Iterator[None]:
    """Weights that are not drawn: JAX compiles that for each shape, and the rows draw their own."""

    def zeros(_: Any, shape: Any, dtype: Any = None) -> Any:
        return np.zeros(shape, dtype or keras.config.floatx())

    with pytest.MonkeyPatch.context() as patch:
        for name in DRAWING:
            patch.setattr(getattr(keras.initializers, name), "__call__", zeros)
        yield
