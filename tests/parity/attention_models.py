"""EinsumDense and the attention layers, Keras's own and ours, with every option."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
from keras import layers as kl
from parity.row import Row, one

from keras_bias import layers as bl


def attention(
    layer: Callable[[], Any],
    *shapes: tuple[int | None, ...],
    masks: tuple[tuple[int | None, ...], ...] = (),
    names: tuple[str, ...] = (),
    **options: Any,
) -> Callable[[], keras.Model]:
    """A builder of a model of one attention layer.

    Args:
        layer: makes it.
        shapes: of query, value and key without batch; the query is the value if there is one only.
        masks: shapes of the masks without batch.
        names: of the masks.
        options: of the call.
    """

    def build() -> keras.Model:
        inputs = [keras.Input(shape) for shape in shapes]
        given = {
            name: keras.Input(shape, dtype="bool") for name, shape in zip(names, masks, strict=True)
        }
        tensors = inputs * 2 if len(inputs) == 1 else inputs
        outputs = keras.tree.flatten(layer()(*tensors, **given, **options))
        if len(outputs) > 1:  # tfjs adds up the losses of outputs of equal rank only
            outputs = [kl.Flatten()(output) for output in outputs]
        return keras.Model([*inputs, *given.values()], outputs)

    return build


def einsum(equation: str, output_shape: Any, **options: Any) -> Callable[[], Any]:
    """A maker of an EinsumDense of ours, or of Keras's if nothing is said of the bias's shape."""
    ours = {"bias_shape", "bias_trainable"} & options.keys()
    return partial((bl if ours else kl).EinsumDense, equation, output_shape, **options)


CHOICES: dict[str, dict[str, Any]] = {
    "vector": {},
    "scalar": {"bias_shape": "scalar"},
    "location": {"bias_shape": "location"},
    "untied": {"bias_shape": "untied"},
    "head": {"bias_shape": {"query": (None, 1), "value": (None, 1)}},
    "no_key": {"use_bias": {"key": False}, "bias_shape": {"output": "scalar"}},
    "frozen": {"bias_trainable": {"value": False, "output": False}},
    "gate": {"use_gate": True, "bias_shape": {"gate": "scalar", "query": "untied"}},
}

EINSUM = (
    [
        Row(
            "einsum_dense", one(einsum("abc,cd->abd", (None, 4), bias_axes="d"), 4, 4), "is a Dense"
        ),
        Row("einsum_no_bias", one(einsum("abc,cd->abd", (None, 4)), 3, 4), "a Dense without bias"),
        Row("einsum_ellipsis", one(einsum("...x,xy->...y", 3, bias_axes="y"), 3, 3, 4), "any rank"),
        Row(
            "einsum_ellipsis_flat", one(einsum("...x,xy->...y", 3, bias_axes="y"), 3), "and rank 2"
        ),
        Row(
            "einsum_heads",
            one(einsum("abc,cde->abde", (None, 2, 3), bias_axes="de", activation="relu"), 4, 5),
            "what attention makes of its input",
        ),
        Row(
            "einsum_joined",
            one(einsum("abcd,cde->abe", (None, 4), bias_axes="e"), 3, 2, 2),
            "and back",
        ),
        Row(
            "einsum_all_axes",
            one(einsum("abc,cd->abd", (4, 4), bias_axes="bd"), 4, 4),
            "T == units",
        ),
        Row(
            "einsum_steps", one(einsum("abc,cd->abd", (4, 4), bias_axes="b"), 4, 4), "by step only"
        ),
        Row(
            "einsum_moved",
            one(einsum("abc,cd->adb", (3, 3), bias_axes="d"), 3, 3),
            "axes change places",
        ),
        Row(
            "einsum_batched",
            one(einsum("abc,bcd->abd", (4, 2), bias_axes="bd"), 4, 3),
            "a kernel a step",
        ),
        Row(
            "einsum_right",
            one(einsum("ab...,bc->ac...", 4, bias_axes="c"), 3, 2, 2),
            "elided behind",
        ),
        Row(
            "einsum_summed", one(einsum("abc,d->ad", (3,), bias_axes="d"), 2, 3), "axes only summed"
        ),
    ]
    + [
        Row(
            f"einsum_ours_{shape if isinstance(shape, str) else 'tuple'}_{axes}",
            one(einsum("abc,cd->abd", (None, 4), bias_axes=axes, bias_shape=shape), 4, 4),
            "each shape with each choice of axes",
        )
        for axes in (None, "d", "bd")
        for shape in ("scalar", "location", "untied", (2, 1))
    ]
    + [
        Row(
            "einsum_ours_vector",
            one(einsum("abc,cd->abd", (None, 4), bias_axes="d", bias_shape="vector"), 3, 4),
            "stock",
        ),
        Row(
            "einsum_ours_frozen",
            one(einsum("abc,cde->abde", (None, 2, 3), bias_axes="de", bias_trainable=False), 4, 5),
            "a fixed bias",
        ),
        Row(
            "einsum_ours_heads",
            one(einsum("abc,cde->abde", (None, 3, 3), bias_axes="de", bias_shape="location"), 3, 5),
            "one per step",
        ),
        Row(
            "einsum_ours_head",
            one(einsum("abc,cde->abde", (None, 3, 3), bias_axes="de", bias_shape=(None, 1)), 3, 5),
            "one per head",
        ),
    ]
)

mha, gqa = kl.MultiHeadAttention, kl.GroupQueryAttention

ATTENTION = [
    Row("mha_self", attention(partial(mha, 2, 3), (4, 4)), "T == features"),
    Row("mha_cross", attention(partial(mha, 2, 3), (4, 5), (3, 6)), "value of another size"),
    Row("mha_key", attention(partial(mha, 2, 3), (4, 5), (3, 6), (3, 2)), "key of its own"),
    Row(
        "mha_sizes",
        attention(
            partial(mha, 3, 2, value_dim=4, output_shape=5), (3, 4), return_attention_scores=True
        ),
        "all sizes; without scores JAX wants key and value of one size",
    ),
    Row(
        "mha_out_2",
        attention(partial(mha, 2, 2, output_shape=(2, 3)), (3, 4)),
        "output of two axes",
    ),
    Row("mha_one_head", attention(partial(mha, 1, 1), (1, 1)), "everything 1"),
    Row("mha_no_bias", attention(partial(mha, 2, 3, use_bias=False), (4, 5)), "no bias"),
    Row("mha_causal", attention(partial(mha, 2, 3), (4, 4), use_causal_mask=True), "causal"),
    Row(
        "mha_causal_cross",
        attention(partial(mha, 2, 3), (4, 5), (3, 5), use_causal_mask=True),
        "causal",
    ),
    Row(
        "mha_scores",
        attention(partial(mha, 2, 3), (4, 5), return_attention_scores=True),
        "2 outputs",
    ),
    Row("mha_unknown", attention(partial(mha, 2, 3), (None, 5)), "unknown time"),
    Row(
        "mha_axes",
        attention(partial(mha, 2, 3, attention_axes=(1, 2)), (2, 3, 4)),
        "two axes at once",
    ),
    Row("mha_axis_2", attention(partial(mha, 2, 3, attention_axes=2), (3, 3, 4)), "not the first"),
    Row("mha_gate", attention(partial(mha, 2, 3, use_gate=True), (4, 5)), "gated"),
    Row("mha_window", attention(partial(mha, 2, 3, sliding_window=2), (5, 4)), "a sliding window"),
    Row("mha_dropout", attention(partial(mha, 2, 3, dropout=0.0, seed=1), (4, 4)), "seed left out"),
    Row(
        "mha_mask",
        attention(partial(mha, 2, 3), (4, 5), masks=((4, 4),), names=("attention_mask",)),
        "given",
    ),
    Row(
        "mha_value_mask",
        attention(partial(mha, 2, 3), (4, 5), (3, 5), masks=((3,),), names=("value_mask",)),
        "given",
    ),
    Row(
        "mha_masks",
        attention(
            partial(mha, 2, 3),
            (4, 5),
            (3, 5),
            masks=((4,), (3,), (4, 3)),
            names=("query_mask", "key_mask", "attention_mask"),
        ),
        "three at once",
    ),
    Row("gqa_self", attention(partial(gqa, 3, 4, 2), (4, 4)), "groups of heads"),
    Row("gqa_cross", attention(partial(gqa, 3, 4, 4), (4, 5), (3, 5)), "as many as heads"),
    Row("gqa_one", attention(partial(gqa, 3, 4, 1), (4, 5)), "one for all"),
    Row("gqa_causal", attention(partial(gqa, 3, 4, 2), (4, 5), use_causal_mask=True), "causal"),
    Row("gqa_gate", attention(partial(gqa, 3, 4, 2, use_gate=True), (4, 5)), "gated"),
    Row("gqa_window", attention(partial(gqa, 3, 4, 2, sliding_window=2), (5, 5)), "sliding window"),
    Row(
        "gqa_mask",
        attention(partial(gqa, 3, 4, 2), (4, 5), masks=((4, 4),), names=("attention_mask",)),
        "given",
    ),
    Row(
        "gqa_scores",
        attention(partial(gqa, 3, 4, 2), (4, 5), return_attention_scores=True),
        "2 outputs",
    ),
] + [
    Row(
        f"{cls.__name__}_{name}",
        attention(partial(cls, *sizes, **options), (3, 3)),
        "which projections have which bias",
    )
    for cls, sizes in ((bl.MultiHeadAttention, (3, 3)), (bl.GroupQueryAttention, (3, 4, 2)))
    for name, options in CHOICES.items()
]

ROWS = [*EINSUM, *ATTENTION]
