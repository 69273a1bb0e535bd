"""The types that a model's inputs are fed with.

Keras makes floats of integers as it computes. tfjs's layers take integers as they come, and some
throw then, and some round. So an input is one of integers only where all layers on it look up
indices. Whatever it is fed, tfjs turns into the type of the input.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from keras_tfjs.errors import UnsupportedOptionError
from keras_tfjs.ir import INPUT, Layer, Model, tensors

ROUNDING = (
    "LayerNormalization", "keras>LayerNormalization", "keras>GroupNormalization",
    "keras>RMSNormalization", "keras>SpectralNormalization",
)  # fmt: skip
"""Layers that give integers for integers in Keras."""

EMBEDDINGS = (
    "Embedding", "keras>ReversibleEmbedding", "keras>CategoryEncoding", "keras>Hashing",
    "keras>IntegerLookup",
)  # fmt: skip
"""Layers that look up indices."""

INTEGRAL = ("keras>Discretization", "keras>Hashing", "keras>IntegerLookup")
"""Layers whose twins give floats for Keras's integers."""

KEEPING = ("Flatten", "Reshape", "Permute", "RepeatVector", "Concatenate", "Maximum", "Minimum")
"""Layers that give numbers of the type they get, in Keras."""

LOGICAL = ("Add", "Average", *ROUNDING)
"""Layers that do not count true as 1 in Keras."""


OPERATION = "keras>Operation"
"""The twin that turns what it is fed into the type that Keras has there."""

TAKING_ANY = ("Embedding", OPERATION)
"""Layers that take integers and truths as they come."""


def fed(model: Model) -> Model:
    """The model in tfjs's words whose inputs are floats, but for those of indices only.

    What comes out of an operation is made one of floats too, unless only such layers use it.
    """
    turned = _turned(model)
    layers = (
        replace(layer, config={**layer.config, "floats": True})
        if layer.name in turned
        else _fed(layer, model)
        for layer in model.layers
    )
    return replace(model, layers=tuple(layers))


def _turned(model: Model) -> set[str]:
    """The operations of integers or truths that go into layers of floats."""
    operations = {layer.name for layer in model.layers if layer.class_name == OPERATION}
    return {
        tensor.layer
        for layer in model.layers
        if layer.class_name not in TAKING_ANY
        for call in layer.calls
        for tensor in tensors(list(call.args))
        if tensor.layer in operations and not (tensor.dtype or "float").startswith(FLOATS)
    }


FLOATS = ("float", "bfloat")


def refusals(model: Model) -> Iterator[UnsupportedOptionError]:
    """A problem for every layer of a model in tfjs's words that Keras computes in integers."""
    calls = _calls(model)
    types = _types(model, calls)
    for layer in model.layers:
        fed_on = [{types.get(key, given) for key, given in call} for call in calls[layer.name]]
        if ({"bool"} in fed_on and layer.class_name in LOGICAL) or (
            {"int32"} in fed_on and layer.class_name in ROUNDING
        ):
            yield UnsupportedOptionError(
                f"Layer '{layer.where}': Keras computes it in integers, as its input is of them, "
                "and TensorFlow.js in float32. Give it an input of floats."
            )


_Used = list[tuple[str, str | None]]
"""What a call is fed with: from which layers, and as what type if the file says so."""


def _calls(model: Model) -> dict[str, list[_Used]]:
    """What each call of each layer is fed with."""
    if model.kind == "sequential":
        before: list[list[_Used]] = [[]]
        before += [[[(layer.name, None)]] for layer in model.layers]
        return {layer.name: used for layer, used in zip(model.layers, before, strict=False)}
    operations = {layer.name for layer in model.layers if layer.class_name == OPERATION}
    return {
        layer.name: [
            [
                (tensor.layer, tensor.dtype if tensor.layer in operations else None)
                for tensor in tensors(list(call.args))
            ]
            for call in layer.calls
        ]
        for layer in model.layers
    }


def _types(model: Model, calls: Mapping[str, list[_Used]]) -> dict[str, str]:
    """The types of inputs, and of what only rearranges them, by layer."""
    types: dict[str, str] = {
        layer.name: layer.config["dtype"] for layer in model.layers if layer.class_name == INPUT
    }
    types.update({layer.name: "int32" for layer in model.layers if _integral(layer)})
    keeping = [layer.name for layer in model.layers if _keeps(layer)]
    users: dict[str, list[str]] = {}
    for name in keeping:
        for key, _ in (used for call in calls[name] for used in call):
            users.setdefault(key, []).append(name)
    waiting = keeping
    while waiting:
        name = waiting.pop()
        found = {types.get(key, given) for call in calls[name] for key, given in call}
        if name not in types and len(found) == 1 and None not in found:
            types[name] = str(found.pop())
            waiting.extend(users.get(name, ()))
    return types


def _integral(layer: Layer) -> bool:
    """Whether a layer gives integers in Keras, be they ones and zeros."""
    if layer.class_name not in INTEGRAL:
        return False
    mode = layer.config["output_mode"]
    return mode == "int" or (layer.class_name == "keras>IntegerLookup" and mode != "tf_idf")


def _keeps(layer: Layer) -> bool:
    """Whether a layer gives numbers of the type it gets, in Keras, or may do so."""
    linear = layer.class_name == "Activation" and layer.config["activation"] == "linear"
    return linear or layer.class_name in KEEPING


def _fed(layer: Layer, model: Model) -> Layer:
    if layer.class_name != INPUT or layer.config["dtype"] == "float32":
        return layer
    if all(user.class_name in EMBEDDINGS for user in _users(layer.name, model)):
        return layer
    return replace(layer, config={**layer.config, "dtype": "float32"})


def _users(name: str, model: Model) -> Iterator[Layer]:
    """The layers that an input goes into, those of nested models among them."""
    if model.kind == "sequential":
        yield from _entered(model.layers[1], 0) if len(model.layers) > 1 else ()
        return
    for layer in model.layers:
        for call in layer.calls:
            for position, tensor in enumerate(tensors(list(call.args))):
                if tensor.layer == name:
                    yield from _entered(layer, position)


def _entered(layer: Layer, position: int) -> Iterator[Layer]:
    inner = layer.model
    if inner is None:
        yield layer
    elif inner.kind == "sequential":
        yield from _users(inner.layers[0].name, inner)
    else:
        yield from _users(tensors(inner.inputs)[position].layer, inner)
