"""Translators of plain and transposed convolutions: stock where tfjs computes what Keras does."""

from keras_tfjs.ir import Json, Layer
from keras_tfjs.translate import lowering
from keras_tfjs.translate.dense import UNQUANTIZED
from keras_tfjs.translate.lora import merged
from keras_tfjs.translate.options import (
    BOOL,
    FORMAT,
    INT,
    NUMBER,
    SHAPE,
    TEXT,
    Aim,
    Options,
    optional,
)
from keras_tfjs.translate.weights import Sizes, named


def conv(layer: Layer, aim: Aim) -> Layer:
    """A convolution over one, two or three axes."""
    options = Options(layer, aim)
    chosen = lowering.choice(options)
    filters = options.take("filters", INT)
    kernel = window(options)
    groups = options.read("groups", INT, 1)
    _kernel_and_bias(options)
    channels = input_channels(options)
    each = None if channels is None or channels % groups else channels // groups
    shapes: dict[str, Sizes | None] = {"kernel": (*kernel, each, filters)}
    weights = named(_unadapted(options), with_bias(options, shapes, filters))
    why = _lacking(options, groups)
    if why is None and aim.stock and (unlearnt := _untrainable(options)):
        options.note(f"{unlearnt} is computed, and not trained, by stock layers")
    if groups != 1 or why:
        options.config["groups"] = groups
    return lowering.biased(
        options,
        chosen,
        weights,
        name=layer.class_name,
        exact=None if why else layer.class_name,
        why=why or "",
        channels=filters,
        channel_axis=channel_axis(options),
    )


def conv_transpose(layer: Layer, aim: Aim) -> Layer:
    """A transposed convolution over one, two or three axes."""
    options = Options(layer, aim)
    chosen = lowering.choice(options)
    filters = options.take("filters", INT)
    kernel = window(options)
    padding = options.read("output_padding", optional(SHAPE), None)
    _kernel_and_bias(options)
    shapes: dict[str, Sizes | None] = {"kernel": (*kernel, filters, input_channels(options))}
    weights = named(layer, with_bias(options, shapes, filters))
    why = _lacking_transposed(options, padding)
    if why:
        options.config["output_padding"] = padding
    return lowering.biased(
        options,
        chosen,
        weights,
        name=layer.class_name,
        exact=None if why else layer.class_name,
        why=why or "",
        channels=filters,
        channel_axis=channel_axis(options),
    )


def window(options: Options) -> list[int]:
    """Declares what a window is and how it moves; the sizes of the kernel."""
    kernel: list[int] = options.take("kernel_size", SHAPE)
    options.take("strides", SHAPE, [1] * len(kernel))
    options.take("padding", TEXT, "valid")
    options.take("data_format", FORMAT, "channels_last")
    options.take("dilation_rate", SHAPE, [1] * len(kernel))
    options.activation()
    options.take("use_bias", BOOL, True)
    return kernel


def with_bias(
    options: Options, shapes: dict[str, Sizes | None], channels: int | None
) -> dict[str, Sizes | None]:
    """The shapes of the weights, the bias's too if there is one: of ours it may be any."""
    if not options.config["use_bias"]:
        return shapes
    return {**shapes, "bias": None if lowering.is_ours(options) else (channels,)}


def input_channels(options: Options) -> int | None:
    """How many channels come in; None if unknown."""
    shape = options.input_shape
    if shape is None:
        return None
    return shape[1] if options.config["data_format"] == "channels_first" else shape[-1]


def channel_axis(options: Options) -> int:
    """The axis of channels in the output without the batch."""
    return 0 if options.config["data_format"] == "channels_first" else -1


def is_dilated(options: Options) -> bool:
    """Whether the window has holes, with which stock tfjs computes no gradients."""
    return any(rate != 1 for rate in options.config["dilation_rate"])


def _kernel_and_bias(options: Options) -> None:
    options.initializers(kernel="GlorotUniform", bias="Zeros")
    options.regularizers("kernel", "bias")
    options.constraints("kernel", "bias")


def _unadapted(options: Options) -> Layer:
    """The layer with its LoRA merged."""
    options.pin("quantization_config", None, UNQUANTIZED)
    rank = options.read("lora_rank", optional(INT), None)
    alpha = options.read("lora_alpha", optional(NUMBER), None)
    return merged(options, options.layer, "kernel", rank, alpha)


def _lacking(options: Options, groups: int) -> str | None:
    """What the layer has that stock tfjs lacks."""
    config = options.config
    if groups != 1:
        return f"groups={groups}"
    if config["padding"] not in ("valid", "same"):
        return f"padding={config['padding']!r}"
    if len(config["kernel_size"]) == 1 and config["data_format"] == "channels_first":
        return "data_format='channels_first'"
    return None if options.aim.stock else _untrainable(options)


def _untrainable(options: Options) -> str | None:
    """What stock tfjs computes exactly, and does not train."""
    config = options.config
    if is_dilated(options):
        return f"dilation_rate={config['dilation_rate']!r}"
    if len(config["kernel_size"]) == 3 and any(step != 1 for step in config["strides"]):
        return f"strides={config['strides']!r}"  # its gradient is wrong on the WASM backend
    return None


def _lacking_transposed(options: Options, padding: Json) -> str | None:
    config = options.config
    if len(config["kernel_size"]) != 2:  # unknown, or wrong on the WASM backend
        return f"a {options.layer.class_name}"
    if padding is not None:
        return f"output_padding={padding!r}"
    if is_dilated(options):
        return f"dilation_rate={config['dilation_rate']!r}"
    return None


TRANSLATORS = {
    f"{package}{name}": function
    for package in ("", "keras_bias>")
    for names, function in (
        (("Conv1D", "Conv2D", "Conv3D"), conv),
        (("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"), conv_transpose),
    )
    for name in names
}
