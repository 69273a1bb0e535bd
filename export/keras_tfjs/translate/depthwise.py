"""Translators of depthwise and separable convolutions, stock in two dimensions."""

from keras_tfjs.ir import Layer
from keras_tfjs.translate import lowering
from keras_tfjs.translate.convolution import (
    channel_axis,
    input_channels,
    is_dilated,
    window,
    with_bias,
)
from keras_tfjs.translate.options import INT, Aim, Options
from keras_tfjs.translate.weights import Sizes, named


def depthwise_conv(layer: Layer, aim: Aim) -> Layer:
    """Each channel by itself; stock tfjs calls the kernel otherwise, and ignores a dilation."""
    options = Options(layer, aim)
    chosen = lowering.choice(options)
    times = options.take("depth_multiplier", INT, 1)
    kernel = window(options)
    options.initializers(depthwise="GlorotUniform", bias="Zeros")
    options.regularizers("depthwise", "bias")
    options.constraints("depthwise", "bias")
    # Keras 2 wrote these down for the class that DepthwiseConv2D extended then.
    options.leave("filters", "kernel_initializer", "kernel_regularizer", "kernel_constraint")
    options.leave("groups")
    channels = input_channels(options)
    shapes: dict[str, Sizes | None] = {"kernel": (*kernel, channels, times)}
    if "depthwise_kernel" in layer.weights:  # as Keras 2 called it
        shapes = {"depthwise_kernel": shapes["kernel"]}
    made = None if channels is None else channels * times
    weights = named(layer, with_bias(options, shapes, made))
    found = weights.pop("depthwise_kernel", None) or weights.pop("kernel")
    why = _lacking(options)
    return lowering.biased(
        options,
        chosen,
        {"kernel" if why else "depthwise_kernel": found, **weights},
        name=layer.class_name,
        exact=None if why else layer.class_name,
        why=why or "",
        channels=made,
        channel_axis=channel_axis(options),
        kernels={"depthwise_kernel": "kernel"},
    )


def separable_conv(layer: Layer, aim: Aim) -> Layer:
    """Each channel by itself, then all of a place together."""
    options = Options(layer, aim)
    chosen = lowering.choice(options)
    filters = options.take("filters", INT)
    times = options.take("depth_multiplier", INT, 1)
    kernel = window(options)
    options.initializers(depthwise="GlorotUniform", pointwise="GlorotUniform", bias="Zeros")
    options.regularizers("depthwise", "pointwise", "bias")
    options.constraints("depthwise", "pointwise", "bias")
    # Keras 2 wrote these down for the class that SeparableConv2D extended then.
    options.leave("kernel_initializer", "kernel_regularizer", "kernel_constraint", "groups")
    channels = input_channels(options)
    wide = None if channels is None else channels * times
    shapes: dict[str, Sizes | None] = {
        "depthwise_kernel": (*kernel, channels, times),
        "pointwise_kernel": (*[1] * len(kernel), wide, filters),
    }
    why = _lacking(options)
    if why is None and options.config["data_format"] == "channels_first":
        why = "data_format='channels_first'"
    return lowering.biased(
        options,
        chosen,
        named(layer, with_bias(options, shapes, filters)),
        name=layer.class_name,
        exact=None if why else layer.class_name,
        why=why or "",
        channels=filters,
        channel_axis=channel_axis(options),
    )


def _lacking(options: Options) -> str | None:
    """What the layer has that stock tfjs lacks."""
    if len(options.config["kernel_size"]) == 1:
        return f"a {options.layer.class_name}"
    if is_dilated(options):
        return f"dilation_rate={options.config['dilation_rate']!r}"
    return _lost(options)


def _lost(options: Options) -> str | None:
    """What stock tfjs leaves out when it saves the layer again, or writes in another's place."""
    config = options.config
    if options.layer.class_name == "DepthwiseConv2D" and config["depthwise_regularizer"]:
        lost = "depthwise_regularizer"
    elif options.layer.class_name == "SeparableConv2D" and config["depth_multiplier"] != 1:
        lost = "depth_multiplier"
    else:
        return None
    if options.aim.stock:
        options.note(f"stock TensorFlow.js cannot load it again once it saved it: {lost} gets lost")
        return None
    return f"{lost}={config[lost]!r}"


TRANSLATORS = {
    f"{package}{name}": function
    for package in ("", "keras_bias>")
    for names, function in (
        (("DepthwiseConv1D", "DepthwiseConv2D"), depthwise_conv),
        (("SeparableConv1D", "SeparableConv2D"), separable_conv),
    )
    for name in names
}
