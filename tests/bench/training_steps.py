"""Times training steps of our layers beside Keras's, on the backend that KERAS_BACKEND names.

A program: it prints a JSON list of {"layer", "bias", "ours", "theirs"}, medians in milliseconds.
The two take turns, so that what else the machine does falls on both.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from keras_bias import layers

ROUNDS, STEPS = 15, 4


class Added(keras.layers.Layer):  # type: ignore[misc]  # Keras has no types
    """The plainest bias that a user could write: one number for each index."""

    def build(self, input_shape: Any) -> None:
        """Makes the numbers."""
        self.bias = self.add_weight(shape=input_shape[1:], name="bias")

    def call(self, inputs: Any) -> Any:
        """Adds them."""
        return inputs + self.bias


Make = Callable[[], list[Any]]
dense, conv, lstm = (256,), (32, 3), (128,)
RIVALS: list[tuple[str, str, tuple[int, ...], Make, Make]] = [
    (
        *("Dense", bias, (64, 32, 256)),
        lambda bias=bias: [layers.Dense(*dense, bias_shape=bias)],
        lambda: [keras.layers.Dense(*dense)],
    )
    for bias in ("vector", "scalar")
] + [
    (
        *("Conv2D", bias, (16, 48, 48, 16)),
        lambda bias=bias: [layers.Conv2D(*conv, bias_shape=bias)],
        lambda: [keras.layers.Conv2D(*conv)],
    )
    for bias in ("vector", "scalar")
] + [
    (
        *("LSTM", bias, (32, 40, 64)),
        lambda bias=bias: [layers.LSTM(*lstm, bias_shape=bias, unit_forget_bias=False)],
        lambda: [keras.layers.LSTM(*lstm, unit_forget_bias=False)],
    )
    for bias in ("vector", "gate", "scalar")
] + [
    (
        *("Dense", "untied", (64, 32, 256)),
        lambda: [layers.Dense(*dense, bias_shape="untied")],
        lambda: [keras.layers.Dense(*dense, use_bias=False), Added()],
    ),
    (
        *("Conv2D", "untied", (16, 48, 48, 16)),
        lambda: [layers.Conv2D(*conv, bias_shape="untied")],
        lambda: [keras.layers.Conv2D(*conv, use_bias=False), Added()],
    ),
]  # fmt: skip


def compiled(stack: list[Any], x: Any) -> tuple[keras.Model, Any]:
    """A model with the stack, and targets for it."""
    model = keras.Sequential([keras.Input(x.shape[1:]), *stack])
    model.compile("sgd", "mse")
    targets = np.zeros((len(x), *model.output_shape[1:]), "float32")
    for _ in range(3):
        model.train_on_batch(x, targets)  # which compiles
    return model, targets


def milliseconds(model: keras.Model, x: Any, y: Any) -> float:
    """How long a step takes, out of a few in a row."""
    began = time.perf_counter()
    for _ in range(STEPS):
        model.train_on_batch(x, y)  # it waits for the loss
    return (time.perf_counter() - began) / STEPS * 1000


def measured(shape: tuple[int, ...], ours: Make, theirs: Make) -> tuple[float, float]:
    """The medians of both sides."""
    x = np.random.default_rng(0).normal(size=shape).astype("float32")
    sides = [compiled(make(), x) for make in (ours, theirs)]
    times = [[milliseconds(model, x, y) for model, y in sides] for _ in range(ROUNDS)]
    one, other = zip(*times, strict=True)
    return statistics.median(one), statistics.median(other)


if __name__ == "__main__":
    found = []
    for layer, bias, shape, ours, theirs in RIVALS:
        one, other = measured(shape, ours, theirs)
        found.append({"layer": layer, "bias": bias, "ours": one, "theirs": other})
    json.dump(found, sys.stdout)
