"""The order in which Keras runs a model, as it is worked out from the file."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers as kl

from keras_tfjs.read import opened
from keras_tfjs.translate.running import order

SHAPE = (3, 4)


def graph(seed: int) -> keras.Model:
    """A tangle of sums, products, attention and layers called at several places."""
    random = np.random.default_rng(seed)
    tensors = [keras.Input(SHAPE, name=name) for name in ("one", "other")]
    inputs = list(tensors)
    shared = [kl.Dense(4, name="dense"), kl.LayerNormalization(name="normalization")]
    for number in range(12):
        x, y, z = (tensors[random.integers(len(tensors))] for _ in range(3))
        match random.integers(5):
            case 0 | 1:
                made = shared[random.integers(2)](x)
            case 2:
                made = kl.Add(name=f"sum_{number}")([x, y, z])
            case 3:
                made = kl.MultiHeadAttention(1, 2, name=f"attention_{number}")(x, value=y, key=z)
            case _:
                made = x * y
        tensors.append(made)
    picked = random.permutation(len(tensors))[:3]
    return keras.Model(inputs, [tensors[at] for at in picked])


@pytest.mark.parametrize("seed", range(12))
def test_calls_run_in_the_order_of_keras(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    graph(seed).save(path)
    model = keras.saving.load_model(path)
    assert isinstance(model, keras.Model)
    with opened(path) as saved:
        found = order(saved.model)

    depths = model._nodes_by_depth
    nodes = [node for depth in sorted(depths, reverse=True) for node in depths[depth]]
    expected = [
        (node.operation.name, node.operation._inbound_nodes.index(node))
        for node in nodes
        if not node.is_input
    ]
    names = {layer.name for layer in model.layers if isinstance(layer, kl.InputLayer)}
    assert [place for place in found if place[0] not in names] == expected
