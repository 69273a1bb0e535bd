"""Translators of keras_bias: stock where the bias is one per unit and trained, else twins."""

from collections.abc import Callable

import numpy as np

from keras_tfjs.ir import Array, Layer
from keras_tfjs.translate.dense import dense_weights
from keras_tfjs.translate.options import BOOL, FORMAT, INT, Aim, Kind, Options, optional
from keras_tfjs.translate.weights import named

BIAS_SHAPE = Kind(
    "the name of a bias shape or a list of counts",
    lambda value: isinstance(value, str | list),
)


def bias(layer: Layer, aim: Aim) -> Layer:
    """A bias of its own: always the twin, for stock tfjs has nothing like it."""
    options = Options(layer, aim)
    options.take("bias_shape", BIAS_SHAPE, "vector")
    options.take("bias_trainable", BOOL, True)
    options.take("data_format", FORMAT, "channels_last")
    options.take("groups", optional(INT), None)
    options.activation()
    options.initializers(bias="Zeros")
    options.regularizers("bias")
    options.constraints("bias")
    return options.twin("keras_bias>Bias", "a bias by itself", named(layer, {"bias": None}))


def dense(layer: Layer, aim: Aim) -> Layer:
    """A dense layer: stock if its bias is, else the twin; under --stock the bias is widened."""
    options = Options(layer, aim)
    shape = options.read("bias_shape", BIAS_SHAPE, "vector")
    trainable = options.read("bias_trainable", BOOL, True)
    stored = _stored_bias(layer)
    weights = dense_weights(options, stored)
    units = options.config["units"]
    if stored is None or (stored == (units,) and trainable):
        return options.stock("Dense", weights)
    if aim.stock and len(stored) == 1 and units % stored[0] == 0:
        weights["bias"] = weights["bias"].mapped((units,), _repeated(units // stored[0]))
        wide = f"its bias of {stored[0]} is written once for each of {units} units"
        options.note(wide if trainable else f"{wide}, and trains, though it was fixed in Keras")
        return options.stock("Dense", weights)
    options.config["bias_shape"] = shape
    options.config["bias_trainable"] = trainable
    return options.twin("keras_bias>Dense", f"bias_shape={shape!r}", weights)


def _stored_bias(layer: Layer) -> tuple[int, ...] | None:
    """The shape of the bias as the file has it; None if there is none."""
    if not layer.config.get("use_bias", True):
        return None
    weight = layer.weights.get("bias", layer.weights.get("1"))
    return (1,) if weight is None else weight.shape


def _repeated(times: int) -> Callable[[Array], Array]:
    return lambda values: np.repeat(values, times)


TRANSLATORS = {"keras_bias>Bias": bias, "keras_bias>Dense": dense}
