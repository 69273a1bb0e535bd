"""Configurations that were tampered with: converted or refused, never anything else."""

import copy
import json
import random
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import keras
import pytest
from keras import layers as kl
from keras import ops

from keras_tfjs import convert
from keras_tfjs.errors import ConversionError

ODD: list[Any] = [
    None, True, -1, 0, 2, 10**12, 1e308, float("nan"), "", "../x", "Dense", [], {}, [[]], [None],
    {"class_name": "Dense"}, {"class_name": "__keras_tensor__", "config": {"keras_history": [1]}},
]  # fmt: skip

Place = tuple[Any, ...]


def of_operations() -> keras.Model:
    inputs = keras.Input((6, 4))
    joined = ops.concatenate([inputs * 2, inputs[:, :, ::-1]], -1)
    flat = ops.reshape(ops.where(joined > 0, joined, ops.exp(joined)), (-1, 48))
    return keras.Model(inputs, kl.Dense(3)(flat) + 1)


def of_masks() -> keras.Model:
    inputs = keras.Input((None,), dtype="int32")
    steps = kl.Embedding(9, 4, mask_zero=True)(inputs)
    steps = kl.Bidirectional(kl.LSTM(3, return_sequences=True))(steps)
    return keras.Model(inputs, kl.GRU(2)(steps + kl.MultiHeadAttention(2, 2)(steps, steps)))


def of_models() -> keras.Model:
    layers = [keras.Input((6, 6, 2)), kl.Conv2D(3, 3), kl.BatchNormalization(), kl.Flatten()]
    inputs = keras.Input((4, 6, 6, 2))
    return keras.Model({"a": inputs}, {"b": kl.TimeDistributed(keras.Sequential(layers))(inputs)})


def of_shared_layers() -> keras.Model:
    shared = kl.Dense(4)
    one, other = keras.Input((4,)), keras.Input((4,))
    inner = keras.Model(one, shared(shared(one)))
    model = keras.Model([other, one], [inner(other), kl.Add()([inner(one), shared(other)])])
    model.compile("adam", "mse")
    return model


@pytest.mark.parametrize("build", [of_operations, of_masks, of_models, of_shared_layers])
def test_any_change_of_a_configuration_is_answered(build: Any, tmp_path: Path) -> None:
    build().save(tmp_path / "model.keras")
    with zipfile.ZipFile(tmp_path / "model.keras") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(files.pop("config.json"))
    chance = random.Random(1)
    changed, out = tmp_path / "changed.keras", tmp_path / "out"

    for _ in range(40):
        tampered = with_a_change(config, chance)
        with zipfile.ZipFile(changed, "w") as archive:
            archive.writestr("config.json", json.dumps(tampered))
            for name, content in files.items():
                archive.writestr(name, content)
        with suppress(ConversionError):
            convert(changed, out, overwrite=True)


def with_a_change(config: Any, chance: random.Random) -> Any:
    """A copy with something taken out, replaced, copied from elsewhere, or twice."""
    changed = copy.deepcopy(config)
    places = [place for place in places_in(changed) if place]
    place = chance.choice(places)
    parent, key = at(changed, place[:-1]), place[-1]
    match chance.randrange(4):
        case 0:
            del parent[key]
        case 1:
            parent[key] = copy.deepcopy(chance.choice(ODD))
        case 2:
            parent[key] = copy.deepcopy(at(changed, chance.choice(places)))
        case _ if isinstance(parent, dict):
            parent["unheard_of"] = chance.choice(ODD)
        case _:
            parent.append(copy.deepcopy(parent[key]))
    return changed


def places_in(value: Any, place: Place = ()) -> Iterator[Place]:
    """Every place in nested lists and dicts."""
    yield place
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places_in(inner, (*place, key))


def at(value: Any, place: Place) -> Any:
    """What stands at a place."""
    for key in place:
        value = value[key]
    return value
