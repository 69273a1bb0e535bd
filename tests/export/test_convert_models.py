"""Saved and live models take the same road, and the report says what became of them."""

import json
from pathlib import Path
from typing import Any

import keras
import pytest

import keras_tfjs
from keras_tfjs.errors import NotAKerasModelError, OutputExistsError

L = keras.layers


@pytest.fixture(scope="module")
def live() -> Any:
    keras.utils.set_random_seed(1)
    return keras.Sequential([keras.Input((1,)), L.Dense(5, name="my hidden"), L.Dense(2)])


def test_a_live_model_and_its_file_give_the_same_weights(live: Any, tmp_path: Path) -> None:
    live.save(tmp_path / "model.keras")
    live.save(tmp_path / "model.h5")

    keras_tfjs.convert(live, tmp_path / "live")
    keras_tfjs.convert(tmp_path / "model.keras", tmp_path / "file")
    keras_tfjs.convert(str(tmp_path / "model.h5"), str(tmp_path / "legacy"))

    shards = {
        name: (tmp_path / name / "group1-shard1of1.bin").read_bytes()
        for name in ("live", "file", "legacy")
    }
    assert shards["live"] == shards["file"] == shards["legacy"]


def test_the_same_file_gives_the_same_bytes(live: Any, tmp_path: Path) -> None:
    live.save(tmp_path / "model.keras")

    for name in ("one", "two"):
        keras_tfjs.convert(tmp_path / "model.keras", tmp_path / name)

    one, two = (tmp_path / name / "model.json" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_the_report_says_what_was_written(live: Any, tmp_path: Path) -> None:
    report = keras_tfjs.convert(live, tmp_path / "out")

    assert report.weights == 4
    assert report.parameters == 22
    assert report.files["group1-shard1of1.bin"] == 4 * 22
    assert report.renamed == {"my hidden": "my_hidden"}
    assert report.twins == ()
    assert report.seconds > 0
    assert json.loads(json.dumps(report.as_json()))["out_dir"] == str(tmp_path / "out")


def test_model_json_says_from_what_it_was_made(live: Any, tmp_path: Path) -> None:
    live.save(tmp_path / "model.keras")

    keras_tfjs.convert(tmp_path / "model.keras", tmp_path / "out")

    said = json.loads((tmp_path / "out/model.json").read_text())["userDefinedMetadata"]
    assert said["keras_tfjs"]["renamed"] == {"my hidden": "my_hidden"}
    assert said["keras_tfjs"]["source"]["format"] == ".keras"
    assert said["keras_tfjs"]["source"]["keras_version"] == keras.__version__
    assert len(said["keras_tfjs"]["source"]["sha256"]) == 64


def test_named_inputs_and_outputs_keep_their_structure(tmp_path: Path) -> None:
    a, b = keras.Input((2,), name="a"), keras.Input((3,), name="b")
    outputs = {"left": L.Dense(1, name="l")(a), "right": L.Dense(1, name="r")(b)}

    keras_tfjs.convert(keras.Model({"b": b, "a": a}, outputs), tmp_path / "out")

    said = json.loads((tmp_path / "out/model.json").read_text())
    assert said["userDefinedMetadata"]["keras_tfjs"]["inputs"] == {"a": "a", "b": "b"}
    assert said["userDefinedMetadata"]["keras_tfjs"]["outputs"] == {"left": "l", "right": "r"}
    config = said["modelTopology"]["model_config"]["config"]
    assert config["input_layers"] == [["a", 0, 0], ["b", 0, 0]]
    assert config["output_layers"] == [["l", 0, 0], ["r", 0, 0]]


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    model: Any = 7

    with pytest.raises(NotAKerasModelError) as refused:
        keras_tfjs.convert(model, tmp_path / "out")

    assert str(refused.value) == (
        "Not a Keras model: int. Give the path of a .keras or .h5 file, or a keras.Model."
    )


def test_a_second_conversion_needs_leave_to_overwrite(live: Any, tmp_path: Path) -> None:
    keras_tfjs.convert(live, tmp_path / "out")

    with pytest.raises(OutputExistsError):
        keras_tfjs.convert(live, tmp_path / "out")
    keras_tfjs.convert(live, tmp_path / "out", overwrite=True)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]
