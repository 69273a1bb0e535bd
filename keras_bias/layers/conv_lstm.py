"""`keras.layers.ConvLSTM1D`, `2D` and `3D`, with the bias shape of your choice."""

from typing import Any

import keras
from keras import ops

# Keras exports the layers only, and the bias is their cell's.
from keras.src.layers.rnn.conv_lstm import ConvLSTMCell as KerasConvLSTMCell

from keras_bias.initializers import LSTM_GATES
from keras_bias.layers.recurrent_mixin import (
    CellBiasMixin,
    RecurrentBiasMixin,
    Tensor,
    spread_over_gates,
)

PLACED = ("location", "untied")
"""Shapes that vary by place: they need the size of a step's output."""


@keras.saving.register_keras_serializable(package="keras_bias")
class ConvLSTMCell(CellBiasMixin, KerasConvLSTMCell):  # type: ignore[misc]  # Keras has no types
    """One step of a convolutional LSTM.

    It shows its parent a bias with the gates in front, `(4, ...)`, which the parent takes apart
    and gives back, gate by gate, to `input_conv`.
    """

    gates = LSTM_GATES

    def build(self, inputs_shape: Any, states_shape: Any = None) -> None:
        """Settles the bias's shape, then builds as the parent does."""
        if self._has_bias() and self._bias_shape.spec in PLACED:
            sizes = tuple(self.compute_output_shape(tuple(inputs_shape))[0])[1:]
            self._places = tuple(n for at, n in enumerate(sizes) if at != self._channels(sizes))
            with self._named():
                self._bias_resolved = self._bias_shape.resolve(self._all_gates(), self._first())
        super().build(inputs_shape, states_shape)

    def input_conv(self, x: Tensor, w: Tensor, b: Tensor = None, padding: str = "valid") -> Tensor:
        """The convolution of a step's input, with the bias of one gate."""
        y = super().input_conv(x, w, None, padding)
        return y if b is None else y + b

    def _units(self) -> int:
        filters: int = self.filters
        return filters

    def _settle(self) -> None:
        if self._bias_shape.spec not in PLACED:
            super()._settle()
        else:
            self._check_start(by_gate=self._bias_shape.spec == "untied")

    def _first(self) -> int:
        """The axis of channels in a step's output without batch."""
        return 0 if self.data_format == "channels_first" else -1

    def _channels(self, sizes: tuple[int, ...]) -> int:
        return self._first() % len(sizes)

    def _all_gates(self) -> tuple[int, ...]:
        """The sizes of a step's output without batch, if it had the channels of all gates."""
        width = len(self.gates) * self.filters
        first = self.data_format == "channels_first"
        return (width, *self._places) if first else (*self._places, width)

    def _gate_axis(self) -> int:
        return self._first() if self._bias_shape.spec == "untied" else -1

    def _expanded_bias(self, variable: Any) -> Tensor:
        """The bias as `(gate, ...)`, the other axes those of a step's output without batch."""
        bias, gates, first = ops.convert_to_tensor(variable), len(self.gates), self._first() == 0
        if self._bias_shape.spec == "location":
            return ops.broadcast_to(bias, (gates, *bias.shape))
        if self._bias_shape.spec == "untied":
            if first:
                return ops.reshape(bias, (gates, self.filters, *self._places))
            apart = ops.reshape(bias, (*self._places, gates, self.filters))
            return ops.moveaxis(apart, -2, 0)
        spread = spread_over_gates(bias, self._bias_resolved, (gates, self.filters))
        ones = (1,) * self.rank
        return ops.reshape(spread, (gates, self.filters, *ones) if first else (gates, *ones, -1))

    @property
    def bias(self) -> Any:
        """The bias as `(gate, ...)`, ready to be added to a step's output; None without one."""
        return None if self.bias_variable is None else self._expanded_bias(self.bias_variable)

    @bias.setter
    def bias(self, variable: Any) -> None:
        self.bias_variable = variable


@keras.saving.register_keras_serializable(package="keras_bias")
class ConvLSTM1D(RecurrentBiasMixin, keras.layers.ConvLSTM1D):  # type: ignore[misc]  # no types
    """An LSTM of convolutions over sequences of rows, the biases of its gates of any shape.

    >>> def stored(bias_shape, **options):
    ...     layer = ConvLSTM1D(5, 3, bias_shape=bias_shape, **options)
    ...     layer.build((None, 2, 6, 3))
    ...     return tuple(layer.cell.bias_variable.shape)

    A row of 6 leaves 4 places, and each of 4 gates has 5 filters:

    >>> stored("vector"), stored("gate"), stored("untied")
    ((20,), (4,), (4, 20))
    >>> stored("location", unit_forget_bias=False)
    (4, 1)

    Args:
        *args: as in `keras.layers.ConvLSTM1D`.
        bias_shape: "vector" (one bias per gate and filter, as Keras has it), "gate" (one per
            gate), "scalar" (one), "location" (one per place, shared by gates and filters),
            "untied" (one per place, gate and filter), or a tuple over (gate, filter): 1 where the
            bias is shared, None for one per index, k for k equal consecutive blocks. Gates that
            share a bias need `unit_forget_bias=False`.
        bias_trainable: whether training changes the bias.
        **kwargs: as in `keras.layers.ConvLSTM1D`.

    Raises:
        ValueError: if there is no such bias, or if it cannot start as `unit_forget_bias` or a
            `GateBias` wants it; in `build`, if it varies by place and the size is unknown.

    Input shape:
        `(batch, timesteps, length, channels)`; channels before the places if
        `data_format="channels_first"`.

    Output shape:
        `(batch, new_length, filters)`, with `timesteps` behind the batch if
        `return_sequences`; filters before the places if `data_format="channels_first"`.
    """

    cell_class = ConvLSTMCell


@keras.saving.register_keras_serializable(package="keras_bias")
class ConvLSTM2D(RecurrentBiasMixin, keras.layers.ConvLSTM2D):  # type: ignore[misc]  # no types
    """An LSTM of convolutions over sequences of images, the biases of its gates of any shape.

    >>> def stored(bias_shape, **options):
    ...     layer = ConvLSTM2D(5, 3, bias_shape=bias_shape, **options)
    ...     layer.build((None, 2, 6, 7, 3))
    ...     return tuple(layer.cell.bias_variable.shape)

    An image of 6 x 7 leaves 4 x 5 places, and each of 4 gates has 5 filters:

    >>> stored("vector"), stored("gate"), stored("untied")
    ((20,), (4,), (4, 5, 20))
    >>> stored("location", unit_forget_bias=False)
    (4, 5, 1)

    Args:
        *args: as in `keras.layers.ConvLSTM2D`.
        bias_shape: "vector" (one bias per gate and filter, as Keras has it), "gate" (one per
            gate), "scalar" (one), "location" (one per place, shared by gates and filters),
            "untied" (one per place, gate and filter), or a tuple over (gate, filter): 1 where the
            bias is shared, None for one per index, k for k equal consecutive blocks. Gates that
            share a bias need `unit_forget_bias=False`.
        bias_trainable: whether training changes the bias.
        **kwargs: as in `keras.layers.ConvLSTM2D`.

    Raises:
        ValueError: if there is no such bias, or if it cannot start as `unit_forget_bias` or a
            `GateBias` wants it; in `build`, if it varies by place and the size is unknown.

    Input shape:
        `(batch, timesteps, rows, columns, channels)`; channels before the places if
        `data_format="channels_first"`.

    Output shape:
        `(batch, new_rows, new_columns, filters)`, with `timesteps` behind the batch if
        `return_sequences`; filters before the places if `data_format="channels_first"`.
    """

    cell_class = ConvLSTMCell


@keras.saving.register_keras_serializable(package="keras_bias")
class ConvLSTM3D(RecurrentBiasMixin, keras.layers.ConvLSTM3D):  # type: ignore[misc]  # no types
    """An LSTM of convolutions over sequences of volumes, the biases of its gates of any shape.

    >>> def stored(bias_shape, **options):
    ...     layer = ConvLSTM3D(5, 3, bias_shape=bias_shape, **options)
    ...     layer.build((None, 2, 6, 7, 4, 3))
    ...     return tuple(layer.cell.bias_variable.shape)

    A volume of 6 x 7 x 4 leaves 4 x 5 x 2 places, and each of 4 gates has 5 filters:

    >>> stored("vector"), stored("gate"), stored("untied")
    ((20,), (4,), (4, 5, 2, 20))
    >>> stored("location", unit_forget_bias=False)
    (4, 5, 2, 1)

    Args:
        *args: as in `keras.layers.ConvLSTM3D`.
        bias_shape: "vector" (one bias per gate and filter, as Keras has it), "gate" (one per
            gate), "scalar" (one), "location" (one per place, shared by gates and filters),
            "untied" (one per place, gate and filter), or a tuple over (gate, filter): 1 where the
            bias is shared, None for one per index, k for k equal consecutive blocks. Gates that
            share a bias need `unit_forget_bias=False`.
        bias_trainable: whether training changes the bias.
        **kwargs: as in `keras.layers.ConvLSTM3D`.

    Raises:
        ValueError: if there is no such bias, or if it cannot start as `unit_forget_bias` or a
            `GateBias` wants it; in `build`, if it varies by place and the size is unknown.

    Input shape:
        `(batch, timesteps, depth, rows, columns, channels)`; channels before the places if
        `data_format="channels_first"`.

    Output shape:
        `(batch, new_depth, new_rows, new_columns, filters)`, with `timesteps` behind the batch if
        `return_sequences`; filters before the places if `data_format="channels_first"`.
    """

    cell_class = ConvLSTMCell
