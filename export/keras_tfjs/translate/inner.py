"""Layers that stand in the configuration of another: a cell in its RNN, a layer in its wrapper."""

import re
from collections.abc import Mapping
from dataclasses import replace

from keras_tfjs.errors import CorruptModelError
from keras_tfjs.ir import Json, Layer, Weight
from keras_tfjs.translate.names import ALLOWED
from keras_tfjs.translate.options import Kind

LAYER = Kind(
    "a layer's class name and configuration",
    lambda value: (
        isinstance(value, dict)
        and isinstance(value.get("class_name"), str)
        and isinstance(value.get("config"), dict)
    ),
)
LAYERS = Kind(
    "a list of such",
    lambda value: isinstance(value, list) and bool(value) and all(map(LAYER.holds, value)),
)


def part(
    outer: Layer, given: Json, weights: Mapping[str, Weight], input_shape: Json = None
) -> Layer:
    """The layer that `given` describes.

    Args:
        outer: the layer in whose configuration it stands.
        given: its class name and configuration.
        weights: its own, by their paths below it.
        input_shape: what it is called on; None if unknown.

    Raises:
        CorruptModelError: if it describes none.
    """
    if not LAYER.holds(given):
        raise CorruptModelError(
            f"Layer '{outer.where}': what stands in it is {given!r}, where Keras writes "
            f"{LAYER.name}. The file is damaged: save the model again."
        )
    kind, config = given["class_name"], given["config"]
    name = str(config.get("name") or snake_case(kind))
    return Layer(
        name=name,
        class_name=kind,
        module=given.get("module"),
        registered_name=given.get("registered_name"),
        config=config,
        weights=weights,
        where=f"{outer.where}/{name}",
        input_shape=input_shape,
    )


def below(weights: Mapping[str, Weight], *places: str) -> dict[str, Weight]:
    """The weights below the first of the places that has any, by their paths below it.

    >>> below({"lstm/cell/0": 1, "gru/0": 2}, "forward_layer", "lstm")
    {'cell/0': 1}
    """
    for place in places:
        starts = {path: f"/{path}".find(f"/{place}/") for path in weights}
        # A stack in a stack has places of the same name further down.
        first = min((start for start in starts.values() if start >= 0), default=None)
        found = {
            path[start + len(place) + 1 :]: weights[path]
            for path, start in starts.items()
            if start == first
        }
        if found:
            return found
    return {}


def named_for_tfjs(layer: Layer) -> Layer:
    """The layer under a name that may stand in a weight's."""
    if ALLOWED.match(layer.name):
        return layer
    name = snake_case(layer.class_name)
    return replace(layer, name=name, config={**layer.config, "name": name})


def serialised(layer: Layer) -> dict[str, Json]:
    """A layer in tfjs's words as it stands in another's configuration."""
    return {"class_name": layer.class_name, "config": dict(layer.config)}


def is_ours(layer: Layer) -> bool:
    """Whether the layer is keras_bias's."""
    return (layer.registered_name or "").startswith("keras_bias>")


def key_of(layer: Layer) -> str | None:
    """What the layer's class is called in the registry; None if it is a user's own."""
    own = layer.registered_name
    if own and ">" in own:
        return own
    module = layer.module or "keras.layers"
    return layer.class_name if module.split(".")[0] == "keras" else None


def snake_case(name: str) -> str:
    """The name of a class as Keras files its objects (keras/src/utils/naming.py).

    >>> snake_case("LSTMCell"), snake_case("SimpleRNNCell")
    ('lstm_cell', 'simple_rnn_cell')
    """
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
