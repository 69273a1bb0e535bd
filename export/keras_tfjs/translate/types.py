"""The type of the images that a Resizing is called on, worked out where the file does not say it.

Keras resizes integers to integers. Layers that hand integers on as they are, in their inference at
least, are written into a file as if they made floats of them.
"""

from dataclasses import replace
from typing import Final

from keras_tfjs.ir import INPUT, Layer, Model, tensors
from keras_tfjs.translate import parts

INPUT_DTYPE: Final = "input_dtype"
"""Under this key a Resizing's configuration says which integers it is called on."""

KEEPING = (
    "Resizing", "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter",
    "RandomContrast", "RandomCrop", "RandomGrayscale", "RandomHue", "RandomInvert",
    "RandomPosterization", "RandomSaturation", "MixUp", "Identity", "Permute", "Reshape",
    "ZeroPadding2D", "Cropping2D", "MaxPooling2D",
)  # fmt: skip
"""Layers that hand on integers for integers."""

FLOATING = (
    "AugMix", "AutoContrast", "CenterCrop", "CutMix", "Normalization", "RandAugment",
    "RandomElasticTransform", "RandomErasing", "RandomFlip", "RandomGaussianBlur",
    "RandomPerspective", "RandomRotation", "RandomSharpness", "RandomShear",
    "RandomTranslation", "RandomZoom", "Rescaling", "Solarization",
)  # fmt: skip
"""Layers without weights that make floats of integers."""

UNKNOWN: Final = "unknown"


PIPELINE: Final = "Pipeline"
"""A stack of layers that takes integers as they come, where a model makes them those it says."""


def with_input_dtypes(model: Model, given: str | None = None) -> Model:
    """The model in Keras's words whose Resizings know of which integers they are.

    Args:
        model: the whole of it, or a pipeline.
        given: the integers that a pipeline is called on.
    """
    types = _Types(model, given)
    return replace(model, layers=tuple(_informed(layer, types) for layer in model.layers))


def _informed(layer: Layer, types: "_Types") -> Layer:
    if layer.model is not None:
        inner = with_input_dtypes(layer.model, types.of_pipeline(layer))
        return replace(layer, model=inner)
    wrapped = layer.config.get("layer")
    resizes = "Resizing" in (layer.class_name, wrapped and wrapped["class_name"])
    dtype = types.of_input(layer) if resizes else None
    if dtype is None:
        return layer
    if layer.class_name == "Resizing":
        return replace(layer, config={**layer.config, INPUT_DTYPE: dtype})
    wrapped = layer.config["layer"]
    inside = {**wrapped, "config": {**wrapped["config"], INPUT_DTYPE: dtype}}
    return replace(layer, config={**layer.config, "layer": inside})


class _Types:
    """The integers that the tensors of a model are of; None for floats."""

    def __init__(self, model: Model, given: str | None) -> None:
        self.model = model
        self.given = given
        self.places = {layer.name: place for place, layer in enumerate(model.layers)}

    def of_input(self, layer: Layer) -> str | None:
        """Of what a layer is called on first."""
        if self.model.kind == "sequential":
            return self.of_output(self.model.layers[self.places[layer.name] - 1], UNKNOWN)
        found = tensors(list(layer.calls[0].args)) if layer.calls else []
        if not found or found[0].layer not in self.places:
            return None
        before = self.model.layers[self.places[found[0].layer]]
        return self.of_output(before, _integers(found[0].dtype))

    def of_pipeline(self, layer: Layer) -> str | None:
        """Of what a pipeline is called on; None for a model."""
        return self.of_input(layer) if layer.class_name == PIPELINE else None

    def of_output(self, layer: Layer, written: str | None) -> str | None:
        """Of what a layer makes.

        Args:
            layer: in Keras's words.
            written: what the file says of it.
        """
        if layer.class_name == INPUT:
            return self.given or _integers(parts.policy_name(layer.config.get("dtype")))
        if layer.model is not None and layer.class_name == PIPELINE:
            inner = _Types(layer.model, self.of_input(layer))
            return inner.of_output(layer.model.layers[-1], UNKNOWN)
        if layer.class_name in KEEPING:
            return self.of_input(layer)
        if written == UNKNOWN and (layer.class_name in FLOATING or layer.weights):
            return None
        return written if written != UNKNOWN or self.of_input(layer) else None


def _integers(dtype: str | None) -> str | None:
    return None if (dtype or "float").startswith(("float", "bfloat", "mixed")) else dtype
