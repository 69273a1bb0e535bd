"""Masks that Keras loses on the way.

Its MultiHeadAttention takes the masks off the tensors that it is called on
(`keras/src/layers/attention/multi_head_attention.py`, "Delete the masks"): whatever runs after it
finds none there, the sum around it among others. What runs before it still does.
"""

from collections.abc import Callable, Sequence
from enum import Enum

from keras_tfjs.ir import Layer, Model, Tensor, tensors
from keras_tfjs.translate.running import Place


class Fate(Enum):
    """What a call finds of a mask that a tensor came with."""

    KEPT = 0
    LOST = 1
    UNSURE = 2


HANDING_ON = (
    "Identity", "ActivityRegularization", "Dropout", "SpatialDropout1D", "SpatialDropout2D",
    "SpatialDropout3D", "GaussianNoise", "GaussianDropout", "AlphaDropout", "Activation",
)  # fmt: skip
"""Layers that may hand on the very tensor that they are called on."""


def fates(model: Model, run: Sequence[Place]) -> Callable[[Place | None, Tensor], Fate]:
    """What a call of a functional model, None for the model's outputs, finds of a tensor's mask.

    Args:
        model: in Keras's words.
        run: the calls in the order in which Keras runs them.
    """
    layers = {layer.name: layer for layer in model.layers}
    called = {
        (layer.name, at): tensors([call.args, dict(call.kwargs)])
        for layer in model.layers
        for at, call in enumerate(layer.calls)
    }
    takers = {place: used for place, used in called.items() if _takes(layers[place[0]])}
    times = {place: time for time, place in enumerate(run)}

    def root(tensor: Tensor) -> Tensor:
        while tensor.layer in layers and layers[tensor.layer].class_name in HANDING_ON:
            used = called.get((tensor.layer, tensor.call), [])
            if len(used) != 1:
                break
            (tensor,) = used
        return tensor

    def fate(place: Place | None, tensor: Tensor) -> Fate:
        found = Fate.KEPT
        for taker, used in takers.items():
            if taker == place or root(tensor) not in map(root, used):
                continue
            sure = tensor in used and layers[taker[0]].model is None
            after = taker in times and (place is None or times[taker] < times.get(place, -1))
            if after and not sure:
                return Fate.UNSURE
            if after:
                found = Fate.LOST
        return found

    return fate


def _takes(layer: Layer) -> bool:
    """Whether a call takes masks off tensors, or may do so in a model."""
    if layer.model is not None:
        return any(_takes(inner) for inner in layer.model.layers)
    return layer.class_name == "MultiHeadAttention"
