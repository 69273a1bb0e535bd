"""Attention without projections, and the masks of every kind of attention."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
from keras import layers as kl
from parity.row import Row

from keras_bias import layers as bl
from keras_tfjs.errors import UnsupportedOptionError


def called(
    layer: Callable[[], Any],
    *shapes: tuple[int | None, ...],
    masks: tuple[tuple[int, ...] | None, ...] = (),
    **options: Any,
) -> Callable[[], keras.Model]:
    """A builder of a model of one attention layer, each of its inputs behind a bias.

    Args:
        layer: makes it.
        shapes: of query, value and key without batch; the query is the value if there is one only.
        masks: shapes of those of query and value without batch, None for one that is not given.
        options: of the call.
    """

    def build() -> keras.Model:
        inputs = [keras.Input(shape) for shape in shapes]
        seen = [bl.Bias("scalar")(each) for each in inputs]
        given = [None if shape is None else keras.Input(shape, dtype="bool") for shape in masks]
        by_hand: dict[str, Any] = {"mask": given} if given else {}
        made = layer()(seen * 2 if len(seen) == 1 else seen, **by_hand, **options)
        return keras.Model([*inputs, *filter(lambda x: x is not None, given)], made)

    return build


def _words(size: int, mask_zero: bool = True) -> tuple[Any, Any]:
    words = keras.Input((size,), dtype="int32")
    return words, kl.Embedding(5, 3, mask_zero=mask_zero)(words)


def masked(
    layer: Callable[[], Any], query: bool, value: bool, key: bool | None = None, **options: Any
) -> Callable[[], keras.Model]:
    """A builder of attention between sentences, each with a mask of its own or without."""

    def build() -> keras.Model:
        (one, q), (other, v) = _words(4, query), _words(3, value)
        tensors = [q, v] if key is None else [q, v, kl.Embedding(5, 3, mask_zero=key)(other)]
        attention = layer()
        listed = isinstance(attention, kl.Attention)
        outputs = attention(tensors, **options) if listed else attention(*tensors, **options)
        return keras.Model([one, other], outputs)

    return build


def _transformer(layer: Callable[[], Any], depth: int = 2) -> Callable[[], keras.Model]:
    """A builder of blocks with residuals; MultiHeadAttention takes the mask off what it sees."""

    def build() -> keras.Model:
        words, seen = _words(4)
        for _ in range(depth):
            seen = kl.LayerNormalization()(kl.Add()([seen, layer()(seen, seen)]))
            seen = kl.Add()([seen, kl.Dense(3, activation="tanh")(seen)])
        return keras.Model(words, seen)

    return build


def _behind_sums() -> keras.Model:
    words, one = _words(4)
    both = kl.Add()([one, kl.Dense(3)(one)])
    both = kl.Add()([both, kl.Attention()([both, both])])
    return keras.Model(words, kl.AdditiveAttention()([both, kl.Dense(3)(both)]))


def _before_and_after() -> keras.Model:
    """One attention before MultiHeadAttention takes the mask off, and one after it."""
    words, q = _words(4)
    before = kl.Attention()([q, q])
    after = kl.MultiHeadAttention(2, 2)(kl.Add()([q, before]), q)
    return keras.Model(words, kl.Attention()([q, kl.Dense(3)(after)]))


def _both_at_once() -> keras.Model:
    words, q = _words(4)
    attended = [kl.MultiHeadAttention(2, 2, name="a")(q, q), kl.Attention(name="b")([q, q])]
    return keras.Model(words, attended)


def _the_other_first() -> keras.Model:
    words, q = _words(4)
    attended = [kl.Attention(name="b")([q, q]), kl.MultiHeadAttention(2, 2, name="a")(q, q)]
    return keras.Model(words, [kl.Dense(2)(each) for each in attended])


def _before_dropout() -> keras.Model:
    words, q = _words(4)
    dropped = kl.Dropout(0.5)(q)
    attended = kl.MultiHeadAttention(2, 2, name="a")(dropped, dropped)
    return keras.Model(words, [kl.Attention(name="b")([q, q]), attended])


def _twice() -> keras.Model:
    words, q = _words(4)
    attention = kl.Attention(use_scale=True)
    other = keras.Input((4,), dtype="int32")
    v = kl.Embedding(5, 3, mask_zero=True)(other)
    return keras.Model([words, other], [attention([q, v]), attention([q, kl.Dense(3)(q)])])


def _inside_a_model() -> keras.Model:
    words, q = _words(4)
    inner = keras.Model(words, kl.Attention()([q, kl.Embedding(5, 3, mask_zero=True)(words)]))
    outer = keras.Input((4,), dtype="int32")
    return keras.Model(outer, inner(outer))


def _of_the_first_only() -> keras.Model:
    words, one = _words(4)
    both = kl.Add()([one, kl.Embedding(5, 3)(words)])
    return keras.Model(words, kl.Attention()([both, both]))


dot, additive = kl.Attention, kl.AdditiveAttention

ROWS = [
    Row("dot_attention", called(dot, (4, 4)), "of itself"),
    Row("dot_attention_cross", called(dot, (4, 3), (2, 3)), "targets and sources"),
    Row("dot_attention_key", called(dot, (4, 3), (2, 5), (2, 3)), "values of another size"),
    Row(
        "dot_attention_rows",
        called(partial(dot, use_scale=True), (2, 4, 3), (2, 5, 3)),
        "of each row of images",
    ),
    Row(
        "additive_attention_rows",
        called(kl.AdditiveAttention, (2, 4, 3), (2, 5, 3), return_attention_scores=True),
        "of each row, and its shares",
    ),
    Row("dot_attention_one", called(dot, (1, 1), (2, 1)), "sizes of 1"),
    Row("dot_attention_scale", called(partial(dot, use_scale=True), (4, 3), (2, 3)), "a scalar"),
    Row("dot_attention_concat", called(partial(dot, score_mode="concat"), (4, 3), (2, 3)), "tanh"),
    Row(
        "dot_attention_concat_scale",
        called(
            partial(dot, score_mode="concat", use_scale=True, seed=3),
            (4, 3),
            (2, 5),
            (2, 3),
            use_causal_mask=True,
        ),
        "both scalars",
    ),
    Row("dot_attention_causal", called(dot, (3, 3), use_causal_mask=True), "causal"),
    Row("dot_attention_unknown", called(dot, (None, 3), (None, 3), use_causal_mask=True), "sizes"),
    Row("dot_attention_scores", called(dot, (4, 3), (2, 3), return_attention_scores=True), "two"),
    Row("dot_attention_by_hand", called(dot, (4, 3), (2, 3), masks=((4,), (2,))), "both masks"),
    Row(
        "dot_attention_value_by_hand",
        called(dot, (4, 3), (2, 3), masks=(None, (2,)), use_causal_mask=True),
        "with a causal one",
    ),
    Row("dot_attention_pairs_by_hand", called(dot, (4, 3), (2, 3), masks=(None, (4, 2))), "pairs"),
    Row("additive_attention", called(additive, (4, 4)), "of itself"),
    Row("additive_attention_key", called(additive, (4, 3), (2, 5), (2, 3)), "three tensors"),
    Row(
        "additive_attention_bare",
        called(
            partial(additive, use_scale=False),
            (4, 3),
            (2, 3),
            masks=((4,), (2,)),
            use_causal_mask=True,
            return_attention_scores=True,
        ),
        "everything at once",
    ),
    *(
        Row(f"{name}_masked_{query:d}{value:d}", masked(layer, query, value), "masks of sentences")
        for name, layer in {
            "dot_attention": partial(dot, use_scale=True),
            "additive_attention": additive,
            "mha": partial(kl.MultiHeadAttention, 2, 2),
        }.items()
        for query, value in ((True, True), (True, False), (False, True))
    ),
    Row("dot_attention_masked_key", masked(dot, False, False, True), "a key's is not looked at"),
    Row(
        "dot_attention_masked_scores",
        masked(dot, True, True, True, use_causal_mask=True, return_attention_scores=True),
        "the mask of the output, and none of the scores",
    ),
    Row(
        "mha_masked_key",
        masked(partial(kl.MultiHeadAttention, 2, 2), False, True, True),
        "a key's is looked at",
    ),
    Row(
        "gqa_masked",
        masked(partial(kl.GroupQueryAttention, 2, 4, 2), True, True, use_causal_mask=True),
        "groups",
    ),
    Row("attention_behind_sums", _behind_sums, "residuals, by which tfjs's masks grow axes"),
    Row(
        "attention_in_blocks",
        _transformer(partial(kl.MultiHeadAttention, 2, 2)),
        "Keras loses the mask at the first residual",
    ),
    Row(
        "attention_in_blocks_of_groups",
        _transformer(partial(kl.GroupQueryAttention, 2, 2, 1)),
        "and keeps it here",
    ),
    Row("attention_before_and_after", _before_and_after, "a mask that gets lost on the way"),
    Row("attention_at_once", _both_at_once, "Keras runs one of them first, and takes the mask off"),
    Row("attention_the_other_first", _the_other_first, "the same the other way round"),
    Row("attention_twice", _twice, "two values, of which one has the query's mask"),
    Row("attention_mask_of_the_first_only", _of_the_first_only, "Keras has none of such a sum"),
    Row("attention_inside_a_model", _inside_a_model, "tfjs hands over all masks there"),
]

_END = "Build the model without masks, or end them before this layer."

REFUSED = [
    Row(
        "attention_masks_unsure",
        _before_dropout,
        "a Dropout hands on the very tensor that the mask is taken off, but not in training",
        error=UnsupportedOptionError,
        message=(
            "Whether Keras has lost a mask on the way to layer 'b' cannot be told. "
            "Build the model without masks, or end them before this layer."
        ),
    ),
]
