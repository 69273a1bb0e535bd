"""Translators of the pooling layers."""

from collections.abc import Callable

from keras_tfjs.ir import Json, Layer
from keras_tfjs.translate.options import BOOL, FORMAT, SIZES, TEXT, Aim, Options, optional

Translator = Callable[[Layer, Aim], Layer]

AXES = (1, 2, 3)
"""How many spatial axes there are layers for."""


def listed(value: Json, axes: int) -> list[Json]:
    """A number for each axis, from a list or from one for all of them."""
    return value if isinstance(value, list) else [value] * axes


def pooling(axes: int, *, mean: bool) -> Translator:
    """The translator for so many spatial axes."""

    def translate(layer: Layer, aim: Aim) -> Layer:
        """The largest or the mean of every window.

        Stock tfjs takes steps with channels last only. Its means leave out the padding, as Keras's
        do, but their gradients are divided by the whole window (`AvgPoolGrad` of its backends). The
        gradient of the largest in a volume goes astray in windows that are not square
        (`maxPool3dPositions` of its backend cpu).
        """
        options = Options(layer, aim)
        size = listed(options.read("pool_size", SIZES, 2), axes)
        given = options.read("strides", optional(SIZES), None)
        strides = size if given is None else listed(given, axes)
        options.config |= {"pool_size": size, "strides": strides}
        same = options.take("padding", TEXT, "valid") == "same"
        data_format = options.take("data_format", FORMAT, "channels_last")
        why = None
        if axes == 1 and data_format == "channels_first":
            return options.twin(f"keras>{layer.class_name}", "data_format='channels_first'")
        if mean and same and not _even(options, size, strides):
            why = "padding='same'"
        elif not mean and len(set(size[1:])) > 1 and axes == 3:
            why = f"pool_size={size!r}"
        if why is not None and not aim.stock:
            return options.twin(f"keras>{layer.class_name}", why)
        if why is not None:
            options.note(f"with {why} it trains otherwise: stock gradients are not Keras's")
        if axes == 1:
            del options.config["data_format"]
        return options.stock(layer.class_name)

    return translate


def _even(options: Options, windows: list[Json], strides: list[Json]) -> bool:
    """Whether windows that move like this surely need no padding."""
    shape = options.input_shape
    if shape is None:
        return all(window == 1 for window in windows)
    sizes = shape[2:] if options.config["data_format"] == "channels_first" else shape[1:-1]
    return all(
        window == 1 or (size is not None and (-(-size // stride) - 1) * stride + window <= size)
        for size, window, stride in zip(sizes, windows, strides, strict=False)
    )


def global_pooling(axes: int, *, mean: bool) -> Translator:
    """The translator for so many spatial axes."""

    def translate(layer: Layer, aim: Aim) -> Layer:
        """The largest or the mean of every channel.

        Stock tfjs ignores keepdims and masks, and its gradient by a largest number goes to all that
        are equal, as often as there are, where Keras divides it among them.
        """
        options = Options(layer, aim)
        twin = f"keras>{layer.class_name}"
        data_format = options.take("data_format", FORMAT, "channels_last")
        keepdims = options.take("keepdims", BOOL, False)
        if axes == 3:
            return options.twin(twin, f"a {layer.class_name}")
        if axes == 1 and data_format == "channels_first":
            return options.twin(twin, "data_format='channels_first'")
        if axes == 1 and mean and aim.masked:
            return options.twin(twin, f"a {layer.class_name} in a model with masks")
        if not aim.stock and (keepdims or not mean):
            return options.twin(twin, "keepdims=True" if keepdims else f"a {layer.class_name}")
        if not mean:
            options.note("it trains otherwise where the largest number comes several times")
        del options.config["keepdims"]
        if axes == 1:
            del options.config["data_format"]
        if not keepdims:
            return options.stock(layer.class_name)
        return _reshaped(options, axes, data_format)

    return translate


def _reshaped(options: Options, axes: int, data_format: Json) -> Layer:
    """Stock global pooling, and a Reshape that brings the axes back."""
    layer, shape = options.layer, options.input_shape
    channels = None if shape is None else shape[1 if data_format == "channels_first" else -1]
    if channels is None:
        instead = "Build the layer on a known number of channels, or use keepdims=False."
        raise options.unsupported("keepdims", True, instead)
    ones = [1] * axes
    target = [channels, *ones] if data_format == "channels_first" else [*ones, channels]
    format_ = {} if axes == 1 else {"data_format": data_format}
    return options.nested(
        options.inner("pooling", layer.class_name, **format_),
        options.inner("reshape", "Reshape", target_shape=target),
    )


def adaptive_pooling(axes: int) -> Translator:
    """The translator for so many spatial axes."""

    def translate(layer: Layer, aim: Aim) -> Layer:
        """The largest or the mean of so many windows along each axis, as Keras defines them.

        Keras itself strays with JAX, where float32 rounds the end of a window up (3 to 7: NaN).
        """
        options = Options(layer, aim)
        options.config["output_size"] = listed(options.read("output_size", SIZES), axes)
        options.take("data_format", FORMAT, "channels_last")
        return options.twin(f"keras>{layer.class_name}", f"an {layer.class_name}")

    return translate


TRANSLATORS: dict[str, Translator] = {
    name: translate
    for axes in AXES
    for name, translate in {
        f"MaxPooling{axes}D": pooling(axes, mean=False),
        f"AveragePooling{axes}D": pooling(axes, mean=True),
        f"GlobalMaxPooling{axes}D": global_pooling(axes, mean=False),
        f"GlobalAveragePooling{axes}D": global_pooling(axes, mean=True),
        f"AdaptiveMaxPooling{axes}D": adaptive_pooling(axes),
        f"AdaptiveAveragePooling{axes}D": adaptive_pooling(axes),
    }.items()
}
