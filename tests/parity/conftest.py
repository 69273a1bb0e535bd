"""One Node process for the whole folder; Keras runs on JAX, which imports fastest."""

import os
from collections.abc import Iterator

import pytest

os.environ.setdefault("KERAS_BACKEND", "jax")

from keras_tfjs.verify import TfjsSession


@pytest.fixture(scope="session")
def tfjs() -> Iterator[TfjsSession]:
    with TfjsSession(timeout_seconds=30) as session:
        yield session
