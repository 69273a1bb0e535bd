"""Which operations of `keras.ops` a model in tfjs can have, and what each is called with.

One row for each class of `keras.src.ops`. What it computes there stands under the same name in
`export/runtime/src/operation/`, or under that of its equal (`operation_equals`); a test holds them
together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from keras_tfjs.ir import Json


@dataclass(frozen=True, slots=True)
class Operation:
    """What an operation is called with.

    Attributes:
        arguments: of its call, in their order.
        options: of its constructor, with Keras's defaults.
        pinned: options that can have this value only.
        left: options that change no number.
        keeping: whether it hands numbers on as they are, so that their type does not matter.
        variadic: whether it takes any number of arguments.
        as_layer: whether it is written as a layer only (`operation_layers`).
    """

    arguments: tuple[str, ...] = ()
    options: Mapping[str, Json] = field(default_factory=dict)
    pinned: Mapping[str, Json] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    keeping: bool = False
    variadic: bool = False
    as_layer: bool = False


def _of(arguments: str, /, *, keeping: bool = False, **options: Json) -> Operation:
    return Operation(tuple(arguments.split()), options, keeping=keeping)


_ONE, _TWO = _of("x"), _of("x1 x2")
_REDUCED = _of("x", axis=None, keepdims=False)
_IMAGE: dict[str, Json] = {"data_format": None}
_CONVOLVED: dict[str, Json] = {
    "strides": 1, "padding": "valid", "data_format": None, "dilation_rate": 1,
}  # fmt: skip
_POOLED = Operation(
    ("inputs",),
    {"pool_size": None, "strides": None, "padding": "valid", "data_format": None},
    as_layer=True,
)
_SEGMENTS = _of("data segment_ids", num_segments=None, sorted=False)

OPERATIONS: dict[str, Operation] = {
    # Number by number.
    **dict.fromkeys(
        [
            "Abs", "Absolute", "Arccos", "Arccosh", "Arcsin", "Arcsinh", "Arctan", "Arctanh",
            "Angle", "Cbrt", "Ceil", "Conj", "Conjugate", "Cos", "Cosh", "Deg2rad", "Erf",
            "Erfc", "Exp", "Exp2", "Expm1", "Fabs", "Floor", "Imag", "Isfinite", "Isinf",
            "Isnan", "Isneginf", "Isposinf", "Isreal", "Log", "Log10", "Log1p", "Log2",
            "LogicalNot", "Negative", "Rad2deg", "Real", "Reciprocal", "Rsqrt", "Sign",
            "Signbit", "Sin", "Sinc", "Sinh", "Sqrt", "Square", "Tan", "Tanh", "Trunc",
            "HardSigmoid", "HardSilu", "HardTanh", "LogSigmoid", "Relu", "Relu6", "Selu",
            "Sigmoid", "Silu", "Softplus", "Softsign", "SparsePlus", "SparseSigmoid",
            "TanhShrink",
        ],
        _ONE,
    ),
    "ReLU": _of("x", negative_slope=0.0, max_value=None, threshold=0.0),
    "Celu": _of("x", alpha=1.0),
    "Elu": _of("x", alpha=1.0),
    "Gelu": _of("x", approximate=True),
    "HardShrink": _of("x", threshold=0.5),
    "LeakyRelu": _of("x", negative_slope=0.2),
    "SoftShrink": _of("x", threshold=0.5),
    "Squareplus": _of("x", b=4),
    "Threshold": _of("x", threshold=0.0, default_value=0.0),
    "Clip": _of("x", x_min=None, x_max=None),
    "NanToNum": _of("x", nan=0.0, posinf=None, neginf=None),
    "Round": _of("x", decimals=0),
    # Two numbers, or one of them and a constant.
    **dict.fromkeys(
        [
            "Add", "Arctan2", "Divide", "DivideNoNan", "Equal", "FloorDivide", "Fmax", "Fmin",
            "Fmod", "Greater", "GreaterEqual", "Heaviside", "Hypot", "Ldexp", "Less", "LessEqual",
            "Logaddexp", "Logaddexp2", "LogicalAnd", "LogicalOr", "LogicalXor", "Maximum",
            "Minimum", "Mod", "Multiply", "NotEqual", "Power", "Subtract", "TrueDivide",
        ],
        _TWO,
    ),
    "Isclose": _of("x1 x2 rtol atol", equal_nan=False),
    "Where": _of("condition x1 x2"),
    "Select": _of("condlist choicelist default"),
    # Along axes.
    **dict.fromkeys(
        [
            "All", "Amax", "Amin", "Any", "Logsumexp", "Mean", "Median", "Nanmax", "Nanmean",
            "Nanmin", "Nanprod", "Nanstd", "Nansum", "Nanvar", "Ptp", "Std", "Sum", "Var",
            "Argmax", "Argmin",
        ],
        _REDUCED,
    ),
    "Max": Operation(("x",), {"axis": None, "keepdims": False}, pinned={"initial": None}),
    "Min": Operation(("x",), {"axis": None, "keepdims": False}, pinned={"initial": None}),
    "Prod": _of("x", axis=None, keepdims=False, dtype=None),
    "Average": _of("x weights", axis=None),
    "CountNonzero": _of("x", axis=None),
    "Moments": Operation(("x",), {"axes": None, "keepdims": False}, left=("synchronized",)),
    "Quantile": Operation(
        ("x", "q"), {"axis": None, "keepdims": False}, pinned={"method": "linear"}
    ),
    "Percentile": Operation(
        ("x", "q"), {"axis": None, "keepdims": False}, pinned={"method": "linear"}
    ),
    "Norm": _of("x", ord=None, axis=None, keepdims=False),
    "Normalize": _of("x", axis=-1, order=2, epsilon=None),
    "Softmax": _of("x", axis=-1),
    "LogSoftmax": _of("x", axis=-1),
    "Sparsemax": _of("x", axis=-1),
    "Glu": _of("x", axis=-1),
    "Cumsum": _of("x", axis=None, dtype=None),
    "Cumprod": _of("x", axis=None, dtype=None),
    "Diff": _of("a", n=1, axis=-1),
    "Sort": _of("x", axis=-1),
    "Argsort": _of("x", axis=-1),
    "TopK": Operation(("x",), {"k": None}, left=("sorted",)),
    # Shapes.
    "BroadcastTo": _of("x", keeping=True, shape=None),
    "Concatenate": _of("xs", keeping=True, axis=0),
    "Append": _of("x1 x2", keeping=True, axis=None),
    "Copy": _of("x", keeping=True),
    "Diagonal": _of("x", keeping=True, offset=0, axis1=0, axis2=1),
    "DepthToSpace": _of("x", keeping=True, block_size=None, data_format="channels_last"),
    "Dstack": _of("xs", keeping=True),
    "ExpandDims": _of("x", keeping=True, axis=None),
    "Flip": _of("x", keeping=True, axis=None),
    "Fliplr": _of("x", keeping=True),
    "Flipud": _of("x", keeping=True),
    "GetItem": _of("x key", keeping=True),
    "Hstack": _of("xs", keeping=True),
    "Meshgrid": Operation((), {"indexing": "xy"}, keeping=True, variadic=True),
    "Moveaxis": _of("x", keeping=True, source=None, destination=None),
    "Pad": _of("x constant_values", keeping=True, pad_width=None, mode="constant"),
    "Ravel": _of("x", keeping=True),
    "Rearrange": Operation(keeping=True, variadic=True),
    "Repeat": _of("x", keeping=True, repeats=None, axis=None),
    "Reshape": _of("x", keeping=True, newshape=None),
    "Roll": _of("x", keeping=True, shift=None, axis=None),
    "Rot90": _of("array", keeping=True, k=1, axes=[0, 1]),
    "Slice": _of("inputs start_indices", keeping=True, shape=None),
    "SliceUpdate": _of("inputs start_indices updates", keeping=True),
    "SpaceToDepth": _of("x", keeping=True, block_size=None, data_format="channels_last"),
    "Split": _of("x", keeping=True, indices_or_sections=None, axis=0),
    "ArraySplit": _of("x", keeping=True, indices_or_sections=None, axis=0),
    "Hsplit": _of("x", keeping=True, indices_or_sections=None),
    "Vsplit": _of("x", keeping=True, indices_or_sections=None),
    "Dsplit": _of("x", keeping=True, indices_or_sections=None),
    "Squeeze": _of("x", keeping=True, axis=None),
    "Stack": _of("x", keeping=True, axis=0),
    "StopGradient": _of("variable", keeping=True),
    "Swapaxes": _of("x", keeping=True, axis1=None, axis2=None),
    "Take": _of("x indices", keeping=True, axis=None),
    "TakeAlongAxis": _of("x indices", keeping=True, axis=None),
    "Tile": _of("x", keeping=True, repeats=None),
    "Trace": _of("x", offset=0, axis1=0, axis2=1),
    "Transpose": _of("x", keeping=True, axes=None),
    "Tril": _of("x", keeping=True, k=0),
    "Triu": _of("x", keeping=True, k=0),
    "Unstack": _of("x", keeping=True, num=None, axis=0),
    "Vstack": _of("xs", keeping=True),
    # Types, and tensors like others.
    "Cast": _of("x", keeping=True, dtype=None),
    "ConvertToTensor": Operation(
        ("x",), {"dtype": None}, pinned={"sparse": None, "ragged": None}, keeping=True
    ),
    "FullLike": _of("x fill_value", keeping=True, dtype=None),
    "OnesLike": _of("x", keeping=True, dtype=None),
    "ZerosLike": _of("x", keeping=True, dtype=None),
    "OneHot": Operation(
        ("x",), {"num_classes": None, "axis": -1, "dtype": None}, pinned={"sparse": False},
        keeping=True,
    ),
    "MultiHot": Operation(
        ("inputs",), {"num_classes": None, "axis": -1, "dtype": None}, pinned={"sparse": False},
        keeping=True,
    ),
    # Products.
    "Cross": _of("x1 x2", axisa=-1, axisb=-1, axisc=-1, axis=None),
    "Dot": _TWO,
    "Einsum": Operation((), {"subscripts": ""}, variadic=True),
    "Inner": _TWO,
    "Matmul": _TWO,
    "Outer": _TWO,
    "Tensordot": _of("x1 x2", axes=2),
    "Vdot": _TWO,
    "CDist": _of("x y"),
    # Neural networks.
    "BatchNorm": _of("x mean variance offset scale", axis=None, epsilon=0.001),
    "LayerNorm": _of("x gamma beta", axis=-1, epsilon=None, rms_scaling=False),
    "RMSNorm": _of("x scale", axis=-1, epsilon=None),
    "DotProductAttention": Operation(
        ("query", "key", "value", "bias", "mask", "scale"),
        {"is_causal": False, "attn_logits_soft_cap": None},
        left=("flash_attention",),
    ),
    "Conv": _of("inputs kernel", **_CONVOLVED),
    "DepthwiseConv": _of("inputs kernel", **_CONVOLVED),
    "SeparableConv": _of("inputs depthwise_kernel pointwise_kernel", **_CONVOLVED),
    "AveragePool": _POOLED,
    "MaxPool": _POOLED,
    "BinaryCrossentropy": _of("target output", from_logits=False),
    "CategoricalCrossentropy": _of("target output", from_logits=False, axis=-1),
    "SegmentSum": _SEGMENTS,
    # Images, and waves.
    "CropImages": _of(
        "images",
        keeping=True,
        **_IMAGE,
        **dict.fromkeys(
            [
                "top_cropping", "left_cropping", "bottom_cropping", "right_cropping",
                "target_height", "target_width",
            ]
        ),
    ),
    "PadImages": _of(
        "images",
        keeping=True,
        **_IMAGE,
        **dict.fromkeys(
            [
                "top_padding", "left_padding", "bottom_padding", "right_padding",
                "target_height", "target_width",
            ]
        ),
    ),
    "ExtractPatches": _of(
        "images", size=None, strides=None, dilation_rate=1, padding="valid", data_format=None
    ),
    "RGBToGrayscale": _of("images", **_IMAGE),
    "Resize": Operation(
        ("images",),
        {"size": None, "interpolation": "bilinear", "antialias": False, "data_format": None},
        pinned={"crop_to_aspect_ratio": False, "pad_to_aspect_ratio": False},
        left=("fill_mode", "fill_value"),
    ),
    "FFT": _ONE,
    "FFT2": _ONE,
    "IFFT2": _ONE,
    "RFFT": _of("x", fft_length=None),
    "IRFFT": _of("x", fft_length=None),
}  # fmt: skip
