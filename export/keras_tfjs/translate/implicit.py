"""Whether a mask in a graph is the one that Keras itself hung on a tensor.

Keras writes a mask down like any other argument: an operation compared what went into an Embedding
or a Masking with what stands for nothing there, and other operations joined such masks. tfjs hangs
the same mask on the same tensor by itself. A mask that somebody gave by hand looks alike, and tfjs
would not know of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keras_tfjs.ir import Json, Layer, Model, Tensor, is_operation, tensors

_OF_SHAPE_ONLY = ("ZerosLike", "OnesLike")


@dataclass(frozen=True, slots=True)
class Masks:
    """The masks of a functional model in Keras's words."""

    layers: Mapping[str, Layer]

    def is_own(self, mask: Tensor, tensor: Tensor) -> bool:
        """Whether `mask` is what Keras makes of the layers before `tensor`."""
        made: dict[Tensor, list[Json]] = {}
        for maker, source in self._makers(tensor):
            made.setdefault(source, []).append(maker.config.get("mask_value", 0))
        return bool(made) and self._implicit(mask, made)

    def _makers(self, tensor: Tensor) -> list[tuple[Layer, Tensor]]:
        """The layers before a tensor that make masks, and what they make them of."""
        found: list[tuple[Layer, Tensor]] = []
        seen: set[tuple[str, int]] = set()
        waiting = [tensor]
        while waiting:
            at = waiting.pop()
            layer = self.layers.get(at.layer)
            if (at.layer, at.call) in seen or layer is None or at.call >= len(layer.calls):
                continue
            seen.add((at.layer, at.call))
            inputs = tensors(list(layer.calls[at.call].args))
            if layer.class_name == "Masking" or layer.config.get("mask_zero"):
                found.extend((layer, source) for source in inputs)
            waiting.extend(inputs)
        return found

    def _implicit(self, mask: Tensor, made: Mapping[Tensor, Sequence[Json]]) -> bool:
        layer = self.layers.get(mask.layer)
        if layer is None or not is_operation(layer) or mask.call >= len(layer.calls):
            return False
        if layer.class_name in _OF_SHAPE_ONLY:
            return True
        args = layer.calls[mask.call].args
        inputs = tensors(list(args))
        if layer.class_name == "NotEqual" and len(inputs) == 1 and inputs[0] in made:
            return args[-1] in made[inputs[0]]
        return bool(inputs) and all(self._implicit(each, made) for each in inputs)


def of(model: Model) -> Masks:
    """The masks of a model."""
    return Masks({layer.name: layer for layer in model.layers})
