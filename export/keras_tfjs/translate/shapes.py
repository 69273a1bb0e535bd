"""The shapes of a model's tensors, worked out where the file does not say them.

Keras writes down the input shape of layers that have weights, and not of all others. Some of
those are another layer in tfjs for another number of axes, or need a size written out.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from keras_tfjs.ir import INPUT, Json, Layer, Model, Tensor, is_operation, tensors
from keras_tfjs.translate import parts, prepared_shapes
from keras_tfjs.translate.call_arguments import goes_back
from keras_tfjs.translate.sharing import parted
from keras_tfjs.translate.spatial_shapes import joined as _joined
from keras_tfjs.translate.spatial_shapes import spatial as _spatial

MASKED, UNMASKED = "keras_tfjs>Masked", "keras_tfjs>Unmasked"
"""Layers that give a tensor a mask, and take it away."""

Shape = list[int | None]
Inputs = Sequence[Shape]
Rule = Callable[[Json, Inputs], Shape | list[Shape]]
"""The shape of the only output, or those of several."""


def with_shapes(model: Model) -> Model:
    """The model whose layers know their input shape, wherever it can be worked out."""
    return _known(model)[0]


def of_outputs(model: Model) -> list[Shape | None]:
    """The shapes of a model's outputs, batch first; None where they cannot be worked out."""
    return _known(model)[1]


def resolved(target: Shape, shape: Shape) -> Shape:
    """A target shape whose -1 is worked out, or None where it cannot be.

    >>> resolved([-1, 2], [None, 4, 3])
    [6, 2]
    """
    rest = _product(shape[1:])
    known = math.prod(size for size in target if size is not None and size != -1)
    free = rest // known if rest is not None and known else None
    return [free if size == -1 else size for size in target]


def _known(model: Model) -> tuple[Model, list[Shape | None]]:
    """The model, and the shapes of its outputs."""
    layers: dict[str, Layer] = {}
    made: dict[tuple[str, int], list[Shape | None]] = {}
    entered: dict[tuple[str, int], list[Shape | None]] = {}
    if model.kind == "sequential":
        shapes: list[Shape | None] = [None]
        for layer in model.layers:
            layers[layer.name], shapes = _passed(layer, shapes)
        return replace(model, layers=tuple(layers.values())), shapes
    changed = True
    while changed:
        changed = False
        for layer in model.layers:
            calls = layer.calls or ((None,) if layer.class_name == INPUT else ())
            for index, call in enumerate(calls):
                found = [] if call is None else tensors(list(call.args))
                if (layer.name, index) in made or any((t.layer, t.call) not in made for t in found):
                    continue
                inputs = [_at(made, tensor) for tensor in found]
                entered[layer.name, index] = inputs
                back = call is not None and goes_back(layer, call)
                known = layers.get(layer.name, layer)
                done, made[layer.name, index] = _passed(known, inputs, back=back)
                layers[layer.name] = done
                changed = True
    outputs = [_at(made, tensor) for tensor in tensors(model.outputs)]
    kept = tuple(layers.get(layer.name, layer) for layer in model.layers)
    return parted(replace(model, layers=kept), entered), outputs


def _at(made: dict[tuple[str, int], list[Shape | None]], tensor: Tensor) -> Shape | None:
    shapes = made.get((tensor.layer, tensor.call), [])
    known = shapes[tensor.index] if tensor.index < len(shapes) else None
    return list(tensor.shape) if known is None and tensor.shape is not None else known


def _passed(
    layer: Layer, inputs: list[Shape | None], *, back: bool = False
) -> tuple[Layer, list[Shape | None]]:
    """The layer that knows its input shape, and the shapes of its outputs.

    Args:
        layer: in Keras's words.
        inputs: the shapes of what it is called on; None where unknown.
        back: whether it is a call from vectors to logits.
    """
    if layer.model is not None:
        inner, outputs = _known(layer.model)
        return replace(layer, model=inner, input_shape=list(inputs)), outputs
    if layer.class_name == INPUT:
        config = layer.config
        shape = config.get("batch_shape", config.get("batch_input_shape"))
        return layer, [parts.plain(shape)]
    if layer.registered_name == MASKED:
        inputs = inputs[:1]
    known = [shape for shape in inputs if shape is not None]
    if layer.input_shape is None and known and len(known) == len(inputs):
        layer = replace(layer, input_shape=known[0] if len(known) == 1 else known)
    # Operations may have the names of layers, and other shapes: those the file says.
    rule = None if is_operation(layer) else _back if back else RULES.get(layer.class_name)
    if rule is None or not known or len(known) < len(inputs):
        return layer, [None]
    try:
        return layer, _several(rule(parts.plain(dict(layer.config)), known))
    except (KeyError, IndexError, TypeError, ValueError, ZeroDivisionError):
        return layer, [None]  # a damaged config: its translator will say so


def _several(made: Shape | list[Shape]) -> list[Shape | None]:
    several = [each for each in made if isinstance(each, list)]
    return [*several] or [[size for size in made if not isinstance(size, list)]]


def _product(sizes: Sequence[int | None]) -> int | None:
    return None if None in sizes else math.prod(size for size in sizes if size is not None)


def _same(config: Json, inputs: Inputs) -> Shape:
    return list(inputs[0])


def _activation(config: Json, inputs: Inputs) -> Shape:
    shape = list(inputs[0])
    if config["activation"] == "glu" and shape[-1] is not None:
        shape[-1] //= 2
    return shape


def _dense(config: Json, inputs: Inputs) -> Shape:
    return [*inputs[0][:-1], config["units"]]


def _embedding(config: Json, inputs: Inputs) -> Shape:
    return [*inputs[0], config["output_dim"]]


def _back(config: Json, inputs: Inputs) -> Shape:
    return [*inputs[0][:-1], config["input_dim"]]


def _flatten(config: Json, inputs: Inputs) -> Shape:
    return [inputs[0][0], _product(inputs[0][1:])]


def _reshape(config: Json, inputs: Inputs) -> Shape:
    return [inputs[0][0], *resolved(config["target_shape"], inputs[0])]


def _permute(config: Json, inputs: Inputs) -> Shape:
    return [inputs[0][0], *(inputs[0][axis] for axis in config["dims"])]


def _repeat(config: Json, inputs: Inputs) -> Shape:
    return [inputs[0][0], config["n"], inputs[0][1]]


def _broadcast(config: Json, inputs: Inputs) -> Shape:
    rank = max(map(len, inputs))
    result: Shape = []
    for axis in range(1, rank):
        sizes = [shape[axis - rank] for shape in inputs if len(shape) > rank - axis]
        known = [size for size in sizes if size not in (None, 1)]
        result.append(known[0] if known else (None if None in sizes else 1))
    return [inputs[0][0], *result]


def _concatenate(config: Json, inputs: Inputs) -> Shape:
    result, axis = list(inputs[0]), config.get("axis", -1)
    sizes = [shape[axis] for shape in inputs]
    result[axis] = None if None in sizes else sum(size for size in sizes if size is not None)
    return result


def _dot(config: Json, inputs: Inputs) -> Shape:
    axes = config["axes"]
    pair = axes if isinstance(axes, list) else [axes, axes]
    left, right = (
        [size for at, size in enumerate(shape) if at not in (0, axis % len(shape))]
        for axis, shape in zip(pair, inputs, strict=True)
    )
    return [inputs[0][0], *(left + right or [1])]


def _windowed(config: Json, inputs: Inputs) -> Shape:
    shape = inputs[0]
    sizes, channels = _spatial(config, shape)
    window = config.get("pool_size") or config["kernel_size"]
    strides = config.get("strides") or window
    dilation = config.get("dilation_rate") or [1] * len(window)
    out = [
        None if size is None
        else -(-size // step) if config.get("padding") in ("same", "causal")
        else (size - (width - 1) * hole - 1) // step + 1
        for size, width, step, hole in zip(sizes, window, strides, dilation, strict=True)
    ]  # fmt: skip
    if "depth_multiplier" in config and channels is not None:
        channels *= config["depth_multiplier"]
    return _joined(config, shape[0], out, config.get("filters") or channels)


def _transposed(config: Json, inputs: Inputs) -> Shape:
    # keras/src/backend/common/backend_utils.py, `compute_conv_transpose_output_shape`.
    sizes, _ = _spatial(config, inputs[0])
    more = config.get("output_padding") or [None] * len(sizes)
    out: Shape = []
    for size, width, step, hole, pad in zip(
        sizes, config["kernel_size"], config["strides"], config["dilation_rate"], more, strict=True
    ):
        span = (width - 1) * hole + 1
        if size is None:
            out.append(None)
        elif config["padding"] == "valid":
            out.append((size - 1) * step + span + (max(step - span, 0) if pad is None else pad))
        else:
            out.append(size * step if pad is None else (size - 1) * step + span % 2 + pad)
    return _joined(config, inputs[0][0], out, config["filters"])


def _padded(config: Json, inputs: Inputs) -> Shape:
    sizes, channels = _spatial(config, inputs[0])
    given, sign = (config["cropping"], -1) if "cropping" in config else (config["padding"], 1)
    each = [given] * len(sizes) if isinstance(given, int) or len(sizes) == 1 else given
    both = [2 * pad if isinstance(pad, int) else sum(pad) for pad in each]
    out = [None if s is None else s + sign * pad for s, pad in zip(sizes, both, strict=True)]
    return _joined(config, inputs[0][0], out, channels)


def _enlarged(config: Json, inputs: Inputs) -> Shape:
    sizes, channels = _spatial(config, inputs[0])
    given = config["size"]
    times = given if isinstance(given, list) else [given] * len(sizes)
    out = [None if size is None else size * by for size, by in zip(sizes, times, strict=True)]
    return _joined(config, inputs[0][0], out, channels)


def _adaptive(config: Json, inputs: Inputs) -> Shape:
    sizes, channels = _spatial(config, inputs[0])
    given = config["output_size"]
    out = given if isinstance(given, list) else [given] * len(sizes)
    return _joined(config, inputs[0][0], out, channels)


def _global(config: Json, inputs: Inputs) -> Shape:
    sizes, channels = _spatial(config, inputs[0])
    if config.get("keepdims"):
        return _joined(config, inputs[0][0], [1] * len(sizes), channels)
    return [inputs[0][0], channels]


def _einsum(config: Json, inputs: Inputs) -> Shape:
    shape, given = inputs[0], config["output_shape"]
    sizes = given if isinstance(given, list) else [given]
    read, _, made = re.split(",|->", config["equation"])
    elided = len(shape) - len(read.replace(".", ""))
    if made.startswith("..."):
        sizes = [*shape[1:elided], *sizes]
    elif elided > 0:
        sizes = [*sizes, *shape[-elided:]]
    first = elided if read.startswith("...") else 0
    sizes_of = {letter: shape[first + at] for at, letter in enumerate(read.replace(".", ""))}
    letters = [""] * elided + list(made[3:]) if made.startswith("...") else list(made)
    letters += [""] * len(shape)
    full = [shape[0], *sizes]
    return [sizes_of.get(letters[at]) if n is None else n for at, n in enumerate(full)]


def _attention(config: Json, inputs: Inputs) -> Shape:
    given = config.get("output_shape")
    made = [inputs[0][-1]] if given is None else given if isinstance(given, list) else [given]
    return [*inputs[0][:-1], *made]


def _unprojected(config: Json, inputs: Inputs) -> Shape:
    return [*inputs[0][:-1], inputs[1][-1]]


def _recurrent(config: Json, inputs: Inputs) -> list[Shape]:
    batch, steps, *_ = inputs[0]
    sizes = state_sizes(config)
    size = sizes[-1][0]
    output = [batch, steps, size] if config["return_sequences"] else [batch, size]
    states = [[batch, each] for cell in sizes for each in cell]
    return [output, *(states if config["return_state"] else [])]


def state_sizes(config: Json) -> list[list[int]]:
    """The sizes of the states of each cell of a layer; the output is the last cell's first.

    A convolutional state's is its number of channels.
    """
    if "cells" in config:
        return [sizes for cell in config["cells"] for sizes in state_sizes(cell["config"])]
    if "cell" in config:
        return state_sizes(config["cell"]["config"])
    size = config["filters"] if "filters" in config else config["units"]
    return [[size] * (2 if "unit_forget_bias" in config else 1)]


def _conv_lstm(config: Json, inputs: Inputs) -> list[Shape]:
    batch, steps, *step = inputs[0]
    state = _windowed(config, [[batch, *step]])
    output = [batch, steps, *state[1:]] if config["return_sequences"] else state
    return [output, *([state] * 2 if config["return_state"] else [])]


def _bidirectional(config: Json, inputs: Inputs) -> list[Shape]:
    inner = config["layer"]
    rule = _conv_lstm if inner["class_name"].startswith("ConvLSTM") else _recurrent
    output, *states = rule(inner["config"], inputs)
    if config["merge_mode"] == "concat":
        output = [*output[:-1], 2 * (output[-1] or 0)]
    both = [output, output] if config["merge_mode"] is None else [output]
    return [*both, *states, *states]


def _at_each_step(config: Json, inputs: Inputs) -> Shape:
    batch, steps, *rest = inputs[0]
    inner = config["layer"]
    (made,) = _several(RULES[inner["class_name"]](parts.plain(inner["config"]), [[batch, *rest]]))
    return [batch, steps, *(made or [])[1:]]


def _inside(config: Json, inputs: Inputs) -> Shape | list[Shape]:
    inner = config["layer"]
    return RULES[inner["class_name"]](parts.plain(inner["config"]), inputs)


def _over(*stems: str) -> list[str]:
    """The classes over one, two and three spatial axes."""
    return [f"{stem}{axes}D" for stem in stems for axes in (1, 2, 3)]


RULES: dict[str, Rule] = {
    **dict.fromkeys(
        [
            "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "Identity", "Masking", "Rescaling",
            "ActivityRegularization", "Dropout", "SpatialDropout1D", "SpatialDropout2D",
            "SpatialDropout3D", "GaussianDropout", "GaussianNoise", "AlphaDropout",
            "BatchNormalization", "LayerNormalization", "GroupNormalization", "RMSNormalization",
            "UnitNormalization", "Bias", "LayerScale", "CustomScaleLayer", "Masked",
            "Unmasked", "StochasticDepth",
        ],
        _same,
    ),
    **dict.fromkeys(["Add", "Multiply", "Average", "Maximum", "Minimum", "Subtract"], _broadcast),
    **dict.fromkeys(
        [
            "Conv1D", "Conv2D", "Conv3D", "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D",
            "SeparableConv2D", *_over("MaxPooling", "AveragePooling"),
        ],
        _windowed,
    ),
    **dict.fromkeys(["Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"], _transposed),
    **dict.fromkeys(_over("GlobalAveragePooling", "GlobalMaxPooling"), _global),
    **dict.fromkeys(_over("AdaptiveAveragePooling", "AdaptiveMaxPooling"), _adaptive),
    **prepared_shapes.RULES,
    **dict.fromkeys(_over("ZeroPadding", "Cropping"), _padded),
    **dict.fromkeys(_over("UpSampling"), _enlarged),
    **dict.fromkeys(["SimpleRNN", "LSTM", "GRU", "RNN"], _recurrent),
    **dict.fromkeys(["ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"], _conv_lstm),
    "Bidirectional": _bidirectional,
    "TimeDistributed": _at_each_step,
    "Activation": _activation,
    "Dense": _dense,
    "EinsumDense": _einsum,
    "MultiHeadAttention": _attention,
    "GroupQueryAttention": _attention,
    "GroupedQueryAttention": _attention,
    "Attention": _unprojected,
    "AdditiveAttention": _unprojected,
    "Embedding": _embedding,
    "ReversibleEmbedding": _embedding,
    "SpectralNormalization": _inside,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Permute": _permute,
    "RepeatVector": _repeat,
    "Concatenate": _concatenate,
    "Dot": _dot,
}  # fmt: skip
