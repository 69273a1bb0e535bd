"""Layer names that tfjs accepts, and under which every weight is found again.

tfjs matches weights by `<layer>/<weight>` alone, whatever models the layer is nested in, and its
names must fit one pattern. So a name is changed where it breaks the pattern, where it would hide
a property that every JavaScript object has, and where a layer with weights bears the name of
another one of the whole tree: Keras lets an inner layer be called like an outer one, and one
layer that two nested models share becomes two in tfjs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from keras_tfjs.ir import Call, Layer, Model, Tensor

FIRST = "[A-Za-z0-9]"
ALLOWED = re.compile(rf"^{FIRST}[-A-Za-z0-9._/]*$")
# tfjs looks layers up in plain objects, where these are always found.
OF_EVERY_OBJECT = frozenset(
    [
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    ]
)


@dataclass(slots=True)
class Names:
    """The names given so far in a tree of models.

    Attributes:
        weighted: names of layers with weights, of all models.
        renamed: new names by old ones, with the path of nested ones.
    """

    weighted: set[str] = field(default_factory=set)
    renamed: dict[str, str] = field(default_factory=dict)

    def given(self, model: Model) -> Model:
        """The model with names that tfjs accepts; outer layers keep theirs before inner ones."""
        taken: set[str] = set()
        wishes = {layer.name for layer in model.layers}
        names: dict[str, str] = {}
        for layer in model.layers:
            name = self._name(layer, taken, wishes)
            names[layer.name] = name
            taken.add(name)
            if layer.weights:
                self.weighted.add(name)
            if name != layer.name and layer.where:
                self.renamed[layer.where] = name
        layers = tuple(self._layer(layer, names) for layer in model.layers)
        name = _allowed(model.name)
        return Model(
            name, model.kind, layers, _moved(model.inputs, names), _moved(model.outputs, names)
        )

    def _layer(self, layer: Layer, names: dict[str, str]) -> Layer:
        calls = tuple(
            Call(_moved(call.args, names), _moved(dict(call.kwargs), names)) for call in layer.calls
        )
        inner = None if layer.model is None else self.given(layer.model)
        return replace(layer, name=names[layer.name], calls=calls, model=inner)

    def _name(self, layer: Layer, taken: set[str], wishes: set[str]) -> str:
        base = _allowed(layer.name)
        for name in _candidates(base):
            clashes = name in taken or (bool(layer.weights) and name in self.weighted)
            if not clashes and (name == layer.name or name not in wishes):
                return name
        raise AssertionError("the candidates never end")


def _allowed(name: str) -> str:
    if ALLOWED.match(name) and name not in OF_EVERY_OBJECT:
        return name
    cleaned = re.sub(r"[^-A-Za-z0-9._/]", "_", name)
    cleaned = re.sub(r"^[^A-Za-z0-9]+", "", cleaned)
    return f"layer_{cleaned}" if not cleaned or cleaned in OF_EVERY_OBJECT else cleaned


def _candidates(base: str) -> Iterator[str]:
    yield base
    number = 1
    while True:
        yield f"{base}_{number}"
        number += 1


def _moved(structure: Any, names: dict[str, str]) -> Any:
    if isinstance(structure, Tensor):
        return replace(structure, layer=names.get(structure.layer, structure.layer))
    if isinstance(structure, list | tuple):
        return type(structure)(_moved(item, names) for item in structure)
    if isinstance(structure, dict):
        return {key: _moved(item, names) for key, item in structure.items()}
    return structure
