"""Which weights are whose in an .h5 file, of Keras 3 or of Keras 2.

Here weights are filed by layer names, and have names of their own: `model_weights/<layer>/` holds
`<scopes>/<layer>/<weight>`, with `:0` behind it in Keras 2. A model within the model is one layer
to the file, so its weights are told apart by the scopes in their names.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from keras_tfjs.errors import CorruptModelError, UnsupportedLayerError
from keras_tfjs.ir import INPUT, Layer, Model, Weight
from keras_tfjs.read.hdf5 import Group

_TOP = "top_level_model_weights"
_AGAIN = "Copy the file again, or save the model again."

_Place = tuple[int, ...]
_Scopes = tuple[str, ...]


def with_weights(model: Model, group: Group) -> Model:
    """The model with the weights that are its layers' in the group `model_weights`.

    Raises:
        CorruptModelError: if weights are missing, left over, or cannot be told apart.
        UnsupportedLayerError: if the model has weights beside those of its layers.
    """
    top = group.groups.get(_TOP)
    if top and top.texts("weight_names"):
        raise UnsupportedLayerError(
            f"Model '{model.name}': has weights of its own beside those of its layers. "
            "Put them in a layer, and save it again."
        )
    saved = set(group.texts("layer_names"))
    layers = []
    for layer in model.layers:
        name = layer.name
        if name in saved:
            saved.discard(name)
            below = group.at(name)
            if below is None:
                raise _missing(layer, f"{group.path}/{name}")
            layers.append(_filled(layer, list(_weights(layer, below))))
        elif layer.class_name == INPUT or layer.module:  # an operation
            layers.append(layer)
        else:
            raise _missing(layer, f"{group.path}/{name}")
    if saved:
        names = ", ".join(f"'{group.path}/{name}'" for name in sorted(saved))
        raise CorruptModelError(
            f"Model '{model.name}': the file has weights of no layer: {names}. {_AGAIN}"
        )
    return replace(model, layers=tuple(layers))


def _weights(layer: Layer, group: Group) -> Iterator[tuple[str, Weight]]:
    """A layer's weights in the file's order, by the file's names."""
    for name in group.texts("weight_names"):
        folder, _, last = name.rpartition("/")
        below = group.at(folder) if folder else group
        if below is None or last not in below.weights:
            raise _missing(layer, f"{group.path}/{name}")
        yield re.sub(r":\d+$", "", name), below.weights[last]


def _missing(layer: Layer, path: str) -> CorruptModelError:
    return CorruptModelError(
        f"Layer '{layer.where}': its weights are missing, the file has no '{path}'. {_AGAIN}"
    )


def _filled(layer: Layer, weights: Sequence[tuple[str, Weight]]) -> Layer:
    leaves = list(_leaves(layer, (), ()))
    owned: dict[_Place, dict[str, Weight]] = {place: {} for place, _ in leaves}
    for path, weight in weights:
        place, key = _owner(layer, leaves, path)
        if key in owned[place]:
            raise _ambiguous(layer, path)
        owned[place][key] = weight
    return _placed(layer, owned, ())


def _leaves(layer: Layer, place: _Place, scopes: _Scopes) -> Iterator[tuple[_Place, _Scopes]]:
    """The layers in a layer that are no models, each with the names on the way to it."""
    here = (*scopes, layer.name)
    if not layer.model:
        yield place, here
        return
    for at, inner in enumerate(layer.model.layers):
        yield from _leaves(inner, (*place, at), here)


def _owner(layer: Layer, leaves: Sequence[tuple[_Place, _Scopes]], path: str) -> tuple[_Place, str]:
    """Whose weight it is, and what it is called there."""
    parts = path.split("/")
    if not layer.model:
        end = _end(parts, layer.name, 0)
        return (), "/".join(parts[end or 0 :])
    # Most scopes met wins: `b/dense/kernel` is not the weight of the `dense` in `a`.
    best: list[tuple[int, _Place, str]] = []
    for place, scopes in leaves:
        met, at = 0, 0
        for scope in scopes[:-1]:
            end = _end(parts, scope, at)
            met, at = (met + 1, end) if end else (met, at)
        end = _end(parts, scopes[-1], at)
        if end:
            best.append((met, place, "/".join(parts[end:])))
    best = [each for each in best if each[0] == max(best)[0]]
    if len(best) != 1:
        raise _ambiguous(layer, path)
    return best[0][1:]


def _end(parts: list[str], name: str, start: int) -> int | None:
    """Where `name` ends, if it stands in `parts` before the last, from `start` on."""
    wanted = name.split("/")
    for at in range(start, len(parts) - len(wanted)):
        if parts[at : at + len(wanted)] == wanted:
            return at + len(wanted)
    return None


def _ambiguous(layer: Layer, path: str) -> CorruptModelError:
    return CorruptModelError(
        f"Layer '{layer.where}': its weight '{path}' cannot be told to belong to one of its "
        "layers. Save the model as .keras, where weights are filed by their layers."
    )


def _placed(layer: Layer, owned: Mapping[_Place, Mapping[str, Weight]], place: _Place) -> Layer:
    if not layer.model:
        return replace(layer, weights=owned[place])
    layers = tuple(
        _placed(inner, owned, (*place, at)) for at, inner in enumerate(layer.model.layers)
    )
    return replace(layer, model=replace(layer.model, layers=layers))
