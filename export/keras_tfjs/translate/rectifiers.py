"""Translators of the activation layers that have options: ReLU and its kin, and Softmax."""

from keras_tfjs.ir import Layer
from keras_tfjs.translate.options import AXES, NUMBER, Aim, Options, optional
from keras_tfjs.translate.weights import named


def relu(layer: Layer, aim: Aim) -> Layer:
    """Stock ReLU knows a maximum only; a slope alone is stock LeakyReLU; the rest is a twin."""
    options = Options(layer, aim)
    maximum = options.take("max_value", optional(NUMBER), None)
    slope = options.take("negative_slope", optional(NUMBER), 0.0) or 0.0
    threshold = options.take("threshold", optional(NUMBER), 0.0) or 0.0
    if threshold == 0.0 and (slope == 0.0 or maximum is None):
        del options.config["negative_slope"], options.config["threshold"]
        if slope == 0.0:
            return options.stock("ReLU")
        del options.config["max_value"]
        options.config["alpha"] = slope
        return options.stock("LeakyReLU")
    given = [("max_value", maximum), ("negative_slope", slope), ("threshold", threshold)]
    why = ", ".join(f"{key}={value!r}" for key, value in given if value)
    return options.twin("keras>ReLU", why)


def leaky_relu(layer: Layer, aim: Aim) -> Layer:
    """Its slope has another name in tfjs, as it had in Keras 2."""
    options = Options(layer, aim)
    older = options.read("alpha", optional(NUMBER), None)
    options.take("negative_slope", NUMBER, 0.3 if older is None else older, named="alpha")
    return options.stock("LeakyReLU")


def prelu(layer: Layer, aim: Aim) -> Layer:
    """A rectifier with learned slopes."""
    options = Options(layer, aim)
    options.initializers(alpha="Zeros")
    options.regularizers("alpha")
    options.constraints("alpha")
    shared = options.read("shared_axes", optional(AXES), None)
    axes = [shared] if isinstance(shared, int) else shared or []
    shape = options.input_shape
    sizes = None
    if shape is not None:
        # Keras counts from 1, also from behind: its -1 is the last axis but one.
        axes = [axis if axis > 0 else (axis - 1) % (len(shape) - 1) + 1 for axis in axes]
        sizes = [1 if axis in axes else size for axis, size in enumerate(shape)][1:]
    options.config["shared_axes"] = axes or None
    return options.stock("PReLU", named(layer, {"alpha": sizes}))


def elu(layer: Layer, aim: Aim) -> Layer:
    """Stock ELU refuses any alpha but 1."""
    options = Options(layer, aim)
    alpha = options.take("alpha", NUMBER, 1.0)
    return options.stock("ELU") if alpha == 1.0 else options.twin("keras>ELU", f"alpha={alpha!r}")


def softmax(layer: Layer, aim: Aim) -> Layer:
    """Stock Softmax works along the last axis only."""
    options = Options(layer, aim)
    axis = options.take("axis", AXES, -1)
    axes = axis if isinstance(axis, list) else [axis]
    if len(axes) == 1 and options.is_last(axes[0]):
        if aim.masked:  # which tfjs would apply to it, wherever they are from
            del options.config["axis"]
            options.config["activation"] = "softmax"
            return options.stock("Activation")
        options.config["axis"] = -1
        return options.stock("Softmax")
    return options.twin("keras>Softmax", f"axis={axis!r}")


TRANSLATORS = {
    "ReLU": relu,
    "LeakyReLU": leaky_relu,
    "PReLU": prelu,
    "ELU": elu,
    "Softmax": softmax,
}
