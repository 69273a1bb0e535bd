"""Keras layers with the bias shape of your choice.

`from keras_bias import layers` stands in for `from keras import layers`. Keras itself is loaded
with the layers, not before: `import keras_bias` alone costs nothing and picks no backend.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from keras_bias import callbacks, layers

__version__ = "0.1.0"

__all__ = ["__version__", "callbacks", "layers"]


def __getattr__(name: str) -> Any:
    if name in ("callbacks", "layers"):
        return importlib.import_module(f"keras_bias.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
