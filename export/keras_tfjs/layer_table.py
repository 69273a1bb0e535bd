"""How each layer of Keras goes to the browser: the table that `keras-tfjs layers` prints.

A test holds it against the installed Keras and against the translators: no layer is without a row,
and with its default options each goes as its row says.
"""

from dataclasses import dataclass
from typing import Literal

from keras_tfjs.translate.images import IDENTICAL
from keras_tfjs.translate.lone_cells import CELLS
from keras_tfjs.translate.refused import REFUSED

Road = Literal["stock", "twin", "refused"]


@dataclass(frozen=True, slots=True)
class Row:
    """A layer.

    Attributes:
        name: of the class in `keras.layers`.
        aliases: its other names there.
        road: what it is with Keras's defaults: a layer of TensorFlow.js itself, one of
            keras-tfjs.js, or nothing.
        note: for stock layers, which options make it a twin; for refused ones, why and what
            instead.
    """

    name: str
    aliases: tuple[str, ...]
    road: Road
    note: str


STOCK: dict[str, str] = {
    "InputLayer": "",
    "Dense": "twin on inputs of six axes and more",
    "Embedding": "",
    "Masking": "",
    "Identity": "",
    "Activation": "twin for activations that TensorFlow.js lacks or computes otherwise",
    "ActivityRegularization": "hands on its input: the penalty is lost",
    "ReLU": "twin with threshold, or with negative_slope and max_value",
    "LeakyReLU": "",
    "PReLU": "",
    "ELU": "twin with another alpha than 1",
    "Softmax": "twin over other axes than the last",
    "Dropout": "",
    "SpatialDropout1D": "",
    "SpatialDropout2D": "",
    "SpatialDropout3D": "",
    "GaussianDropout": "",
    "GaussianNoise": "",
    "AlphaDropout": "at inference; training in TensorFlow.js drops to the wrong number",
    "Flatten": "",
    "Reshape": "",
    "Permute": "",
    "RepeatVector": "",
    "Add": "",
    "Average": "",
    "Concatenate": "",
    "Maximum": "",
    "Minimum": "",
    "Multiply": "",
    "Dot": "twin with normalize, or on more than three axes",
    "BatchNormalization": "twin off the last axis, without center or scale, of rank 5, frozen",
    "LayerNormalization": "twin with rms_scaling, or on five axes and more",
    "Conv1D": "twin with groups, dilation, padding='causal' or channels first",
    "Conv2D": "twin with groups or dilation",
    "Conv3D": "twin with groups, dilation or strides",
    "Conv2DTranspose": "twin with dilation or output_padding",
    "DepthwiseConv2D": "twin with dilation or a regularizer",
    "SeparableConv2D": "twin with dilation, depth_multiplier or channels first",
    "EinsumDense": "as a Dense where it is one; else twin",
    "MaxPooling1D": "twin with channels first",
    "MaxPooling2D": "",
    "MaxPooling3D": "twin with windows that are not square",
    "AveragePooling1D": "twin with channels first, or padding that matters",
    "AveragePooling2D": "twin with padding that matters",
    "AveragePooling3D": "twin with padding that matters",
    "GlobalAveragePooling1D": "twin with channels first, keepdims or masks",
    "GlobalAveragePooling2D": "twin with keepdims",
    "ZeroPadding2D": "",
    "Cropping2D": "twin on images of unknown size",
    "SimpleRNN": "twin with options that TensorFlow.js lacks or ignores",
    "LSTM": "twin with options that TensorFlow.js lacks or ignores",
    "RNN": "twin around cells that are twins",
    "Bidirectional": "twin around layers that are twins, or with a backward layer of its own",
    "TimeDistributed": "around a model: the model's layers, each in one",
    "ConvLSTM2D": "twin with options that TensorFlow.js lacks or ignores",
    "ReversibleEmbedding": "twin if called with reverse=True",
    "Rescaling": "",
    "Pipeline": "as its layers, one after the other",
    **dict.fromkeys(IDENTICAL, "hands on its input, as Keras does outside of training"),
}
"""What each is besides a stock layer, if anything."""

TWINS: dict[str, str] = {
    "Normalization": "",
    "Discretization": "",
    "CategoryEncoding": "",
    "IntegerLookup": "",
    "Hashing": "of whole numbers; texts are refused",
    "Resizing": "",
    "CenterCrop": "",
    "AutoContrast": "",
    "STFTSpectrogram": "",
    "MelSpectrogram": "",
    "Subtract": "",
    "Conv1DTranspose": "",
    "Conv3DTranspose": "",
    "DepthwiseConv1D": "",
    "SeparableConv1D": "",
    "GRU": "stock with reset_after=False",
    "ConvLSTM1D": "",
    "ConvLSTM3D": "",
    "MultiHeadAttention": "",
    **dict.fromkeys(CELLS, "called by itself, as a layer over one step; stock in a layer"),
    "GroupQueryAttention": "",
    "Attention": "",
    "AdditiveAttention": "",
    "GroupNormalization": "",
    "RMSNormalization": "",
    "UnitNormalization": "",
    "SpectralNormalization": "",
    "ZeroPadding1D": "",
    "ZeroPadding3D": "",
    "Cropping1D": "",
    "Cropping3D": "",
    "UpSampling1D": "",
    "UpSampling2D": "",
    "UpSampling3D": "",
    "GlobalAveragePooling3D": "",
    "GlobalMaxPooling1D": "",
    "GlobalMaxPooling2D": "",
    "GlobalMaxPooling3D": "",
    **{f"Adaptive{kind}Pooling{axes}D": "" for kind in ("Average", "Max") for axes in (1, 2, 3)},
}
"""What each is besides a twin, if anything."""

BASES = {
    "Layer": "a base class: write what yours computes with layers, or with keras.ops",
    "Wrapper": "a base class: write what yours computes with layers, or with keras.ops",
    "InputSpec": "no layer, but what a layer says of its inputs",
}
"""What `keras.layers` has besides layers."""

ALIASES: dict[str, tuple[str, ...]] = {
    **{f"AveragePooling{n}D": (f"AvgPool{n}D",) for n in (1, 2, 3)},
    **{f"MaxPooling{n}D": (f"MaxPool{n}D",) for n in (1, 2, 3)},
    **{f"GlobalAveragePooling{n}D": (f"GlobalAvgPool{n}D",) for n in (1, 2, 3)},
    **{f"GlobalMaxPooling{n}D": (f"GlobalMaxPool{n}D",) for n in (1, 2, 3)},
    **{f"Conv{n}D": (f"Convolution{n}D",) for n in (1, 2, 3)},
    **{f"Conv{n}DTranspose": (f"Convolution{n}DTranspose",) for n in (1, 2, 3)},
    **{f"SeparableConv{n}D": (f"SeparableConvolution{n}D",) for n in (1, 2)},
}
"""Other names in `keras.layers`, by the name that a file has."""


def rows() -> list[Row]:
    """A row for every class of `keras.layers`, by name."""
    refused = {
        name: f"{each.why.strip(':, ')}. {each.instead}"
        for name, each in REFUSED.items()
        if name != "FeatureSpace"  # which is in keras.utils
    }
    found: list[tuple[str, Road, str]] = [
        *((name, "stock", note) for name, note in STOCK.items()),
        *((name, "twin", note) for name, note in TWINS.items()),
        *((name, "refused", note) for name, note in {**BASES, **refused}.items()),
    ]
    return [Row(name, ALIASES.get(name, ()), road, note) for name, road, note in sorted(found)]


def as_markdown() -> str:
    """The table for a README."""
    lines = ["| Layer | In the browser | |", "| --- | --- | --- |"]
    for row in rows():
        names = ", ".join(f"`{name}`" for name in (row.name, *row.aliases))
        lines.append(f"| {names} | {row.road} | {row.note} |")
    return "\n".join(lines)


def as_text() -> str:
    """The table for a terminal, columns aligned."""
    names = [", ".join((row.name, *row.aliases)) for row in rows()]
    width = max(map(len, names))
    return "\n".join(
        f"{name:{width}}  {row.road:7}  {row.note}".rstrip()
        for name, row in zip(names, rows(), strict=True)
    )
