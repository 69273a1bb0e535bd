"""Whatever Keras saves comes back: the same graph, the same weights on the same layers."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from saved_models import MODELS, Live, computed, randomized

from keras_tfjs import ir
from keras_tfjs.read import opened

# Keras itself refuses to save these as .h5: two of their weights go by one name.
NOT_AS_H5 = {"shared_between_models"}


@pytest.fixture(scope="module")
def lives() -> dict[str, Live]:
    keras.utils.clear_session()  # names are numbered over the whole process
    return {name: randomized(build()) for name, build in MODELS.items()}


@pytest.fixture(scope="module")
def folder(lives: dict[str, Live], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved")
    for name, live in lives.items():
        live.save(folder / f"{name}.keras")
        with (
            zipfile.ZipFile(folder / f"{name}.keras") as stored,
            zipfile.ZipFile(folder / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as deflated,
        ):
            for entry in stored.namelist():
                deflated.writestr(entry, stored.read(entry))
        if name not in NOT_AS_H5:
            live.save(folder / f"{name}.h5")
    return folder


def layers_of(model: ir.Model, live: Live) -> list[tuple[ir.Layer, Live]]:
    """Layers as read beside layers as Keras has them, without models, however deep they lie."""
    pairs: list[tuple[ir.Layer, Live]] = []
    read = {layer.name: layer for layer in model.layers}
    for layer in live.layers:
        inner = read[layer.name].model
        pairs += layers_of(inner, layer) if inner else [(read[layer.name], layer)]
    return pairs


def sorted_values(arrays: list[Any]) -> list[tuple[Any, ...]]:
    return sorted((array.shape, array.tolist()) for array in arrays)


@pytest.mark.parametrize("suffix", ["keras", "zip"])
@pytest.mark.parametrize("name", MODELS)
def test_every_layer_has_its_own_weights(
    name: str, suffix: str, lives: dict[str, Live], folder: Path
) -> None:
    with opened(folder / f"{name}.{suffix}") as saved:
        pairs = layers_of(saved.model, lives[name])

        for read, live in pairs:
            expected = [np.asarray(variable) for variable in live.weights]
            found = [weight.array() for weight in read.weights.values()]
            assert sorted_values(found) == sorted_values(expected), read.where
            if all(path.isdecimal() for path in read.weights):
                for one, other in zip(found, expected, strict=True):
                    np.testing.assert_array_equal(one, other)
    assert pairs


@pytest.mark.parametrize("name", [name for name in MODELS if name not in NOT_AS_H5])
def test_every_layer_has_its_own_weights_in_h5(
    name: str, lives: dict[str, Live], folder: Path
) -> None:
    with opened(folder / f"{name}.h5") as saved:
        for read, live in layers_of(saved.model, lives[name]):
            expected = live.trainable_weights + live.non_trainable_weights
            found = [weight.array() for weight in read.weights.values()]
            names = [path.rpartition("/")[2] for path in read.weights]
            assert names == [variable.name for variable in expected], read.where
            for one, other in zip(found, expected, strict=True):
                np.testing.assert_array_equal(one, np.asarray(other))


@pytest.mark.parametrize("suffix", ["keras", "h5"])
@pytest.mark.parametrize("name", MODELS)
def test_following_the_calls_gives_what_the_model_gives(
    name: str, suffix: str, lives: dict[str, Live], folder: Path
) -> None:
    if suffix == "h5" and name in NOT_AS_H5:
        assert not (folder / f"{name}.h5").exists()
        return
    live = lives[name]
    random = np.random.default_rng(3)
    ends = live.inputs[0] if isinstance(live, keras.Sequential) else live.input
    given = keras.tree.map_structure(
        lambda end: np.asarray(random.integers(1, 5, (2, *end.shape[1:])), end.dtype), ends
    )

    with opened(folder / f"{name}.{suffix}") as saved:
        found = computed(saved.model, live, given)

    expected = live(given)
    for one, other in zip(keras.tree.flatten(found), keras.tree.flatten(expected), strict=True):
        # The same operations in the same order; nested models may be fused otherwise.
        np.testing.assert_allclose(np.asarray(one), np.asarray(other), rtol=1e-6, atol=1e-6)


def test_weights_of_composite_layers_go_by_their_path(folder: Path) -> None:
    with opened(folder / "many_classes.keras") as saved:
        paths = {layer.class_name: list(layer.weights) for layer in saved.model.layers}

    assert paths["Embedding"] == ["0"]
    assert paths["LSTM"] == ["cell/0", "cell/1", "cell/2"]
    assert paths["BatchNormalization"] == ["0", "1", "2", "3"]
    assert paths["TimeDistributed"] == ["layer/0", "layer/1"]
    assert {path for path in paths["Bidirectional"] if "seed" not in path} == {
        f"{way}_layer/cell/{number}" for way in ("forward", "backward") for number in range(3)
    }
    assert {path.partition("/")[0] for path in paths["MultiHeadAttention"]} == {
        *("query_dense", "key_dense", "value_dense", "output_dense"),
    }


def test_weights_of_composite_layers_go_by_their_names_in_h5(folder: Path) -> None:
    with opened(folder / "many_classes.h5") as saved:
        paths = {layer.class_name: list(layer.weights) for layer in saved.model.layers}

    assert paths["Embedding"] == ["embeddings"]
    assert paths["LSTM"] == ["lstm_cell/kernel", "lstm_cell/recurrent_kernel", "lstm_cell/bias"]
    assert paths["BatchNormalization"] == ["gamma", "beta", "moving_mean", "moving_variance"]
    assert "forward_lstm/lstm_cell/kernel" in paths["Bidirectional"]
    assert "attention_output/bias" in paths["MultiHeadAttention"]


@pytest.mark.parametrize("suffix", ["keras", "h5"])
def test_an_operation_is_told_from_the_layer_of_its_name(suffix: str, folder: Path) -> None:
    with opened(folder / f"operations.{suffix}") as saved:
        kinds = {
            (layer.class_name, (layer.module or "").startswith("keras.src.ops"))
            for layer in saved.model.layers
        }

    assert {("Add", True), ("Add", False), ("Multiply", True), ("GetItem", True)} <= kinds
    assert ("Dense", True) not in kinds


@pytest.mark.parametrize("suffix", ["keras", "h5"])
def test_calls_of_nested_models_are_counted_from_0(suffix: str, folder: Path) -> None:
    with opened(folder / f"shared_calls.{suffix}") as saved:
        outputs = [(tensor.layer, tensor.call) for tensor in ir.tensors(saved.model.outputs)]
        called = {layer.name: len(layer.calls) for layer in saved.model.layers}

    assert called["graph"] == 3
    assert called["chain"] == 4
    assert {call for layer, call in outputs if layer == "graph"} == {0, 2}
    assert {call for layer, call in outputs if layer == "chain"} == {2, 3}


def test_inputs_and_outputs_keep_the_structure_the_user_gave(folder: Path) -> None:
    with opened(folder / "several_ends.keras") as saved:
        model = saved.model
    with opened(folder / "list_ends.keras") as saved:
        lists = saved.model

    assert model.inputs == {"a": ir.Tensor("a", 0, 0), "b": ir.Tensor("b", 0, 0)}
    assert set(model.outputs) == {"sum", "both"}
    assert model.outputs["both"][1] == {"deep": ir.Tensor("subtract", 0, 0)}
    assert len(lists.inputs) == 2
    assert len(lists.outputs) == 1


def test_a_layer_of_two_models_is_one_layer(folder: Path) -> None:
    with opened(folder / "shared_between_models.keras") as saved:
        models = [layer.model for layer in saved.model.layers if layer.model]
        common = [layer for model in models for layer in model.layers if layer.name == "common"]
        others = [layer for model in models for layer in model.layers if layer.name != "common"]

        assert [layer.where for layer in common] == ["left/common", "right/common"]
        assert [layer.shared_id for layer in common] == [1, 1]
        assert [layer.shared_id for layer in others] == [None] * 4
        left, right = (layer.weights["0"].array() for layer in common)
        np.testing.assert_array_equal(left, right)


def test_a_layer_says_where_it_stands_and_what_it_was_built_on(folder: Path) -> None:
    with opened(folder / "three_deep.keras") as saved:
        outer = next(layer for layer in saved.model.layers if layer.name == "outer")
        assert outer.model
        middle = outer.model.layers[1]
        assert middle.model
        core = next(layer for layer in middle.model.layers if layer.name == "core")

    assert core.where == "outer/middle/core"
    assert core.input_shape == [None, 3]
    assert core.model
    assert [layer.class_name for layer in core.model.layers] == ["InputLayer", "Dense", "Dense"]
    assert set(core.config) == {"name", "trainable", "dtype", "build_input_shape"}


def test_the_source_names_format_version_and_digest(folder: Path) -> None:
    digests = set()
    for suffix, kind in (("keras", ".keras"), ("zip", ".keras"), ("h5", ".h5")):
        with opened(folder / f"sequential.{suffix}") as saved:
            digests.add(saved.source.sha256)

        assert saved.source.format == kind
        assert saved.source.keras_version == keras.__version__
    assert len(digests) == 3
    assert all(len(digest) == 64 for digest in digests)


def test_weights_end_with_the_file(folder: Path) -> None:
    path = folder / "sequential.keras"
    with opened(path) as saved:
        weight = saved.model.layers[1].weights["0"]

    with pytest.raises(ValueError, match="can be read only as long as its file is open"):
        weight.array()


def test_a_registered_class_goes_by_both_of_its_names(tmp_path: Path) -> None:
    @keras.saving.register_keras_serializable("mine")
    class Dense(keras.layers.Dense):  # type: ignore[misc]  # Keras has no types
        pass

    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2), Dense(2)])
    for suffix in ("keras", "h5"):
        model.save(tmp_path / f"model.{suffix}")

        with opened(tmp_path / f"model.{suffix}") as saved:
            layer = saved.model.layers[2]
            kernel = next(iter(layer.weights.values())).array()

        assert (layer.class_name, layer.registered_name) == ("Dense", "mine>Dense")
        np.testing.assert_array_equal(kernel, np.asarray(model.layers[1].kernel))


def test_compiled_and_trained_models_leave_their_optimizer_behind(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    model.compile("adam", "mse", metrics=["mae"])
    model.fit(np.ones((4, 2)), np.ones((4, 2)), verbose=0)
    for suffix in ("keras", "h5"):
        model.save(tmp_path / f"model.{suffix}")

        with opened(tmp_path / f"model.{suffix}") as saved:
            shapes = [weight.shape for weight in saved.model.layers[1].weights.values()]

        assert shapes == [(2, 2), (2,)]


def test_bfloat16_is_read_exactly_and_as_float32(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, dtype="bfloat16")])
    randomized(model).save(tmp_path / "model.keras")

    with opened(tmp_path / "model.keras") as saved:
        weight = saved.model.layers[1].weights["0"]
        kernel = weight.array()

    assert weight.dtype == "bfloat16"
    assert kernel.dtype == np.float32
    np.testing.assert_array_equal(kernel, np.asarray(model.layers[0].kernel).astype(np.float32))


def test_importing_the_reader_does_not_import_hdf5() -> None:
    code = "import sys, keras_tfjs.read; sys.exit('h5py' in sys.modules)"

    run = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    )

    assert run.returncode == 0
