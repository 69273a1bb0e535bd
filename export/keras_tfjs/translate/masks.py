"""Masks, where tfjs hands one on to a layer that Keras gives none.

tfjs's executor keeps the last mask that it met for all layers behind it, connected or not
(`tfjs-layers/src/engine/executor.ts`). Among the layers converted so far, only Softmax looks.
"""

from collections.abc import Iterator

from keras_tfjs.errors import UnsupportedOptionError
from keras_tfjs.ir import Layer, Model

LOOKING = ("Softmax", "keras>Softmax")


def refusals(model: Model) -> Iterator[UnsupportedOptionError]:
    """A problem for every layer that would be given another layer's mask."""
    layers = list(_all(model))
    masking = [layer for layer in layers if _makes_masks(layer)]
    for layer in layers if masking else []:
        if layer.class_name in LOOKING:
            yield UnsupportedOptionError(
                f"Layer '{layer.where}': TensorFlow.js would apply the mask of layer "
                f"'{masking[0].where}' to this Softmax. "
                "Use Activation('softmax'), or build the model without masks."
            )


def _makes_masks(layer: Layer) -> bool:
    return layer.class_name == "Masking" or bool(layer.config.get("mask_zero"))


def _all(model: Model) -> Iterator[Layer]:
    for layer in model.layers:
        yield layer
        if layer.model is not None:
            yield from _all(layer.model)
