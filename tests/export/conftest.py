"""Models that Keras really built and saved, on its quickest backend to import."""

import os

import pytest

os.environ.setdefault("KERAS_BACKEND", "jax")


def pytest_configure(config: pytest.Config) -> None:
    # Keras's own way of turning a variable into an array, whenever it saves one on JAX; no
    # release of Keras is free of it yet.
    config.addinivalue_line(
        "filterwarnings",
        "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning",
    )
