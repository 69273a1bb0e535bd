"""A layer that adds a bias to whatever comes in, and nothing else."""

from typing import Any

import keras
from keras import ops

from keras_bias.layers.mixin import BiasMixin


@keras.saving.register_keras_serializable(package="keras_bias")
class Bias(BiasMixin, keras.layers.Layer):  # type: ignore[misc]  # Keras has no types
    """A bias on any tensor: `activation(input + bias)`.

    For layers that have no bias, or none of the shape that you want: put them before this one
    with `use_bias=False`.

    >>> layer = Bias("untied", bias_initializer="ones")
    >>> tuple(layer(keras.ops.zeros((8, 6, 7, 4))).shape)
    (8, 6, 7, 4)
    >>> tuple(layer.bias.shape)
    (6, 7, 4)

    Args:
        bias_shape: "vector" (one bias per channel, also called "tied"), "scalar" (one),
            "location" (one per place, shared by the channels), "untied" (one per place and
            channel), "group" (one per group of channels), or a tuple, right-aligned to the input
            without batch: 1 where the bias is shared along the axis, None for one bias per index,
            k for k equal consecutive blocks.
        bias_initializer: how the bias starts.
        bias_regularizer: regularizer of the bias.
        bias_constraint: constraint on the bias.
        bias_trainable: whether training changes the bias.
        activation: what is applied to the sum; None for nothing.
        data_format: "channels_last" or "channels_first"; None for
            `keras.config.image_data_format()`.
        groups: number of equal blocks of channels that `bias_shape="group"` tells apart.
        **kwargs: as in `keras.layers.Layer`.

    Raises:
        ValueError: if an argument is none of these; in `build`, before the variable is made, if
            the input has no such bias.

    Input shape:
        Any, with the batch first.

    Output shape:
        The same as the input's.
    """

    def __init__(
        self,
        bias_shape: Any = "vector",
        bias_initializer: Any = "zeros",
        bias_regularizer: Any = None,
        bias_constraint: Any = None,
        bias_trainable: bool = True,
        activation: Any = None,
        data_format: str | None = None,
        groups: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(bias_shape=bias_shape, bias_trainable=bias_trainable, **kwargs)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.bias_regularizer = keras.regularizers.get(bias_regularizer)
        self.bias_constraint = keras.constraints.get(bias_constraint)
        self.activation = keras.activations.get(activation)
        self.data_format = data_format or keras.config.image_data_format()
        self.groups = groups
        self.supports_masking = True
        with self._named():
            if self.data_format not in ("channels_last", "channels_first"):
                raise ValueError(
                    f"data_format={data_format!r} is unknown. Use 'channels_last' or "
                    "'channels_first'."
                )
            if not (groups is None or (type(groups) is int and groups >= 1)):
                raise ValueError(
                    f"groups={groups!r} is not a positive integer. Use None or 1 or more."
                )

    def build(self, input_shape: Any) -> None:
        """Creates the bias."""
        super().build(input_shape)
        self.bias = self.add_weight(
            name="bias",
            initializer=self.bias_initializer,
            regularizer=self.bias_regularizer,
            constraint=self.bias_constraint,
        )

    def call(self, inputs: Any) -> Any:
        """`inputs`, whole numbers too, with the bias and the activation."""
        return self._with_bias(ops.cast(inputs, self.compute_dtype))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The input's shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """What `from_config` makes the same layer of."""
        return {
            **super().get_config(),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "bias_regularizer": keras.regularizers.serialize(self.bias_regularizer),
            "bias_constraint": keras.constraints.serialize(self.bias_constraint),
            "activation": keras.activations.serialize(self.activation),
            "data_format": self.data_format,
            "groups": self.groups,
        }
