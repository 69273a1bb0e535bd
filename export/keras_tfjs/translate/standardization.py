"""The translator of Normalization, which brings data to a mean of 0 and a variance of 1."""

from collections.abc import Sequence

import numpy as np

from keras_tfjs.errors import CorruptModelError
from keras_tfjs.ir import Json, Layer, Weight
from keras_tfjs.translate.options import AXES, BOOL, NUMBERS, Aim, Options, optional
from keras_tfjs.translate.weights import named

LEAST = 1e-7
"""What Keras divides by at least: `keras.backend.epsilon()`."""


def normalization(layer: Layer, aim: Aim) -> Layer:
    """Mean and variance go out as weights, be they adapted or given."""
    options = Options(layer, aim)
    given = options.read("axis", optional(AXES), -1)
    axes = [] if given is None else given if isinstance(given, list) else [given]
    options.config["axis"] = axes or None
    invert = options.take("invert", BOOL, False)
    statistics = {key: options.read(key, optional(NUMBERS), None) for key in ("mean", "variance")}
    options.config |= {"mean": None, "variance": None}
    shape = options.input_shape
    sizes = None if shape is None else [shape[axis] for axis in _counted(axes, len(shape))]
    if statistics["mean"] is None:
        weights = named(layer, dict.fromkeys(statistics, sizes), rest=True)
    elif sizes is None or None in sizes:
        instead = "Build the model on an input of known shape."
        raise options.problem("mean and variance are given for an input of unknown size.", instead)
    else:
        weights = {key: _spread(layer, key, value, sizes) for key, value in statistics.items()}
    if aim.stock and not aim.masked and (not axes or (len(axes) == 1 and options.is_last(axes[0]))):
        return _rescaled(options, weights, invert=invert)
    return options.twin("keras>Normalization", "a Normalization", weights)


def _counted(axes: list[int], rank: int) -> list[int]:
    """The axes from the front, in the order in which Keras keeps them."""
    return sorted(axis % rank for axis in axes)


def _spread(layer: Layer, key: str, value: Json, sizes: Sequence[int | None]) -> Weight:
    """A given statistic, over all of the axes that have one."""
    shape = tuple(size or 0 for size in sizes)
    try:
        array = np.broadcast_to(np.asarray(value, "float32"), shape)
    except ValueError:
        raise CorruptModelError(
            f"Layer '{layer.where}': {key}={value!r} does not fit the input's axes of sizes "
            f"{shape}. The file is damaged: save the model again."
        ) from None
    return Weight(shape, "float32", lambda: iter([array.reshape(-1)]))


def _rescaled(options: Options, weights: dict[str, Weight], *, invert: bool) -> Layer:
    """The same by a factor and an offset, rounded in other places."""
    mean, variance = (weights[key].array().astype("float64") for key in ("mean", "variance"))
    deviation = np.maximum(np.sqrt(variance), LEAST)
    scale, offset = (deviation, mean) if invert else (1 / deviation, -mean / deviation)
    for key in ("axis", "invert", "mean", "variance"):
        del options.config[key]
    options.config |= {"scale": scale.tolist(), "offset": offset.tolist()}
    options.note("is a Rescaling, whose last digits differ where the mean is large")
    return options.stock("Rescaling")


TRANSLATORS = {"Normalization": normalization}
