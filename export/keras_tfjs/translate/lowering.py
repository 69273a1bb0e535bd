"""A bias of keras_bias's in stock layers alone, for --stock: wider, or behind the layer.

A bias that is shared along every axis but the channels' is the stock one with its numbers repeated.
One that varies by place is added by a BatchNormalization behind the layer, of the flattened output:
epsilon and mean 0, variance and gamma 1, beta the bias.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from keras_tfjs.ir import Array, Json, Layer, Weight
from keras_tfjs.translate.options import BOOL, OTHER_WAY, Kind, Options
from keras_tfjs.translate.shapes import RULES

CHANNELS = ("scalar", "vector", "tied", "group")
"""Names of shapes whose variable lies along the channels."""


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
    if exact and plain:
        return options.stock(exact, weights)
    if exact and options.aim.stock:
        stock = options.stock(exact, weights)
        return lowered(options, stock, chosen, _output(options, name), channel_axis)
    if own := (options.layer.registered_name or "").startswith("keras_bias>"):
        options.config |= {"bias_shape": chosen.shape, "bias_trainable": chosen.trainable}
    weights = {(kernels or {}).get(key, key): weight for key, weight in weights.items()}
    because = why if exact is None else f"bias_shape={chosen.shape!r}"
    return options.twin(f"{'keras_bias' if own else 'keras'}>{name}", because, weights)


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
    bias, shape = stock.weights["bias"], chosen.shape
    channels = None if sizes is None else sizes[channel_axis]
    if sizes is None or channels is None:
        raise _refused(options, shape, "on an output of unknown shape")
    axis = channel_axis % len(sizes)
    counts = _counts(bias.shape, shape, len(sizes), axis)
    if all(n == 1 for at, n in enumerate(counts) if at != axis):
        wide = bias.mapped((channels,), lambda b: np.repeat(b.reshape(-1), channels // b.size))
        if bias.size != channels or not chosen.trainable:
            options.note(_said(bias.size, channels, chosen.trainable))
        return replace(stock, weights={**stock.weights, "bias": wide})
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes):
        raise _refused(options, shape, f"on an output of shape {[None, *sizes]}")
    options.note(_behind(shape))
    full = bias.mapped((int(np.prod(known)),), lambda b: _spread(b, counts, known))
    return _stack(options, stock, full, known)


def alone(options: Options, bias: Weight, channel_axis: int) -> Layer:
    """A `Bias` layer in stock layers."""
    config, given = options.config, options.input_shape
    chosen = Choice(config.pop("bias_shape"), config.pop("bias_trainable"))
    stock = options.stock("Bias", {"bias": bias})
    if given is None or None in given[1:]:
        raise _refused(options, chosen.shape, "on an input of unknown shape")
    sizes = [size for size in given[1:] if size is not None]
    counts = _counts(bias.shape, chosen.shape, len(sizes), channel_axis % len(sizes))
    options.note(_behind(chosen.shape))
    full = bias.mapped((int(np.prod(sizes)),), lambda values: _spread(values, counts, sizes))
    return _stack(options, stock, full, sizes)


def _behind(shape: Json) -> str:
    return (
        f"its bias_shape={shape!r} is the beta of a BatchNormalization: exact in prediction, and "
        "not to be trained in TensorFlow.js"
    )


def _stack(options: Options, stock: Layer, beta: Weight, sizes: list[int]) -> Layer:
    """The layer without bias and activation, and its bias and activation behind it."""
    config = {**stock.config, "use_bias": False, "activation": "linear"}
    config["name"] = f"{stock.name}/linear"
    first = replace(
        stock,
        name=config["name"],
        config=config,
        weights={name: weight for name, weight in stock.weights.items() if name != "bias"},
        calls=(),
    )
    ones, zeros = (beta.mapped(beta.shape, change) for change in (np.ones_like, np.zeros_like))
    added = options.inner(
        "bias",
        "BatchNormalization",
        axis=-1,
        momentum=0.99,
        epsilon=0.0,
        center=True,
        scale=True,
    )
    moments = {"gamma": ones, "beta": beta, "moving_mean": zeros, "moving_variance": ones}
    layers = [first] if first.weights else []
    layers += [
        *([options.inner("flatten", "Flatten")] if len(sizes) > 1 else []),
        replace(added, weights=moments),
        *([options.inner("shape", "Reshape", target_shape=sizes)] if len(sizes) > 1 else []),
    ]
    if stock.config["activation"] != "linear":
        layers.append(
            options.inner("activation", "Activation", activation=stock.config["activation"])
        )
    return options.nested(*layers)


def _counts(stored: tuple[int, ...], shape: Json, rank: int, axis: int) -> tuple[int, ...]:
    """How many biases there are along each axis of the output without the batch."""
    if isinstance(shape, str) and shape in CHANNELS:
        return tuple(stored[-1] if at == axis else 1 for at in range(rank))
    return (1,) * (rank - len(stored)) + stored


def _spread(bias: Array, counts: tuple[int, ...], sizes: list[int]) -> Array:
    """A number for each index of the output."""
    full = bias.reshape(counts)
    for axis, (n, size) in enumerate(zip(counts, sizes, strict=True)):
        full = np.repeat(full, size // n, axis=axis)
    return full


def _said(size: int, channels: int, trainable: bool) -> str:
    wide = f"its bias of {size} is written once for each of {channels} units"
    return wide if trainable else f"{wide}, and trains, though it was fixed in Keras"


def _refused(options: Options, shape: Json, where: str) -> Exception:
    return options.problem(
        f"bias_shape={shape!r} {where} has no equal among stock layers.", OTHER_WAY
    )
