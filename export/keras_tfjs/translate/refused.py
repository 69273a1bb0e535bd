"""Keras's layers that a model in TensorFlow.js cannot have: why, and what instead."""

_TEXTS = (
    "a model in TensorFlow.js cannot take texts. Look the texts up before the model, in Python or "
    "JavaScript, and convert the model from its whole numbers on."
)

REFUSED = {
    "StringLookup": _TEXTS,
    "TextVectorization": _TEXTS,
    "HashedCrossing": (
        "TensorFlow.js cannot compute its fingerprints. Compute the crossing before the model, and "
        "convert the model from its bins on."
    ),
    "FeatureSpace": (
        "it is called on a dictionary of columns. Encode the columns before the model, and convert "
        "the model from what they become on."
    ),
    "MaxNumBoundingBoxes": (
        "it is called on a dictionary of images and boxes. Leave it out of the model: it only "
        "changes boxes."
    ),
    "ContrastLimitedAdaptiveHistogramEqualization": (
        "TensorFlow.js has no histograms of tiles. Equalize the images before the model."
    ),
}
"""By class name."""
