"""Translators of the layers that prepare images: resized, cropped, contrasted, augmented."""

from keras_tfjs.ir import Json, Layer
from keras_tfjs.translate.options import (
    BOOL,
    FORMAT,
    INT,
    NUMBER,
    NUMBERS,
    TEXT,
    Aim,
    Options,
    optional,
)
from keras_tfjs.translate.spatial import INTERPOLATIONS
from keras_tfjs.translate.types import INPUT_DTYPE

IDENTICAL = (
    "AugMix", "CutMix", "Equalization", "MixUp", "RandAugment", "RandomBrightness",
    "RandomColorDegeneration", "RandomColorJitter", "RandomContrast", "RandomCrop",
    "RandomElasticTransform", "RandomErasing", "RandomFlip", "RandomGaussianBlur",
    "RandomGrayscale", "RandomHue", "RandomInvert", "RandomPerspective", "RandomPosterization",
    "RandomRotation", "RandomSaturation", "RandomSharpness", "RandomShear", "RandomTranslation",
    "RandomZoom", "Solarization",
)  # fmt: skip
"""Layers that change images in training only: each one's `transform_images` begins by asking."""

ENDS: dict[str, list[Json]] = {
    "uint8": [0, 255], "int8": [-128, 127], "uint16": [0, 65535], "int16": [-32768, 32767],
    "int32": [], "int64": [],
}  # fmt: skip
"""Between what Keras clips resized integers; the largest types hold whatever comes."""


def augmentation(layer: Layer, aim: Aim) -> Layer:
    """The linear activation: nothing of its configuration can change an output."""
    options = Options(layer, aim)
    _images_alone(options)
    options.leave(*layer.config)
    options.note("hands on its input: TensorFlow.js does not augment")
    return options.linear()


def resizing(layer: Layer, aim: Aim) -> Layer:
    """Images in another size. What stock tfjs calls Resizing cannot stand in a model.

    Of integers Keras makes integers, rounded and clipped, though it says that they are floats.
    """
    options = Options(layer, aim)
    _batched(options)
    options.take("height", INT)
    options.take("width", INT)
    interpolation = options.take("interpolation", TEXT, "bilinear")
    if interpolation not in INTERPOLATIONS:
        raise options.unsupported(
            "interpolation", interpolation, f"Use one of {', '.join(INTERPOLATIONS)}."
        )
    options.take("crop_to_aspect_ratio", BOOL, False)
    options.take("pad_to_aspect_ratio", BOOL, False)
    options.pin("fill_mode", "constant", "Keras itself knows no other.")
    options.take("fill_value", NUMBER, 0.0)
    antialias = options.take("antialias", BOOL, False)
    options.take("data_format", FORMAT, "channels_last")
    options.leave("bounding_box_format")
    dtype = options.read(INPUT_DTYPE, optional(TEXT), None)
    if dtype is not None and dtype not in ENDS:
        instead = "Put a Rescaling(1.0) before it, so that it resizes floats."
        raise options.problem(f"resizes numbers of the type {dtype!r}.", instead)
    options.config["integers"] = None if dtype is None else ENDS[dtype]
    if dtype is not None and interpolation != "nearest":
        options.note("rounds as Keras does, but numbers halfway between two may go either way")
    if interpolation == "bicubic" and not antialias:
        options.note(
            "interpolates as Keras does with JAX; TensorFlow rounds places between pixels to "
            "1024ths, which changes the third digit"
        )
    return options.twin("keras>Resizing", "a Resizing")


def center_crop(layer: Layer, aim: Aim) -> Layer:
    """The middle of images, or, of smaller ones, as much as fits, in the size asked for."""
    options = Options(layer, aim)
    _batched(options)
    options.take("height", INT)
    options.take("width", INT)
    options.take("data_format", FORMAT, "channels_last")
    options.leave("bounding_box_format")
    return options.twin("keras>CenterCrop", "a CenterCrop")


def auto_contrast(layer: Layer, aim: Aim) -> Layer:
    """Images stretched over their range: along the second and third axis, as Keras has it."""
    options = Options(layer, aim)
    _batched(options)
    options.take("value_range", NUMBERS, [0, 255])
    options.leave("data_format", "bounding_box_format")
    return options.twin("keras>AutoContrast", "an AutoContrast")


def _images_alone(options: Options) -> None:
    """Refuse dictionaries, which may have labels and boxes beside the images."""
    if any(len(call.args) > 1 for call in options.layer.calls):
        instead = "Call it on the images alone."
        raise options.problem("is called on more than images, such as labels or boxes.", instead)


def _batched(options: Options) -> None:
    """Refuse what Keras takes for one image, whose height would be the batch."""
    _images_alone(options)
    if options.rank not in (None, 4):
        raise options.problem(
            f"its input has {options.rank} axes, the batch included, which Keras takes for one "
            "image.",
            "Call it on batches of images: Input((height, width, channels)).",
        )


TRANSLATORS = {
    **dict.fromkeys(IDENTICAL, augmentation),
    "Resizing": resizing,
    "CenterCrop": center_crop,
    "AutoContrast": auto_contrast,
}
