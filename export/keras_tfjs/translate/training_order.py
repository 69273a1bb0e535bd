"""Which weights train, in Keras's order and in tfjs's: optimizers keep their variables by place.

Keras goes through the layers as the file has them. tfjs sorts a graph's layers by their depth, and
layers of one depth by when a search from the outputs meets them (`Container`'s constructor in
`tfjs-layers/src/engine/container.ts`).
"""

from collections.abc import Iterator

from keras_tfjs.ir import Json, Layer, Model, Tensor, Weight, tensors
from keras_tfjs.translate.inexact import Inexact

Named = tuple[str, Weight]

_NEVER_TRAINED = ("moving_mean", "moving_variance")


def places(model: Model, written: Model) -> list[tuple[Named, int]]:
    """Each trainable weight by its name, in Keras's order, and where it stands in tfjs's.

    Args:
        model: in Keras's words.
        written: in tfjs's.

    Raises:
        Inexact: if they are not one and the same, or it is not known which train.
    """
    known = {id(weight) for layer in _leaves(model.layers) for weight in layer.weights.values()}
    ours = [named for layer in _leaves(written.layers) for named in _trained(layer)]
    for name, weight in ours:
        if id(weight) not in known:
            raise Inexact(f"'{name}' is another weight in TensorFlow.js than in Keras")
        known.discard(id(weight))  # a second one is a copy
    order = {name: at for at, name in enumerate(in_tfjs_order(written))}
    if order.keys() != {name for name, _ in ours}:
        raise Inexact("some layers are no part of what TensorFlow.js trains")
    return [((name, weight), order[name]) for name, weight in ours]


def in_tfjs_order(written: Model) -> list[str]:
    """The names of a translated model's trainable weights, in tfjs's order."""
    return [name for layer in _sorted(written) for name, _ in _trained(layer)]


def _leaves(layers: tuple[Layer, ...]) -> Iterator[Layer]:
    for layer in layers:
        if layer.model is None:
            yield layer
        else:
            yield from _leaves(layer.model.layers)


def _trained(layer: Layer) -> Iterator[Named]:
    """A translated layer's trainable weights, by their names in the file."""
    if not _trains(layer.config):
        return
    fixed = _fixed_bias(layer)
    for name, weight in layer.weights.items():
        last = name.rsplit("/", 1)[-1]
        if last not in _NEVER_TRAINED and not (fixed and last == "bias"):
            yield f"{layer.name}/{name}", weight


def _trains(config: Json) -> bool:
    """Whether a layer trains: a wrapper does if what is in it does."""
    inner = [config[key] for key in ("layer", "backward_layer", "cell") if key in config]
    several = config.get("cells", [])
    parts = [each["config"] for each in (*inner, *several) if isinstance(each, dict)]
    own = config.get("trainable", True) is not False
    found = {_trains(part) for part in parts} or {own}
    if len(found) > 1 or (not own and True in found):
        raise Inexact(f"only parts of layer '{config.get('name')}' train")
    return found.pop()


def _fixed_bias(layer: Layer) -> bool:
    """Whether the layer's only bias does not train."""
    chosen = layer.config.get("bias_trainable", True)
    if not isinstance(chosen, bool) or _nested_choice(layer.config):
        raise Inexact(f"some of the biases of layer '{layer.where}' are fixed")
    return chosen is False


def _nested_choice(config: Json) -> bool:
    """Whether a fixed bias is asked for further down."""
    below = config.values() if isinstance(config, dict) else config
    return any(
        (isinstance(each, dict) and each.get("bias_trainable", True) is not True)
        or _nested_choice(each)
        for each in below
        if isinstance(each, dict | list)
    )


def _sorted(model: Model) -> Iterator[Layer]:
    """The layers with weights of a model and of those in it, in tfjs's order."""
    for layer in model.layers if model.kind == "sequential" else _by_depth(model):
        if layer.model is None:
            yield layer
        else:
            yield from _sorted(layer.model)


def _by_depth(model: Model) -> list[Layer]:
    layers = {layer.name: layer for layer in model.layers}
    met: dict[str, int] = {}
    finished = _searched(model, layers, met)
    depths: dict[str, int] = {}
    of_calls: dict[tuple[str, int], int] = {}
    for name, call in reversed(finished):
        depth = max(of_calls.get((name, call), 0), depths.get(name, 0))
        depths[name] = of_calls[name, call] = depth
        for tensor in _called_on(layers[name], call):
            key = (tensor.layer, tensor.call)
            of_calls[key] = max(depth + 1, of_calls.get(key, 0))
    return [layers[name] for name in sorted(depths, key=lambda name: (-depths[name], met[name]))]


def _searched(model: Model, layers: dict[str, Layer], met: dict[str, int]) -> list[tuple[str, int]]:
    """The calls in the order in which a search from the outputs is done with them.

    Args:
        model: whose.
        layers: by name.
        met: is filled with the number at which the search meets each layer first.
    """
    finished: dict[tuple[str, int], None] = {}
    for output in tensors(model.outputs):
        waiting: list[tuple[tuple[str, int], Iterator[Tensor]]] = []
        following: Tensor | None = output
        while following is not None or waiting:
            if following is not None:
                key = (following.layer, following.call)
                if key not in finished:
                    met.setdefault(following.layer, len(met))
                    below = _called_on(layers[following.layer], following.call)
                    waiting.append((key, iter(below)))
            if waiting:
                key, rest = waiting[-1]
                following = next(rest, None)
                if following is None:
                    waiting.pop()
                    finished[key] = None
            else:
                following = None
    return list(finished)


def _called_on(layer: Layer, call: int) -> list[Tensor]:
    return tensors(list(layer.calls[call].args)) if call < len(layer.calls) else []
