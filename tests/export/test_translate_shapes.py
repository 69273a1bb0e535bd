"""The shapes that are worked out are those that Keras works out."""

import random
from typing import Any

import keras
import pytest

from keras_tfjs.translate.parts import plain
from keras_tfjs.translate.shapes import RULES

WINDOWS = {
    f"{kind}{axes}D{transposed}": axes
    for kind, transposed, most in (
        ("Conv", "", 3),
        ("Conv", "Transpose", 3),
        ("DepthwiseConv", "", 2),
        ("SeparableConv", "", 2),
    )
    for axes in range(1, most + 1)
}


def options(name: str, axes: int, choose: random.Random) -> dict[str, Any]:
    """Options that Keras takes together, of those that the output's shape depends on."""
    each: Any = lambda least, most: [choose.randint(least, most) for _ in range(axes)]  # noqa: E731
    moves = choose.choice(["strides", "dilation_rate"])
    chosen: dict[str, Any] = {
        "kernel_size": each(1, 4),
        "padding": choose.choice(["valid", "same", *["causal"] * (name == "Conv1D")]),
        "data_format": choose.choice(["channels_last", "channels_first"]),
        moves: each(1, 3),
    }
    if not name.startswith("Depthwise"):
        chosen["filters"] = choose.choice([2, 4])
    if not name.startswith("Conv"):
        chosen["depth_multiplier"] = choose.randint(1, 3)
    elif not name.endswith("Transpose"):
        chosen["groups"] = choose.choice([1, 2])
    elif choose.random() < 0.7:
        strides = chosen.get("strides", [1] * axes)
        chosen["output_padding"] = [choose.randint(0, step - 1) for step in strides]
    return chosen


@pytest.mark.parametrize("name", WINDOWS)
def test_what_comes_out_of_a_convolution_has_the_shape_that_keras_says(name: str) -> None:
    axes, choose, compared = WINDOWS[name], random.Random(name), 0
    while compared < 60:
        chosen = options(name, axes, choose)
        sizes = [choose.choice([None, 1, 2, 5, 8, 9]) for _ in range(axes)]
        first = chosen["data_format"] == "channels_first"
        shape = [None, 4, *sizes] if first else [None, *sizes, 4]
        layer = getattr(keras.layers, name)(**chosen)
        try:
            expected = list(layer.compute_output_shape(tuple(shape)))
        except ValueError:
            continue  # the window does not fit in
        if any(size is not None and size < 1 for size in expected):
            continue

        config = {key: plain(value) for key, value in layer.get_config().items()}

        assert RULES[name](config, [shape]) == expected, (chosen, shape)
        compared += 1
