"""What we write of stock layers, the official Python package `tensorflowjs` reads."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers
from numpy.typing import NDArray

import keras_tfjs
from keras_bias import layers as bias_layers

ROOT = Path(__file__).resolve().parents[2]
TOLERANCE = 1e-5  # float32 sums in another order, outputs of size 1


def dense() -> keras.Model:
    return keras.Sequential(
        [keras.Input((3,)), layers.Dense(5, activation="silu"), bias_layers.Dense(2)]
    )


def normalized() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((4,)),
            layers.BatchNormalization(),
            layers.LayerNormalization(),
            layers.LeakyReLU(0.1),
            layers.Reshape((2, 2)),
            layers.Permute((2, 1)),
            layers.Flatten(),
        ]
    )


def two_towers() -> keras.Model:
    left, right = keras.Input((3,), name="left tower"), keras.Input((3,), name="right")
    shared = layers.Dense(4, activation="tanh")
    joined = layers.Concatenate()([shared(left), shared(right)])
    return keras.Model([left, right], [layers.Dense(2)(joined), layers.Add()([left, right])])


def nested() -> keras.Model:
    encoder = keras.Sequential([keras.Input((3,)), layers.Dense(4), layers.Dropout(0.5)])
    inputs = keras.Input((3,))
    return keras.Model(inputs, layers.Dense(1)(encoder(inputs)))


MODELS: list[Callable[[], keras.Model]] = [dense, normalized, two_towers, nested]


@pytest.fixture(scope="module")
def predictions(
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, tuple[list[NDArray[Any]], list[NDArray[Any]]]]:
    """By model: Keras's outputs, and those of the official package; one process for all."""
    subprocess.run(["make", "--silent", ".venv-official/.ready"], cwd=ROOT, check=True)
    root = tmp_path_factory.mktemp("official")
    random = np.random.default_rng(0)
    expected: dict[str, list[NDArray[Any]]] = {}
    for build in MODELS:
        model, folder = build(), root / build.__name__
        model.set_weights([random.uniform(0.1, 1, w.shape) for w in model.get_weights()])
        keras_tfjs.convert(model, folder)
        inputs = [random.normal(size=(2, *i.shape[1:])).astype("float32") for i in model.inputs]
        np.savez(folder / "inputs.npz", *inputs)
        outputs = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
        expected[build.__name__] = outputs if isinstance(outputs, list) else [outputs]
    official = ROOT / ".venv-official" / "bin" / "python"
    done = subprocess.run(
        [official, Path(__file__).with_name("official_predict.py"), *map(root.joinpath, expected)],
        capture_output=True,
        text=True,
        env={key: value for key, value in os.environ.items() if key != "KERAS_BACKEND"},
    )
    assert done.returncode == 0, done.stderr
    return {
        name: (outputs, list(np.load(root / name / "outputs.npz").values()))
        for name, outputs in expected.items()
    }


@pytest.mark.parametrize("name", [build.__name__ for build in MODELS])
def test_the_official_package_computes_what_keras_computes(
    name: str, predictions: dict[str, tuple[list[NDArray[Any]], list[NDArray[Any]]]]
) -> None:
    expected, actual = predictions[name]

    assert len(actual) == len(expected)
    for ours, theirs in zip(expected, actual, strict=True):
        np.testing.assert_allclose(theirs, ours, atol=TOLERANCE)
