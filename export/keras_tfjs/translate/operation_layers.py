"""Operations of `keras.ops` that are what a layer computes: written as that layer.

`x + y` in a functional model is an Add, and `x / 255` a Rescaling. As layers they need no twin if
stock tfjs has them. Masks are why not always: an operation ends one, and most of these layers hand
it on, so in a model with masks they stay operations.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from math import prod
from typing import Any

from keras_tfjs.ir import Call, Json, Layer, Tensor, tensors
from keras_tfjs.translate import parts
from keras_tfjs.translate.operation_table import OPERATIONS

Config = tuple[str, dict[str, Json]]
"""A layer's class and its configuration."""

Given = Mapping[str, Any]
Find = Callable[[Given, Mapping[str, Json]], Config | None]
"""The layer for arguments and options, both by their names; None if there is none."""

Shape = tuple[int | None, ...]


def as_layer(operation: Layer, *, masked: bool) -> Layer | None:
    """The layer of Keras that computes the same, in Keras's words; None if there is none.

    Args:
        operation: called once.
        masked: whether the model has masks anywhere.
    """
    find = (_WINDOWS if masked else LAYERS).get(operation.class_name)
    known = OPERATIONS.get(operation.class_name)
    if find is None or known is None:
        return None
    call = operation.calls[0]
    given = {**dict(zip(known.arguments, call.args, strict=False)), **call.kwargs}
    options = {key: parts.plain(v) for key, v in operation.config.items() if key != "name"}
    used = tensors(list(given.values()))
    if not set(options) <= set(known.options) or any(_shape(tensor) is None for tensor in used):
        return None
    found = find(given, {**known.options, **options})
    if found is None:
        return None
    class_name, config = found
    shapes = [list(_shape(tensor) or ()) for tensor in used]
    return replace(
        operation,
        class_name=class_name,
        module="keras.layers",
        registered_name=class_name,
        config={"name": operation.name, "trainable": True, "dtype": "float32", **config},
        calls=(Call(tuple(used), {}),),
        input_shape=shapes if len(shapes) > 1 else shapes[0],
    )


def _shape(value: Any) -> Shape | None:
    """Of a tensor of floats with a batch and more, its shape; None of anything else."""
    if not isinstance(value, Tensor) or value.shape is None or len(value.shape) < 2:
        return None
    return value.shape if value.dtype in ("float16", "bfloat16", "float32", "float64") else None


def _number(value: Any) -> float | None:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if plain else None


def _activation(name: str, **needed: Json) -> Find:
    def find(given: Given, options: Mapping[str, Json]) -> Config | None:
        shape = _shape(given["x"]) or ()
        axis = options.get("axis", -1)
        plain = all(options[key] == value for key, value in needed.items())
        last = axis in (-1, len(shape) - 1)
        return ("Activation", {"activation": name}) if plain and last else None

    return find


def _merged(class_name: str | None, scaled: Callable[[float, bool], Config | None]) -> Find:
    """Of two tensors of one shape a merge layer; of a tensor and a number what `scaled` says.

    Args:
        class_name: of the merge layer; None if there is none.
        scaled: given the number, and whether it is the second of the two.
    """

    def find(given: Given, options: Mapping[str, Json]) -> Config | None:
        pair = (given["x1"], given["x2"])
        one, other = map(_shape, pair)
        if one is not None and other is not None:
            return (class_name, {}) if class_name and one == other else None
        number = _number(pair[1] if one is not None else pair[0])
        return None if number is None else scaled(number, one is not None)

    return find


def _rescaling(scale: float, offset: float) -> Config:
    return "Rescaling", {"scale": scale, "offset": offset}


def _never(number: float, behind: bool) -> Config | None:
    return None


def _quotient(number: float, behind: bool) -> Config | None:
    return _rescaling(1 / number, 0.0) if behind and number else None


def _difference(number: float, behind: bool) -> Config | None:
    return _rescaling(1.0, -number) if behind else _rescaling(-1.0, number)


def _negative(given: Given, options: Mapping[str, Json]) -> Config | None:
    return _rescaling(-1.0, 0.0)


def _concatenated(given: Given, options: Mapping[str, Json]) -> Config | None:
    shapes, axis = [_shape(each) for each in given["xs"]], options["axis"]
    if len(shapes) < 2 or not isinstance(axis, int) or axis % len(shapes[0] or ()) == 0:
        return None
    return "Concatenate", {"axis": axis}


def _reshaped(given: Given, options: Mapping[str, Json]) -> Config | None:
    shape, wanted = _shape(given["x"]), options["newshape"]
    if shape is None or not isinstance(wanted, list) or len(wanted) < 2:
        return None
    before, (batch, *after) = _whole(shape[1:]), wanted
    same = before is not None and _whole(after) is not None and prod(before) == prod(after)
    return ("Reshape", {"target_shape": after}) if same and batch in (-1, shape[0]) else None


def _whole(sizes: Iterable[Any]) -> list[int] | None:
    """The sizes, if all of them are known."""
    known = list(sizes)
    return known if all(isinstance(size, int) and size > 0 for size in known) else None


def _permuted(given: Given, options: Mapping[str, Json]) -> Config | None:
    axes = options["axes"]
    if not isinstance(axes, list) or sorted(axes) != list(range(len(axes))) or axes[0] != 0:
        return None
    return "Permute", {"dims": axes[1:]}


def _mean(given: Given, options: Mapping[str, Json]) -> Config | None:
    shape, axis = _shape(given["x"]) or (), options["axis"]
    listed = axis if isinstance(axis, list) else [axis]
    if None in listed or len(shape) not in (3, 4):
        return None
    if sorted(each % len(shape) for each in listed) != list(range(1, len(shape) - 1)):
        return None
    config = {"data_format": "channels_last", "keepdims": options["keepdims"]}
    return f"GlobalAveragePooling{len(shape) - 2}D", config


def _pooled(stem: str) -> Find:
    def find(given: Given, options: Mapping[str, Json]) -> Config | None:
        axes = len(_shape(given["inputs"]) or ()) - 2
        config = {**options, "data_format": options["data_format"] or "channels_last"}
        return (f"{stem}Pooling{axes}D", config) if axes in (1, 2, 3) else None

    return find


_WINDOWS: dict[str, Find] = {"AveragePool": _pooled("Average"), "MaxPool": _pooled("Max")}
"""Operations whose layers end masks as they do."""

LAYERS: dict[str, Find] = {
    **_WINDOWS,
    "Relu": _activation("relu"),
    "Sigmoid": _activation("sigmoid"),
    "Tanh": _activation("tanh"),
    "Softplus": _activation("softplus"),
    "Softsign": _activation("softsign"),
    "Selu": _activation("selu"),
    "Silu": _activation("silu"),
    "Elu": _activation("elu", alpha=1.0),
    "Softmax": _activation("softmax"),
    "Add": _merged("Add", lambda number, behind: _rescaling(1.0, number)),
    "Multiply": _merged("Multiply", lambda number, behind: _rescaling(number, 0.0)),
    "Subtract": _merged(None, _difference),
    "Divide": _merged(None, _quotient),
    "TrueDivide": _merged(None, _quotient),
    "Maximum": _merged("Maximum", _never),
    "Minimum": _merged("Minimum", _never),
    "Negative": _negative,
    "Concatenate": _concatenated,
    "Reshape": _reshaped,
    "Transpose": _permuted,
    "Mean": _mean,
}
"""By the operation's class: the layer that it is, under conditions."""
