"""What a row of the contract is: a layer, what it computes, and the biases that it has."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
from bias_definition import Array

from keras_bias import layers

Weights = Mapping[str, Array]
Reference = Callable[[Mapping[str, Any], Weights, Sequence[Array]], Array]


@dataclass(frozen=True)
class Bias:
    """What one variable comes to.

    Attributes:
        stored: its shape.
        counts: biases along each of the axes that it could vary along.
        sizes: these axes.
    """

    stored: tuple[int, ...]
    counts: tuple[int, ...]
    sizes: tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """A bias shape that a layer has.

    Attributes:
        bias_shape: the argument.
        biases: what it comes to, by the variable's path below its layer.
        trainable: the argument `bias_trainable`.
    """

    bias_shape: Any
    biases: Mapping[str, Bias]
    trainable: bool = True


@dataclass(frozen=True)
class Row:
    """A layer, what it computes, and which biases it has.

    Attributes:
        layer: the class's name in `keras_bias.layers`.
        arguments: its arguments.
        inputs: one shape for each input, without batch.
        reference: what it gives, of its arguments, its weights by path, each bias spread over its
            axes, and its inputs.
        cases: the biases that it has.
        refused: a bias shape that it has not, and the message without the layer's name.
        other: inputs of another size that the Keras layer takes once built; None if there are none.
        unknown: the inputs with their sizes unknown as far as may be; None if none may.
        idle: paths of weights that some inputs or biases leave where they are in training.
    """

    layer: str
    arguments: Mapping[str, Any]
    inputs: tuple[tuple[int, ...], ...]
    reference: Reference
    cases: tuple[Case, ...]
    refused: tuple[tuple[Any, str], ...] = ()
    other: tuple[tuple[int, ...], ...] | None = None
    unknown: tuple[tuple[int | None, ...], ...] | None = None
    idle: tuple[str, ...] = ()

    @property
    def ours(self) -> Any:
        return getattr(layers, self.layer)

    @property
    def theirs(self) -> Any:
        """Keras's class of that name; None if it has none."""
        return getattr(keras.layers, self.layer, None)

    @property
    def name(self) -> str:
        """The row in a test's name."""
        said = [f"{k}={v}" for k, v in self.arguments.items() if k not in ("activation", "filters")]
        return " ".join([self.layer, *said]).replace(" ", "_")

    def of(self, bias_shape: Any) -> tuple[int, Case]:
        """The case of a bias shape, and its number."""
        return next((n, c) for n, c in enumerate(self.cases) if c.bias_shape == bias_shape)


def of_output(
    sizes: tuple[int, ...], *channel_axes: int, groups: int | None = None, kept: bool = False
) -> tuple[Case, ...]:
    """The cases of a layer with one bias, called "bias", on an output of these sizes.

    Args:
        sizes: of the output without batch.
        *channel_axes: the axes of channels among them, of which one has the groups.
        groups: blocks of channels that "group" tells apart; None where the layer has none.
        kept: whether a vector keeps the axes behind the first channel axis, shared or not.
    """
    rank = len(sizes)
    channels = [axis % rank for axis in channel_axes]

    def along(*axes: int) -> tuple[int, ...]:
        return tuple(n if axis in axes else 1 for axis, n in enumerate(sizes))

    def case(bias_shape: Any, stored: tuple[int, ...], counts: tuple[int, ...]) -> Case:
        return Case(bias_shape, {"bias": Bias(stored, counts, sizes)})

    places = along(*(axis for axis in range(rank) if axis not in channels))
    vector = along(*channels)[channels[0] :]
    cases = [
        case("scalar", (1,), (1,) * rank),
        case("vector", vector if kept else vector[:1], along(*channels)),
        case("location", places, places),
        case("untied", sizes, sizes),
        case((None,), sizes[-1:], along(rank - 1)),
        case((None,) + (1,) * (rank - 1), along(0), along(0)),
    ]
    if groups is not None:
        blocks = tuple(groups if axis in channels else 1 for axis in range(rank))
        cases.append(case("group", (groups,), blocks))
    halved = tuple(2 if n % 2 == 0 else 1 for n in sizes)
    if max(halved) > 1:
        cases.append(case(halved, halved, halved))
    frozen = Case("untied", {"bias": Bias(sizes, sizes, sizes)}, trainable=False)
    return (*cases, frozen)
