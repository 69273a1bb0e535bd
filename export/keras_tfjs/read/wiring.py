"""Is it a graph? Following a functional model's tensors must lead somewhere, and come to an end."""

from collections.abc import Iterable, Mapping

from keras_tfjs.errors import CorruptModelError
from keras_tfjs.ir import INPUT, Layer, Model, Tensor, tensors

_MOST_OUTPUTS = 10_000  # of one layer
_AGAIN = "Save the model again with Keras."

_Node = tuple[str, int]
"""A call: a layer's name and the call's number."""


def check(model: Model, where: str) -> None:
    """Nothing, if the calls of a functional model make a graph from its inputs to its outputs.

    Args:
        model: the model; those nested in it have been checked.
        where: the model, for messages.

    Raises:
        CorruptModelError: if they do not.
    """
    layers = {layer.name: layer for layer in model.layers}
    needs: dict[_Node, list[Tensor]] = {}
    for layer in model.layers:
        if layer.class_name == INPUT:
            needs[layer.name, 0] = []
        elif not layer.calls:
            raise CorruptModelError(f"Layer '{layer.where}': is never called. {_AGAIN}")
        for number, call in enumerate(layer.calls):
            needs[layer.name, number] = tensors([call.args, dict(call.kwargs)])
            _check(needs[layer.name, number], layers, f"Layer '{layer.where}'")
    _check_ends(model, layers, where)
    _check_circles(needs, where)
    _check_reach(model, needs, where)


def _check(used: Iterable[Tensor], layers: Mapping[str, Layer], where: str) -> None:
    for tensor in used:
        layer = layers.get(tensor.layer)
        if layer is None:
            raise CorruptModelError(
                f"{where}: is called on the output of {tensor.layer!r}, which is not in the model. "
                f"{_AGAIN}"
            )
        calls = 1 if layer.class_name == INPUT else len(layer.calls)
        if not 0 <= tensor.call < calls:
            raise CorruptModelError(
                f"{where}: is called on call {tensor.call} of {tensor.layer!r}, which has calls "
                f"0 to {calls - 1}. {_AGAIN}"
            )
        outputs = _outputs(layer)
        if not 0 <= tensor.index < outputs:
            raise CorruptModelError(
                f"{where}: is called on output {tensor.index} of {tensor.layer!r}, which has "
                f"outputs 0 to {outputs - 1}. {_AGAIN}"
            )


def _outputs(layer: Layer) -> int:
    if layer.class_name == INPUT or (layer.model and layer.model.kind == "sequential"):
        return 1
    return len(tensors(layer.model.outputs)) if layer.model else _MOST_OUTPUTS


def _check_ends(model: Model, layers: Mapping[str, Layer], where: str) -> None:
    inputs, outputs = tensors(model.inputs), tensors(model.outputs)
    for word, ends in (("inputs", inputs), ("outputs", outputs)):
        if not ends:
            raise CorruptModelError(f"{where}: has no {word}. {_AGAIN}")
        _check(ends, layers, f"{where}, its {word}")
    named = {tensor.layer for tensor in inputs}
    for layer in model.layers:
        if (layer.class_name == INPUT) != (layer.name in named):
            problem = (
                "is an input of the model, but no InputLayer"
                if layer.name in named
                else "is an InputLayer, but no input of the model"
            )
            raise CorruptModelError(f"Layer '{layer.where}': {problem}. {_AGAIN}")


def _check_circles(needs: Mapping[_Node, list[Tensor]], where: str) -> None:
    waiting = {node: {(need.layer, need.call) for need in used} for node, used in needs.items()}
    users: dict[_Node, list[_Node]] = {}
    for node, used in waiting.items():
        for need in used:
            users.setdefault(need, []).append(node)
    ready = [node for node, used in waiting.items() if not used]
    while ready:
        done = ready.pop()
        del waiting[done]
        for node in users.get(done, ()):
            waiting[node].discard(done)
            if not waiting[node]:
                ready.append(node)
    if waiting:
        circle = ", ".join(sorted({repr(layer) for layer, _ in waiting}))
        raise CorruptModelError(f"{where}: its layers wait for each other: {circle}. {_AGAIN}")


def _check_reach(model: Model, needs: Mapping[_Node, list[Tensor]], where: str) -> None:
    inputs = [(tensor.layer, tensor.call) for tensor in tensors(model.inputs)]
    found = [(tensor.layer, tensor.call) for tensor in tensors(model.outputs)]
    reached = {*inputs, *found}
    while found:
        for tensor in needs[found.pop()]:
            node = (tensor.layer, tensor.call)
            if node not in reached:
                reached.add(node)
                found.append(node)
    names = {layer for layer, _ in reached}
    idle = [repr(layer.name) for layer in model.layers if layer.name not in names]
    if idle:
        raise CorruptModelError(
            f"{where}: has layers without a way to its outputs: {', '.join(idle)}. {_AGAIN}"
        )
