"""Files of Keras 2 and of early Keras 3 are read as today's are.

The files were saved by older_keras/save.py, which fills weight number n with n.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from keras_tfjs import ir
from keras_tfjs.ir import Tensor
from keras_tfjs.read import opened

FOLDER = Path(__file__).parent / "older_keras"

KERAS_2_H5 = {
    "same": ["kernel", "bias"],
    "chain/dense": ["kernel", "bias"],
    "chain/batch_normalization": ["gamma", "beta", "moving_mean", "moving_variance"],
    "graph/same": ["kernel", "bias"],
    "both_ways": [
        f"{way}_lstm/lstm_cell/{name}"
        for way in ("forward", "backward")
        for name in ("kernel", "recurrent_kernel", "bias")
    ],
}
KERAS_2 = {
    "same": ["0", "1"],
    "chain/dense": ["0", "1"],
    "chain/batch_normalization": ["0", "1", "2", "3"],
    "graph/same": ["0", "1"],
    "both_ways": [
        f"{way}_layer/cell/{number}" for way in ("forward", "backward") for number in range(3)
    ],
}
KERAS_2_SEQUENTIAL = {"block/first": ["kernel", "bias"], "last": ["kernel", "bias"]}
KERAS_3_4 = {
    "a layer": ["0", "1"],
    "chain/dense": ["0", "1"],
    "chain/batch_normalization": ["0", "1", "2", "3"],
}


def weights_of(model: ir.Model) -> Iterator[tuple[str, str, ir.Weight]]:
    for layer in model.layers:
        for path, weight in layer.weights.items():
            yield layer.where, path, weight
        if layer.model:
            yield from weights_of(layer.model)


@pytest.mark.parametrize(
    ("name", "version", "paths"),
    [
        ("keras_2.h5", "2.21.0", KERAS_2_H5),
        ("keras_2.keras", "2.21.0", KERAS_2),
        ("keras_2_sequential.h5", "2.21.0", KERAS_2_SEQUENTIAL),
        ("keras_3_4.keras", "3.4.1", KERAS_3_4),
    ],
)
def test_every_layer_has_its_own_weights(
    name: str, version: str, paths: dict[str, list[str]]
) -> None:
    expected = {
        (where, path): float(number)
        for number, (where, path) in enumerate(
            (where, path) for where, inner in paths.items() for path in inner
        )
    }

    with opened(FOLDER / name) as saved:
        found = {
            (where, path): set(weight.array().flat)
            for where, path, weight in weights_of(saved.model)
        }

    assert saved.source.keras_version == version
    assert found == {key: {number} for key, number in expected.items()}


@pytest.mark.parametrize("name", ["keras_2.h5", "keras_2.keras"])
def test_keras_2_calls_are_counted_from_0(name: str) -> None:
    with opened(FOLDER / name) as saved:
        model = saved.model

    calls = {layer.name: layer.calls for layer in model.layers}
    assert [call.args for call in calls["chain"]] == [
        (Tensor("same", 0, 0),),
        (Tensor("chain", 0, 0),),
        (Tensor("chain", 1, 0),),
    ]
    assert calls["add"][0].args == ([Tensor("graph", 0, 0), Tensor("graph", 1, 0)],)
    assert model.outputs["chain"] == Tensor("chain", 2, 0)
    assert model.inputs == {"x": Tensor("x", 0, 0), "y": Tensor("y", 0, 0)}


@pytest.mark.parametrize("name", ["keras_2.h5", "keras_2.keras"])
def test_keras_2_tensors_in_keyword_arguments_are_tensors(name: str) -> None:
    with opened(FOLDER / name) as saved:
        calls = {layer.name: layer.calls[0] for layer in saved.model.layers if layer.calls}

    assert calls["tf.math.multiply"] == ir.Call((Tensor("same", 0, 0),), {"y": 2.0, "name": None})
    assert calls["tf.__operators__.add"] == ir.Call(
        (Tensor("tf.math.multiply", 0, 0),), {"y": Tensor("chain", 0, 0), "name": None}
    )
