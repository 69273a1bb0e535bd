"""Trains a variant on degrees Celsius -> (degrees Fahrenheit, kelvins), on any Keras backend.

The numbers are degrees on both sides, nothing is scaled: what the page shows as biases is what
must be added, and a network without biases cannot learn it.
"""

import importlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keras_bias_demo.variants import Trained, Variant

BACKENDS = ("tensorflow", "jax", "torch")

CELSIUS = np.linspace(-100, 100, 201, dtype=np.float32).reshape(-1, 1)  # (samples, 1)
TARGETS = np.concatenate([1.8 * CELSIUS + 32, CELSIUS + np.float32(273.15)], axis=1)
"""The answer, (samples, 2): degrees Fahrenheit and kelvins."""

SEED = 3
# Full batches, and a rate that falls to 0, settle to the last digit of float32; the many steps
# are for the fixed biases, where weights of 30 and 270 must grow instead.
LEARNING_RATE = 1.0
ROUNDS = 20
STEPS_PER_ROUND = 200

Array = NDArray[Any]
Progress = Callable[[int, int], None]
"""Is told how many rounds are done, of how many."""


class NoBackendError(Exception):
    """There is nothing that Keras could run on."""


def chosen_backend() -> str:
    """The backend that Keras will run on: `KERAS_BACKEND`, else the first that is installed.

    Raises:
        NoBackendError: if there is none; says how to get one.
    """
    installed = [name for name in BACKENDS if find_spec(name)]
    wanted = os.environ.get("KERAS_BACKEND")
    ways_out = " or ".join(f"pip install {name}" for name in BACKENDS)
    if wanted and wanted not in installed:
        others = f" Installed: {', '.join(installed)}." if installed else ""
        raise NoBackendError(
            f"KERAS_BACKEND={wanted} is not a backend that is installed here.{others} "
            f"Install one: {ways_out}"
        )
    if not installed:
        raise NoBackendError(f"Training needs a Keras backend, and none is installed: {ways_out}")
    return wanted or installed[0]


def load_keras(backend: str) -> Any:
    """Keras itself, on that backend. Takes seconds."""
    os.environ["KERAS_BACKEND"] = backend
    with _without_chatter():
        if find_spec("tensorflow"):  # Keras loads it to look at the data, whatever the backend
            importlib.import_module("tensorflow")
        return importlib.import_module("keras")


@contextmanager
def _without_chatter() -> Iterator[None]:
    """Keeps off the terminal what TensorFlow's native code says of GPUs that are not there."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    kept = os.dup(2)
    try:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def network(variant: Variant) -> Any:
    """The untrained network: dense 5 -> dense 2, always from the same weights, on any backend."""
    import keras

    from keras_bias import layers

    model = keras.Sequential(
        [
            keras.Input((1,), name="celsius"),
            layers.Dense(5, activation=variant.activation, name="dense_5", **variant.options),
            layers.Dense(2, name="dense_2", **variant.options),
        ],
        name=variant.name,
    )
    random = np.random.default_rng(SEED)
    for layer in model.layers:
        limit = np.sqrt(6 / sum(layer.kernel.shape))  # as Keras does: Glorot and Bengio 2010
        layer.kernel.assign(random.uniform(-limit, limit, layer.kernel.shape))
    return model


def trained(variant: Variant, progress: Progress = lambda done, total: None) -> tuple[Any, Trained]:
    """The trained network, and what can be said of it.

    Args:
        variant: which one.
        progress: is told how many rounds are done, of how many.
    """
    import keras

    model = network(variant)
    schedule = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, ROUNDS * STEPS_PER_ROUND)
    optimizer = keras.optimizers.Adam(schedule, beta_2=0.99)
    model.compile(optimizer, "mean_squared_error", steps_per_execution=STEPS_PER_ROUND)
    told = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: progress(epoch + 1, ROUNDS)
    )
    model.fit(
        np.tile(CELSIUS, (STEPS_PER_ROUND, 1)),
        np.tile(TARGETS, (STEPS_PER_ROUND, 1)),
        batch_size=len(CELSIUS),
        epochs=ROUNDS,
        shuffle=False,
        callbacks=[told],
        verbose=0,
    )
    return model, _described(model)


def outputs(model: Any, celsius: Array = CELSIUS) -> Array:
    """What the network answers, (samples, 2)."""
    import keras

    return np.asarray(keras.ops.convert_to_numpy(model(celsius, training=False)))


def _described(model: Any) -> Trained:
    biases = [variable for variable in model.weights if variable.name == "bias"]
    return Trained(
        parameters=model.count_params(),
        bias_parameters=sum(_size(variable) for variable in biases),
        trained_bias_parameters=sum(_size(v) for v in biases if v.trainable),
        loss=float(np.mean((outputs(model).astype(np.float64) - TARGETS) ** 2)),
    )


def _size(variable: Any) -> int:
    return int(np.prod(variable.shape))
