"""Layers called on tensors of several shapes: a layer for each, where it has no weights to share.

What a layer is in tfjs may depend on the shape it is called on: a Flatten is an activation or a
Reshape, a Concatenate counts its axis from the front. One without weights is thus written once
for each shape; of one with weights, only what all its calls have in common is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from keras_tfjs.ir import Call, Layer, Model, Tensor, is_operation

Shape = list[int | None]
Shapes = Sequence[Shape | None]
"""The shapes of one call's inputs; None where unknown."""


def parted(model: Model, found: Mapping[tuple[str, int], Shapes]) -> Model:
    """The functional model without layers that are called on several shapes.

    Args:
        model: in Keras's words.
        found: the shapes of the inputs of a layer's call, by its name and the call's number.
    """
    taken = {layer.name for layer in model.layers}
    layers: list[Layer] = []
    places: dict[tuple[str, int], tuple[str, int]] = {}
    for layer in model.layers:
        groups = _by_shapes(layer, found)
        if len(groups) < 2 or layer.model is not None:
            layers.append(layer)
        elif layer.weights:
            common = _common(layer, [shapes for shapes, _ in groups])
            layers.append(replace(layer, input_shape=common))
        else:
            for number, (shapes, calls) in enumerate(groups):
                name = _free(layer.name, number, taken)
                for at, index in enumerate(calls):
                    places[layer.name, index] = name, at
                kept = tuple(layer.calls[index] for index in calls)
                known = _input_shape(shapes)
                layers.append(replace(layer, name=name, calls=kept, input_shape=known))
    if not places:
        return replace(model, layers=tuple(layers))
    moved = tuple(
        replace(
            layer,
            calls=tuple(
                Call(_moved(call.args, places), _moved(dict(call.kwargs), places))
                for call in layer.calls
            ),
        )
        for layer in layers
    )
    return replace(model, layers=moved, outputs=_moved(model.outputs, places))


def _by_shapes(
    layer: Layer, found: Mapping[tuple[str, int], Shapes]
) -> list[tuple[Shapes, list[int]]]:
    """The numbers of a layer's calls, by the shapes that they are made on."""
    groups: list[tuple[Shapes, list[int]]] = []
    for index in range(len(layer.calls)):
        shapes = found.get((layer.name, index), [None])
        if is_operation(layer):  # whose arguments are its configuration
            groups.append((shapes, [index]))
            continue
        for known, calls in groups:
            if known == shapes:
                calls.append(index)
                break
        else:
            groups.append((shapes, [index]))
    return groups


def _common(layer: Layer, calls: Sequence[Shapes]) -> Any:
    """What the input shapes of all calls of a layer with weights have in common."""
    shapes = [shapes[0] for shapes in calls if len(shapes) == 1 and shapes[0] is not None]
    if len(shapes) < len(calls):
        return layer.input_shape
    if len(set(map(len, shapes))) > 1:
        return None
    return [sizes[0] if len(set(sizes)) == 1 else None for sizes in zip(*shapes, strict=True)]


def _input_shape(shapes: Shapes) -> Any:
    if None in shapes:
        return None
    return shapes[0] if len(shapes) == 1 else list(shapes)


def _free(name: str, number: int, taken: set[str]) -> str:
    """The layer's own name for the first of its parts, a new one for the others."""
    if number == 0:
        return name
    while (new := f"{name}/shape_{number + 1}") in taken:
        number += 1
    taken.add(new)
    return new


def _moved(structure: Any, places: Mapping[tuple[str, int], tuple[str, int]]) -> Any:
    if isinstance(structure, Tensor):
        layer, call = places.get((structure.layer, structure.call), (None, 0))
        return structure if layer is None else replace(structure, layer=layer, call=call)
    if isinstance(structure, list | tuple):
        return type(structure)(_moved(item, places) for item in structure)
    if isinstance(structure, dict):
        return {key: _moved(item, places) for key, item in structure.items()}
    return structure
