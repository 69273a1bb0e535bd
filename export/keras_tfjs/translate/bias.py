"""Translators of keras_bias's Bias and Dense: stock where the bias is one per unit and trained."""

from keras_tfjs.ir import Layer
from keras_tfjs.translate import lowering
from keras_tfjs.translate.dense import dense_weights
from keras_tfjs.translate.lowering import BIAS_SHAPE
from keras_tfjs.translate.options import BOOL, FORMAT, INT, Aim, Options, optional
from keras_tfjs.translate.weights import named


def bias(layer: Layer, aim: Aim) -> Layer:
    """A bias of its own: the twin, for stock tfjs has nothing like it; lowered under --stock."""
    options = Options(layer, aim)
    options.take("bias_shape", BIAS_SHAPE, "vector")
    options.take("bias_trainable", BOOL, True)
    first = options.take("data_format", FORMAT, "channels_last") == "channels_first"
    options.take("groups", optional(INT), None)
    options.activation()
    options.initializers(bias="Zeros")
    options.regularizers("bias")
    options.constraints("bias")
    weights = named(layer, {"bias": None})
    if aim.stock:
        return lowering.alone(options, weights["bias"], 0 if first else -1)
    return options.twin("keras_bias>Bias", "a bias by itself", weights)


def dense(layer: Layer, aim: Aim) -> Layer:
    """A dense layer: stock if its bias is, else the twin; under --stock the bias is lowered."""
    options = Options(layer, aim, quantized=True)
    chosen = lowering.choice(options)
    weights = dense_weights(options, any_bias=True)
    units = options.config["units"]
    return lowering.biased(
        options, chosen, weights, name="Dense", exact="Dense", why="", channels=units
    )


TRANSLATORS = {"keras_bias>Bias": bias, "keras_bias>Dense": dense}
