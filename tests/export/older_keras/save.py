"""Saves the models of this folder, with the Keras that it is run by.

`python save.py 2` with the package tf_keras (Keras 2), `python save.py 3` with an early Keras 3.
Weight number n of a model (of `model.weights`, from 0) is filled with n.
"""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any


def filled(model: Any) -> Any:
    """The model, its weights numbered."""
    for number, weight in enumerate(model.weights):
        weight.assign(weight * 0 + number)
    return model


def keras_2(folder: Path) -> None:
    """Keras 2: nested models counted from 1, tensors in keyword arguments, operators."""
    keras: Any = import_module("tf_keras")
    layers = keras.layers
    x, y = keras.Input((5,), name="x"), keras.Input((4,), name="y")
    first = layers.Dense(3, name="same")(x)
    chain = keras.Sequential(
        [keras.Input((3,)), layers.Dense(3), layers.BatchNormalization()], name="chain"
    )
    inside = keras.Input((3,), name="inside")
    graph = keras.Model(inside, layers.Dense(2, name="same")(inside), name="graph")
    once = chain(first)
    twice = chain(once)
    both = layers.Bidirectional(layers.LSTM(2), name="both_ways")(layers.Reshape((2, 2))(y))
    model = keras.Model(
        {"x": x, "y": y},
        {
            "sum": layers.Add()([graph(twice), graph(first)]),
            "both": both,
            "operators": first * 2.0 + once,
            "chain": chain(twice),
        },
        name="two",
    )
    filled(model).save(folder / "keras_2.h5")
    model.save(folder / "keras_2.keras")
    layer = layers.Dense(3, input_shape=(4,), name="block/first")
    model = keras.Sequential([layer, layers.Dense(2, name="last")], name="chain")
    filled(model).save(folder / "keras_2_sequential.h5")


def keras_3(folder: Path) -> None:
    """Keras 3 before it noted the names of layers beside their weights."""
    import keras
    from keras import layers

    x = keras.Input((4,), name="in put")
    first = layers.Dense(3, name="a layer")(x)
    chain = keras.Sequential(
        [keras.Input((3,)), layers.Dense(3), layers.BatchNormalization()], name="chain"
    )
    model = keras.Model({"in put": x}, [chain(first), chain(first * 2.0)[:, 1:]], name="three")
    filled(model).save(folder / "keras_3_4.keras")


if __name__ == "__main__":
    {"2": keras_2, "3": keras_3}[sys.argv[1]](Path(__file__).parent)
