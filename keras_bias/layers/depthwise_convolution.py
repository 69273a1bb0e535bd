"""Depthwise convolutions, and separable ones, which begin with one, with a bias of any shape."""

from typing import Any

import keras

from keras_bias.layers.mixin import BiasMixin


@keras.saving.register_keras_serializable(package="keras_bias")
class DepthwiseConv1D(BiasMixin, keras.layers.DepthwiseConv1D):  # type: ignore[misc]  # no types
    """A convolution of each channel by itself along steps, with a bias of any shape.

    At step `i`, multiple `m` of channel `c`, with no padding, stride 1 and no dilation:

        output[i, c * depth_multiplier + m] = activation(
            sum over a: input[i + a, c] * kernel[a, c, m] + bias[i, c * depth_multiplier + m])

    where the bias has size 1 along what shares it.

    >>> def stored(bias_shape):
    ...     layer = DepthwiseConv1D(3, depth_multiplier=2, bias_shape=bias_shape)
    ...     layer.build((None, 9, 4))
    ...     return tuple(layer.bias.shape)

    The output has 7 steps and 2 channels for each of the input's 4:

    >>> stored("vector"), stored("scalar"), stored("location"), stored("untied")
    ((8,), (1,), (7, 1), (7, 8))
    >>> stored("group"), stored((None, 2))
    ((4,), (7, 2))

    Args:
        *args: as in `keras.layers.DepthwiseConv1D`.
        bias_shape: "vector" (one bias per output channel, as Keras has it, also called "tied"),
            "scalar" (one), "group" (one per input channel, shared by the outputs made of it),
            "location" (one per step, shared by the channels), "untied" (one per step and output
            channel), or a tuple, right-aligned to the output without batch: 1 where the bias is
            shared along the axis, None for one bias per index, k for k equal consecutive blocks.
        bias_trainable: whether training changes the bias. A bias fixed at 1 is
            `bias_initializer="ones", bias_trainable=False`.
        **kwargs: as in `keras.layers.DepthwiseConv1D`.

    Raises:
        ValueError: if `bias_shape` is none, or is given together with `use_bias=False`; in
            `build`, before any variable is made, if the output has no such bias.

    Input shape:
        `(batch, steps, channels)`; `(batch, channels, steps)` if
        `data_format="channels_first"`.

    Output shape:
        `(batch, new_steps, channels * depth_multiplier)`; with the channels after the batch if
        `data_format="channels_first"`.
    """

    def _bias_groups(self, input_shape: Any) -> int | None:
        """The input's channels, each of which is convolved by itself."""
        channels: int | None = input_shape[1:][self._channel_axis()]
        return channels


@keras.saving.register_keras_serializable(package="keras_bias")
class DepthwiseConv2D(BiasMixin, keras.layers.DepthwiseConv2D):  # type: ignore[misc]  # no types
    """A convolution of each channel of an image by itself, with a bias of any shape.

    At row `i`, column `j`, multiple `m` of channel `c`, with no padding, strides 1 and no
    dilation:

        output[i, j, c * depth_multiplier + m] = activation(
            sum over a, b: input[i + a, j + b, c] * kernel[a, b, c, m]
            + bias[i, j, c * depth_multiplier + m])

    where the bias has size 1 along what shares it.

    >>> def stored(bias_shape):
    ...     layer = DepthwiseConv2D(3, depth_multiplier=2, bias_shape=bias_shape)
    ...     layer.build((None, 9, 8, 4))
    ...     return tuple(layer.bias.shape)

    The output has 7 x 6 places and 2 channels for each of the input's 4:

    >>> stored("vector"), stored("scalar"), stored("location"), stored("untied")
    ((8,), (1,), (7, 6, 1), (7, 6, 8))
    >>> stored("group"), stored((None, 1, 1))
    ((4,), (7, 1, 1))

    Args:
        *args: as in `keras.layers.DepthwiseConv2D`.
        bias_shape: "vector" (one bias per output channel, as Keras has it, also called "tied"),
            "scalar" (one), "group" (one per input channel, shared by the outputs made of it),
            "location" (one per place, shared by the channels), "untied" (one per place and output
            channel), or a tuple, right-aligned to the output without batch: 1 where the bias is
            shared along the axis, None for one bias per index, k for k equal consecutive blocks.
        bias_trainable: whether training changes the bias. A bias fixed at 1 is
            `bias_initializer="ones", bias_trainable=False`.
        **kwargs: as in `keras.layers.DepthwiseConv2D`.

    Raises:
        ValueError: if `bias_shape` is none, or is given together with `use_bias=False`; in
            `build`, before any variable is made, if the output has no such bias.

    Input shape:
        `(batch, height, width, channels)`; `(batch, channels, height, width)` if
        `data_format="channels_first"`.

    Output shape:
        `(batch, new_height, new_width, channels * depth_multiplier)`; with the channels after the
        batch if `data_format="channels_first"`.
    """

    def _bias_groups(self, input_shape: Any) -> int | None:
        """The input's channels, each of which is convolved by itself."""
        channels: int | None = input_shape[1:][self._channel_axis()]
        return channels


@keras.saving.register_keras_serializable(package="keras_bias")
class SeparableConv1D(BiasMixin, keras.layers.SeparableConv1D):  # type: ignore[misc]  # no types
    """A depthwise convolution along steps, then a mix of channels, with a bias of any shape.

    At step `i`, filter `f`, with no padding, stride 1 and no dilation, `d` counting the depthwise
    channels `c * depth_multiplier + m`:

        output[i, f] = activation(
            sum over d, a: input[i + a, c] * depthwise_kernel[a, c, m] * pointwise_kernel[0, d, f]
            + bias[i, f])

    where the bias has size 1 along what shares it.

    >>> def stored(bias_shape):
    ...     layer = SeparableConv1D(6, 3, bias_shape=bias_shape)
    ...     layer.build((None, 9, 4))
    ...     return tuple(layer.bias.shape)

    The output has 7 steps and 6 filters:

    >>> stored("vector"), stored("scalar"), stored("location"), stored("untied")
    ((6,), (1,), (7, 1), (7, 6))
    >>> stored((None, 1)), stored((2,))
    ((7, 1), (2,))

    Args:
        *args: as in `keras.layers.SeparableConv1D`.
        bias_shape: "vector" (one bias per filter, as Keras has it, also called "tied"), "scalar"
            (one), "location" (one per step, shared by the filters), "untied" (one per step and
            filter), or a tuple, right-aligned to the output without batch: 1 where the bias is
            shared along the axis, None for one bias per index, k for k equal consecutive blocks.
        bias_trainable: whether training changes the bias. A bias fixed at 1 is
            `bias_initializer="ones", bias_trainable=False`.
        **kwargs: as in `keras.layers.SeparableConv1D`.

    Raises:
        ValueError: if `bias_shape` is none, or is given together with `use_bias=False`; in
            `build`, before any variable is made, if the output has no such bias, as it has none
            per "group": each filter is made of all channels.

    Input shape:
        `(batch, steps, channels)`; `(batch, channels, steps)` if
        `data_format="channels_first"`.

    Output shape:
        `(batch, new_steps, filters)`; `(batch, filters, new_steps)` if
        `data_format="channels_first"`.
    """


@keras.saving.register_keras_serializable(package="keras_bias")
class SeparableConv2D(BiasMixin, keras.layers.SeparableConv2D):  # type: ignore[misc]  # no types
    """A depthwise convolution over images, then a mix of channels, with a bias of any shape.

    At row `i`, column `j`, filter `f`, with no padding, strides 1 and no dilation, `d` counting
    the depthwise channels `c * depth_multiplier + m`:

        output[i, j, f] = activation(
            sum over d, a, b: input[i + a, j + b, c] * depthwise_kernel[a, b, c, m]
            * pointwise_kernel[0, 0, d, f] + bias[i, j, f])

    where the bias has size 1 along what shares it.

    >>> def stored(bias_shape):
    ...     layer = SeparableConv2D(6, 3, bias_shape=bias_shape)
    ...     layer.build((None, 9, 8, 4))
    ...     return tuple(layer.bias.shape)

    The output has 7 x 6 places and 6 filters:

    >>> stored("vector"), stored("scalar"), stored("location"), stored("untied")
    ((6,), (1,), (7, 6, 1), (7, 6, 6))
    >>> stored((1, 2, 1)), stored((2,))
    ((1, 2, 1), (2,))

    Args:
        *args: as in `keras.layers.SeparableConv2D`.
        bias_shape: "vector" (one bias per filter, as Keras has it, also called "tied"), "scalar"
            (one), "location" (one per place, shared by the filters), "untied" (one per place and
            filter), or a tuple, right-aligned to the output without batch: 1 where the bias is
            shared along the axis, None for one bias per index, k for k equal consecutive blocks.
        bias_trainable: whether training changes the bias. A bias fixed at 1 is
            `bias_initializer="ones", bias_trainable=False`.
        **kwargs: as in `keras.layers.SeparableConv2D`.

    Raises:
        ValueError: if `bias_shape` is none, or is given together with `use_bias=False`; in
            `build`, before any variable is made, if the output has no such bias, as it has none
            per "group": each filter is made of all channels.

    Input shape:
        `(batch, height, width, channels)`; `(batch, channels, height, width)` if
        `data_format="channels_first"`.

    Output shape:
        `(batch, new_height, new_width, filters)`; `(batch, filters, new_height, new_width)` if
        `data_format="channels_first"`.
    """
