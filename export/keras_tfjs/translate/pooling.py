"""Translators of the pooling layers, where stock tfjs computes what Keras does."""

from collections.abc import Callable

from keras_tfjs.ir import Layer
from keras_tfjs.translate.options import BOOL, FORMAT, SHAPE, TEXT, Aim, Options, optional


def pooling_2d(layer: Layer, aim: Aim) -> Layer:
    """The largest or the mean of every window."""
    options = Options(layer, aim)
    size = options.take("pool_size", SHAPE, [2, 2])
    strides = options.read("strides", optional(SHAPE), None)
    options.config["strides"] = size if strides is None else strides
    options.take("padding", TEXT, "valid")
    options.take("data_format", FORMAT, "channels_last")
    return options.stock(layer.class_name)


def global_pooling_2d(layer: Layer, aim: Aim) -> Layer:
    """The largest or the mean of every channel; axes that are kept come back by a Reshape."""
    options = Options(layer, aim)
    data_format = options.take("data_format", FORMAT, "channels_last")
    if not options.read("keepdims", BOOL, False):
        return options.stock(layer.class_name)
    shape = options.input_shape
    channels = None if shape is None else shape[1 if data_format == "channels_first" else -1]
    if channels is None:
        instead = "Build the layer on a known number of channels, or use keepdims=False."
        raise options.unsupported("keepdims", True, instead)
    target = [channels, 1, 1] if data_format == "channels_first" else [1, 1, channels]
    return options.nested(
        options.inner("pooling", layer.class_name, data_format=data_format),
        options.inner("reshape", "Reshape", target_shape=target),
    )


TRANSLATORS: dict[str, Callable[[Layer, Aim], Layer]] = {
    "MaxPooling2D": pooling_2d,
    "AveragePooling2D": pooling_2d,
    "GlobalAveragePooling2D": global_pooling_2d,
    "GlobalMaxPooling2D": global_pooling_2d,
}
