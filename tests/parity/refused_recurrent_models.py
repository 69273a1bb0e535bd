"""Models with recurrent layers that must not be converted, and the message for each."""

import keras
from keras import layers as kl
from parity.row import Row, one

from keras_bias import layers as bl
from keras_tfjs.errors import UnsupportedLayerError, UnsupportedOptionError


@keras.saving.register_keras_serializable("mine")
class OwnCell(kl.LSTMCell):  # type: ignore[misc]  # Keras has no types
    """A cell of a user's own."""


@keras.saving.register_keras_serializable("mine")
class OwnLSTM(kl.LSTM):  # type: ignore[misc]  # Keras has no types
    """A layer of a user's own."""


def into_a_model(*layers: keras.layers.Layer) -> keras.Model:
    """A mask that goes into a nested model of these layers."""
    inner = keras.Sequential([keras.Input((4, 2)), *layers], name="inner")
    return keras.Sequential([keras.Input((4, 2)), kl.Masking(), inner])


def a_mask_of_the_first_only() -> keras.Model:
    """The sum of a masked tensor and another one, which has no mask in Keras."""
    inputs = keras.Input((4, 2))
    total = kl.Add()([kl.Masking()(inputs), inputs])
    return keras.Model(inputs, kl.LSTM(3, name="r")(total))


NOT_GIVEN = (
    "its input has a mask, which TensorFlow.js would not give it. "
    "Build the model without masks, or end them before this layer."
)


def joined() -> keras.Model:
    """Steps of which some are masked in one half of their features."""
    ids = keras.Input((4,), dtype="int32")
    halves = [kl.Embedding(4, 2, mask_zero=masked)(ids) for masked in (True, False)]
    return keras.Model(ids, kl.LSTM(2, name="r")(kl.Concatenate()(halves)))


def masked_once() -> keras.Model:
    """A layer that two sequences go through, one of them with a mask."""
    ids, steps = keras.Input((4,), dtype="int32"), keras.Input((4, 2))
    shared = kl.LSTM(2, name="r")
    masked = kl.Embedding(4, 2, mask_zero=True)(ids)
    return keras.Model([ids, steps], [shared(masked), shared(steps)])


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
        "mask_into_a_model",
        lambda: into_a_model(kl.LSTM(2, name="r")),
        "tfjs hands no mask into nested models",
        error=UnsupportedOptionError,
        message=f"Layer 'inner/r': {NOT_GIVEN}",
    ),
    Row(
        "mask_into_a_model_both_ways",
        lambda: into_a_model(kl.Bidirectional(bl.GRU(2), name="b")),
        "tfjs hands no mask into nested models",
        error=UnsupportedOptionError,
        message=f"Layer 'inner/b': {NOT_GIVEN}",
    ),
    Row(
        "mask_of_the_first_only",
        a_mask_of_the_first_only,
        "Keras has none of a sum, if one of its inputs has none",
        error=UnsupportedOptionError,
        message=(
            "Layer 'r': TensorFlow.js would give it a mask that its input does not have. "
            "Build the model without masks, or end them before this layer."
        ),
    ),
    Row(
        "masks_joined",
        joined,
        "Keras keeps what any of the masks keeps, tfjs what all of them do",
        error=UnsupportedOptionError,
        message=(
            "Layer 'r': its input has another mask in TensorFlow.js than in Keras. "
            "Build the model without masks, or end them before this layer."
        ),
    ),
    Row(
        "mask_at_one_call",
        masked_once,
        "tfjs gives the second call the mask of the first",
        error=UnsupportedOptionError,
        message=(
            "Layer 'r': it is called with masks and without, which TensorFlow.js mixes up. "
            "Build the model without masks, or end them before this layer."
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
