"""Layers on several devices: the same training, and files that go from one way to another.

The devices, four of JAX's or two of TensorFlow's, are pieces of one CPU, in a process of their own:
`distributed_program.py`. Keras spreads no model over PyTorch's.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from layers.distributed_program import CUT, DEVICES, WAYS, losses, new_model, outputs

TESTS = Path(__file__).parents[1]
# float32 sums of some hundred numbers of size 1 over a batch that is summed piece by piece.
CLOSE: Any = {"rtol": 1e-4, "atol": 1e-5}

each_way = pytest.mark.parametrize("way", WAYS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the weights of the model that was trained here are, and what came of all ways."""
    folder = tmp_path_factory.mktemp("ways")
    model = new_model()
    said = {"losses": losses(model), "outputs": outputs(model)}
    (folder / "one.json").write_text(json.dumps(said))
    model.save_weights(folder / "one.weights.h5")
    subprocess.run(
        [sys.executable, "-m", "layers.distributed_program", str(folder)],
        check=True,
        env={
            **os.environ,
            **DEVICES,
            "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent), *filter(None, sys.path)]),
        },
    )
    return folder


def said(folder: Path, way: str) -> Any:
    return json.loads((folder / f"{way}.json").read_text())


@each_way
def test_training_goes_as_on_one_device(folder: Path, way: str) -> None:
    one, other = said(folder, "one"), said(folder, way)

    np.testing.assert_allclose(other["losses"], one["losses"], **CLOSE)
    np.testing.assert_allclose(other["outputs"], one["outputs"], **CLOSE)


@each_way
def test_a_file_from_one_device_is_loaded_on_several(folder: Path, way: str) -> None:
    one, other = said(folder, "one"), said(folder, way)

    np.testing.assert_allclose(other["outputs of one"], one["outputs"], **CLOSE)


@each_way
def test_a_file_from_several_devices_is_loaded_on_one(folder: Path, way: str) -> None:
    model = new_model()

    model.load_weights(folder / f"{way}.weights.h5")

    np.testing.assert_allclose(outputs(model), said(folder, way)["outputs"], **CLOSE)


# Devices that a weight is on, and pieces that it is in: whole, and cut.
PIECES = {
    "plain": ([1, 1], [1, 1]),
    "mirrored": ([2, 1], [2, 1]),
    "data": ([4, 1], [4, 1]),
    "model": ([4, 1], [4, 2]),
}


@each_way
def test_weights_lie_where_they_should(folder: Path, way: str) -> None:
    whole, cut = PIECES[way]

    for path, pieces in said(folder, way)["pieces"].items():
        assert pieces == (cut if any(re.fullmatch(own, path) for own in CUT) else whole), path


@each_way
def test_one_number_is_cut_no_more_than_keras_s_bias_of_one_unit(folder: Path, way: str) -> None:
    refused = said(folder, way)["refusals"]

    assert set(refused) == ({"ours", "keras"} if way == "model" else set())
    assert refused.get("ours") == refused.get("keras")
