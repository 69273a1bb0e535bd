"""Which weights are whose in a .keras file.

Keras does not file weights by layer names. It walks the model and names what it meets by its
class, counting: three Dense layers are `layers/dense`, `layers/dense_1` and `layers/dense_2`,
whatever they are called. This walks the config in the same way (keras/src/saving/saving_lib.py,
`_save_state` and `_save_container_state`), and compares the names that newer files note in
passing, so that it can go wrong, but not unnoticed.

What the walk meets twice is saved once, where it was met first.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from keras_tfjs.errors import CorruptModelError, UnsupportedLayerError
from keras_tfjs.ir import INPUT, Json, Layer, Model, Weight, is_operation
from keras_tfjs.read.graph import AT_EACH_STEP
from keras_tfjs.read.hdf5 import Group

_AGAIN = "Copy the file again, or save the model again."

_Place = tuple[int, ...]
"""Where a layer stands: its number in the outermost model, in the model there, and so on."""


Vocabulary = Callable[[str], list[int] | None]
"""Gives the vocabulary that is filed under a layer's path, if there is one."""


def with_weights(model: Model, root: Group, vocabulary: Vocabulary = lambda _: None) -> Model:
    """The model with the weights that are its layers' in the groups of model.weights.h5.

    Args:
        model: without them.
        root: of the file.
        vocabulary: of a layer that learnt one, which is filed beside the weights.

    Raises:
        CorruptModelError: if weights are missing, left over, or another layer's.
        UnsupportedLayerError: if a model has weights beside those of its layers.
    """
    walk = _Walk(named=_name(root) is not None)
    walk.model(model, root, (), f"Model '{model.name}'", shared=False)
    return _filled(model, walk.found, (), vocabulary)


@dataclass(slots=True)
class _Found:
    layer: Layer
    weights: Mapping[str, Weight]
    path: str | None = None
    shared_id: int | None = None


@dataclass(slots=True)
class _Walk:
    """One walk through a model, with what it has found so far.

    Attributes:
        named: whether the file notes layers' names, and so has a group for every layer.
        found: by place; a layer met twice is there twice, with one and the same content.
    """

    named: bool
    found: dict[_Place, _Found] = field(default_factory=dict)
    shared: int = 0

    def model(
        self, model: Model, group: Group | None, place: _Place, where: str, *, shared: bool
    ) -> None:
        if group and "vars" in group.groups and group.groups["vars"].weights:
            raise UnsupportedLayerError(
                f"{where}: has weights of its own beside those of its layers. "
                "Put them in a layer, and save it again."
            )
        children = group.groups.get("layers") if group else None
        own = [layer for layer in model.layers[1:] if layer.shared_id is None]
        if group and not children and own and self.named:
            raise CorruptModelError(
                f"{where}: its weights are missing, the file has no '{_path(group, 'layers')}'. "
                f"{_AGAIN}"
            )
        left = dict(children.groups) if children else {}
        for at, name in _names(model):
            layer = model.layers[at]
            self.layer(layer, left.pop(name, None), (*place, at), shared=shared)
        if children and (left or children.weights):
            names = ", ".join(f"'{_path(children, name)}'" for name in [*left, *children.weights])
            raise CorruptModelError(f"{where}: the file has weights of no layer: {names}. {_AGAIN}")

    def layer(self, layer: Layer, group: Group | None, place: _Place, *, shared: bool) -> None:
        where = f"Layer '{layer.where}'"
        if group:
            name = _name(group)
            if name is not None and name != layer.name:
                raise CorruptModelError(
                    f"{where}: at its place in the weights, '{group.path}', are those of "
                    f"'{name}'. {_AGAIN}"
                )
            if not layer.model:
                self.found[place] = _Found(layer, dict(_weights(group, "", where)), group.path)
                return
        shared = shared or layer.shared_id is not None
        if layer.model:
            if group and layer.class_name == AT_EACH_STEP:
                group = group.groups.get("layer")
            if not group and not shared and self.named:
                raise self._missing(layer)
            self.model(layer.model, group, place, where, shared=shared)
        elif layer.class_name != INPUT:
            self.found[place] = self._elsewhere(layer, shared=shared)

    def _elsewhere(self, layer: Layer, *, shared: bool) -> _Found:
        """What a layer without a group shares with one met before."""
        if shared:
            key = _identity(layer)
            alike = {
                id(found): found
                for found in self.found.values()
                if found.layer.name == layer.name and _identity(found.layer) == key
            }
            if len(alike) == 1:
                (found,) = alike.values()
                if found.shared_id is None:
                    self.shared += 1
                    found.shared_id = self.shared
                return found
        if self.named or shared:
            raise self._missing(layer)
        return _Found(layer, {})

    def _missing(self, layer: Layer) -> CorruptModelError:
        return CorruptModelError(
            f"Layer '{layer.where}': its weights are not in the file. {_AGAIN}"
        )


def _names(model: Model) -> Iterator[tuple[int, str]]:
    """Which of a model's layers the walk meets, and what it calls them."""
    counts: dict[str, int] = {}
    for at, layer in enumerate(model.layers):
        if model.kind == "sequential" and at == 0 and layer.class_name == INPUT:
            continue
        if is_operation(layer):
            continue
        name = _snake_case(_CLASSES.get((layer.module, layer.class_name), layer.class_name))
        count = counts[name] = counts.get(name, -1) + 1
        yield at, f"{name}_{count}" if count else name


_CLASSES: dict[tuple[str | None, str], str] = {
    ("keras.layers", "GroupQueryAttention"): "GroupedQueryAttention"
}
"""Keras's classes that a configuration names as they are exported, not as they are called."""


def _snake_case(name: str) -> str:
    # keras/src/utils/naming.py, `to_snake_case`.
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def _name(group: Group) -> str | None:
    own = group.groups.get("vars")
    return own.text("name") if own else None


def _path(group: Group, name: str) -> str:
    return f"{group.path}/{name}" if group.path else name


def _weights(group: Group, prefix: str, where: str) -> Iterator[tuple[str, Weight]]:
    """The weights below a layer's group, by their paths without `vars`."""
    for name in sorted(group.weights, key=_by_number):
        yield prefix + name, group.weights[name]
    own = group.groups.get("vars")
    if own:
        numbers = sorted(int(name) for name in own.weights if name.isdecimal())
        if numbers != list(range(len(numbers))):
            missing = next(at for at in range(len(numbers) + 1) if at not in numbers)
            raise CorruptModelError(
                f"{where}: its weight '{own.path}/{missing}' is not in the file. {_AGAIN}"
            )
        yield from _weights(own, prefix, where)
    for name, inner in group.groups.items():
        if name != "vars":
            yield from _weights(inner, f"{prefix}{name}/", where)


def _by_number(name: str) -> tuple[int, str]:
    return (int(name), "") if name.isdecimal() else (-1, name)


def _identity(layer: Layer) -> str:
    """The same for two mentions of one layer in the config."""
    plain = [layer.class_name, layer.module, layer.registered_name, _without_ids(layer.config)]
    return json.dumps(plain, sort_keys=True)


def _without_ids(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: _without_ids(item) for key, item in value.items() if key != "shared_object_id"}
    return [_without_ids(item) for item in value] if isinstance(value, list) else value


def _filled(
    model: Model, found: Mapping[_Place, _Found], place: _Place, vocabulary: Vocabulary
) -> Model:
    def filled(at: int, layer: Layer) -> Layer:
        here = (*place, at)
        if layer.model:
            return replace(
                layer, model=_filled(layer.model, found, here, vocabulary), shared_id=None
            )
        state = found.get(here)
        if state is None:
            return replace(layer, shared_id=None)
        config = layer.config
        if "vocabulary" in config and config["vocabulary"] is None and state.path is not None:
            layer = replace(layer, config={**config, "vocabulary": vocabulary(state.path)})
        return replace(layer, weights=state.weights, shared_id=state.shared_id)

    return replace(model, layers=tuple(filled(at, each) for at, each in enumerate(model.layers)))
