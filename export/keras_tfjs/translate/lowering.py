"""How a bias of any shape goes out: with the stock layer, with its twin, or lowered for --stock.

Lowered, one that is shared along every axis but the channels' is the stock layer's own, with its
numbers repeated. One that varies by place is added behind the layer (bias_by_place.py).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from keras_tfjs.ir import Array, Json, Layer, Weight
from keras_tfjs.translate.bias_by_place import added
from keras_tfjs.translate.options import BOOL, OTHER_WAY, Kind, Options
from keras_tfjs.translate.shapes import RULES

CHANNELS = ("scalar", "vector", "tied", "group")
"""Names of shapes whose variable lies along the channels."""

HANDING_MASKS_ON = ("Bias", "Dense")
"""Layers with a bias that hand on a mask: into and out of a small model tfjs hands none."""


BIAS_SHAPE = Kind(
    "the name of a bias shape or a list of counts",
    lambda value: isinstance(value, str | list),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What keras_bias's layers are asked for; Keras's own ask for a trained vector.

    Attributes:
        shape: `bias_shape` in a configuration's types.
        trainable: `bias_trainable`.
    """

    shape: Json
    trainable: bool


def choice(options: Options) -> Choice:
    """Declares the two options; they are written for twins only."""
    return Choice(
        options.read("bias_shape", BIAS_SHAPE, "vector"), options.read("bias_trainable", BOOL, True)
    )


def is_ours(options: Options) -> bool:
    """Whether the layer is keras_bias's, not Keras's own."""
    return (options.layer.registered_name or "").startswith("keras_bias>")


def biased(
    options: Options,
    chosen: Choice,
    weights: dict[str, Weight],
    *,
    name: str,
    exact: str | None,
    why: str,
    channels: int | None,
    channel_axis: int = -1,
    kernels: Mapping[str, str] | None = None,
) -> Layer:
    """A layer with a bias: stock where that is exact, else its twin; under --stock lowered.

    Args:
        options: of the layer, all declared.
        chosen: its bias.
        weights: by tfjs's names.
        name: of the class.
        exact: the stock class that computes the same but for the bias's shape; None if none does.
        why: a twin is needed, if `exact` is None.
        channels: of the output.
        channel_axis: in the output without the batch.
        kernels: names of weights in the twin, by those in the stock class that are others.
    """
    bias = weights.get("bias")
    plain = bias is None or (
        bias.shape == (channels,)
        and chosen.trainable
        and (isinstance(chosen.shape, str) or channel_axis == -1)
    )
    if exact == "Dense" and plain and bias is not None and _stock_fails(options):
        options.config |= {"bias_shape": chosen.shape, "bias_trainable": chosen.trainable}
        return options.twin("keras_bias>Dense", f"a Dense on {options.rank} axes", weights)
    if exact and plain:
        return options.stock(exact, weights)
    if exact and options.aim.stock:
        stock = options.stock(exact, weights)
        return lowered(options, stock, chosen, _output(options, name), channel_axis)
    own = is_ours(options)
    if own:
        options.config |= {"bias_shape": chosen.shape, "bias_trainable": chosen.trainable}
    weights = {(kernels or {}).get(key, key): weight for key, weight in weights.items()}
    because = why if exact is None else f"bias_shape={chosen.shape!r}"
    return options.twin(f"{'keras_bias' if own else 'keras'}>{name}", because, weights)


def _stock_fails(options: Options) -> bool:
    """Whether stock Dense would add its bias by an operation that knows up to five axes."""
    fused = options.config["activation"] in ("linear", "relu", "elu")
    return not fused and (options.rank or 0) > 5


def _output(options: Options, name: str) -> list[int | None] | None:
    """The output's sizes without the batch, as far as they are known."""
    given, rule = options.input_shape, RULES.get(name)
    if given is None or rule is None:
        return None
    shape = rule(options.config, [given])
    return [size for size in shape[1:] if not isinstance(size, list)]


def lowered(
    options: Options,
    stock: Layer,
    chosen: Choice,
    sizes: list[int | None] | None,
    channel_axis: int,
) -> Layer:
    """The layer with a bias of that shape, in stock layers.

    Args:
        options: of the layer, all declared.
        stock: the layer in tfjs's words; its bias has the shape of its variable in Keras.
        chosen: its bias.
        sizes: of the output without the batch; None where unknown.
        channel_axis: of these.

    Raises:
        UnsupportedOptionError: if that has no equal among stock layers.
    """
    bias = stock.weights["bias"]
    channels = None if sizes is None else sizes[channel_axis]
    if sizes is None or channels is None:
        raise _refused(options, chosen.shape, "on an output of unknown shape")
    axis = channel_axis % len(sizes)
    counts = _counts(bias.shape, chosen.shape, len(sizes), axis)
    if any(n > 1 for at, n in enumerate(counts) if at != axis):
        return _behind(options, stock, bias, chosen, counts, sizes)
    wide = bias.mapped((channels,), lambda b: np.repeat(b.reshape(-1), channels // b.size))
    if bias.size != channels:
        options.note(_repeated(bias.size, channels, chosen))
    if not chosen.trainable:
        options.note("its bias was fixed in Keras, and trains in TensorFlow.js")
    return replace(stock, weights={**stock.weights, "bias": wide})


def alone(options: Options, bias: Weight, channel_axis: int) -> Layer:
    """A `Bias` layer in stock layers."""
    config, sizes = options.config, options.input_shape
    chosen = Choice(config.pop("bias_shape"), config.pop("bias_trainable"))
    options.stock("Bias")  # refuses what nobody declared
    if sizes is None:
        raise _refused(options, chosen.shape, "on an input of unknown shape")
    rank = len(sizes) - 1
    counts = _counts(bias.shape, chosen.shape, rank, channel_axis % rank)
    return _behind(options, None, bias, chosen, counts, sizes[1:])


def _behind(
    options: Options,
    linear: Layer | None,
    bias: Weight,
    chosen: Choice,
    counts: tuple[int, ...],
    sizes: list[int | None],
) -> Layer:
    """The layer, and its bias behind it."""
    if options.aim.masked and options.layer.class_name in HANDING_MASKS_ON:
        raise _refused(options, chosen.shape, "in a model with masks")
    full = tuple(
        1 if n == 1 or size is None else size for n, size in zip(counts, sizes, strict=True)
    )
    if (more := math.prod(full)) != bias.size:
        options.note(_repeated(bias.size, more, chosen))
    options.note(f"its bias_shape={chosen.shape!r} is added by stock layers behind it")
    wide = bias.mapped(full, lambda values: spread(values.reshape(counts), full))
    return added(options, linear, wide, full, trainable=chosen.trainable)


def _counts(stored: tuple[int, ...], shape: Json, rank: int, axis: int) -> tuple[int, ...]:
    """How many biases there are along each axis of the output without the batch."""
    if isinstance(shape, str) and shape in CHANNELS:
        return tuple(stored[-1] if at == axis else 1 for at in range(rank))
    return (1,) * (rank - len(stored)) + stored


def spread(values: Array, full: Sequence[int]) -> Array:
    """The numbers, each once for every index of its block."""
    for axis, size in enumerate(full):
        values = np.repeat(values, size // values.shape[axis], axis=axis)
    return values


def _repeated(size: int, times: int, chosen: Choice) -> str:
    said = f"its bias of {size} is written as one of {times}"
    return f"{said}, which train apart" if chosen.trainable else said


def _refused(options: Options, shape: Json, where: str) -> Exception:
    return options.problem(
        f"bias_shape={shape!r} {where} has no equal among stock layers.", OTHER_WAY
    )
