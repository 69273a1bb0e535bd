"""Translators of the layers that make one tensor of several."""

from collections.abc import Callable

from keras_tfjs.ir import Layer, tensors
from keras_tfjs.translate.options import AXES, BOOL, INT, Aim, Options


def _elementwise(layer: Layer, aim: Aim) -> Layer:
    """The same class; of one tensor only, what Keras gives: that tensor."""
    options = Options(layer, aim)
    return options.linear() if _is_of_one(layer) else options.stock(layer.class_name)


def subtract(layer: Layer, aim: Aim) -> Layer:
    """Stock tfjs cannot subtract."""
    return Options(layer, aim).twin("keras>Subtract", "a difference of tensors")


def concatenate(layer: Layer, aim: Aim) -> Layer:
    """One behind the other."""
    options = Options(layer, aim)
    axis = options.take("axis", INT, -1)
    shapes = layer.input_shape
    if axis < -1 and isinstance(shapes, list | tuple):
        options.config["axis"] = axis % len(shapes[0])  # tfjs counts from behind for -1 only
    return options.linear() if _is_of_one(layer) else options.stock("Concatenate")


def dot(layer: Layer, aim: Aim) -> Layer:
    """Stock Dot knows tensors of two and three axes, and normalizes otherwise than Keras."""
    options = Options(layer, aim)
    axes = options.take("axes", AXES)
    normalize = options.take("normalize", BOOL, False)
    shapes = layer.input_shape
    ranks = [len(shape) for shape in shapes] if isinstance(shapes, list | tuple) else []
    if not normalize and len(ranks) == 2 and set(ranks) <= {2, 3}:
        pair = axes if isinstance(axes, list) else [axes, axes]
        options.config["axes"] = [at % rank for at, rank in zip(pair, ranks, strict=True)]
        return options.stock("Dot")
    why = "normalize=True" if normalize else f"axes={axes!r} of tensors with {ranks} axes"
    return options.twin("keras>Dot", why)


def _is_of_one(layer: Layer) -> bool:
    return bool(layer.calls) and all(len(tensors(list(call.args))) == 1 for call in layer.calls)


TRANSLATORS: dict[str, Callable[[Layer, Aim], Layer]] = {
    "Add": _elementwise,
    "Multiply": _elementwise,
    "Average": _elementwise,
    "Maximum": _elementwise,
    "Minimum": _elementwise,
    "Subtract": subtract,
    "Concatenate": concatenate,
    "Dot": dot,
}
