"""A graph in Keras's words to which operations on masks are added."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from keras_tfjs.ir import Call, Json, Layer, Model, Tensor
from keras_tfjs.translate.inlining import free_name


class MaskGraph:
    """The layers of a graph by name, and their calls by number."""

    def __init__(self, model: Model) -> None:
        self.taken = {layer.name for layer in model.layers}
        self.layers: dict[str, Layer] = {}
        self.calls: dict[str, dict[int, Call]] = {}

    def add(self, layer: Layer, at: int, call: Call) -> None:
        """Keeps a layer with a call."""
        self.layers.setdefault(layer.name, layer)
        self.calls.setdefault(layer.name, {})[at] = call

    def through(self, layer: Layer, kind: str, *inputs: Tensor) -> Tensor:
        """What comes of tensors behind a new layer."""
        name = free_name(f"{layer.name}/{kind.rpartition('>')[2].lower()}", self.taken)
        config = {"name": name, "trainable": True, "dtype": "float32"}
        new = Layer(name, kind.rpartition(">")[2], "keras_tfjs", kind, config, where=layer.where)
        self.layers[name] = new
        self.calls[name] = {0: Call((list(inputs) if len(inputs) > 1 else inputs[0],), {})}
        return Tensor(name, 0, 0, inputs[0].shape, inputs[0].dtype)

    def operation(
        self, layer: Layer, kind: str, *arguments: Any, dtype: str = "bool", **options: Json
    ) -> Tensor:
        """What a new operation makes; by default truths."""
        name = free_name(f"{layer.name}/mask", self.taken)
        if kind == "ZerosLike":
            options["dtype"] = dtype
        new = Layer(name, kind, "keras.src.ops.numpy", None, {"name": name, **options}, where=name)
        if kind == "Softmax":
            new = replace(new, module="keras.src.ops.nn")
        self.layers[name] = new
        self.calls[name] = {0: Call(arguments, {})}
        return Tensor(name, 0, 0, None, dtype)

    def either(self, layer: Layer, masks: Sequence[Tensor]) -> Tensor:
        """The mask that keeps what any of them keeps."""
        found = masks[0]
        for mask in masks[1:]:
            found = self.operation(layer, "LogicalOr", found, mask)
        return found

    def wide(self, layer: Layer, mask: Tensor) -> Tensor:
        """A mask with an axis for the features."""
        return self.operation(layer, "ExpandDims", mask, axis=-1, dtype=mask.dtype or "bool")

    def raised(self, layer: Layer, x: Tensor, axes: int) -> Tensor:
        """A tensor with so many axes more behind its batch."""
        if axes == 0:
            return x
        return self.float_of(layer, "ExpandDims", x, axis=list(range(1, axes + 1)))

    def where(self, layer: Layer, condition: Tensor, x: Any, other: Any) -> Tensor:
        """One where the condition holds, and the other elsewhere; of the layer's shape."""
        made = self.operation(layer, "Where", condition, x, other, dtype="float32")
        shape = layer.input_shape
        known = isinstance(shape, list) and not any(isinstance(each, list) for each in shape)
        return replace(made, shape=tuple(shape)) if known else made

    def float_of(self, layer: Layer, name: str, *arguments: Any, **options: Json) -> Tensor:
        """An operation that gives floats."""
        return self.operation(layer, name, *arguments, dtype="float32", **options)

    def ones(self, layer: Layer, x: Tensor) -> Tensor:
        """The mask that leaves nothing out."""
        nothing = self.operation(layer, "ZerosLike", x, dtype="bool")
        axes = list(range(2, len(x.shape or ())))
        some = self.operation(layer, "Any", nothing, axis=axes, keepdims=False)
        return self.operation(layer, "LogicalNot", some)
