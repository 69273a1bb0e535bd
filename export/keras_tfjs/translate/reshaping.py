"""Translators of the layers that only move numbers."""

from keras_tfjs.ir import Layer
from keras_tfjs.translate.options import FORMAT, INT, SHAPE, Aim, Options, optional
from keras_tfjs.translate.shapes import resolved


def flatten(layer: Layer, aim: Aim) -> Layer:
    """Stock Flatten wants at least three axes, all of known size."""
    options = Options(layer, aim)
    channels_first = options.read("data_format", optional(FORMAT), None) == "channels_first"
    shape = options.input_shape
    if shape is None or (len(shape) >= 3 and None not in shape[1:]):
        options.config["data_format"] = "channels_first" if channels_first else "channels_last"
        return options.stock("Flatten")
    if len(shape) == 2:
        return options.linear()
    reshape = options.inner("reshape", "Reshape", target_shape=[-1] if len(shape) > 1 else [1])
    if channels_first and len(shape) > 2:
        dims = [*range(2, len(shape)), 1]
        return options.nested(options.inner("permute", "Permute", dims=dims), reshape)
    options.config["target_shape"] = reshape.config["target_shape"]
    return options.stock("Reshape")


def reshape(layer: Layer, aim: Aim) -> Layer:
    """The -1 is worked out, where one can, so that tfjs knows the size too."""
    options = Options(layer, aim)
    target = options.take("target_shape", SHAPE)
    if options.input_shape is not None:
        sizes = resolved(target, options.input_shape)
        options.config["target_shape"] = [-1 if size is None else size for size in sizes]
    return options.stock("Reshape")


def permute(layer: Layer, aim: Aim) -> Layer:
    """Axes in another order."""
    options = Options(layer, aim)
    options.take("dims", SHAPE)
    return options.stock("Permute")


def repeat_vector(layer: Layer, aim: Aim) -> Layer:
    """A vector, several times."""
    options = Options(layer, aim)
    options.take("n", INT)
    return options.stock("RepeatVector")


TRANSLATORS = {
    "Flatten": flatten,
    "Reshape": reshape,
    "Permute": permute,
    "RepeatVector": repeat_vector,
}
