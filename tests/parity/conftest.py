"""One Node process for the whole folder; Keras runs on JAX, which imports fastest."""

from collections.abc import Iterator

import pytest

from keras_tfjs.verify import TfjsSession


@pytest.fixture(scope="session")
def tfjs() -> Iterator[TfjsSession]:
    with TfjsSession(timeout_seconds=30) as session:
        yield session
