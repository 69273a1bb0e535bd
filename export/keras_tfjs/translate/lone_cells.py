"""Cells that a model calls by itself: as recurrent layers over sequences of one step.

A cell in tfjs is no layer of a graph. But `cell(x, states)` is `RNN(cell, return_state=True)` on
`x` as a sequence of one step, begun with these states, and its outputs come in the same order.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from keras_tfjs.ir import Call, Json, Layer, Model, Tensor, tensors

CELLS = ("SimpleRNNCell", "GRUCell", "LSTMCell", "StackedRNNCells")
"""Classes that stand in others, and are no layers in tfjs."""


def as_layers(model: Model) -> Model:
    """The model, in Keras's words, in which no cell is called by itself."""
    taken = {layer.name for layer in model.layers}
    return replace(
        model, layers=tuple(each for layer in model.layers for each in _as_layers(layer, taken))
    )


def _as_layers(layer: Layer, taken: set[str]) -> Iterator[Layer]:
    if layer.model is not None:
        layer = replace(layer, model=as_layers(layer.model))
    own = layer.registered_name or ""
    known = not own or own.rpartition(">")[0] in ("", "keras_bias")
    if layer.class_name not in CELLS or not layer.calls or not known:
        yield layer
        return
    calls = []
    for call in layer.calls:
        step, *states = tensors([*call.args, call.kwargs.get("states")])
        yield (sequence := _sequence(layer, step, taken))
        said = {key: value for key, value in call.kwargs.items() if key == "training"}
        given = Tensor(sequence.name, 0, 0)
        calls.append(Call((given,), {"initial_state": states, **said}))
    shape = _shape(layer.input_shape)
    yield replace(
        layer,
        class_name="RNN",
        module="keras.layers",
        registered_name=None,
        config=_around(layer),
        weights={f"cell/{path}": weight for path, weight in layer.weights.items()},
        calls=tuple(calls),
        input_shape=None if shape is None else [shape[0], 1, *shape[1:]],
    )


def _sequence(layer: Layer, step: Tensor, taken: set[str]) -> Layer:
    """What makes a sequence of one step of a cell's input."""
    stem = f"{layer.name}_sequence"
    name = next(name for name in _names(stem) if name not in taken)
    taken.add(name)
    return Layer(
        name=name,
        class_name="RepeatVector",
        module="keras.layers",
        config={"name": name, "trainable": True, "dtype": "float32", "n": 1},
        calls=(Call((step,), {}),),
        where=f"{layer.where}/sequence",
    )


def _names(stem: str) -> Iterator[str]:
    yield stem
    yield from (f"{stem}_{number}" for number in count(1))


def _around(layer: Layer) -> dict[str, Json]:
    """The configuration of the RNN around a cell."""
    return {
        "name": layer.name,
        "trainable": True,
        "dtype": layer.config.get("dtype", "float32"),
        "return_state": True,
        "unroll": True,
        "cell": {
            "module": layer.module,
            "class_name": layer.class_name,
            "config": dict(layer.config),
            "registered_name": layer.registered_name,
        },
    }


def _shape(shape: Json) -> list[int | None] | None:
    """The shape of what goes in, which those of the states may follow."""
    if isinstance(shape, dict):
        shape = next(iter(shape.values()), None)
    if isinstance(shape, list | tuple) and shape and isinstance(shape[0], list | tuple):
        shape = shape[0]
    known = isinstance(shape, list | tuple) and len(shape) == 2
    return list(shape) if known else None
