"""What is taken away of a model is the model: its files, its statistics, its code in Python."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Download, Page, expect

OPEN = "#v=1&view=open"


def downloaded(page: Page, button: str) -> Download:
    with page.expect_download() as found:
        page.get_by_role("region", name="Take it away").get_by_role(
            "button", name=button, exact=True
        ).click()
    return found.value


def test_files_are_byte_for_byte_those_that_were_opened(
    page: Page, address: str, models: dict[str, Path], tmp_path: Path
) -> None:
    page.goto(f"{address}/{OPEN}")

    zipped = downloaded(page, "All as a zip")
    single = downloaded(page, "group1-shard1of1.bin")

    folder = models["vector"]
    assert zipped.suggested_filename == "One-number-per-unit.zip"
    with zipfile.ZipFile(zipped.path()) as archive:
        names = ["model.json", "group1-shard1of1.bin"]
        assert archive.namelist() == names
        assert [archive.read(name) for name in names] == [
            (folder / name).read_bytes() for name in names
        ]
    assert single.suggested_filename == "group1-shard1of1.bin"
    assert single.path().read_bytes() == (folder / "group1-shard1of1.bin").read_bytes()
    zipped.save_as(tmp_path / "again.zip")
    page.get_by_label("Choose files").set_input_files(tmp_path / "again.zip")
    expect(page.get_by_role("heading", level=2, name="again.zip")).to_be_visible()


def test_files_hold_what_was_changed_or_trained_here(
    page: Page, address: str, models: dict[str, Path], tmp_path: Path
) -> None:
    name = "group1-shard1of1.bin"
    opened = (models["vector"] / name).read_bytes()
    page.goto(f"{address}/{OPEN}")
    page.get_by_role("button", name="Build and run this network").click()
    tried = page.get_by_role("region", name="What if a bias were another?")

    tried.get_by_role("listitem").filter(
        has=page.get_by_text("dense_2/bias", exact=True)
    ).get_by_role("radio", name="Zero").check()
    assert downloaded(page, name).path().read_bytes() == opened  # tried out only
    page.get_by_role("button", name="Keep these biases").click()

    changed = downloaded(page, name).path().read_bytes()
    assert changed == opened[:-8] + bytes(8)
    model_json = downloaded(page, "model.json").path().read_bytes()
    assert model_json == (models["vector"] / "model.json").read_bytes()

    page.get_by_role("button", name="One step").click()
    expect(page.get_by_text("Trained here, not saved.")).to_be_visible()
    weights = page.get_by_role("region", name="Weights").inner_text()
    trained = downloaded(page, "All as a zip")
    trained.save_as(tmp_path / "trained.zip")
    with zipfile.ZipFile(trained.path()) as archive:
        assert len(archive.read(name)) == len(opened)
        assert archive.read(name) not in (opened, changed)
        assert archive.read("model.json") == model_json
    page.get_by_role("button", name="Back to the weights of the files").click()
    assert downloaded(page, name).path().read_bytes() == opened

    page.get_by_label("Choose files").set_input_files(tmp_path / "trained.zip")
    expect(page.get_by_role("heading", level=2, name="trained.zip")).to_be_visible()
    assert page.get_by_role("region", name="Weights").inner_text() == weights


def test_statistics_are_the_table_for_programs(page: Page, address: str) -> None:
    page.goto(f"{address}/{OPEN}")

    as_json = json.loads(downloaded(page, "JSON").path().read_text())
    as_csv = downloaded(page, "CSV").path().read_text()

    rows = list(csv.DictReader(io.StringIO(as_csv)))
    assert [row["name"] for row in rows] == [row["name"] for row in as_json["weights"]]
    assert float(rows[1]["mean"]) == as_json["weights"][1]["mean"] == 3


def test_files_can_be_taken_from_a_page_in_a_folder(page: Page) -> None:
    from keras_bias_demo import serve

    page.goto((serve.page() / "index.html").as_uri() + OPEN)

    found = downloaded(page, "model.json")

    assert json.loads(found.path().read_text())["format"] == "layers-model"


def branched() -> Any:
    """A graph that is no chain, of layers whose every option is another than usual."""
    import keras

    from keras_bias import layers

    keras.utils.set_random_seed(11)
    image = keras.Input((8, 8, 2), name="image")
    x = layers.Conv2D(6, (3, 2), strides=(2, 1), padding="same", bias_shape="group", groups=2)(
        image
    )
    x = layers.BatchNormalization(momentum=0.5, epsilon=0.1, center=False)(x)
    x = layers.Activation("relu")(x)
    y = layers.AveragePooling2D((2, 1), strides=(2, 1), padding="same")(image)
    y = layers.Conv2D(6, 1, use_bias=False, activation="elu")(y)
    x = layers.Concatenate(axis=-1)([x, y])
    x = layers.Flatten()(x)
    x = layers.Dropout(0.25)(x)
    x = layers.Dense(4, bias_shape="scalar", bias_trainable=False, activation="tanh")(x)
    x = layers.LayerNormalization()(x)
    return keras.Model(image, layers.Dense(3, activation="softmax", trainable=False)(x))


def chain() -> Any:
    """One after another, trained for a step: the export has its optimizer's numbers, too."""
    import keras

    keras.utils.set_random_seed(12)
    model = keras.Sequential(
        [
            keras.Input((6,), name="tokens", dtype="int32"),
            keras.layers.Embedding(10, 4, name="embedding"),
            keras.layers.Conv1D(5, 3, activation="relu", name="conv"),
            keras.layers.GlobalMaxPooling1D(name="most"),
            keras.layers.Reshape((5, 1), name="column"),
            keras.layers.Flatten(name="flat"),
            keras.layers.Dense(2, activation="swish", name="out"),
        ]
    )
    model.compile("adam", "mse")
    model.fit(np.ones((4, 6)), np.ones((4, 2)), verbose=0)
    return model


@pytest.mark.parametrize("make", [branched, chain])
def test_the_code_for_keras_builds_the_model_with_its_numbers(
    page: Page,
    serving: Callable[[dict[str, Path]], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[], Any],
) -> None:
    import keras_tfjs

    model = make()
    trained = model.compiled
    keras_tfjs.convert(model, tmp_path / "vector", with_optimizer=trained)
    page.goto(f"{serving({'vector': tmp_path / 'vector'})}/{OPEN}")
    expect(page.get_by_role("region", name="Optimizer")).to_have_count(int(trained))
    counted = page.locator(".facts div", has_text="Parameters").locator("dd")
    expect(counted).to_have_text(f"{model.count_params():,}")
    page.get_by_role("radio", name="Keras").check(force=True)
    code = page.get_by_role("region", name="Code").inner_text()

    monkeypatch.chdir(tmp_path / "vector")
    built: dict[str, Any] = {}
    exec(code, built)

    again = built["model"]
    assert [type(layer) for layer in again.layers] == [type(layer) for layer in model.layers]
    trained = [w.path.split("/")[-2:] for w in model.trainable_weights]
    assert [w.path.split("/")[-2:] for w in again.trainable_weights] == trained
    shape = (3, *model.inputs[0].shape[1:])
    x = np.random.default_rng(1).integers(0, 9, shape)
    np.testing.assert_array_equal(again.predict(x, verbose=0), model.predict(x, verbose=0))
