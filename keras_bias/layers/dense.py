"""`keras.layers.Dense` and `EinsumDense` with the bias shape of your choice."""

import re
from typing import Any

import keras

from keras_bias.layers.mixin import BiasMixin
from keras_bias.shape import BiasShape


@keras.saving.register_keras_serializable(package="keras_bias")
class Dense(BiasMixin, keras.layers.Dense):  # type: ignore[misc]  # Keras has no types
    """A dense layer: `activation(dot(input, kernel) + bias)`, the bias of any shape.

    One number for the whole layer instead of one per unit:

    >>> layer = Dense(3, bias_shape="scalar")
    >>> layer.build((None, 2))
    >>> [(weight.name, tuple(weight.shape)) for weight in layer.weights]
    [('kernel', (2, 3)), ('bias', (1,))]

    Fixed at 1, only the kernel is learned:

    >>> layer = Dense(3, bias_initializer="ones", bias_trainable=False)
    >>> layer.build((None, 2))
    >>> [weight.name for weight in layer.trainable_weights]
    ['kernel']

    One per step and unit of a sequence, and one per half of the units:

    >>> layer = Dense(4, bias_shape="untied")
    >>> layer.build((None, 7, 2))
    >>> tuple(layer.bias.shape)
    (7, 4)
    >>> layer = Dense(4, bias_shape=(2,))
    >>> layer.build((None, 7, 2))
    >>> tuple(layer.bias.shape)
    (2,)

    Args:
        *args: as in `keras.layers.Dense`.
        bias_shape: "vector" (one bias per unit, as Keras has it, also called "tied"), "scalar"
            (one), "location" (one per place, shared by the units), "untied" (one per place and
            unit), or a tuple, right-aligned to the output without batch: 1 where the bias is
            shared along the axis, None for one bias per index, k for k equal consecutive blocks.
        bias_trainable: whether training changes the bias. A bias fixed at 1 is
            `bias_initializer="ones", bias_trainable=False`.
        **kwargs: as in `keras.layers.Dense`.

    Raises:
        ValueError: if `bias_shape` is none, or is given together with `use_bias=False`; in
            `build`, before any variable is made, if the output has no such bias.

    Input shape:
        `(batch, ..., input_dim)`.

    Output shape:
        `(batch, ..., units)`.
    """


@keras.saving.register_keras_serializable(package="keras_bias")
class EinsumDense(BiasMixin, keras.layers.EinsumDense):  # type: ignore[misc]  # Keras has no types
    """A dense layer of any rank: `activation(einsum(equation, input, kernel) + bias)`.

    The bias's axes are Keras's `bias_axes`; `bias_shape` says what becomes of them:

    >>> def stored(bias_shape):
    ...     options = {"output_shape": (7, 4), "bias_axes": "d", "bias_shape": bias_shape}
    ...     layer = EinsumDense("abc,cd->abd", **options)
    ...     layer.build((None, 7, 3))
    ...     return tuple(layer.bias.shape)

    >>> stored("vector"), stored("scalar"), stored("location"), stored("untied")
    ((4,), (1,), (7, 1), (7, 4))

    Args:
        equation: as in `keras.layers.EinsumDense`.
        output_shape: as in `keras.layers.EinsumDense`; where a size is None and the input knows
            it, the bias takes it from there.
        activation: what is applied to the sum; None for nothing.
        bias_axes: letters of the output with biases of their own. With None there is no bias, as
            in Keras, unless a `bias_shape` is given: then it is as if the last letter were.
        bias_shape: "vector" (one bias per index of `bias_axes`, as Keras has it), "scalar" (one),
            "location" (one per index of the other axes), "untied" (one per index of all), or a
            tuple, right-aligned to the output without batch: 1 where the bias is shared along the
            axis, None for one bias per index, k for k equal consecutive blocks.
        bias_trainable: whether training changes the bias.
        **kwargs: as in `keras.layers.EinsumDense`.

    Raises:
        ValueError: if `bias_shape` is none; in `build`, before any variable is made, if the output
            has no such bias.

    Input shape:
        As the equation says, `(batch, ...)`.

    Output shape:
        As the equation says, `(batch, ...)`.
    """

    bias_axes: str | None
    leading_sizes: tuple[int | None, ...] = ()
    """Sizes behind the batch that someone knows where the input's shape does not say them."""

    def build(self, input_shape: Any) -> None:
        """Settles the bias's shape, then builds as the parent does."""
        if self.bias_axes is None and self._has_bias():
            self.bias_axes = self.equation.replace(".", "")[-1:]
        super().build(input_shape)

    def _has_bias(self) -> bool:
        return self.bias_axes is not None or self._bias_shape != BiasShape("vector")

    def _output_sizes(self, input_shape: Any) -> tuple[int | None, ...]:
        """The output's sizes, those that Keras leaves open taken from the input.

        From the equation alone: before 3.15, Keras knows them only of a layer that is built.
        """
        parts = re.split(",|->", self.equation)
        if len(parts) != 3:
            raise ValueError(
                f"equation={self.equation!r} is not of the form [X],[Y]->[Z], ...[X],[Y]->...[Z] "
                "or [X]...,[Y]->[Z].... Use one of these."
            )
        given, _, made = parts
        inputs, outputs = _axes(given), _axes(made)
        elided = len(input_shape) - len(inputs)
        sizes = [None, *self.partial_output_shape]
        if made.startswith("..."):
            sizes[:1] = input_shape[:elided]
        elif made.endswith("..."):
            sizes += input_shape[len(inputs) :]
        known = {
            axis % len(sizes): input_shape[inputs[letter]]
            for letter, axis in outputs.items()
            if letter in inputs
        }
        for axis, size in enumerate(self.leading_sizes, start=1):
            known[axis] = known.get(axis) or size
        return tuple(known.get(axis) if n is None else n for axis, n in enumerate(sizes))[1:]

    def _channel_axis(self) -> tuple[int, ...]:
        """The axes of `bias_axes` in the output without batch."""
        outputs = _axes(self.equation.split("->")[1])
        axes = sorted(outputs[letter] for letter in set(self.bias_axes or ""))
        if axes[0] == 0:
            raise ValueError(
                f"bias_axes={self.bias_axes!r} has the batch among them, along which a bias cannot "
                f"vary. Use letters of the other axes of {self.equation!r}."
            )
        return tuple(axis if axis < 0 else axis - 1 for axis in axes)


def _axes(letters: str) -> dict[str, int]:
    """The axis of each letter, the batch's 0; behind an ellipsis they are counted from the last."""
    first = 3 - len(letters) if letters.startswith("...") else 0
    return {letter: first + at for at, letter in enumerate(letters.replace(".", ""))}
