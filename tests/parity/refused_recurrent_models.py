"""Models with recurrent layers that must not be converted, and the message for each."""

import keras
from keras import layers as kl
from parity.row import Row, one

from keras_tfjs.errors import UnsupportedLayerError, UnsupportedOptionError


@keras.saving.register_keras_serializable("mine")
class OwnCell(kl.LSTMCell):  # type: ignore[misc]  # Keras has no types
    """A cell of a user's own."""


@keras.saving.register_keras_serializable("mine")
class OwnLSTM(kl.LSTM):  # type: ignore[misc]  # Keras has no types
    """A layer of a user's own."""


NOT_GIVEN = (
    "its input has a mask, which TensorFlow.js would not give it. "
    "Build the model without masks, or end them before this layer."
)


def cell_twice() -> keras.Model:
    """A stack that has one cell in two places."""
    cell, steps = kl.LSTMCell(2, name="c"), keras.Input((4, 2))
    stack = kl.StackedRNNCells([cell, cell], name="stacked")
    return keras.Model(steps, kl.RNN(stack, name="r")(steps))


def _attention_at_each_step() -> keras.Model:
    steps = keras.Input((3, 4))
    attended = kl.MultiHeadAttention(2, 2, name="a")(steps, kl.Dense(4, name="d")(steps))
    inputs = keras.Input((2, 3, 4))
    return keras.Model(inputs, kl.TimeDistributed(keras.Model(steps, attended), name="t")(inputs))


ROWS = [
    Row(
        "cell_of_ones_own",
        one(lambda: kl.RNN(OwnCell(2, name="own"), name="r"), 4, 2),
        "what it computes is in Python",
        error=UnsupportedLayerError,
        message=(
            "Layer 'r/own' is a mine>OwnCell, which cannot be converted as a cell. "
            "Use SimpleRNNCell, LSTMCell or GRUCell."
        ),
    ),
    Row(
        "own_layer_both_ways",
        one(lambda: kl.Bidirectional(OwnLSTM(2, name="own"), name="b"), 4, 2),
        "what it computes is in Python",
        error=UnsupportedLayerError,
        message=(
            "Layer 'b/forward_own' is a mine>OwnLSTM, which cannot be converted as a recurrent "
            "layer. Use SimpleRNN, LSTM, GRU or RNN."
        ),
    ),
    Row(
        "own_layer_at_each_step",
        one(lambda: kl.TimeDistributed(OwnLSTM(2, name="own"), name="t"), 3, 4, 2),
        "what it computes is in Python",
        error=UnsupportedLayerError,
        message=(
            "Layer 't/own' is a mine>OwnLSTM, which cannot be converted. Build the model of the "
            "layers that keras-tfjs knows (README: what converts), or leave this one out."
        ),
    ),
    Row(
        "attention_at_each_step",
        _attention_at_each_step,
        "several tensors at each step",
        error=UnsupportedOptionError,
        message=(
            "Layer 't/a', a MultiHeadAttention in a TimeDistributed, is called on several tensors, "
            "which TensorFlow.js cannot do at each step. Call it outside of the TimeDistributed, "
            "on the tensors of all steps."
        ),
    ),
    Row(
        "cell_twice",
        cell_twice,
        "one cell's weights for two places",
        error=UnsupportedOptionError,
        message=(
            "Layer 'r/stacked': the cell 'c' is in it twice, which TensorFlow.js cannot do. "
            "Give it a cell for each place."
        ),
    ),
]
