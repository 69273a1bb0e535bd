"""With `--stock`: biases of every shape in layers that TensorFlow.js has itself.

Where numbers that Keras shares are written several times they train apart: the note says so, and
only what is computed is compared.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
from keras import layers
from parity.row import Row, one

from keras_bias import layers as kl

FIRST: dict[str, Any] = {"data_format": "channels_first"}


def row(name: str, layer: Callable[[], Any], *shape: int | None, why: str, trains: bool) -> Row:
    """A row of one layer on inputs of that shape."""
    return Row(f"stock_{name}", one(layer, *shape), why, stock=True, trains=trains)


trained = partial(row, trains=True)
computed = partial(row, trains=False)


def twice_and_nested() -> keras.Model:
    """A layer that two tensors go through, and one in a nested model: a model in a model each."""
    inputs = [keras.Input((3, 3)), keras.Input((3, 3))]
    shared = kl.Dense(3, bias_shape="location", activation="tanh")
    inner = keras.Sequential([keras.Input((3, 3)), kl.Bias((None, 1)), kl.Dense(3)])
    return keras.Model(inputs, [shared(inputs[0]), inner(shared(inputs[1]))])


# Sizes are equal: an axis that is taken for another is not seen in any shape.
BY_PLACE = [
    trained("dense", partial(kl.Dense, 4, bias_shape="untied"), 4, 4, why="each its own"),
    trained(
        "dense_location",
        partial(kl.Dense, 4, bias_shape="location", activation="tanh", bias_regularizer="l2"),
        4, 4, why="one for all units of a step, with one penalty",
    ),
    trained(
        "dense_fixed",
        partial(kl.Dense, 4, bias_shape="location", bias_trainable=False),
        4, 4, why="what training leaves alone",
    ),
    trained(
        "dense_frozen",
        partial(kl.Dense, 4, bias_shape="location", trainable=False),
        4, 4, why="nothing to train",
    ),
    trained("bias", kl.Bias, 4, why="nothing before it"),
    trained("bias_scalar", partial(kl.Bias, "scalar", activation="relu"), 3, 3, 3, why="one"),
    trained("bias_unknown", kl.Bias, None, None, 3, why="sizes that are unknown"),
    trained("bias_first", partial(kl.Bias, "vector", **FIRST), 3, 3, 3, why="the channel axis"),
    trained("conv_1d", partial(kl.Conv1D, 3, 2, bias_shape="untied"), 4, 3, why="one axis"),
    trained(
        "conv_2d",
        partial(kl.Conv2D, 3, 2, padding="same", bias_shape="location", activation="relu"),
        3, 3, 3, why="one for all filters",
    ),
    trained(
        "conv_2d_first",
        partial(kl.Conv2D, 3, 2, padding="same", bias_shape="location", **FIRST),
        3, 3, 3, why="one for all filters, first",
    ),
    trained("conv_3d", partial(kl.Conv3D, 2, 2, bias_shape="untied"), 3, 3, 3, 2, why="rank 5"),
    trained(
        "conv_2dt",
        partial(kl.Conv2DTranspose, 3, 3, strides=2, padding="same", bias_shape=(None, 1, 1)),
        2, 2, 3, why="places of the output, not of the input",
    ),
    trained(
        "depthwise",
        partial(kl.DepthwiseConv2D, 2, depth_multiplier=2, bias_shape="untied"),
        4, 4, 2, why="a kernel by another name",
    ),
    trained("separable", partial(kl.SeparableConv2D, 3, 2, bias_shape="untied"), 4, 4, 3, why="2"),
    Row("stock_twice_and_nested", twice_and_nested, "models in models", stock=True),
    computed("blocks", partial(kl.Dense, 4, bias_shape=(2, 2)), 4, 4, why="blocks of places"),
    computed(
        "blocks_first",
        partial(kl.Bias, (1, 2, 1), **FIRST),
        4, 4, 4, why="blocks of places, of an output of channels first",
    ),
]  # fmt: skip

WIDER = [
    computed("dense_scalar", partial(kl.Dense, 4, bias_shape="scalar"), None, 4, why="repeated"),
    computed("conv_scalar", partial(kl.Conv2D, 3, 2, bias_shape="scalar"), None, None, 2, why="1"),
    computed("conv_blocks", partial(kl.Conv2D, 4, 2, bias_shape=(2,)), 4, 4, 3, why="blocks"),
    computed(
        "conv_blocks_first",
        partial(kl.Conv2D, 4, 2, bias_shape=(2, 1, 1), **FIRST),
        4, 4, 4, why="blocks of channels, first",
    ),
    computed(
        "depthwise_group",
        partial(kl.DepthwiseConv2D, 2, depth_multiplier=2, bias_shape="group"),
        3, 3, 3, why="one for what is made of a channel",
    ),
    computed("fixed", partial(kl.Conv2D, 3, 2, bias_trainable=False), 3, 3, 3, why="it trains"),
    trained("vector", partial(kl.Dense, 4, bias_shape=(None,)), 4, 4, why="the stock one"),
    trained("depthwise_plain", partial(layers.DepthwiseConv2D, 2), 3, 3, 3, why="stock"),
    computed("dilated", partial(layers.Conv2D, 3, 2, dilation_rate=2), 5, 5, 3, why="no gradient"),
    computed("strided", partial(layers.Conv3D, 3, 2, strides=2), 4, 4, 4, 2, why="no gradient"),
]  # fmt: skip

ROWS = [*BY_PLACE, *WIDER]
