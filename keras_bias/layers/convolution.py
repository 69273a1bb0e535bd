"""`keras.layers.Conv1D`, `Conv2D` and `Conv3D` with the bias shape of your choice."""

import keras

from keras_bias.layers.mixin import BiasMixin


@keras.saving.register_keras_serializable(package="keras_bias")
class Conv1D(BiasMixin, keras.layers.Conv1D):  # type: ignore[misc]  # Keras has no types
    """A convolution along steps: `activation(conv(input, kernel) + bias)`, the bias of any shape.

    At step `i`, filter `f`, with no padding, stride 1 and no dilation:

        output[i, f] = activation(sum over a, c: input[i + a, c] * kernel[a, c, f] + bias[i, f])

    where the bias has size 1 along what shares it.

    >>> def stored(bias_shape, **options):
    ...     layer = Conv1D(6, 3, bias_shape=bias_shape, **options)
    ...     layer.build((None, 9, 4))
    ...     return tuple(layer.bias.shape)

    The output has 7 steps and 6 filters:

    >>> stored("vector"), stored("scalar"), stored("location"), stored("untied")
    ((6,), (1,), (7, 1), (7, 6))
    >>> stored("group", groups=2), stored((None, 3))
    ((2,), (7, 3))

    Args:
        *args: as in `keras.layers.Conv1D`.
        bias_shape: "vector" (one bias per filter, as Keras has it, also called "tied"), "scalar"
            (one), "group" (one per group of filters; one for all where `groups` is 1),
            "location" (one per step, shared by the filters), "untied" (one per step and filter),
            or a tuple, right-aligned to the output without batch: 1 where the bias is shared
            along the axis, None for one bias per index, k for k equal consecutive blocks.
        bias_trainable: whether training changes the bias. A bias fixed at 1 is
            `bias_initializer="ones", bias_trainable=False`.
        **kwargs: as in `keras.layers.Conv1D`.

    Raises:
        ValueError: if `bias_shape` is none, or is given together with `use_bias=False`; in
            `build`, before any variable is made, if the output has no such bias.

    Input shape:
        `(batch, steps, channels)`; `(batch, channels, steps)` if
        `data_format="channels_first"`.

    Output shape:
        `(batch, new_steps, filters)`; `(batch, filters, new_steps)` if
        `data_format="channels_first"`.
    """


@keras.saving.register_keras_serializable(package="keras_bias")
class Conv2D(BiasMixin, keras.layers.Conv2D):  # type: ignore[misc]  # Keras has no types
    """A convolution over images: `activation(conv(input, kernel) + bias)`, the bias of any shape.

    At row `i`, column `j`, filter `f`, with no padding, strides 1 and no dilation:

        output[i, j, f] = activation(
            sum over a, b, c: input[i + a, j + b, c] * kernel[a, b, c, f] + bias[i, j, f])

    where the bias has size 1 along what shares it.

    >>> def built(bias_shape, **options):
    ...     layer = Conv2D(32, 5, bias_shape=bias_shape, data_format="channels_first", **options)
    ...     layer.build((None, 3, 32, 32))
    ...     return layer

    An image of 3 channels, 5 x 5 kernels and 32 filters, so 28 x 28 places. One bias per filter,
    or one per filter and place:

    >>> built("tied").count_params() == (3 * 5 * 5 + 1) * 32
    True
    >>> built("untied").count_params() == 3 * 5 * 5 * 32 + 28 * 28 * 32
    True

    Shapes have the axes of the output, in the order of the data format:

    >>> [tuple(built(bias_shape).bias.shape) for bias_shape in ("vector", "scalar", "location")]
    [(32,), (1,), (1, 28, 28)]
    >>> tuple(built("untied").bias.shape)
    (32, 28, 28)

    One per row, one per quadrant, one per half of the filters:

    >>> shapes = [(None, 1), (2, 2), (2, 1, 1)]
    >>> [tuple(built(bias_shape).bias.shape) for bias_shape in shapes]
    [(28, 1), (2, 2), (2, 1, 1)]

    Args:
        *args: as in `keras.layers.Conv2D`.
        bias_shape: "vector" (one bias per filter, as Keras has it, also called "tied"), "scalar"
            (one), "group" (one per group of filters; one for all where `groups` is 1),
            "location" (one per place, shared by the filters), "untied" (one per place and
            filter), or a tuple, right-aligned to the output without batch: 1 where the bias is
            shared along the axis, None for one bias per index, k for k equal consecutive blocks.
        bias_trainable: whether training changes the bias. A bias fixed at 1 is
            `bias_initializer="ones", bias_trainable=False`.
        **kwargs: as in `keras.layers.Conv2D`.

    Raises:
        ValueError: if `bias_shape` is none, or is given together with `use_bias=False`; in
            `build`, before any variable is made, if the output has no such bias.

    Input shape:
        `(batch, height, width, channels)`; `(batch, channels, height, width)` if
        `data_format="channels_first"`.

    Output shape:
        `(batch, new_height, new_width, filters)`; `(batch, filters, new_height, new_width)` if
        `data_format="channels_first"`.
    """


@keras.saving.register_keras_serializable(package="keras_bias")
class Conv3D(BiasMixin, keras.layers.Conv3D):  # type: ignore[misc]  # Keras has no types
    """A convolution over volumes: `activation(conv(input, kernel) + bias)`, the bias of any shape.

    At place `i, j, k`, filter `f`, with no padding, strides 1 and no dilation:

        output[i, j, k, f] = activation(
            sum over a, b, d, c: input[i + a, j + b, k + d, c] * kernel[a, b, d, c, f]
            + bias[i, j, k, f])

    where the bias has size 1 along what shares it.

    >>> def stored(bias_shape, **options):
    ...     layer = Conv3D(6, 3, bias_shape=bias_shape, **options)
    ...     layer.build((None, 9, 8, 7, 4))
    ...     return tuple(layer.bias.shape)

    The output has 7 x 6 x 5 places and 6 filters:

    >>> stored("vector"), stored("scalar"), stored("location"), stored("untied")
    ((6,), (1,), (7, 6, 5, 1), (7, 6, 5, 6))
    >>> stored("group", groups=2), stored((None, 1, 1, 1))
    ((2,), (7, 1, 1, 1))

    Args:
        *args: as in `keras.layers.Conv3D`.
        bias_shape: "vector" (one bias per filter, as Keras has it, also called "tied"), "scalar"
            (one), "group" (one per group of filters; one for all where `groups` is 1),
            "location" (one per place, shared by the filters), "untied" (one per place and
            filter), or a tuple, right-aligned to the output without batch: 1 where the bias is
            shared along the axis, None for one bias per index, k for k equal consecutive blocks.
        bias_trainable: whether training changes the bias. A bias fixed at 1 is
            `bias_initializer="ones", bias_trainable=False`.
        **kwargs: as in `keras.layers.Conv3D`.

    Raises:
        ValueError: if `bias_shape` is none, or is given together with `use_bias=False`; in
            `build`, before any variable is made, if the output has no such bias.

    Input shape:
        `(batch, depth, height, width, channels)`; `(batch, channels, depth, height, width)` if
        `data_format="channels_first"`.

    Output shape:
        `(batch, new_depth, new_height, new_width, filters)`; with `filters` after the batch if
        `data_format="channels_first"`.
    """
