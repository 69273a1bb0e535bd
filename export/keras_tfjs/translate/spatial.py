"""Translators of the layers that pad, crop and enlarge spatial axes."""

from collections.abc import Callable

from keras_tfjs.ir import Layer
from keras_tfjs.translate.options import FORMAT, PAIRS, SIZES, TEXT, Aim, Kind, Options
from keras_tfjs.translate.pooling import listed

SIDES = Kind("a number or a list of pairs", lambda v: isinstance(v, int) or PAIRS.holds(v))
INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")
LARGEST_FACTOR = 40
"""Up to here, tfjs's nearest neighbour is the right one: from 41 on, float32 rounds it away."""


def zero_padding(layer: Layer, aim: Aim) -> Layer:
    """Zeros around, which stock tfjs can put around images."""
    options = Options(layer, aim)
    options.take("padding", SIDES, 1)
    options.take("data_format", FORMAT, "channels_last")
    if layer.class_name == "ZeroPadding2D":
        return options.stock("ZeroPadding2D")
    return options.twin(f"keras>{layer.class_name}", f"a {layer.class_name}")


def cropping(layer: Layer, aim: Aim) -> Layer:
    """Margins cut off; stock tfjs does so with images whose size is known."""
    options = Options(layer, aim)
    options.take("cropping", SIDES, 1)
    if layer.class_name == "Cropping1D":
        return options.twin("keras>Cropping1D", "a Cropping1D")
    data_format = options.take("data_format", FORMAT, "channels_last")
    if layer.class_name == "Cropping3D":
        return options.twin("keras>Cropping3D", "a Cropping3D")
    shape = options.input_shape or [None] * 4
    if None in (shape[2:] if data_format == "channels_first" else shape[1:-1]):
        return options.twin("keras>Cropping2D", "an input of unknown size")
    return options.stock("Cropping2D")


def up_sampling(axes: int) -> Callable[[Layer, Aim], Layer]:
    """The translator for so many spatial axes."""

    def translate(layer: Layer, aim: Aim) -> Layer:
        """Every number several times, or numbers in between.

        Stock tfjs has images only. Its bilinear interpolation begins in the corner of a pixel, and
        on its backend cpu the gradient by nearest neighbours mixes up the samples of a batch.
        """
        options = Options(layer, aim)
        size = listed(options.take("size", SIZES, 2), axes)
        if axes == 1:
            return options.twin("keras>UpSampling1D", "an UpSampling1D")
        options.config["size"] = size
        options.take("data_format", FORMAT, "channels_last")
        if axes == 3:
            return options.twin("keras>UpSampling3D", "an UpSampling3D")
        interpolation = options.take("interpolation", TEXT, "nearest")
        if interpolation not in INTERPOLATIONS:
            raise options.unsupported(
                "interpolation", interpolation, f"Use one of {', '.join(INTERPOLATIONS)}."
            )
        if interpolation == "bicubic" and any(factor & (factor - 1) for factor in size):
            options.note(
                "interpolates as Keras does with JAX; TensorFlow rounds places between pixels to "
                "1024ths, which changes the third digit"
            )
        if interpolation != "nearest":
            return options.twin("keras>UpSampling2D", f"interpolation={interpolation!r}")
        if not aim.stock or max(size) > LARGEST_FACTOR:
            return options.twin("keras>UpSampling2D", f"size={size!r}")
        options.note("it trains otherwise: stock gradients on the backend cpu are not Keras's")
        return options.stock("UpSampling2D")

    return translate


TRANSLATORS: dict[str, Callable[[Layer, Aim], Layer]] = {
    **dict.fromkeys(["ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D"], zero_padding),
    **dict.fromkeys(["Cropping1D", "Cropping2D", "Cropping3D"], cropping),
    **{f"UpSampling{axes}D": up_sampling(axes) for axes in (1, 2, 3)},
}
