"""Every architecture of keras.applications, at the smallest size that it takes.

Inputs of some are pixels from 0 to 255, which the model itself normalizes.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
from zoo.entry import Entry

SMALLEST = {"Xception": 71, "InceptionV3": 75, "InceptionResNetV2": 75}
"""The sizes of images that are not 32 pixels."""

QUICK = ("MobileNet", "MobileNetV3Small")
"""What `make test` takes."""

OPTIONS: dict[str, dict[str, Any]] = {
    "MobileNet": {"alpha": 0.25},
    "MobileNetV2": {"alpha": 0.35},
    "MobileNetV3Small": {"alpha": 0.75},
}
"""What else a constructor is given, where it can be made small."""

MORE: dict[str, tuple[str, dict[str, Any]]] = {
    "MobileNet of two multipliers": ("MobileNet", {"alpha": 0.5, "depth_multiplier": 2}),
    "MobileNetV3Small minimalistic": ("MobileNetV3Small", {"minimalistic": True}),
    "MobileNetV3Large without top": ("MobileNetV3Large", {"include_top": False, "alpha": 0.75}),
    "ResNet50 without top": ("ResNet50", {"include_top": False, "pooling": "max"}),
    "ResNet50V2 without top": ("ResNet50V2", {"include_top": False, "pooling": "avg"}),
    "DenseNet121 without top": ("DenseNet121", {"include_top": False, "pooling": "max"}),
    "NASNetMobile without top": ("NASNetMobile", {"include_top": False}),
    "VGG16 without top": ("VGG16", {"include_top": False}),
    "ConvNeXtTiny of floats": ("ConvNeXtTiny", {"include_preprocessing": False}),
    "EfficientNetV2B0 of floats": ("EfficientNetV2B0", {"include_preprocessing": False}),
}
"""Architectures with other options than by default."""


def constructors() -> dict[str, Callable[..., keras.Model]]:
    """Every architecture that Keras has, by its name."""
    found = vars(keras.applications).items()
    return {name: build for name, build in found if name[0].isupper() and callable(build)}


def _entry(name: str, constructor: str, **options: Any) -> Entry:
    size = SMALLEST.get(constructor, 32)
    top: dict[str, Any] = {"classes": 5} if options.get("include_top", True) else {}
    if constructor.startswith("EfficientNet"):
        top["classifier_activation"] = None  # random weights saturate the softmax
    build = partial(
        constructors()[constructor],
        **{"weights": None, "input_shape": (size, size, 3), **top, **options},
    )
    return Entry(name, build, deep=True, heavy=name not in QUICK)


ENTRIES = [
    *(_entry(name, name, **OPTIONS.get(name, {})) for name in sorted(constructors())),
    *(_entry(name, constructor, **options) for name, (constructor, options) in MORE.items()),
]
