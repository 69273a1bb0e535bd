"""Keras models for the reader's tests, with every weight different, and what they compute.

Not named test_*: it is imported by those.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import layers

from keras_tfjs import ir

Live = Any
"""A Keras model, layer or tensor: Keras has no types."""


def randomized(model: Live) -> Live:
    """The model with weights that tell every variable from every other."""
    random = np.random.default_rng(7)
    for variable in model.weights:
        variable.assign(random.uniform(0.1, 1.0, variable.shape))
    return model


def sequential() -> Live:
    return keras.Sequential(
        [keras.Input((5,)), layers.Dense(4), layers.Dropout(0.5), layers.Dense(2)], name="chain"
    )


def built_late() -> Live:
    model = keras.Sequential([layers.Dense(4), layers.Dense(2)], name="late")
    model.build((None, 5))
    return model


def names_against_order() -> Live:
    """Named so that filing weights by layer names would mix them up, shapes being equal."""
    names = ["dense_1", "dense_2", "dense"]
    return keras.Sequential([keras.Input((3,)), *(layers.Dense(3, name=name) for name in names)])


def odd_names() -> Live:
    image = keras.Input((4,), name="in put")
    hidden = layers.Dense(4, name="größer als")(image)
    return keras.Model(image, layers.Dense(2, name="0.1:x")(hidden), name="a model")


def many_classes() -> Live:
    words = keras.Input((6,), dtype="int32", name="words")
    x = layers.Embedding(9, 4)(words)
    # Orthogonal matrices, the default, take JAX seconds to compile.
    plain = {"recurrent_initializer": "zeros", "return_sequences": True}
    x = layers.Bidirectional(layers.LSTM(3, dropout=0.1, **plain))(x)
    x = layers.MultiHeadAttention(2, 3)(x, x)
    x = layers.LSTM(4, **plain)(x)
    x = layers.TimeDistributed(layers.Dense(3))(x)
    x = layers.BatchNormalization()(x)
    x = layers.Conv1D(2, 3)(x)
    return keras.Model(words, layers.PReLU()(x))


def operations() -> Live:
    """Operations of keras.ops, some of them named like layers, between layers."""
    x = keras.Input((6,), name="x")
    doubled = layers.Dense(4)(x * 2.0)
    summed = layers.Add()([doubled, keras.ops.add(doubled, 1.0)])
    cut = summed[:, 1:3]
    return keras.Model(x, layers.Dense(2)(keras.ops.multiply(cut, cut)))


def shared_calls() -> Live:
    """One layer and two models called several times, on each other's outputs."""
    x = keras.Input((3,), name="x")
    dense = layers.Dense(3, name="again")
    chain = keras.Sequential([keras.Input((3,)), layers.Dense(3, "tanh")], name="chain")
    inner = keras.Input((3,))
    graph = keras.Model(inner, [layers.Dense(3)(inner), inner * 2.0], name="graph")
    first, second = dense(x), dense(dense(x))
    left, right = graph(chain(first))
    other, _ = graph(chain(second))
    return keras.Model(x, [chain(left), right, graph(other)[1], chain(second)])


def several_ends() -> Live:
    ends = {"b": keras.Input((2,), name="b"), "a": keras.Input((3,), name="a")}
    b, a = layers.Dense(4, name="db")(ends["b"]), layers.Dense(4, name="da")(ends["a"])
    return keras.Model(ends, {"sum": a + b, "both": [a, {"deep": layers.Subtract()([a, b])}]})


def list_ends() -> Live:
    ends = [keras.Input((2,)), keras.Input((3,))]
    return keras.Model(ends, [layers.Concatenate()(ends)])


def three_deep() -> Live:
    """A Sequential in a Functional in a Sequential in a Functional."""
    core = keras.Sequential([keras.Input((3,)), layers.Dense(3), layers.Dense(3)], name="core")
    x = keras.Input((3,))
    middle = keras.Model(x, layers.BatchNormalization()(core(layers.Dense(3)(x))), name="middle")
    outer = keras.Sequential([keras.Input((3,)), middle, layers.Dense(3)], name="outer")
    y = keras.Input((3,))
    return keras.Model(y, layers.Dense(2)(outer(outer(y))), name="top")


def same_names_inside() -> Live:
    """Two models in a model, whose layers are told apart only by the models' names."""
    pair = [
        keras.Sequential([keras.Input((3,)), layers.Dense(3, name="same")], name=name)
        for name in ("one", "other")
    ]
    x = keras.Input((3,))
    return keras.Model(x, keras.Sequential([keras.Input((3,)), *pair], name="pair")(x))


def shared_between_models() -> Live:
    """One layer in two models: Keras saves its weights once, and cannot load them back."""
    dense = layers.Dense(3, name="common")
    twins = []
    for name in ("left", "right"):
        x = keras.Input((3,))
        twins.append(keras.Model(x, layers.Dense(3)(dense(x)), name=name))
    y = keras.Input((3,))
    return keras.Model(y, twins[0](y) + twins[1](y))


def called_by_keyword() -> Live:
    x, y = keras.Input((4, 3), name="x"), keras.Input((5, 3), name="y")
    return keras.Model([x, y], layers.MultiHeadAttention(1, 2)(query=x, value=y, key=y))


MODELS: dict[str, Callable[[], Live]] = {
    builder.__name__: builder
    for builder in (
        *(sequential, built_late, names_against_order, odd_names, many_classes, operations),
        *(shared_calls, several_ends, list_ends, three_deep, shared_between_models),
        *(called_by_keyword, same_names_inside),
    )
}


def computed(model: ir.Model, live: Live, given: Any) -> Any:
    """What `live`'s layers give when they are called as `model` says."""
    if model.kind == "sequential":
        named = {layer.name: layer for layer in live.layers}
        for layer in model.layers[1:]:
            given = named[layer.name](given)
        return given
    values = {
        (tensor.layer, 0, 0): value
        for tensor, value in zip(ir.tensors(model.inputs), keras.tree.flatten(given), strict=True)
    }
    operations = {operation.name: operation for operation in live.operations}
    waiting = [
        (layer.name, number, call)
        for layer in model.layers
        for number, call in enumerate(layer.calls)
    ]
    while waiting:
        name, number, call = waiting.pop(0)
        needed = ir.tensors([call.args, dict(call.kwargs)])
        if all((need.layer, need.call, need.index) in values for need in needed):
            args, kwargs = revived([list(call.args), dict(call.kwargs)], values)
            outputs = keras.tree.flatten(operations[name](*args, **kwargs))
            values |= {(name, number, index): output for index, output in enumerate(outputs)}
        else:
            waiting.append((name, number, call))
    return revived(model.outputs, values)


def revived(structure: Any, values: dict[tuple[str, int, int], Any]) -> Any:
    if isinstance(structure, ir.Tensor):
        return values[structure.layer, structure.call, structure.index]
    if isinstance(structure, list):
        return [revived(item, values) for item in structure]
    if isinstance(structure, dict):
        if "class_name" in structure:
            return keras.saving.deserialize_keras_object(structure)
        return {key: revived(item, values) for key, item in structure.items()}
    return structure
