"""Models that call a cell by itself, step for step."""

from collections.abc import Callable
from typing import Any

import keras
from keras import layers as kl
from keras import ops
from parity.row import Row

from keras_bias import layers as bl


def twice(cell: Callable[[], Any], states: Any) -> Callable[[], keras.Model]:
    """A builder of a model of two calls of a cell, the second begun with the first one's states.

    Args:
        cell: makes it.
        states: the units of each state, in lists as the cell takes them.
    """

    def build() -> keras.Model:
        layer = cell()
        first, second = keras.Input((3,)), keras.Input((3,))
        begun = keras.tree.map_structure(lambda units: keras.Input((units,)), states)
        one, after = layer(first, begun)
        two, last = layer(second, states=after, training=True)
        inputs = [first, second, *keras.tree.flatten(begun)]
        return keras.Model(inputs, [one, two, *keras.tree.flatten(last)])

    return build


def decoder() -> keras.Model:
    """A loop in Python, as decoders are written: each step is fed what the one before gave."""
    cell, out = kl.GRUCell(4, name="gru"), kl.Dense(3, name="out")
    hidden, step = keras.Input((4,), name="state"), keras.Input((3,), name="first")
    inputs, found = [hidden, step], []
    for _ in range(3):
        given, hidden = cell(step, hidden)
        step = out(given)
        found.append(step)
    return keras.Model(inputs, ops.stack(found, axis=1))


def in_a_model() -> keras.Model:
    """A cell in a nested model, beside a layer whose name it would like to have."""
    step, state = keras.Input((3,)), keras.Input((2,))
    beside = kl.Dense(3, name="cell_sequence")(step)
    after, _ = kl.SimpleRNNCell(2, name="cell")(beside, [state])
    inner = keras.Model([step, state], after, name="inner")
    inputs = [keras.Input((3,)), keras.Input((2,))]
    return keras.Model(inputs, inner([inputs[0], inner(inputs)]))


ROWS = [
    Row("cell_rnn", twice(lambda: kl.SimpleRNNCell(2), 2), "one state, not in a list"),
    Row("cell_gru", twice(lambda: kl.GRUCell(2), [2]), "one state, in a list"),
    Row("cell_gru_before", twice(lambda: kl.GRUCell(2, reset_after=False), [2]), "the older one"),
    Row("cell_lstm", twice(lambda: kl.LSTMCell(2, use_bias=False), [2, 2]), "two states"),
    Row(
        "cell_lstm_ours",
        twice(lambda: bl.LSTMCell(2, bias_shape="gate"), [2, 2]),
        "a bias for each gate",
    ),
    Row(
        "cells_stacked",
        twice(lambda: kl.StackedRNNCells([kl.LSTMCell(2), kl.GRUCell(3)]), [[2, 2], [3]]),
        "states in lists in a list",
    ),
    Row("cell_in_a_loop", decoder, "an output is the next input"),
    Row("cell_in_a_model", in_a_model, "a name that is taken"),
]
