"""`keras.layers.SimpleRNN`, `LSTM`, `GRU` and their cells, with the bias shape of your choice."""

import keras

from keras_bias.initializers import GRU_GATES, LSTM_GATES
from keras_bias.layers.recurrent_mixin import CellBiasMixin, RecurrentBiasMixin


@keras.saving.register_keras_serializable(package="keras_bias")
class SimpleRNNCell(CellBiasMixin, keras.layers.SimpleRNNCell):  # type: ignore[misc]  # no types
    """One step of a `SimpleRNN`: `activation(dot(x, kernel) + dot(h, recurrent_kernel) + bias)`.

    >>> cell = SimpleRNNCell(3, bias_shape="scalar")
    >>> cell.build((None, 2))
    >>> tuple(cell.bias_variable.shape), tuple(cell.bias.shape)
    ((1,), (3,))

    Args:
        *args: as in `keras.layers.SimpleRNNCell`.
        bias_shape: "vector" (one bias per unit, as Keras has it), "scalar" (one), or a tuple over
            (gate, unit), of which only the last entry counts: 1, None, or k for k equal blocks.
        bias_trainable: whether training changes the bias.
        **kwargs: as in `keras.layers.SimpleRNNCell`.

    Raises:
        ValueError: if there is no such bias.

    Input shape:
        `(batch, features)`, and the state `(batch, units)`.

    Output shape:
        `(batch, units)`, and the state.
    """


@keras.saving.register_keras_serializable(package="keras_bias")
class LSTMCell(CellBiasMixin, keras.layers.LSTMCell):  # type: ignore[misc]  # Keras has no types
    """One step of an `LSTM`, for `RNN`, `StackedRNNCells` and your own loops.

    >>> cell = LSTMCell(3, bias_shape="gate")
    >>> cell.build((None, 2))
    >>> tuple(cell.bias_variable.shape), tuple(cell.bias.shape)
    ((4,), (12,))

    Attributes:
        bias: one bias for each gate and unit, as Keras computes with it.
        bias_variable: the variable that it is made of.

    Args:
        *args: as in `keras.layers.LSTMCell`.
        bias_shape: "vector", "gate", "scalar" or a tuple over (gate, unit); see `LSTM`.
        bias_trainable: whether training changes the bias.
        **kwargs: as in `keras.layers.LSTMCell`.

    Raises:
        ValueError: if there is no such bias, or if it cannot start as `unit_forget_bias` or a
            `GateBias` wants it.

    Input shape:
        `(batch, features)`, and the states `[(batch, units), (batch, units)]`.

    Output shape:
        `(batch, units)`, and the states.
    """

    gates = LSTM_GATES


@keras.saving.register_keras_serializable(package="keras_bias")
class GRUCell(CellBiasMixin, keras.layers.GRUCell):  # type: ignore[misc]  # Keras has no types
    """One step of a `GRU`, for `RNN`, `StackedRNNCells` and your own loops.

    With `reset_after=True`, Keras's default, the input and the state have a row of biases each:

    >>> cell = GRUCell(3, bias_shape="gate")
    >>> cell.build((None, 2))
    >>> tuple(cell.bias_variable.shape), tuple(cell.bias.shape)
    ((2, 3), (2, 9))

    Attributes:
        bias: one bias for each gate and unit, and row, as Keras computes with it.
        bias_variable: the variable that it is made of.

    Args:
        *args: as in `keras.layers.GRUCell`.
        bias_shape: "vector", "gate", "scalar" or a tuple over (gate, unit); see `GRU`.
        bias_trainable: whether training changes the bias.
        **kwargs: as in `keras.layers.GRUCell`.

    Raises:
        ValueError: if there is no such bias, or if it cannot start as a `GateBias` wants it.

    Input shape:
        `(batch, features)`, and the state `(batch, units)`.

    Output shape:
        `(batch, units)`, and the state.
    """

    gates = GRU_GATES


@keras.saving.register_keras_serializable(package="keras_bias")
class SimpleRNN(RecurrentBiasMixin, keras.layers.SimpleRNN):  # type: ignore[misc]  # no types
    """A fully connected recurrent layer with one bias per unit, or one for all.

    >>> layer = SimpleRNN(3, bias_shape="scalar")
    >>> layer.build((None, 7, 2))
    >>> [(weight.name, tuple(weight.shape)) for weight in layer.weights]
    [('kernel', (2, 3)), ('recurrent_kernel', (3, 3)), ('bias', (1,))]

    Args:
        *args: as in `keras.layers.SimpleRNN`.
        bias_shape: "vector" (one bias per unit, as Keras has it), "scalar" (one), or a tuple over
            (gate, unit), of which only the last entry counts: 1, None, or k for k equal blocks.
        bias_trainable: whether training changes the bias.
        **kwargs: as in `keras.layers.SimpleRNN`.

    Raises:
        ValueError: if there is no such bias.

    Input shape:
        `(batch, timesteps, features)`.

    Output shape:
        `(batch, units)`, or `(batch, timesteps, units)` with `return_sequences`.
    """

    cell_class = SimpleRNNCell


@keras.saving.register_keras_serializable(package="keras_bias")
class LSTM(RecurrentBiasMixin, keras.layers.LSTM):  # type: ignore[misc]  # Keras has no types
    """Long short-term memory, the biases of its four gates of any shape.

    One number for each of the input, forget, cell and output gates; the forget gate's starts at 1:

    >>> layer = LSTM(3, bias_shape="gate")
    >>> layer.build((None, 7, 2))
    >>> keras.ops.convert_to_numpy(layer.cell.bias_variable).tolist()
    [0.0, 1.0, 0.0, 0.0]

    Gates that start elsewhere, by name:

    >>> from keras_bias.initializers import GateBias
    >>> layer = LSTM(3, bias_shape="gate", bias_initializer=GateBias(forget=2.0, input=-1.0))
    >>> layer.build((None, 7, 2))
    >>> keras.ops.convert_to_numpy(layer.cell.bias_variable).tolist()
    [-1.0, 2.0, 0.0, 0.0]

    The cell shows Keras a bias of the shape that it expects, so a fused kernel is used wherever it
    would be without `bias_shape`.

    Args:
        *args: as in `keras.layers.LSTM`.
        bias_shape: "vector" (one per gate and unit, as Keras has it), "gate" (one per gate),
            "scalar" (one), or a tuple over (gate, unit): 1 where the bias is shared, None for one
            per index, k for k equal consecutive blocks. `(1, None)` is one per unit, shared by the
            gates. Gates that share a bias need `unit_forget_bias=False`.
        bias_trainable: whether training changes the bias.
        **kwargs: as in `keras.layers.LSTM`.

    Raises:
        ValueError: if there is no such bias, or if it cannot start as `unit_forget_bias` or a
            `GateBias` wants it.

    Input shape:
        `(batch, timesteps, features)`.

    Output shape:
        `(batch, units)`, or `(batch, timesteps, units)` with `return_sequences`.
    """

    cell_class = LSTMCell


@keras.saving.register_keras_serializable(package="keras_bias")
class GRU(RecurrentBiasMixin, keras.layers.GRU):  # type: ignore[misc]  # Keras has no types
    """A gated recurrent unit, the biases of its three gates of any shape.

    >>> layer = GRU(3, bias_shape="scalar", reset_after=False)
    >>> layer.build((None, 7, 2))
    >>> tuple(layer.cell.bias_variable.shape)
    (1,)

    With `reset_after=True`, Keras's default, the input and the state have a row of biases each:

    >>> layer = GRU(3, bias_shape="gate")
    >>> layer.build((None, 7, 2))
    >>> tuple(layer.cell.bias_variable.shape)
    (2, 3)

    Args:
        *args: as in `keras.layers.GRU`.
        bias_shape: "vector" (one per gate and unit, as Keras has it), "gate" (one per gate),
            "scalar" (one), each for both rows apart; or a tuple over (gate, unit), or over (row,
            gate, unit): 1 where the bias is shared, None for one per index, k for k equal blocks.
        bias_trainable: whether training changes the bias.
        **kwargs: as in `keras.layers.GRU`.

    Raises:
        ValueError: if there is no such bias, or if it cannot start as a `GateBias` wants it.

    Input shape:
        `(batch, timesteps, features)`.

    Output shape:
        `(batch, units)`, or `(batch, timesteps, units)` with `return_sequences`.
    """

    cell_class = GRUCell
