"""A model without models in it: the layers of each stand in its place, once for all its calls."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from keras_tfjs.ir import INPUT, Call, Layer, Model, Tensor, tensors
from keras_tfjs.translate.running import Place, order

Find = Callable[[Tensor], Tensor | None]
"""What stands for a tensor; None for itself."""

_Calls = dict[str, dict[int, Call]]
"""By a layer's name and the number of the call."""


def as_functional(model: Model) -> Model:
    """A stack of layers as a graph; a graph as it is."""
    if model.kind != "sequential":
        return model
    first, *rest = model.layers
    before = Tensor(first.name, 0, 0)
    layers = [first]
    for layer in rest:
        layers.append(replace(layer, calls=(Call((before,), {}),)))
        before = Tensor(layer.name, 0, 0)
    return Model(model.name, "functional", tuple(layers), [Tensor(first.name, 0, 0)], [before])


def inlined(model: Model) -> tuple[Model, list[Place]]:
    """The graph, in Keras's words, without nested models, and the order in which Keras runs it.

    A nested model runs as a whole, before what waits around it.
    """
    model = as_functional(model)
    run = order(model)
    found = {each.name: inlined(each.model) for each in model.layers if each.model is not None}
    inner = {name: nested for name, (nested, _) in found.items()}
    if not inner:
        return model, run
    taken = {layer.name for layer in model.layers}
    names: dict[tuple[str, str], str] = {}
    flat: list[Layer] = []
    for layer in model.layers:
        if layer.name not in inner:
            flat.append(layer)
            continue
        for each in inner[layer.name].layers:
            if each.class_name != INPUT:
                own = each.name if each.name not in taken else f"{layer.name}/{each.name}"
                name = free_name(own, taken)
                names[layer.name, each.name] = name
                flat.append(replace(each, name=name, calls=()))
    made: dict[tuple[str, int], list[Tensor]] = {}

    def find(tensor: Tensor) -> Tensor | None:
        outputs = made.get((tensor.layer, tensor.call), ())
        return outputs[tensor.index] if tensor.index < len(outputs) else None

    calls: _Calls = {}
    waiting = [(layer, at) for layer in model.layers for at in range(len(layer.calls))]
    while waiting:
        left = []
        for layer, at in waiting:
            call = layer.calls[at]
            used = tensors([call.args, dict(call.kwargs)])
            if any(each.layer in inner and (each.layer, each.call) not in made for each in used):
                left.append((layer, at))
                continue
            now = moved_call(call, find)
            if layer.name in inner:
                made[layer.name, at] = _expanded(layer.name, at, now, inner, names, calls)
            else:
                calls.setdefault(layer.name, {})[at] = now
        if len(left) == len(waiting):
            break  # a circle: refused elsewhere
        waiting = left
    layers = tuple(
        replace(layer, calls=tuple(call for _, call in sorted(calls.get(layer.name, {}).items())))
        for layer in flat
    )
    spread: list[Place] = []
    for name, at in run:
        if name not in found:
            spread.append((name, at))
            continue
        nested, inner_run = found[name]
        counts = {layer.name: len(layer.calls) for layer in nested.layers}
        for own, number in inner_run:
            if (name, own) in names:
                spread.append((names[name, own], at * counts[own] + number))
    return replace(model, layers=layers, outputs=moved(model.outputs, find)), spread


def _expanded(
    outer: str,
    at: int,
    call: Call,
    inner: dict[str, Model],
    names: dict[tuple[str, str], str],
    calls: _Calls,
) -> list[Tensor]:
    """Writes one call of a nested model as calls of its layers; its outputs."""
    model = inner[outer]
    given = tensors(list(call.args))
    entries = {tensor.layer: number for number, tensor in enumerate(tensors(model.inputs))}
    counts = {layer.name: len(layer.calls) for layer in model.layers}

    def find(tensor: Tensor) -> Tensor | None:
        if tensor.layer in entries:
            return given[entries[tensor.layer]]
        number = at * counts[tensor.layer] + tensor.call
        return Tensor(names[outer, tensor.layer], number, tensor.index)

    for layer in model.layers:
        if layer.class_name != INPUT:
            own = calls.setdefault(names[outer, layer.name], {})
            for number, each in enumerate(layer.calls):
                own[at * len(layer.calls) + number] = moved_call(each, find)
    return [moved(tensor, find) for tensor in tensors(model.outputs)]


def moved_call(call: Call, find: Find) -> Call:
    """The call on what stands for its tensors."""
    return Call(tuple(moved(list(call.args), find)), moved(dict(call.kwargs), find))


def moved(structure: Any, find: Find) -> Any:
    """The structure of what stands for its tensors."""
    if isinstance(structure, Tensor):
        found = find(structure)
        if found is None:
            return structure
        return replace(found, shape=structure.shape, dtype=structure.dtype)
    if isinstance(structure, list | tuple):
        return type(structure)(moved(item, find) for item in structure)
    if isinstance(structure, dict):
        return {key: moved(item, find) for key, item in structure.items()}
    return structure


def free_name(name: str, taken: set[str]) -> str:
    """The name, or the first of it with a number that is not taken; it is then."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    taken.add(free)
    return free
