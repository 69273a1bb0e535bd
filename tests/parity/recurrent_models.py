"""Recurrent layers, their cells and wrappers, Keras's own and ours, with every option."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
from keras import layers as kl
from parity.row import Row, floats, one

from keras_bias import layers as bl

GRU_BEFORE = partial(kl.GRU, reset_after=False)

Make = Callable[..., Any]

OWN: dict[str, Make] = {
    "simple_rnn": kl.SimpleRNN,
    "lstm": kl.LSTM,
    "gru": kl.GRU,
    "gru_before": GRU_BEFORE,
}
OURS: dict[str, Make] = {
    "simple_rnn": bl.SimpleRNN,
    "lstm": partial(bl.LSTM, unit_forget_bias=False),
    "gru": bl.GRU,
    "gru_before": partial(bl.GRU, reset_after=False),
}


def with_states(
    layer: Callable[[], Any], *shape: int | None, units: int = 0, states: int = 0
) -> Callable[[], keras.Model]:
    """A builder of a model of one layer, called with that many states, all its outputs flat.

    tfjs adds up the losses of outputs of equal rank only.
    """

    def build() -> keras.Model:
        inputs = keras.Input(shape)
        given = [keras.Input((units,)) for _ in range(states)]
        outputs = layer()(inputs, initial_state=given or None)
        flat = [kl.Flatten()(output) for output in keras.tree.flatten(outputs)]
        return keras.Model([inputs, *given], flat)

    return build


def masking(*layers: Callable[[], Any]) -> Callable[[], keras.Model]:
    """A builder of layers behind a mask: 4 steps of 2."""
    return lambda: keras.Sequential(
        [keras.Input((4, 2)), kl.Masking(), *(layer() for layer in layers)]
    )


MASKED = floats(
    [
        [[0, 0], [0, 0], [1, -0.5], [0.3, 2]],  # from the start
        [[1, 2], [0.5, 0], [-1, 1], [0, 0]],  # at the end
        [[0.7, 0], [0, 0], [1.5, -1], [2, 0.1]],  # between
        [[0, 0], [0, 0], [0, 0], [0, 0]],  # all of it
    ]
)


def _options() -> list[Row]:
    rows: list[Row] = []
    for name, layer in OWN.items():
        rows += [
            Row(f"{name}_plain", one(partial(layer, 3), 4, 2), "the layer"),
            Row(
                f"{name}_backwards",
                one(partial(layer, 4, return_sequences=True, go_backwards=True), 4, 4),
                "as many steps as units as features",
            ),
            Row(f"{name}_1x1x1", one(partial(layer, 1, use_bias=False), 1, 1), "one of each"),
            Row(
                f"{name}_states",
                with_states(
                    partial(layer, 3, return_state=True, return_sequences=True, unroll=True), 5, 2
                ),
                "states as outputs, in their order",
            ),
            Row(
                f"{name}_any_length",
                one(partial(layer, 3, activation="hard_sigmoid", return_sequences=True), None, 2),
                "an unknown number of steps, an activation of ours",
            ),
            Row(
                f"{name}_initial_state",
                with_states(partial(layer, 3), 4, 2, units=3, states=2 if name == "lstm" else 1),
                "tfjs has the states behind the input",
            ),
            Row(
                f"{name}_penalties",
                one(
                    partial(
                        layer,
                        3,
                        kernel_regularizer="l2",
                        recurrent_regularizer="l1",
                        bias_regularizer="l1l2",
                    ),
                    4,
                    2,
                ),
                "stock layers leave them out of the loss",
            ),
            Row(f"{name}_frozen", one(partial(layer, 3, trainable=False), 4, 2), "not trained"),
            Row(
                f"{name}_masked",
                masking(partial(layer, 3, return_sequences=True)),
                "masked steps repeat the output before",
                [MASKED],
            ),
        ]
    rows += [
        Row(
            f"{name}_gates",
            one(partial(layer, 3, activation="relu", recurrent_activation="hard_sigmoid"), 4, 2),
            "stock tfjs has another hard_sigmoid",
        )
        for name, layer in OWN.items()
        if name != "simple_rnn"
    ]
    return rows


SHAPES: dict[str, tuple[Any, ...]] = {
    "simple_rnn": ("vector", "scalar", (2,)),
    "lstm": ("vector", "tied", "gate", "scalar", (1, None), (2, 1), (None, 2)),
    "gru": ("vector", "gate", "scalar", (1, None), (1, None, None), (1, 1, 1)),
    "gru_before": ("vector", "gate", "scalar", (1, None)),
}


def _biases() -> list[Row]:
    rows = [
        Row(
            f"bias_{name}_{shape if isinstance(shape, str) else '_'.join(map(str, shape))}",
            one(partial(OURS[name], 4, bias_shape=shape), 4, 4),  # as many units as an LSTM's gates
            "each shape, where it could be taken for another",
        )
        for name, shapes in SHAPES.items()
        for shape in shapes
    ]
    rows += [
        Row(
            f"bias_{name}_fixed",
            one(partial(layer, 3, bias_initializer="ones", bias_trainable=False), 4, 2),
            "a bias that does not train",
        )
        for name, layer in OURS.items()
    ]
    return rows


def nested_cells(first: bool) -> Any:
    """A stack of a cell and a stack, which is the first or the last."""
    inner = kl.StackedRNNCells([kl.LSTMCell(2), kl.GRUCell(2)])
    cells = [inner, kl.LSTMCell(2)] if first else [kl.LSTMCell(2), inner]
    return kl.StackedRNNCells(cells)


def by_keywords() -> keras.Model:
    """Layers whose inputs are named."""
    inputs = keras.Input((4, 2))
    steps = kl.GRU(3, return_sequences=True)(sequences=inputs)
    seen = kl.MultiHeadAttention(2, 3)(value=inputs, query=steps, key=inputs)
    return keras.Model(inputs, kl.Bidirectional(kl.LSTM(2))(sequences=seen))


CELLS = [
    Row("rnn_of_lstm", one(lambda: kl.RNN(kl.LSTMCell(3)), 4, 2), "a cell of its own"),
    Row("rnn_of_gru", one(lambda: kl.RNN(kl.GRUCell(3)), 4, 2), "a cell that stock tfjs lacks"),
    Row(
        "rnn_stacked",
        one(lambda: kl.RNN([kl.LSTMCell(3), kl.SimpleRNNCell(2), kl.LSTMCell(4)]), 4, 2),
        "weights are filed by class, not in order",
    ),
    Row(
        "rnn_stacked_states",
        with_states(lambda: kl.RNN([kl.LSTMCell(3), kl.LSTMCell(2)], return_state=True), 4, 2),
        "stock tfjs has the states in reverse order",
    ),
    Row(
        "rnn_stack_in_a_stack",
        one(lambda: kl.RNN(nested_cells(first=True)), 4, 2),
        "places of the same name, one further down",
    ),
    Row(
        "rnn_stack_in_a_stack_last",
        one(lambda: kl.RNN(nested_cells(first=False)), 4, 2),
        "the same, the other way round",
    ),
    Row(
        "by_keywords",
        by_keywords,
        "calls without positional arguments",
    ),
    Row(
        "rnn_stacked_mixed",
        one(
            lambda: kl.RNN(
                kl.StackedRNNCells(
                    [bl.LSTMCell(3, bias_shape="gate"), kl.GRUCell(2), bl.SimpleRNNCell(3)]
                ),
                return_sequences=True,
            ),
            4,
            2,
        ),
        "cells of Keras and of ours",
    ),
    Row(
        "rnn_stacked_frozen",
        one(lambda: kl.RNN([kl.GRUCell(3, trainable=False), kl.LSTMCell(2)]), 4, 2),
        "one cell that does not train",
    ),
    Row(
        "rnn_stack_frozen",
        one(
            lambda: kl.RNN(kl.StackedRNNCells([kl.GRUCell(3), kl.LSTMCell(2)], trainable=False)),
            4,
            2,
        ),
        "Keras asks the cells only",
    ),
    Row(
        "rnn_stacked_masked",
        masking(lambda: kl.RNN([kl.GRUCell(3), kl.LSTMCell(2)], return_sequences=True)),
        "masks in a stack",
        [MASKED],
    ),
]


def _bidirectional() -> list[Row]:
    merges: tuple[Any, ...] = ("concat", "sum", "ave", "mul", None)
    rows = [
        Row(
            f"bidirectional_{name}_{merge}_{'sequences' if sequences else 'last'}",
            with_states(
                partial(
                    lambda layer, merge, sequences: kl.Bidirectional(
                        layer(3, return_sequences=sequences), merge_mode=merge
                    ),
                    layer,
                    merge,
                    sequences,
                ),
                4,
                2,
            ),
            "each way to merge, stock and twin",
        )
        for name, layer in (("lstm", kl.LSTM), ("gru", kl.GRU))
        for merge in merges
        for sequences in (False, True)
        if sequences or (name == "lstm" and merge in ("concat", None))
    ]
    return [
        *rows,
        Row(
            "bidirectional_states",
            with_states(
                lambda: kl.Bidirectional(kl.LSTM(3, return_state=True)), 4, 2, units=3, states=4
            ),
            "states of both, in and out",
        ),
        Row(
            "bidirectional_gru_states",
            with_states(
                lambda: kl.Bidirectional(kl.GRU(3, return_state=True), merge_mode=None),
                4, 2, units=3, states=2,
            ),
            "states of both, in and out",
        ),
        Row(
            "bidirectional_own_backward",
            one(
                lambda: kl.Bidirectional(
                    kl.LSTM(3), backward_layer=bl.GRU(2, bias_shape="gate", go_backwards=True)
                ),
                4,
                2,
            ),
            "stock tfjs makes the one of the other",
        ),
        Row(
            "bidirectional_other_activation",
            one(
                lambda: kl.Bidirectional(
                    kl.LSTM(3), backward_layer=kl.LSTM(3, activation="relu", go_backwards=True)
                ),
                4,
                2,
            ),
            "stock tfjs makes the one of the other",
        ),
        Row(
            "bidirectional_bias",
            one(lambda: kl.Bidirectional(bl.LSTM(4, bias_shape="gate")), 4, 4),
            "ours inside",
        ),
        Row(
            "bidirectional_frozen",
            one(lambda: kl.Bidirectional(kl.GRU(3, trainable=False)), 4, 2),
            "not trained",
        ),
        Row(
            "bidirectional_masked",
            masking(
                lambda: kl.Bidirectional(kl.GRU(3, return_sequences=True)),
                lambda: kl.Bidirectional(kl.LSTM(2)),
            ),
            "masked steps are zeros in sequences",
            [MASKED],
        ),
    ]  # fmt: skip


WRAPPED = [
    Row("each_step_dense", one(lambda: kl.TimeDistributed(kl.Dense(3)), 4, 2), "stock in stock"),
    Row(
        "each_step_bias",
        one(lambda: kl.TimeDistributed(bl.Dense(3, bias_shape="scalar")), None, 2),
        "a twin in stock, an unknown number of steps",
    ),
    Row(
        "each_step_conv",
        one(lambda: kl.TimeDistributed(kl.Conv2D(3, 2)), 3, 5, 4, 3),
        "images at each step",
    ),
    Row(
        "each_step_lstm",
        one(lambda: kl.TimeDistributed(kl.Bidirectional(kl.LSTM(3))), 4, 3, 2),
        "wrappers in wrappers",
    ),
    Row(
        "each_step_gru",
        one(lambda: kl.TimeDistributed(kl.GRU(3)), 4, 3, 2),
        "a recurrent twin in stock",
    ),
    Row(
        "each_step_frozen",
        one(lambda: kl.TimeDistributed(bl.Dense(3, bias_shape="scalar", trainable=False)), 4, 2),
        "not trained",
    ),
    Row(
        "each_step_of_frozen",
        one(lambda: kl.TimeDistributed(bl.Dense(3, bias_shape="scalar"), trainable=False), 4, 2),
        "Keras asks the layer inside only",
    ),
    Row(
        "each_step_then_flat",
        one(lambda: keras.Sequential([kl.TimeDistributed(kl.Flatten()), kl.GRU(2)]), 4, 3, 2),
        "a shape worked out through it",
    ),
]


def all_of_them() -> keras.Model:
    """Masks from an embedding, through everything, and behind where they ended."""
    inputs = keras.Input((4,), dtype="int32")
    x = kl.Embedding(5, 3, mask_zero=True)(inputs)
    x = kl.LSTM(4, return_sequences=True)(x)
    x = kl.TimeDistributed(kl.Dense(2))(x)
    x = kl.Bidirectional(kl.GRU(2, return_sequences=True))(x)
    x, h, c = kl.LSTM(3, return_sequences=True, return_state=True)(x)
    y = kl.RepeatVector(4)(kl.Concatenate()([h, c]))
    return keras.Model(inputs, [kl.GRU(3)(x), kl.SimpleRNN(2)(y)])


def videos() -> keras.Model:
    """A mask over steps of steps."""
    inputs = keras.Input((3, 4, 2))
    return keras.Model(inputs, kl.TimeDistributed(kl.LSTM(3))(kl.Masking()(inputs)))


MASKS = [
    Row("masks_everywhere", all_of_them, "tfjs hands the last mask to every later layer"),
    Row(
        "masks_zeroed",
        masking(partial(kl.LSTM, 3, return_sequences=True, zero_output_for_mask=True)),
        "masked steps are zeros",
        [MASKED],
    ),
    Row(
        "masks_unrolled",
        masking(partial(kl.LSTM, 3, return_sequences=True, zero_output_for_mask=True, unroll=True)),
        "Keras forgets the zeros, unrolled",
        [MASKED],
    ),
    Row(
        "masks_of_steps",
        videos,
        "at each step its own mask",
        [floats([MASKED[:3], MASKED[1:]])],
    ),
]

ROWS = [*_options(), *_biases(), *CELLS, *_bidirectional(), *WRAPPED, *MASKS]
