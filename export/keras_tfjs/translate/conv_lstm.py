"""What ConvLSTM1D, 2D and 3D are made of: an LSTM's cell, whose products are convolutions.

Stock tfjs has the one over images. It has no gradient for a dilated one, and cannot run one whose
channels come first on every backend; apart from that it has of it what it has of other cells (see
cells.py).
"""

from keras_tfjs.ir import Weight
from keras_tfjs.translate.cells import GATES, biased, dropping, regularized
from keras_tfjs.translate.options import BOOL, FORMAT, INT, SHAPE, TEXT, Options
from keras_tfjs.translate.weights import Sizes

AXES = {"ConvLSTM1D": 1, "ConvLSTM2D": 2, "ConvLSTM3D": 3}
"""The number of spatial axes, by class name of the layer."""

PLACED = ("location", "untied")
"""Shapes of biases that differ by place, which no other recurrent layer has."""


def conv_unit(
    options: Options, kind: str, sequence_shape: Sizes | None
) -> tuple[dict[str, Weight], str | None]:
    """Declare what a layer has of its cell; the weights, and what stock tfjs does not have of it.

    Args:
        options: of the layer.
        kind: its class name.
        sequence_shape: of its input, `(batch, steps, ...)`; None if unknown.
    """
    filters = options.take("filters", INT)
    why = _moves(options, AXES[kind])
    options.activation()
    options.activation("recurrent_activation")
    use_bias = options.take("use_bias", BOOL, True)
    options.take("unit_forget_bias", BOOL, True)
    options.initializers(kernel="GlorotUniform", recurrent="Orthogonal", bias="Zeros")
    options.regularizers("kernel", "recurrent", "bias")
    options.constraints("kernel", "recurrent", "bias")
    options.leave("seed")
    dropped = dropping(options)
    why = why or dropped or regularized(options)
    first = options.config["data_format"] == "channels_first"
    channels = sequence_shape[2 if first else -1] if sequence_shape else None
    kernel, gates = options.config["kernel_size"], GATES["LSTM"]
    shapes: dict[str, Sizes | None] = {
        "kernel": (*kernel, channels, gates * filters),
        "recurrent_kernel": (*kernel, filters, gates * filters),
    }
    if use_bias:
        shapes["bias"] = (gates * filters,)
    shape = options.layer.config.get("bias_shape")
    if shape in PLACED:
        why = why or f"bias_shape={shape!r}"
    return biased(options, shapes, (gates, filters), why)


def _moves(options: Options, axes: int) -> str | None:
    """Declare how the kernel moves; what stock tfjs does not have of it."""
    options.take("kernel_size", SHAPE)
    options.take("strides", SHAPE, [1] * axes)
    options.take("padding", TEXT, "valid")
    data_format = options.take("data_format", FORMAT, "channels_last")
    dilation = options.take("dilation_rate", SHAPE, [1] * axes)
    if axes != 2:
        return f"ConvLSTM{axes}D"
    if data_format == "channels_first":
        return "data_format='channels_first'"
    return f"dilation_rate={tuple(dilation)}" if max(dilation, default=1) > 1 else None
