"""`keras.layers.Dense` with the bias shape of your choice."""

import keras

from keras_bias.layers.mixin import BiasMixin


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
