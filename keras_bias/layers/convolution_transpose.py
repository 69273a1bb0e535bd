"""`keras.layers.Conv1DTranspose`, `Conv2DTranspose`, `Conv3DTranspose` with a bias of any shape."""

from typing import Any

import keras

from keras_bias.layers.choice import Layer
from keras_bias.layers.mixin import BiasMixin


class OutputPaddingSaved(Layer):  # type: ignore[misc]  # Keras has no types
    """Puts `output_padding` into the config, where Keras leaves it out before 3.15."""

    def get_config(self) -> dict[str, Any]:
        """The parent's config, whatever Keras it is of."""
        return {**super().get_config(), "output_padding": self.output_padding}


@keras.saving.register_keras_serializable(package="keras_bias")
class Conv1DTranspose(OutputPaddingSaved, BiasMixin, keras.layers.Conv1DTranspose):  # type: ignore[misc]  # no types
    """A transposed convolution along steps, to more of them, with a bias of any shape.

    At step `i`, filter `f`, with no padding, stride `s` and no dilation:

        output[i, f] = activation(
            sum over m, a, c with m * s + a == i: input[m, c] * kernel[a, f, c] + bias[i, f])

    where the bias has size 1 along what shares it.

    >>> def stored(bias_shape):
    ...     layer = Conv1DTranspose(6, 3, strides=2, bias_shape=bias_shape)
    ...     layer.build((None, 4, 5))
    ...     return tuple(layer.bias.shape)

    The output has 9 steps and 6 filters:

    >>> stored("vector"), stored("scalar"), stored("location"), stored("untied")
    ((6,), (1,), (9, 1), (9, 6))
    >>> stored((3, 1)), stored((2,))
    ((3, 1), (2,))

    Args:
        *args: as in `keras.layers.Conv1DTranspose`.
        bias_shape: "vector" (one bias per filter, as Keras has it, also called "tied"), "scalar"
            (one), "location" (one per step, shared by the filters), "untied" (one per step and
            filter), or a tuple, right-aligned to the output without batch: 1 where the bias is
            shared along the axis, None for one bias per index, k for k equal consecutive blocks.
        bias_trainable: whether training changes the bias. A bias fixed at 1 is
            `bias_initializer="ones", bias_trainable=False`.
        **kwargs: as in `keras.layers.Conv1DTranspose`.

    Raises:
        ValueError: if `bias_shape` is none, or is given together with `use_bias=False`; in
            `build`, before any variable is made, if the output has no such bias, as it has none
            per "group": a transposed convolution has no groups.

    Input shape:
        `(batch, steps, channels)`; `(batch, channels, steps)` if
        `data_format="channels_first"`.

    Output shape:
        `(batch, new_steps, filters)`; `(batch, filters, new_steps)` if
        `data_format="channels_first"`.
    """


@keras.saving.register_keras_serializable(package="keras_bias")
class Conv2DTranspose(OutputPaddingSaved, BiasMixin, keras.layers.Conv2DTranspose):  # type: ignore[misc]  # no types
    """A transposed convolution over images, to larger ones, with a bias of any shape.

    At row `i`, column `j`, filter `f`, with no padding, strides `s` and no dilation:

        output[i, j, f] = activation(
            sum over m, n, a, b, c with m * s + a == i and n * s + b == j:
            input[m, n, c] * kernel[a, b, f, c] + bias[i, j, f])

    where the bias has size 1 along what shares it.

    >>> def stored(bias_shape):
    ...     layer = Conv2DTranspose(6, 3, strides=2, padding="same", bias_shape=bias_shape)
    ...     layer.build((None, 4, 5, 3))
    ...     return tuple(layer.bias.shape)

    The output has 8 x 10 places and 6 filters:

    >>> stored("vector"), stored("scalar"), stored("location"), stored("untied")
    ((6,), (1,), (8, 10, 1), (8, 10, 6))
    >>> stored((2, 2, 1)), stored((2,))
    ((2, 2, 1), (2,))

    Args:
        *args: as in `keras.layers.Conv2DTranspose`.
        bias_shape: "vector" (one bias per filter, as Keras has it, also called "tied"), "scalar"
            (one), "location" (one per place, shared by the filters), "untied" (one per place and
            filter), or a tuple, right-aligned to the output without batch: 1 where the bias is
            shared along the axis, None for one bias per index, k for k equal consecutive blocks.
        bias_trainable: whether training changes the bias. A bias fixed at 1 is
            `bias_initializer="ones", bias_trainable=False`.
        **kwargs: as in `keras.layers.Conv2DTranspose`.

    Raises:
        ValueError: if `bias_shape` is none, or is given together with `use_bias=False`; in
            `build`, before any variable is made, if the output has no such bias, as it has none
            per "group": a transposed convolution has no groups.

    Input shape:
        `(batch, height, width, channels)`; `(batch, channels, height, width)` if
        `data_format="channels_first"`.

    Output shape:
        `(batch, new_height, new_width, filters)`; `(batch, filters, new_height, new_width)` if
        `data_format="channels_first"`.
    """


@keras.saving.register_keras_serializable(package="keras_bias")
class Conv3DTranspose(OutputPaddingSaved, BiasMixin, keras.layers.Conv3DTranspose):  # type: ignore[misc]  # no types
    """A transposed convolution over volumes, to larger ones, with a bias of any shape.

    At place `i, j, k`, filter `f`, with no padding, strides `s` and no dilation:

        output[i, j, k, f] = activation(
            sum over m, n, o, a, b, d, c with m * s + a == i, n * s + b == j and o * s + d == k:
            input[m, n, o, c] * kernel[a, b, d, f, c] + bias[i, j, k, f])

    where the bias has size 1 along what shares it.

    >>> def stored(bias_shape):
    ...     layer = Conv3DTranspose(6, 2, strides=2, bias_shape=bias_shape)
    ...     layer.build((None, 2, 3, 4, 5))
    ...     return tuple(layer.bias.shape)

    The output has 4 x 6 x 8 places and 6 filters:

    >>> stored("vector"), stored("scalar"), stored("location"), stored("untied")
    ((6,), (1,), (4, 6, 8, 1), (4, 6, 8, 6))
    >>> stored((None, 1, 1, 1)), stored((2,))
    ((4, 1, 1, 1), (2,))

    Args:
        *args: as in `keras.layers.Conv3DTranspose`.
        bias_shape: "vector" (one bias per filter, as Keras has it, also called "tied"), "scalar"
            (one), "location" (one per place, shared by the filters), "untied" (one per place and
            filter), or a tuple, right-aligned to the output without batch: 1 where the bias is
            shared along the axis, None for one bias per index, k for k equal consecutive blocks.
        bias_trainable: whether training changes the bias. A bias fixed at 1 is
            `bias_initializer="ones", bias_trainable=False`.
        **kwargs: as in `keras.layers.Conv3DTranspose`.

    Raises:
        ValueError: if `bias_shape` is none, or is given together with `use_bias=False`; in
            `build`, before any variable is made, if the output has no such bias, as it has none
            per "group": a transposed convolution has no groups.

    Input shape:
        `(batch, depth, height, width, channels)`; `(batch, channels, depth, height, width)` if
        `data_format="channels_first"`.

    Output shape:
        `(batch, new_depth, new_height, new_width, filters)`; with `filters` after the batch if
        `data_format="channels_first"`.
    """
