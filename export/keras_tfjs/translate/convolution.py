"""Translators of the convolutions, where stock tfjs computes what Keras does."""

from keras_tfjs.ir import Layer
from keras_tfjs.translate.options import BOOL, FORMAT, INT, PAIRS, SHAPE, TEXT, Aim, Options
from keras_tfjs.translate.weights import named


def conv(layer: Layer, aim: Aim) -> Layer:
    """A convolution of one or two dimensions, not grouped."""
    options = Options(layer, aim)
    filters = options.take("filters", INT)
    kernel = _window(options, 1 if layer.class_name == "Conv1D" else 2)
    options.pin("groups", 1, "Use groups=1.")
    options.initializers(kernel="GlorotUniform", bias="Zeros")
    options.regularizers("kernel", "bias")
    options.constraints("kernel", "bias")
    shapes = {"kernel": (*kernel, _channels(options), filters), "bias": (filters,)}
    use_bias = options.config["use_bias"]
    weights = named(layer, {name: s for name, s in shapes.items() if name != "bias" or use_bias})
    return options.stock(layer.class_name, weights)


def depthwise_conv_2d(layer: Layer, aim: Aim) -> Layer:
    """A depthwise convolution without dilation, which tfjs ignores; its kernel is renamed."""
    options = Options(layer, aim)
    options.pin("dilation_rate", [1, 1], "Use dilation_rate=1: TensorFlow.js ignores any other.")
    times = options.take("depth_multiplier", INT, 1)
    kernel = _window(options, 2, dilated=False)
    options.config["dilation_rate"] = [1, 1]
    options.initializers(depthwise="GlorotUniform", bias="Zeros")
    options.regularizers("depthwise", "bias")
    options.constraints("depthwise", "bias")
    # Keras 2 wrote these down for the class that DepthwiseConv2D extended then.
    options.leave("filters", "kernel_initializer", "kernel_regularizer", "kernel_constraint")
    options.leave("groups")
    channels = _channels(options)
    shapes = {
        "depthwise_kernel": (*kernel, channels, times),
        "bias": (None if channels is None else channels * times,),
    }
    use_bias = options.config["use_bias"]
    weights = named(layer, {name: s for name, s in shapes.items() if name != "bias" or use_bias})
    return options.stock("DepthwiseConv2D", weights)


def zero_padding_2d(layer: Layer, aim: Aim) -> Layer:
    """Zeros around."""
    options = Options(layer, aim)
    options.take("padding", PAIRS)
    options.take("data_format", FORMAT, "channels_last")
    return options.stock("ZeroPadding2D")


def _window(options: Options, axes: int, *, dilated: bool = True) -> list[int]:
    kernel: list[int] = options.take("kernel_size", SHAPE)
    options.take("strides", SHAPE, [1] * axes)
    padding = options.take("padding", TEXT, "valid")
    options.take("data_format", FORMAT, "channels_last")
    if dilated:
        options.take("dilation_rate", SHAPE, [1] * axes)
    options.activation()
    options.take("use_bias", BOOL, True)
    if padding not in ("valid", "same"):
        instead = "Put a ZeroPadding layer before it, and use padding='valid'."
        raise options.unsupported("padding", padding, instead)
    if options.config["data_format"] == "channels_first" and axes == 1:
        instead = "Use data_format='channels_last'."
        raise options.unsupported("data_format", "channels_first", instead)
    return kernel


def _channels(options: Options) -> int | None:
    shape = options.input_shape
    if shape is None:
        return None
    return shape[1] if options.config["data_format"] == "channels_first" else shape[-1]


TRANSLATORS = {
    "Conv1D": conv,
    "Conv2D": conv,
    "DepthwiseConv2D": depthwise_conv_2d,
    "ZeroPadding2D": zero_padding_2d,
}
