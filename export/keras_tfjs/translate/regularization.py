"""Translators of the dropout and noise layers: identities, except in training.

Their random generators' state and seed stay behind: a seed in tfjs gives the same noise at every
step, where Keras's generator moves on.
"""

from keras_tfjs.ir import Layer
from keras_tfjs.translate.options import FORMAT, NUMBER, SHAPE, Aim, Options, optional

SPATIAL_AXES = {"SpatialDropout2D": 2, "SpatialDropout3D": 3}


def dropout(layer: Layer, aim: Aim) -> Layer:
    """Dropout with its noise shape."""
    options = _random(layer, aim)
    options.take("noise_shape", optional(SHAPE), None)
    return options.stock("Dropout")


def spatial_dropout_1d(layer: Layer, aim: Aim) -> Layer:
    """Dropout of whole channels of a sequence."""
    return _random(layer, aim).stock("SpatialDropout1D")


def spatial_dropout(layer: Layer, aim: Aim) -> Layer:
    """Dropout of whole channels, as the plain dropout that it is."""
    options = _random(layer, aim)
    channels_first = options.read("data_format", optional(FORMAT), None) == "channels_first"
    ones = [1] * SPATIAL_AXES[layer.class_name]
    noise = [None, None, *ones] if channels_first else [None, *ones, None]
    options.config["noise_shape"] = noise
    return options.stock("Dropout")


def gaussian_dropout(layer: Layer, aim: Aim) -> Layer:
    """Multiplicative noise."""
    return _random(layer, aim).stock("GaussianDropout")


def gaussian_noise(layer: Layer, aim: Aim) -> Layer:
    """Additive noise."""
    options = Options(layer, aim)
    options.leave("seed")
    options.take("stddev", NUMBER)
    return options.stock("GaussianNoise")


def alpha_dropout(layer: Layer, aim: Aim) -> Layer:
    """Dropout that keeps mean and variance, except that tfjs has one of its signs wrong."""
    options = _random(layer, aim)
    options.pin("noise_shape", None, "Build the layer without noise_shape.")
    options.note("in training, TensorFlow.js sets what it drops to +1.758 and not to -1.758")
    return options.stock("AlphaDropout")


def _random(layer: Layer, aim: Aim) -> Options:
    options = Options(layer, aim)
    rate = options.take("rate", NUMBER)
    if rate >= 1:
        raise options.unsupported("rate", rate, "Use a rate below 1: this one drops everything.")
    options.leave("seed")
    return options


TRANSLATORS = {
    "Dropout": dropout,
    "SpatialDropout1D": spatial_dropout_1d,
    "SpatialDropout2D": spatial_dropout,
    "SpatialDropout3D": spatial_dropout,
    "GaussianDropout": gaussian_dropout,
    "GaussianNoise": gaussian_noise,
    "AlphaDropout": alpha_dropout,
}
