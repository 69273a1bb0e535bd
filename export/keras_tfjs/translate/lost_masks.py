"""Masks that Keras loses on the way.

Its MultiHeadAttention takes the masks off the tensors that it is called on
(`keras/src/layers/attention/multi_head_attention.py`, "Delete the masks"): whatever runs after it
finds none there, the sum around it among others. What runs before it still does. Keras runs calls
by their distance from the outputs, the farthest first.
"""

from collections.abc import Callable, Iterable
from enum import Enum

from keras_tfjs.ir import Layer, Model, Tensor, tensors

Place = tuple[str, int]
"""A layer's name, and which of its calls."""


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


def fates(model: Model) -> Callable[[Place | None, Tensor], Fate]:
    """What a call of a functional model, None for the model's outputs, finds of a tensor's mask."""
    layers = {layer.name: layer for layer in model.layers}
    called = {
        (layer.name, at): tensors([call.args, dict(call.kwargs)])
        for layer in model.layers
        for at, call in enumerate(layer.calls)
    }
    users: dict[Place, list[Place]] = {}
    for place, used in called.items():
        for tensor in used:
            users.setdefault((tensor.layer, tensor.call), []).append(place)
    takers = {place: used for place, used in called.items() if _takes(layers[place[0]])}
    behind = {place: _behind([place], users) for place in takers}
    distances: dict[Place, int] = {}

    def distance(place: Place) -> int:
        if place not in distances:
            distances[place] = 0  # in a circle, which is refused elsewhere
            distances[place] = max((distance(user) + 1 for user in users.get(place, [])), default=0)
        return distances[place]

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
            if place is None or place in behind[taker]:
                after = True
            elif taker in _behind([place], users):
                after = False
            else:
                several = any(len(layers[name].calls) > 1 for name in (taker[0], place[0]))
                sure = sure and not several and distance(place) != distance(taker)
                after = distance(place) < distance(taker) or not sure
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


def _behind(places: Iterable[Place], users: dict[Place, list[Place]]) -> set[Place]:
    """The calls that use what comes of these, directly or not."""
    found: set[Place] = set()
    waiting = list(places)
    while waiting:
        for user in users.get(waiting.pop(), []):
            if user not in found:
                found.add(user)
                waiting.append(user)
    return found
