"""Dense layers and models of them, small and drawn from seeds, whose numbers can be foretold."""

from typing import Any

import keras
import numpy as np
from bias_definition import Array

from keras_bias import layers
from keras_bias.shape import BiasShape

# (bias_shape, input shape without batch, units). Equal sizes, and sizes of 1, are where an
# addition along the wrong axis shows, or would be hidden.
CASES: list[tuple[Any, tuple[int, ...], int]] = [
    ("vector", (3,), 5),
    ("scalar", (3,), 5),
    ("location", (3,), 5),
    ("untied", (3,), 5),
    ((2,), (3,), 6),
    ("vector", (3,), 1),
    ("untied", (3,), 1),
    ("vector", (5, 3), 5),
    ("scalar", (5, 3), 5),
    ("location", (5, 3), 5),
    ("untied", (5, 3), 5),
    ((None, 1), (4, 3), 6),
    ((2, 3), (4, 3), 6),
    ("location", (1, 3), 5),
    ("untied", (1, 3), 1),
    ("location", (4, 5, 3), 4),
    ("untied", (4, 5, 3), 4),
    ((None, 1, 1), (4, 5, 3), 4),
    ((None, 1), (4, 5, 3), 5),
    ((2, 1, 2), (4, 5, 3), 4),
]
SHAPES: list[Any] = ["vector", "scalar", "location", "untied", (2,), (None, 1)]


def drawn(seed: int, *shape: int) -> Array:
    return np.random.default_rng(seed).normal(size=shape)


def built(
    bias_shape: Any = "scalar", inputs: tuple[int, ...] = (4, 3), units: int = 6, **options: Any
) -> Any:
    """A Dense of ours that is built, with a bias that is not 0."""
    options.setdefault("bias_initializer", keras.initializers.RandomNormal(stddev=1.0, seed=2))
    options.setdefault("kernel_initializer", keras.initializers.GlorotUniform(seed=1))
    layer = layers.Dense(units, bias_shape=bias_shape, **options)
    layer.build((None, *inputs))
    return layer


def stock(layer: Any, inputs: tuple[int, ...] = (4, 3)) -> Any:
    """Keras's Dense with the same kernel and without bias."""
    same = keras.layers.Dense(layer.units, use_bias=False)
    same.build((None, *inputs))
    same.kernel.assign(layer.kernel)
    return same


def values(x: Any) -> Array:
    return np.asarray(keras.ops.convert_to_numpy(keras.ops.cast(x, "float32")), dtype=np.float64)


def close(got: Array, want: Any, digits: float = 1e-5) -> None:
    """Compares numbers of size 1. Sums of a few float32 products lose the last of 24 bits."""
    np.testing.assert_allclose(got, want, rtol=digits, atol=digits)


def counts(layer: Any, *sizes: int) -> tuple[int, ...]:
    return BiasShape.of(layer.bias_shape).resolve(sizes, channel_axis=-1).counts


class Weighted(keras.losses.Loss):  # type: ignore[misc]  # Keras has no types
    """sum(target * prediction): its gradient by the prediction is the target."""

    def call(self, y_true: Any, y_pred: Any) -> Any:
        return keras.ops.reshape(y_true * y_pred, (-1,))


def model_of(*parts: Any, inputs: tuple[int, ...] = (4, 3), **options: Any) -> Any:
    """A compiled model whose every step moves a weight by minus its gradient."""
    model = keras.Sequential([keras.Input(inputs), *parts])
    model.compile(keras.optimizers.SGD(1.0), Weighted(reduction="sum"), **options)
    return model
