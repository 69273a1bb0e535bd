"""Translators of the normalization layers."""

from keras_tfjs.ir import Layer
from keras_tfjs.translate.options import AXES, BOOL, INT, NUMBER, Aim, Options, optional
from keras_tfjs.translate.weights import Sizes, named

STOCK_RANKS = range(2, 5)
"""How many axes tfjs's normalizing kernels can take, batch included."""


def batch_normalization(layer: Layer, aim: Aim) -> Layer:
    """Stock computes rightly along the last axis, and trains only with both gamma and beta."""
    options = Options(layer, aim)
    axis = options.read("axis", AXES, -1)
    axis = axis[0] if isinstance(axis, list) else axis
    options.config["axis"] = axis
    options.take("momentum", NUMBER, 0.99)
    options.take("epsilon", NUMBER, 1e-3)
    center = options.take("center", BOOL, True)
    scale = options.take("scale", BOOL, True)
    options.initializers(beta="Zeros", gamma="Ones", moving_mean="Zeros", moving_variance="Ones")
    options.regularizers("beta", "gamma")
    options.constraints("beta", "gamma")
    options.leave("renorm_clipping", "renorm_momentum")
    frozen = options.config["trainable"] is False
    if renorm := options.read("renorm", BOOL, False):
        options.note("trains without renorm: TensorFlow.js has none")
    if options.read("synchronized", BOOL, False):
        options.note("trains unsynchronized: a browser has one replica only")
    size = options.input_shape[axis] if options.input_shape else None
    present = {"gamma": scale, "beta": center, "moving_mean": True, "moving_variance": True}
    shapes: dict[str, Sizes | None] = {name: (size,) for name, there in present.items() if there}
    weights = named(layer, shapes, rest=renorm)
    fits = options.is_last(axis) and options.rank in STOCK_RANKS and center and scale
    if fits and (aim.stock or not frozen):
        if frozen:
            options.note("is not frozen in training: stock TensorFlow.js normalizes by the batch")
        options.config["axis"] = -1
        return options.stock("BatchNormalization", weights)
    given = [("axis", axis, -1), ("center", center, True), ("scale", scale, True)]
    why = ", ".join(f"{key}={value!r}" for key, value, usual in given if value != usual)
    why = why or frozen * "trainable=False" or f"an input of {options.rank or 'unknown many'} axes"
    return options.twin("keras>BatchNormalization", why, weights)


def layer_normalization(layer: Layer, aim: Aim) -> Layer:
    """Stock ignores rms_scaling, and takes up to four axes."""
    options = Options(layer, aim)
    axis = options.take("axis", AXES, -1)
    options.take("epsilon", NUMBER, 1e-3)
    center = options.take("center", BOOL, True)
    scale = options.take("scale", BOOL, True)
    rms = options.take("rms_scaling", optional(BOOL), False)
    options.initializers(beta="Zeros", gamma="Ones")
    options.regularizers("beta", "gamma")
    options.constraints("beta", "gamma")
    axes = sorted(axis) if isinstance(axis, list) else [axis]
    shape = options.input_shape
    sizes = None if shape is None else tuple(shape[each] for each in axes)
    present = {"gamma": scale or rms, "beta": center and not rms}
    weights = named(layer, {name: sizes for name, there in present.items() if there})
    if rms:
        return options.twin("keras>LayerNormalization", "rms_scaling=True", weights)
    if options.rank not in STOCK_RANKS:
        why = f"an input of {options.rank or 'unknown many'} axes"
        return options.twin("keras>LayerNormalization", why, weights)
    del options.config["rms_scaling"]
    options.config["axis"] = axes if isinstance(axis, list) else axis
    return options.stock("LayerNormalization", weights)


def group_normalization(layer: Layer, aim: Aim) -> Layer:
    """Within groups of channels, along any axis but the batch's."""
    options = Options(layer, aim)
    axis = options.take("axis", INT, -1)
    options.take("groups", INT, 32)
    options.take("epsilon", NUMBER, 1e-3)
    center = options.take("center", BOOL, True)
    scale = options.take("scale", BOOL, True)
    options.initializers(beta="Zeros", gamma="Ones")
    options.regularizers("beta", "gamma")
    options.constraints("beta", "gamma")
    shape = options.input_shape
    if axis == 0 or (shape is not None and axis == -len(shape)):
        raise options.unsupported("axis", axis, "Use an axis behind the batch.")
    present = {"gamma": scale, "beta": center}
    size = shape[axis] if shape else None
    weights = named(layer, {name: (size,) for name, there in present.items() if there})
    return options.twin("keras>GroupNormalization", "a GroupNormalization", weights)


def rms_normalization(layer: Layer, aim: Aim) -> Layer:
    """Keras brings the scale to the last axes, whichever the axes are."""
    options = Options(layer, aim)
    axis = options.take("axis", AXES, -1)
    options.take("epsilon", NUMBER, 1e-6)
    shape, axes = options.input_shape, sorted(axis) if isinstance(axis, list) else [axis]
    sizes = None if shape is None else [shape[each] for each in axes]
    if sizes and any(
        size == 1 != wide for size, wide in zip((shape or [])[-len(sizes) :], sizes, strict=True)
    ):
        raise options.unsupported(
            "axis", axis, "Use the last axis: Keras stretches the output to the scale here."
        )
    weights = named(layer, {"scale": sizes})
    return options.twin("keras>RMSNormalization", "an RMSNormalization", weights)


def unit_normalization(layer: Layer, aim: Aim) -> Layer:
    """Vectors of length 1."""
    options = Options(layer, aim)
    options.take("axis", AXES, -1)
    return options.twin("keras>UnitNormalization", "a UnitNormalization")


TRANSLATORS = {
    "BatchNormalization": batch_normalization,
    "LayerNormalization": layer_normalization,
    "GroupNormalization": group_normalization,
    "RMSNormalization": rms_normalization,
    "UnitNormalization": unit_normalization,
}
