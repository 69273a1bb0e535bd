"""Dense, EinsumDense and Bias in the contract."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from bias_definition import Array
from layers.contract.row import Row, Weights, of_output

NO_GROUPS = (
    "bias_shape='group' needs a layer with groups, and this one has none. Use a tuple with a "
    "number of equal blocks, such as (2,)."
)
NO_GATES = (
    "bias_shape='gate' needs a recurrent layer with gates, and this one has none. Use 'scalar', "
    "'vector', 'group', 'location', 'untied' or a tuple."
)


def dense(arguments: Mapping[str, Any], weights: Weights, inputs: Sequence[Array]) -> Array:
    """tanh(x kernel + bias)."""
    result: Array = np.tanh(inputs[0] @ weights["kernel"] + weights["bias"])
    return result


def bias(arguments: Mapping[str, Any], weights: Weights, inputs: Sequence[Array]) -> Array:
    """tanh(x + bias)."""
    result: Array = np.tanh(inputs[0] + weights["bias"])
    return result


def einsum_dense(arguments: Mapping[str, Any], weights: Weights, inputs: Sequence[Array]) -> Array:
    """tanh(einsum(equation, x, kernel) + bias)."""
    y: Array = np.einsum(arguments["equation"], inputs[0], weights["kernel"])
    result: Array = np.tanh(y + weights["bias"])
    return result


def dense_row(units: int, *inputs: int, refused: tuple[tuple[Any, str], ...] = ()) -> Row:
    """A Dense on an input of that shape."""
    *places, channels = inputs
    return Row(
        "Dense",
        {"units": units, "activation": "tanh"},
        (inputs,),
        dense,
        of_output((*places, units), -1),
        refused=(("group", NO_GROUPS), ("gate", NO_GATES), *refused),
        other=((*(n + 1 for n in places), channels),) if places else None,
        unknown=((*(None for _ in places), channels),) if places else None,
    )


def bias_row(*sizes: int, first: bool = False, groups: int | None = None) -> Row:
    """A Bias on an input of that shape."""
    arguments = {
        "activation": "tanh",
        "data_format": "channels_first" if first else "channels_last",
        "groups": groups,
    }
    axis = 0 if first else len(sizes) - 1
    return Row(
        "Bias",
        arguments,
        (sizes,),
        bias,
        of_output(sizes, axis, groups=groups),
        refused=(("gate", NO_GATES),),
        other=(tuple(n if i == axis else n + 1 for i, n in enumerate(sizes)),),
        unknown=(tuple(n if i == axis else None for i, n in enumerate(sizes)),),
    )


def einsum_row(
    equation: str,
    inputs: tuple[int, ...],
    outputs: tuple[int, ...],
    bias_axes: str,
    output_shape: Any = None,
) -> Row:
    """An EinsumDense from a shape to a shape, both without batch."""
    letters = equation.split("->")[1]
    axes = sorted(letters.index(letter) - 1 for letter in bias_axes)
    blocks = (2,) + (1,) * (len(outputs) - 1 - axes[-1])
    return Row(
        "EinsumDense",
        {
            "equation": equation,
            "output_shape": output_shape or outputs,
            "bias_axes": bias_axes,
            "activation": "tanh",
        },
        (inputs,),
        einsum_dense,
        of_output(outputs, *axes, kept=True),
        refused=(("group", NO_GROUPS.replace("(2,)", str(blocks))), ("gate", NO_GATES)),
    )


ROWS: list[Row] = [
    dense_row(5, 3),
    dense_row(1, 1),
    dense_row(
        4,
        4,
        3,
        refused=(
            (
                (3, 1),
                "bias_shape=(3, 1) needs 3 equal blocks along output axis 1, whose size is 4 "
                "(output shape (None, 4, 4)). Use a number that divides 4.",
            ),
            (
                (1, 1, 1),
                "bias_shape=(1, 1, 1) has 3 entries, but the output has 2 axes besides the batch "
                "(output shape (None, 4, 4)). Leave out entries on the left.",
            ),
        ),
    ),
    dense_row(3, 3, 3, 2),
    einsum_row("abc,cd->abd", (4, 3), (4, 4), "d", (None, 4)),
    einsum_row("abc,cd->abd", (4, 3), (4, 4), "b"),
    einsum_row("abc,cde->abde", (3, 2), (3, 3, 2), "de"),
    bias_row(4, 4, groups=2),
    bias_row(3, 3, 3, first=True),
]
