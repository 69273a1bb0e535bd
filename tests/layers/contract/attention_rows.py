"""Attention in the contract: four projections, each with a bias of its own."""

from collections.abc import Mapping
from typing import Any

from layers.contract.recurrent_definition import attention
from layers.contract.row import Bias, Case, Row

TARGET, SOURCE, FEATURES, SIZE = 3, 2, 3, 2
"""Steps of the queries and of the values, their features, and the size of a head."""


def of_projection(bias_shape: Any, places: int, *units: int) -> Bias:
    """What a bias shape comes to on (place, *units)."""
    sizes, ones = (places, *units), (1,) * len(units)
    match bias_shape:
        case "scalar":
            return Bias((1,), (1, *ones), sizes)
        case "vector":
            return Bias(units, (1, *units), sizes)
        case "location":
            return Bias((places, *ones), (places, *ones), sizes)
        case "untied":
            return Bias(sizes, sizes, sizes)
        case (None, 1):
            return Bias((units[0], 1), (1, units[0], 1), sizes)
    raise AssertionError(bias_shape)


def cases(heads: int, shared: int, key: bool) -> tuple[Case, ...]:
    """The cases of a layer of that many heads of queries, and of keys and values.

    Args:
        heads: of queries.
        shared: heads of keys and values.
        key: whether keys have a bias.
    """

    def case(bias_shape: Any, trainable: Any = True) -> Case:
        of = bias_shape if isinstance(bias_shape, Mapping) else dict.fromkeys(NAMES, bias_shape)
        biases = {
            "query/bias": of_projection(of.get("query", "vector"), TARGET, heads, SIZE),
            "key/bias": of_projection(of.get("key", "vector"), SOURCE, shared, SIZE),
            "value/bias": of_projection(of.get("value", "vector"), SOURCE, shared, SIZE),
            "attention_output/bias": of_projection(of.get("output", "vector"), TARGET, FEATURES),
        }
        if not key:
            del biases["key/bias"]
        return Case(bias_shape, biases, trainable)

    return (
        case("scalar"),
        case("vector"),
        case("location"),
        case("untied"),
        case({"query": (None, 1), "output": "scalar"}),
        case({"value": "untied", "query": "location", "output": "untied"}),
        case("untied", trainable=False),
    )


NAMES = ("query", "key", "value", "output")


def row(layer: str, heads: int, shared: int, key: bool = True, **arguments: Any) -> Row:
    """A layer of attention, with a bias of the key or without."""
    if not key:
        arguments["use_bias"] = {"key": False}
    return Row(
        layer,
        arguments,
        ((TARGET, FEATURES), (SOURCE, FEATURES)),
        attention,
        cases(heads, shared, key),
        refused=(
            (
                "group",
                "projection 'query': bias_shape='group' needs a layer with groups, and this one "
                "has none. Use a tuple with a number of equal blocks, such as (2,).",
            ),
            (
                {"keys": "scalar"},
                "bias_shape={'keys': 'scalar'} names the projection 'keys', which this layer does "
                "not have. Use 'query', 'key', 'value', 'output'.",
            ),
        ),
        # What is added to all keys of a query alike, the softmax takes out.
        idle=("key/bias",),
    )


ROWS: list[Row] = [
    row("MultiHeadAttention", 3, 3, num_heads=3, key_dim=SIZE),
    row("MultiHeadAttention", 2, 2, key=False, num_heads=2, key_dim=SIZE),
    row("GroupQueryAttention", 4, 2, head_dim=SIZE, num_query_heads=4, num_key_value_heads=2),
]
