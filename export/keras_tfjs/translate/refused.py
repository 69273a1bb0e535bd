"""Layers of Keras that no browser can have: why, and what to do instead."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is said of a layer.

    Attributes:
        why: how the sentence goes on behind the layer's class.
        instead: a sentence, or several.
    """

    why: str
    instead: str


_OPERATIONS = (
    "Write what it computes with layers, or with keras.ops on tensors of a functional model."
)


def _foreign(framework: str) -> Refusal:
    return Refusal(
        f", which runs {framework}, that a browser does not have",
        "Build that part of Keras layers, and load its weights into them.",
    )


_TEXTS = Refusal(
    ": a model in TensorFlow.js cannot take texts",
    "Look the texts up before the model, in Python or JavaScript, and convert the model from its "
    "whole numbers on.",
)

REFUSED: Mapping[str, Refusal] = {
    "Lambda": Refusal(
        ", whose function is Python, which is not run here and cannot be in a browser",
        _OPERATIONS,
    ),
    "TFSMLayer": _foreign("a SavedModel of TensorFlow"),
    "TorchModuleWrapper": _foreign("a module of PyTorch"),
    "FlaxLayer": _foreign("a module of Flax"),
    "JaxLayer": _foreign("a function of JAX"),
    "StringLookup": _TEXTS,
    "TextVectorization": _TEXTS,
    "HashedCrossing": Refusal(
        ": TensorFlow.js cannot compute its fingerprints",
        "Compute the crossing before the model, and convert the model from its bins on.",
    ),
    "FeatureSpace": Refusal(
        ": it is called on a dictionary of columns",
        "Encode the columns before the model, and convert the model from what they become on.",
    ),
    "MaxNumBoundingBoxes": Refusal(
        ": it is called on a dictionary of images and boxes",
        "Leave it out of the model: it only changes boxes.",
    ),
    "ContrastLimitedAdaptiveHistogramEqualization": Refusal(
        ": TensorFlow.js has no histograms of tiles", "Equalize the images before the model."
    ),
}
"""By class name."""
