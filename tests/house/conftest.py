"""A small model that Keras built and saved, for the tests that need any."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def dense_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import keras

    from keras_bias import layers

    path = tmp_path_factory.mktemp("models") / "dense.keras"
    model = keras.Sequential(
        [keras.Input((1,)), layers.Dense(5, bias_shape="scalar"), layers.Dense(2)]
    )
    model.save(path)
    return path
