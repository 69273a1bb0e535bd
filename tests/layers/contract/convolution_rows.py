"""Convolutions in the contract: plain, transposed, depthwise and separable ones.

Sizes are equal wherever they can be, since that is where an addition along the wrong axis fits.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from bias_definition import Array
from layers.contract.convolution_definition import (
    convolution,
    depthwise_convolution,
    transposed_convolution,
)
from layers.contract.dense_rows import NO_GATES
from layers.contract.row import Row, Weights, of_output

Convolve = Callable[[Array, Weights, Mapping[str, Any]], Array]


def plain(x: Array, weights: Weights, arguments: Mapping[str, Any]) -> Array:
    return convolution(x, weights["kernel"], arguments)


def transposed(x: Array, weights: Weights, arguments: Mapping[str, Any]) -> Array:
    return transposed_convolution(x, weights["kernel"], arguments)


def depthwise(x: Array, weights: Weights, arguments: Mapping[str, Any]) -> Array:
    return depthwise_convolution(x, weights["kernel"], arguments)


def separable(x: Array, weights: Weights, arguments: Mapping[str, Any]) -> Array:
    apart = depthwise_convolution(x, weights["depthwise_kernel"], arguments)
    return convolution(apart, weights["pointwise_kernel"], {})


def convolved(convolve: Convolve) -> Callable[..., Array]:
    """tanh(convolution + bias), wherever the channels are."""

    def reference(arguments: Mapping[str, Any], weights: Weights, inputs: Sequence[Array]) -> Array:
        (x,) = inputs
        if arguments.get("data_format") == "channels_first":
            y = np.moveaxis(convolve(np.moveaxis(x, 1, -1), weights, arguments), -1, 1)
        else:
            y = convolve(x, weights, arguments)
        assert y.shape[1:] == weights["bias"].shape
        result: Array = np.tanh(y + weights["bias"])
        return result

    return reference


def row(
    layer: str,
    inputs: tuple[int, ...],
    outputs: tuple[int, ...],
    groups: int | None = None,
    **arguments: Any,
) -> Row:
    """A convolution from a shape to a shape, both without batch.

    Args:
        layer: the class's name.
        inputs: the input's shape.
        outputs: the output's shape.
        groups: blocks of channels that "group" tells apart; None where the layer has none.
        **arguments: the layer's.
    """
    first = arguments.get("data_format") == "channels_first"
    axis = 0 if first else len(inputs) - 1
    ones = (1,) * (len(inputs) - 1)
    no_groups = (
        "bias_shape='group' needs a layer with groups, and this one has none. Use a tuple with a "
        f"number of equal blocks, such as {(2, *ones) if first else (2,)}."
    )
    too_many = (
        f"bias_shape={(1, 1, *ones)} has {len(inputs) + 1} entries, but the output has "
        f"{len(inputs)} axes besides the batch (output shape {(None, *outputs)}). "
        "Leave out entries on the left."
    )
    convolve = (
        transposed
        if "Transpose" in layer
        else depthwise
        if "Depthwise" in layer
        else separable
        if "Separable" in layer
        else plain
    )
    if convolve is plain:
        arguments["groups"] = groups
    return Row(
        layer,
        {**arguments, "activation": "tanh"},
        (inputs,),
        convolved(convolve),
        of_output(outputs, axis, groups=groups),
        refused=(
            ("gate", NO_GATES),
            ((1, 1, *ones), too_many),
            *([("group", no_groups)] if groups is None else []),
        ),
        other=(tuple(n if i == axis else n + 2 for i, n in enumerate(inputs)),),
        # What there is one of is shared and apart at once.
        unknown=None
        if 1 in outputs
        else (tuple(n if i == axis else None for i, n in enumerate(inputs)),),
    )


FIRST: dict[str, Any] = {"data_format": "channels_first"}

PLAIN = [
    row("Conv1D", (5, 3), (5, 5), 1, filters=5, kernel_size=3, padding="causal", dilation_rate=2),
    row("Conv1D", (7, 4), (4, 4), 2, filters=4, kernel_size=3, strides=2, padding="same"),
    row("Conv1D", (1, 1), (1, 1), 1, filters=1, kernel_size=1),
    row("Conv1D", (3, 6), (4, 4), 1, filters=4, kernel_size=3, **FIRST),
    row("Conv2D", (3, 5, 3), (2, 4, 4), 1, filters=4, kernel_size=2),
    row(
        "Conv2D", (6, 5, 2), (3, 3, 4), 2, filters=4, kernel_size=(3, 2), strides=2, padding="same"
    ),
    row("Conv2D", (5, 5, 2), (3, 3, 3), 1, filters=3, kernel_size=2, dilation_rate=2),
    row("Conv2D", (1, 1, 1), (1, 1, 1), 1, filters=1, kernel_size=1),
    row("Conv2D", (2, 3, 5), (4, 3, 4), 1, filters=4, kernel_size=(1, 2), **FIRST),
    row("Conv2D", (2, 3, 3), (2, 2, 2), 2, filters=2, kernel_size=2, **FIRST),
    row("Conv3D", (3, 3, 4, 2), (2, 2, 3, 3), 1, filters=3, kernel_size=2),
    row(
        "Conv3D", (3, 2, 1, 2), (2, 1, 1, 2), 2, filters=2, kernel_size=2, strides=2, padding="same"
    ),
    row("Conv3D", (1, 3, 3, 3), (2, 2, 2, 2), 1, filters=2, kernel_size=2, **FIRST),
]

TRANSPOSED = [
    row("Conv1DTranspose", (3, 2), (7, 7), filters=7, kernel_size=3, strides=2),
    row("Conv1DTranspose", (3, 2), (6, 2), filters=2, kernel_size=3, strides=2, padding="same"),
    row("Conv1DTranspose", (2, 2), (6, 6), filters=6, kernel_size=2, strides=3),
    row("Conv1DTranspose", (2, 3), (6, 6), filters=6, kernel_size=2, strides=2, **FIRST),
    row("Conv2DTranspose", (2, 3, 2), (3, 4, 4), filters=4, kernel_size=2),
    row("Conv2DTranspose", (1, 1, 1), (1, 1, 1), filters=1, kernel_size=1),
    row(
        "Conv2DTranspose", (2, 2, 2), (4, 4, 4), filters=4, kernel_size=3, strides=2, padding="same"
    ),
    row(
        "Conv2DTranspose",
        (2, 2, 1),
        (6, 6, 2),
        filters=2,
        kernel_size=3,
        strides=2,
        output_padding=1,
    ),
    row("Conv2DTranspose", (1, 2, 2), (3, 3, 3), filters=3, kernel_size=2, **FIRST),
    row("Conv3DTranspose", (2, 2, 1, 1), (3, 3, 2, 2), filters=2, kernel_size=2),
    row(
        "Conv3DTranspose", (2, 1, 1, 1), (2, 2, 2, 2), filters=2, kernel_size=2, strides=2, **FIRST
    ),
]

DEPTHWISE = [
    row("DepthwiseConv1D", (5, 2), (4, 4), 2, kernel_size=2, depth_multiplier=2),
    row("DepthwiseConv1D", (7, 4), (4, 4), 4, kernel_size=3, strides=2, padding="same"),
    row("DepthwiseConv1D", (2, 5), (4, 4), 2, kernel_size=2, depth_multiplier=2, **FIRST),
    row("DepthwiseConv2D", (5, 5, 2), (4, 4, 4), 2, kernel_size=2, depth_multiplier=2),
    row("DepthwiseConv2D", (6, 5, 3), (3, 3, 3), 3, kernel_size=2, strides=2, padding="same"),
    row("DepthwiseConv2D", (1, 1, 1), (1, 1, 1), 1, kernel_size=1),
    row("DepthwiseConv2D", (2, 4, 5), (4, 3, 4), 2, kernel_size=2, depth_multiplier=2, **FIRST),
]

SEPARABLE = [
    row("SeparableConv1D", (5, 2), (4, 4), filters=4, kernel_size=2, depth_multiplier=2),
    row("SeparableConv1D", (3, 6), (4, 4), filters=4, kernel_size=3, **FIRST),
    row("SeparableConv2D", (4, 5, 3), (3, 4, 4), filters=4, kernel_size=2),
    row(
        "SeparableConv2D",
        (5, 4, 1),
        (3, 2, 2),
        filters=2,
        kernel_size=3,
        strides=2,
        padding="same",
        depth_multiplier=3,
    ),
    row("SeparableConv2D", (2, 4, 4), (3, 3, 3), filters=3, kernel_size=2, **FIRST),
]

ROWS: list[Row] = [*PLAIN, *TRANSPOSED, *DEPTHWISE, *SEPARABLE]
