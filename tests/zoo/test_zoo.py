"""Architectures of the public world: Keras -> file -> TensorFlow.js, with the same numbers."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from zoo import applications, generative, patches, sequences, tabular, text, vision
from zoo.entry import Entry
from zoo.numbers import telling, telling_inputs, tells_samples_apart, with_telling_weights

from keras_tfjs import convert
from keras_tfjs.verify import TfjsSession, agrees, largest_difference

ENTRIES = [
    *(text.ENTRIES + vision.ENTRIES + patches.ENTRIES + sequences.ENTRIES + tabular.ENTRIES),
    *(generative.ENTRIES + applications.ENTRIES),
]


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(entry, id=entry.name, marks=[pytest.mark.zoo] if entry.heavy else [])
        for entry in ENTRIES
    ],
)
@pytest.mark.filterwarnings("ignore:.*Explicitly requested dtype int64")  # Keras's of JAX
def test_architecture_computes_in_tfjs_what_it_computes_in_keras(
    entry: Entry, tfjs: TfjsSession, folder: Path, add_line: Callable[..., None]
) -> None:
    model = with_telling_weights(entry.build())
    inputs = telling_inputs(model)
    expected = telling(model, inputs, eager=entry.eager)
    model.save(folder / "model.keras")
    said = [entry.name, f"{model.count_params():,}", str(len(model.layers)), "-", "-", "refused"]
    try:
        report = convert(folder / "model.keras", folder / "out")
        (folder / "model.keras").unlink()
        said[3], said[5] = " ".join(twins(folder / "out")) or "none", f"{report.seconds:.2f} s"
        actual = tfjs.predict(folder / "out", inputs)
        size = max(1.0, *(float(np.abs(array).max(initial=0)) for array in expected))
        said[4] = f"{largest_difference(expected, actual) / size:.0e}"
    finally:
        add_line(*said)

    assert all(np.isfinite(array).all() for array in expected)
    assert any(tells_samples_apart(array) for array in expected)
    assert agrees(expected, actual, entry.tolerance), largest_difference(expected, actual)
    assert tfjs.leaked == 0


def test_every_architecture_of_keras_is_in_the_zoo() -> None:
    names = {entry.name for entry in applications.ENTRIES}

    assert set(applications.constructors()) <= names
    assert len({entry.name for entry in ENTRIES}) == len(ENTRIES)


def twins(folder: Path) -> list[str]:
    """The twins among a model's layers, without `keras>`."""
    model = json.loads((folder / "model.json").read_text())
    names: list[str] = model["userDefinedMetadata"]["keras_tfjs"]["twins"]
    return sorted(name.split(">")[-1] for name in names)
