"""Masks that tfjs would not hand on as Keras does: of merges, into models, by hand."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import layers as kl
from keras import ops
from parity.row import Array, Row

from keras_bias import layers as bias_layers

WORDS, STEPS = 7, 5

IDS = np.asarray(
    [[3, 1, 2, 0, 0], [0, 2, 0, 4, 1], [5, 6, 3, 2, 1], [0, 0, 0, 1, 0]], dtype="int32"
)
OTHERS = np.asarray(
    [[1, 0, 0, 0, 2], [2, 3, 0, 0, 0], [4, 1, 1, 0, 6], [0, 0, 5, 1, 3]], dtype="int32"
)
VALUES = np.random.default_rng(3).normal(size=(4, STEPS, 3)).astype("float32")
VALUES[0, 3:] = VALUES[1, [0, 2]] = VALUES[3, 0] = 0.0


def words(name: str) -> Any:
    """An input of words, and their vectors with a mask."""
    inputs = keras.Input((STEPS,), dtype="int32", name=name)
    return inputs, kl.Embedding(WORDS, 4, mask_zero=True)(inputs)


def two(read: Callable[[Any, Any], Any]) -> Callable[[], keras.Model]:
    """A model of what reads two masked tensors."""

    def build() -> keras.Model:
        (one, x), (other, y) = words("one"), words("other")
        return keras.Model([one, other], read(x, y))

    return build


def shared_reader(x: Any, y: Any) -> Any:
    reader = kl.LSTM(3)
    return [reader(x), reader(kl.Dense(4)(ops.tanh(y)))]


def into_a_model() -> keras.Model:
    steps = keras.Input((STEPS, 4))
    inner = keras.Model(steps, kl.LSTM(3)(kl.Dense(3)(steps)), name="inner")
    inputs, x = words("one")
    return keras.Model(inputs, inner(x))


def transformer_block() -> keras.Model:
    """A block as a model, whose attention takes the mask off the tensor that it is called on."""
    steps = keras.Input((None, 4))
    x = kl.Add()([steps, kl.MultiHeadAttention(2, 2)(steps, steps)])
    x = kl.LayerNormalization()(x)
    return keras.Model(steps, kl.LayerNormalization()(kl.Add()([x, kl.Dense(4)(x)])), name="block")


def a_block_after_the_other() -> keras.Model:
    block = transformer_block()
    inputs, x = words("one")
    return keras.Model(inputs, kl.GlobalAveragePooling1D()(block(block(x))))


def a_block_for_both(x: Any, y: Any) -> Any:
    block, read = transformer_block(), kl.LSTM(2)
    return [read(block(x)), read(block(y)), read(x), read(y)]


def out_of_a_model() -> keras.Model:
    encoder = keras.Sequential(
        [keras.Input((STEPS,)), kl.Embedding(WORDS, 4, mask_zero=True), kl.Dense(3)], name="encoder"
    )
    one, other = keras.Input((STEPS,), name="one"), keras.Input((STEPS,), name="other")
    reader = kl.GRU(2, return_sequences=True)
    return keras.Model(
        [one, other],
        [kl.GlobalAveragePooling1D()(reader(encoder(one))), kl.LSTM(2)(encoder(other))],
    )


def states_across_models() -> keras.Model:
    source, x = words("one")
    _, h, c = kl.LSTM(4, return_state=True)(x)
    encoder = keras.Model(source, [h, c], name="encoder")
    target, y = words("other")
    made = kl.LSTM(4, return_sequences=True)(y, initial_state=encoder(source))
    return keras.Model([source, target], kl.TimeDistributed(kl.Dense(2))(made))


def by_hand(read: Callable[[Any, Any], Any]) -> Callable[[], keras.Model]:
    """A model of what reads a sequence and a mask that is computed."""

    def build() -> keras.Model:
        inputs = keras.Input((STEPS, 3))
        x = bias_layers.Bias("vector", name="b")(inputs)
        mask = ops.any(ops.not_equal(inputs, 0.0), axis=-1)
        return keras.Model(inputs, read(x, mask))

    return build


def mask_as_input() -> keras.Model:
    inputs = keras.Input((STEPS, 3))
    mask = keras.Input((STEPS,), dtype="bool")
    return keras.Model([inputs, mask], kl.GRU(3)(inputs, mask=mask))


def masked_softmax() -> keras.Model:
    inputs = keras.Input((STEPS,))
    x = bias_layers.Bias("untied", name="b")(inputs)
    return keras.Model(inputs, kl.Softmax()(x, mask=ops.greater(inputs, -0.2)))


def unmasked_softmax() -> keras.Model:
    inputs, x = words("one")
    x = kl.Dense(3)(kl.LSTM(4)(x))
    y = kl.Softmax(axis=1)(kl.Dense(4)(kl.Flatten()(x)))
    return keras.Model(inputs, [kl.Softmax()(x), y])


def attention_into_a_model() -> keras.Model:
    steps = keras.Input((STEPS, 4))
    inner = keras.Model(steps, kl.Attention()([steps, kl.Dense(4)(steps)]), name="inner")
    inputs, x = words("one")
    return keras.Model(inputs, inner(x))


def attention_at_one_call() -> keras.Model:
    inputs, x = words("one")
    both = kl.Add()([x, kl.Embedding(WORDS, 4)(inputs)])
    attention = kl.Attention()
    return keras.Model(inputs, [attention([x, x]), attention([both, both])])


def states_and_mask() -> keras.Model:
    """Recurrent layers that are given states and a mask: Keras looks at it then, too."""
    inputs, state = keras.Input((STEPS, 3)), keras.Input((3,))
    mask = ops.any(ops.not_equal(inputs, 0.0), axis=-1)
    both = [state, ops.tanh(state)]
    return keras.Model(
        [inputs, state],
        [
            kl.SimpleRNN(3)(inputs, initial_state=state, mask=mask),
            kl.GRU(3)(inputs, initial_state=state, mask=mask),
            kl.LSTM(3)(inputs, initial_state=both, mask=mask),
            kl.Bidirectional(kl.GRU(3))(inputs, initial_state=both, mask=mask),
        ],
    )


def of_ranks() -> keras.Model:
    """What leaves masked numbers out, of steps and of a vector for all of them."""
    inputs, x = words("one")
    vector = kl.Dense(4, name="vector")(kl.LSTM(2)(x))
    layers = (kl.Multiply(), kl.Maximum(), kl.Minimum())
    return keras.Model(inputs, [layer([x, vector]) for layer in layers])


def sums(*layers: Any) -> Callable[[Any, Any], Any]:
    """What each merge layer's mask makes of an LSTM behind it."""
    return lambda x, y: [kl.LSTM(2)(layer([x, y])) for layer in layers]


_TWO: list[Array] = [IDS, OTHERS]

ROWS = [
    Row("masks_of_sums", two(sums(kl.Add(), kl.Average(), kl.Subtract())), "either mask", _TWO),
    Row("masks_of_products", two(sums(kl.Multiply())), "masked numbers are left out", _TWO),
    Row("masks_of_extremes", two(sums(kl.Maximum(), kl.Minimum())), "the same", _TWO),
    Row(
        "masks_of_three",
        two(lambda x, y: kl.GRU(2)(kl.Add()([x, y, kl.Dense(4)(x)]))),
        "tfjs knows of two",
        _TWO,
    ),
    Row(
        "masks_partly",
        two(
            lambda x, y: [
                kl.Multiply()([x, ops.tanh(y)]),
                kl.Maximum()([ops.tanh(x), y]),
                kl.LSTM(2, return_sequences=True)(kl.Add()([x, ops.tanh(y)])),
            ]
        ),
        "one has a mask, the other none",
        _TWO,
    ),
    Row(
        "masks_joined",
        two(
            lambda x, y: [
                kl.LSTM(2)(kl.Concatenate()([x, y])),
                kl.GRU(2)(kl.Concatenate(axis=1)([x, ops.tanh(y), y])),
            ]
        ),
        "along the features, and the steps",
        _TWO,
    ),
    Row("masks_of_a_shared_reader", two(shared_reader), "with a mask, and without", _TWO),
    Row(
        "masks_of_directions",
        two(
            lambda x, y: kl.Bidirectional(kl.GRU(2, return_sequences=True), merge_mode="sum")(
                kl.Add()([x, y])
            )
        ),
        "a reader of a sum",
        _TWO,
    ),
    Row(
        "masks_of_attention",
        two(
            lambda x, y: kl.MultiHeadAttention(2, 2)(
                kl.Add()([x, y, x]), kl.Concatenate(axis=1)([x, y])
            )
        ),
        "of a query and a value that merges made",
        _TWO,
    ),
    Row("masks_into_a_model", into_a_model, "tfjs hands none in", [IDS]),
    Row("masks_out_of_a_model", out_of_a_model, "nor out", _TWO),
    Row("masks_into_blocks", a_block_after_the_other, "Keras loses it in the first", [IDS]),
    Row("masks_into_a_block", two(a_block_for_both), "read around it, before it or after", _TWO),
    Row("masks_and_states", states_across_models, "seq2seq with nested models", _TWO),
    Row(
        "masks_by_hand",
        by_hand(
            lambda x, mask: [
                kl.LSTM(2, go_backwards=True)(x, mask=mask),
                kl.Bidirectional(kl.GRU(2))(x, mask=mask),
                kl.GlobalAveragePooling1D()(x, mask=mask),
                kl.RNN(kl.GRUCell(3))(kl.SimpleRNN(2, return_sequences=True)(x, mask=mask)),
            ]
        ),
        "computed, and given to layers",
        [VALUES],
    ),
    Row(
        "masks_by_hand_of_attention",
        by_hand(
            lambda x, mask: [
                kl.MultiHeadAttention(2, 2)(x, x, query_mask=mask, value_mask=mask),
                kl.MultiHeadAttention(2, 2)(x, x, attention_mask=ops.expand_dims(mask, 1)),
                kl.Attention()([x, x], mask=[mask, mask]),
            ]
        ),
        "computed, and given to attention",
        [VALUES],
    ),
    Row("masks_of_attention_into_a_model", attention_into_a_model, "tfjs hands none in", [IDS]),
    Row("masks_of_attention_once", attention_at_one_call, "with a mask, and without", [IDS]),
    Row(
        "masks_of_attention_going_on",
        by_hand(
            lambda x, mask: kl.GlobalAveragePooling1D()(kl.Attention()([x, x], mask=[mask, None]))
        ),
        "by hand, and on to what is behind",
        [VALUES],
    ),
    Row("states_and_mask", states_and_mask, "both by hand", [VALUES, VALUES[:, 1] + 0.5]),
    Row("masks_of_ranks", of_ranks, "axes that Keras adds behind the batch", [IDS]),
    Row(
        "mask_by_its_place",
        by_hand(lambda x, mask: kl.GlobalAveragePooling1D()(x, mask)),
        "the second argument",
        [VALUES],
    ),
    Row("mask_as_input", mask_as_input, "given", [VALUES, np.any(VALUES != 0, axis=-1)]),
    Row("masked_softmax", masked_softmax, "by hand", [VALUES[:, :, 0]]),
    Row("unmasked_softmax", unmasked_softmax, "behind the end of a mask", [IDS]),
]
