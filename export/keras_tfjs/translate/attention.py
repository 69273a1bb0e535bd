"""Translators of multi-head and grouped-query attention: always the twins."""

from collections.abc import Mapping
from dataclasses import replace

from keras_tfjs.ir import Json, Layer, Weight
from keras_tfjs.translate.call_arguments import INPUTS
from keras_tfjs.translate.lowering import BIAS_SHAPE
from keras_tfjs.translate.options import (
    AXES,
    BOOL,
    INT,
    NUMBER,
    Aim,
    Kind,
    Options,
    optional,
)
from keras_tfjs.translate.quantization import Matrix, kernel, said
from keras_tfjs.translate.weights import named

_NAMES = Kind(
    "a list of names",
    lambda value: isinstance(value, list) and all(isinstance(name, str) for name in value),
)

PROJECTIONS = ("query", "key", "gate", "value", "output")
"""In Keras's order."""


def multi_head_attention(layer: Layer, aim: Aim) -> Layer:
    """Attention over any axes, every head with projections of its own."""
    options = Options(layer, aim, quantized=True)
    heads = options.take("num_heads", INT)
    size = options.take("key_dim", INT)
    value_size = options.take("value_dim", optional(INT), None) or size
    made = options.take("output_shape", optional(AXES), None)
    options.take("attention_axes", optional(AXES), None)
    sizes = {
        **dict.fromkeys(("query", "key", "gate"), (heads, size)),
        "value": (heads, value_size),
        "output": (heads, value_size, *(made if isinstance(made, list) else [made])),
    }
    return _attention(options, "MultiHeadAttention", sizes)


def group_query_attention(layer: Layer, aim: Aim) -> Layer:
    """Attention over time, in which groups of heads share their keys and values."""
    options = Options(layer, aim, quantized=True)
    size = options.take("head_dim", INT)
    heads = options.take("num_query_heads", INT)
    groups = options.take("num_key_value_heads", INT)
    sizes = {
        **dict.fromkeys(("query", "gate"), (heads, size)),
        **dict.fromkeys(("key", "value"), (groups, size)),
        "output": (heads, size, None),
    }
    return _attention(options, "GroupQueryAttention", sizes)


def _attention(options: Options, name: str, sizes: Mapping[str, tuple[int | None, ...]]) -> Layer:
    """What both have in common.

    Args:
        options: of the layer.
        name: of the twin.
        sizes: of the projections' kernels, but for the first axis of all but the output's.
    """
    layer = options.layer
    ours = layer.registered_name == f"keras_bias>{name}"
    gated = options.take("use_gate", BOOL, False)
    used = options.take("use_bias", _for_each(BOOL), True)
    if ours:
        options.take("bias_shape", _for_each(BIAS_SHAPE), "vector")
        options.take("bias_trainable", _for_each(BOOL), True)
    options.take("dropout", NUMBER, 0.0)
    options.take("sliding_window", optional(INT), None)
    options.take(INPUTS, _NAMES, ["query", "value"])
    options.take("use_causal_mask", BOOL, False)
    options.take("return_attention_scores", BOOL, False)
    options.leave("flash_attention", "seed")  # the one computes the same, faster
    options.initializers(kernel="GlorotUniform", bias="Zeros")
    options.regularizers("kernel", "bias")
    options.constraints("kernel", "bias")
    weights: dict[str, Weight] = {}
    for projection in PROJECTIONS:
        if projection != "gate" or gated:
            use = used.get(projection, True) if isinstance(used, dict) else used
            weights |= _projected(options, projection, sizes[projection], use)
    package = "keras_bias" if ours else "keras"
    return options.twin(f"{package}>{name}", f"{name}", weights)


def _projected(
    options: Options, projection: str, sizes: tuple[int | None, ...], use_bias: bool
) -> dict[str, Weight]:
    """The weights of a projection, by the names that the twin has for them."""
    layer = options.layer
    written = "attention_output" if projection == "output" else projection
    starts = (f"{projection}_dense/", f"_{projection}_dense/", f"{written}/")
    own = {
        path.removeprefix(start): weight
        for path, weight in layer.weights.items()
        for start in starts
        if path.startswith(start)
    }
    matrix = (
        Matrix(sizes, units=tuple(range(2, len(sizes))))
        if projection == "output"
        else Matrix((None, *sizes), units=(1, 2))
    )
    source, mode = kernel(options, replace(layer, weights=own), matrix, bias=use_bias)
    if mode is not None:
        # Keras does not save how the layers within an attention were quantised.
        rounds = {"float8": True, "int8": None, "int4": None}.get(mode, False)
        said(options, f"{projection} projection's kernel", mode, rounds=rounds)
    names = ["kernel", "bias"] if use_bias else ["kernel"]
    found = named(source, dict.fromkeys(names))
    return {f"{written}/{name}": weight for name, weight in found.items()}


def _for_each(kind: Kind) -> Kind:
    """The kind, or a dict of it by projection."""

    def holds(value: Json) -> bool:
        if isinstance(value, dict):
            return all(name in PROJECTIONS and kind.holds(each) for name, each in value.items())
        return kind.holds(value)

    return Kind(f"{kind.name}, or one for each projection", holds)


TRANSLATORS = {
    "MultiHeadAttention": multi_head_attention,
    "GroupedQueryAttention": group_query_attention,  # so it is saved by the name of its class
    "GroupQueryAttention": group_query_attention,
    "keras_bias>MultiHeadAttention": multi_head_attention,
    "keras_bias>GroupQueryAttention": group_query_attention,
}
