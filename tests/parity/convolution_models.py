"""Convolutions of all kinds, Keras's own and ours, with every option and every bias shape."""

from functools import partial
from typing import Any

import keras
from keras import layers as kl
from parity.row import Row, one

from keras_bias import layers as bl

FIRST = {"data_format": "channels_first"}


def row(name: str, why: str, cls: Any, *shape: int | None, **options: Any) -> Row:
    """A row for one layer on an input of that shape without batch."""
    return Row(f"convolution_{name}", one(partial(cls, **options), *shape), why)


def of(filters: int, size: Any, **options: Any) -> dict[str, Any]:
    """The options that all but the depthwise ones have."""
    return {"filters": filters, "kernel_size": size, **options}


# Sizes are equal where they can be: an axis that is taken for another is not seen in any shape.
STOCK_OR_TWIN = [
    row("1d_groups", "no groups in tfjs", kl.Conv1D, 4, 4, **of(4, 2, groups=2)),
    row("1d_causal", "no causal padding", kl.Conv1D, 5, 4, **of(4, 3, padding="causal")),
    row(
        "1d_causal_dilated",
        "as WaveNet has it",
        kl.Conv1D, None, 3, **of(4, 2, padding="causal", dilation_rate=2),
    ),
    row("1d_first", "channels first", kl.Conv1D, 4, 4, **of(4, 3, padding="same", **FIRST)),
    row("1d_dilated", "no gradients", kl.Conv1D, 7, 2, **of(3, 3, dilation_rate=2)),
    row("1d_strides", "stock", kl.Conv1D, 7, 2, **of(3, 3, strides=2, padding="same")),
    row("2d_groups", "no groups in tfjs", kl.Conv2D, 4, 4, 4, **of(4, 3, padding="same", groups=2)),
    row("2d_groups_1", "a group for each channel", kl.Conv2D, 4, 4, 3, **of(6, 2, groups=3)),
    row(
        "2d_groups_first",
        "groups of channels, first",
        kl.Conv2D, 4, 4, 4, **of(4, 3, padding="same", groups=2, **FIRST),
    ),
    row("2d_dilated", "no gradients", kl.Conv2D, 6, 6, 2, **of(3, 2, dilation_rate=(2, 1))),
    row(
        "2d_dilated_same",
        "zeros around",
        kl.Conv2D, 5, 4, 2, **of(3, 3, dilation_rate=2, padding="same"),
    ),
    row("2d_unknown", "unknown sizes", kl.Conv2D, None, None, 2, **of(3, 2, groups=1)),
    row("2d_one", "everything 1", kl.Conv2D, 1, 1, 1, **of(1, 1, groups=1)),
    row("2d_no_bias", "no bias", kl.Conv2D, 4, 4, 2, **of(4, 2, groups=2, use_bias=False)),
    row("3d", "stock", kl.Conv3D, 3, 3, 3, 3, **of(3, 2, strides=2, padding="same")),
    row("3d_first", "channels first", kl.Conv3D, 3, 3, 3, 3, **of(3, 2, **FIRST)),
    row("3d_groups", "no groups in tfjs", kl.Conv3D, 3, 3, 3, 4, **of(2, 2, groups=2)),
    row("3d_dilated", "holes", kl.Conv3D, 4, 4, 3, 2, **of(2, 2, dilation_rate=(2, 2, 1))),
    row("1dt", "not in tfjs", kl.Conv1DTranspose, 4, 3, **of(3, 3, strides=2)),
    row("1dt_same", "cut off", kl.Conv1DTranspose, 4, 4, **of(4, 3, strides=2, padding="same")),
    row(
        "1dt_more",
        "ignored in stock",
        kl.Conv1DTranspose, 4, 3, **of(2, 3, strides=3, padding="same", output_padding=1),
    ),
    row(
        "1dt_more_first",
        "ignored in stock, channels first",
        kl.Conv1DTranspose, 4, 4, **of(4, 3, strides=2, output_padding=1, **FIRST),
    ),
    row("1dt_holes", "ignored in stock", kl.Conv1DTranspose, 4, 3, **of(2, 2, dilation_rate=2)),
    row("2dt", "stock", kl.Conv2DTranspose, 3, 3, 3, **of(3, 3, strides=2, padding="same")),
    row("2dt_narrow", "narrow", kl.Conv2DTranspose, 3, 2, 2, **of(3, 1, strides=2)),
    row("2dt_first", "channels first", kl.Conv2DTranspose, 3, 3, 3, **of(3, 2, strides=2, **FIRST)),
    row(
        "2dt_more",
        "ignored in stock",
        kl.Conv2DTranspose, 3, 3, 2, **of(3, 3, strides=2, output_padding=(1, 0)),
    ),
    row(
        "2dt_more_same",
        "ignored in stock",
        kl.Conv2DTranspose, 3, 3, 2, **of(3, 4, strides=2, padding="same", output_padding=1),
    ),
    row("2dt_holes", "ignored in stock", kl.Conv2DTranspose, 3, 3, 2, **of(3, 2, dilation_rate=2)),
    row("2dt_unknown", "unknown sizes", kl.Conv2DTranspose, None, None, 2, **of(3, 2, strides=2)),
    row("3dt", "stock", kl.Conv3DTranspose, 2, 2, 2, 2, **of(2, 2, strides=2)),
    row(
        "3dt_more",
        "ignored in stock",
        kl.Conv3DTranspose, 2, 2, 2, 2, **of(2, 3, strides=2, padding="same", output_padding=1),
    ),
    row("3dt_first", "channels first", kl.Conv3DTranspose, 2, 2, 2, 2, **of(2, 2, **FIRST)),
    row("dw1", "not in tfjs", kl.DepthwiseConv1D, 5, 3, kernel_size=2, depth_multiplier=2),
    row("dw1_first", "channels first", kl.DepthwiseConv1D, 3, 3, kernel_size=2, **FIRST),
    row(
        "dw2_regularized",
        "stock saves the regularizer as a constraint",
        kl.DepthwiseConv2D, 4, 4, 3, kernel_size=2, depthwise_regularizer="l2",
    ),
    row(
        "separable2_multiplied",
        "stock does not save the multiplier",
        kl.SeparableConv2D, 4, 4, 2, **of(3, 2, depth_multiplier=2),
    ),
    row("dw2", "stock, renamed", kl.DepthwiseConv2D, 4, 4, 3, kernel_size=2, depth_multiplier=2),
    row(
        "dw2_holes",
        "ignored in stock",
        kl.DepthwiseConv2D, 5, 5, 3, kernel_size=2, depth_multiplier=2, dilation_rate=2,
    ),
    row(
        "dw2_first", "channels first", kl.DepthwiseConv2D, 3, 3, 3, kernel_size=2, padding="same",
        **FIRST,
    ),
    row(
        "sep1",
        "not in tfjs; three penalties",
        kl.SeparableConv1D, 5, 3,
        **of(4, 2, depth_multiplier=2, depthwise_regularizer="l2", pointwise_regularizer="l1"),
        bias_regularizer="l2",
    ),
    row("sep2", "stock", kl.SeparableConv2D, 5, 5, 3, **of(4, 3, padding="same", strides=2)),
    row("sep2_first", "its bias is amiss", kl.SeparableConv2D, 3, 4, 4, **of(4, 2, **FIRST)),
    row(
        "sep2_holes", "no gradients", kl.SeparableConv2D, 5, 5, 3, **of(4, 2, dilation_rate=2),
    ),
    row("activation", "inside", kl.Conv1D, 4, 4, **of(4, 2, groups=2, activation="silu")),
]  # fmt: skip

SHAPES: dict[str, Any] = {
    "vector": "vector",
    "scalar": "scalar",
    "location": "location",
    "untied": "untied",
    "group": "group",
    "blocks": (1, 2),
    "by_last": (None,),
}
EVERY = tuple(name for name in SHAPES if name != "group")
# (name, class, its arguments, input without batch, bias shapes it takes).
OURS: list[tuple[str, Any, dict[str, Any], tuple[int, ...], tuple[str, ...]]] = [
    ("1d", bl.Conv1D, of(4, 2, padding="causal"), (4, 4), ("untied", "blocks")),
    ("2d", bl.Conv2D, of(4, 3, padding="same", activation="relu"), (4, 4, 4), EVERY),
    ("2d_first", bl.Conv2D, of(4, 3, padding="same", **FIRST), (4, 4, 4), EVERY),
    ("2d_groups", bl.Conv2D, of(4, 2, groups=2), (4, 4, 2), ("untied", "group")),
    ("3d", bl.Conv3D, of(2, 2), (3, 3, 3, 2), ("scalar", "location")),
    ("1dt", bl.Conv1DTranspose, of(4, 2), (3, 4), ("untied",)),
    ("2dt", bl.Conv2DTranspose, of(4, 2, strides=2), (3, 3, 4), ("scalar", "location")),
    ("3dt", bl.Conv3DTranspose, of(2, 2), (2, 2, 2, 2), ("untied",)),
    ("dw1", bl.DepthwiseConv1D, {"kernel_size": 2, "depth_multiplier": 2}, (4, 2), ("untied",)),
    (
        *("dw2", bl.DepthwiseConv2D, {"kernel_size": 2, "depth_multiplier": 2}, (4, 4, 2)),
        ("location", "group"),
    ),
    ("sep1", bl.SeparableConv1D, of(4, 2), (4, 3), ("untied",)),
    ("sep2", bl.SeparableConv2D, of(4, 2), (4, 4, 3), ("scalar", "location")),
]
CHOSEN = [
    row(f"ours_{name}_{shape}", "each shape", cls, *inputs, **options, bias_shape=SHAPES[shape])
    for name, cls, options, inputs, shapes in OURS
    for shape in shapes
] + [
    row("ours_fixed", "a fixed bias", bl.Conv2D, 4, 4, 2, **of(3, 2, bias_trainable=False)),
    row("ours_unknown", "unknown sizes", bl.Conv2D, None, None, 2, **of(3, 2, bias_shape="scalar")),
]


def adapted() -> keras.Model:
    """A convolution with a LoRA, which the file has merged into the kernel."""
    inputs = keras.Input((6, 6, 2))
    layer = bl.Conv2D(3, 2, dilation_rate=2, bias_shape="location")
    model = keras.Model(inputs, layer(inputs))
    layer.enable_lora(2)
    return model


ADAPTED = Row("convolution_lora", adapted, "one kernel of three weights", trains=False)

ROWS = [*STOCK_OR_TWIN, *CHOSEN, ADAPTED]
