"""Keras 3 models as TensorFlow.js layers-models, without Keras and without TensorFlow.

::

    import keras_tfjs

    report = keras_tfjs.convert("model.keras", "out")   # or a live keras.Model
    print(report.files, report.notes)

The way of a model: `read` -> `ir` -> `translate` -> `ir` -> `write`. Importing this package loads
nothing heavy; `convert` loads NumPy and, for the weights, h5py.
"""

from keras_tfjs.convert import Report, convert
from keras_tfjs.errors import (
    ConversionError,
    CorruptModelError,
    NotAKerasModelError,
    OutputError,
    OutputExistsError,
    UnsafeModelError,
    UnsupportedLayerError,
    UnsupportedOptionError,
)
from keras_tfjs.version import __version__

__all__ = [
    "ConversionError",
    "CorruptModelError",
    "NotAKerasModelError",
    "OutputError",
    "OutputExistsError",
    "Report",
    "UnsafeModelError",
    "UnsupportedLayerError",
    "UnsupportedOptionError",
    "__version__",
    "convert",
]
