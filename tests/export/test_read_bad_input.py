"""What is no whole Keras model is refused with one clear message, and costs little."""

import io
import json
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
from keras import layers

from keras_tfjs import ir
from keras_tfjs.errors import (
    ConversionError,
    CorruptModelError,
    NotAKerasModelError,
    UnsafeModelError,
    UnsupportedLayerError,
)
from keras_tfjs.read import opened

Config = Any
"""A config as JSON."""

SAVE = "Save the model with Keras: model.save('model.keras')."
AGAIN = "Copy the file again, or save the model again."
KERAS_AGAIN = "Save the model again with Keras."


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chain x, a, b, c(a, b), and a Sequential `inner` behind it."""
    folder = tmp_path_factory.mktemp("good")
    x = keras.Input((2,), name="x")
    a = layers.Dense(2, name="a")(x)
    b = layers.Dense(2, name="b")(a)
    c = layers.Add(name="c")([a, b])
    inner = keras.Sequential([keras.Input((2,)), layers.Dense(2, name="d")], name="inner")
    model = keras.Model(x, inner(c), name="good")
    model.save(folder / "good.keras")
    model.save(folder / "good.h5")
    return folder


def refused(path: Path) -> ConversionError:
    with pytest.raises(ConversionError) as caught, opened(path):
        pass
    return caught.value


def repacked(good: Path, path: Path, changed: dict[str, bytes | None], **options: Any) -> Path:
    """good.keras with entries changed, added, or left out where None."""
    with zipfile.ZipFile(good / "good.keras") as source:
        entries = {name: source.read(name) for name in source.namelist()} | changed
    with zipfile.ZipFile(path, "w", **options) as target:
        for name, content in entries.items():
            if content is not None:
                target.writestr(name, content)
    return path


def with_config(good: Path, path: Path, change: Callable[[Config], Any]) -> Path:
    with zipfile.ZipFile(good / "good.keras") as source:
        config = json.loads(source.read("config.json"))
    changed = change(config)
    config = config if changed is None else changed
    return repacked(good, path, {"config.json": json.dumps(config).encode()})


# Files


def test_a_missing_file(tmp_path: Path) -> None:
    error = refused(tmp_path / "no.keras")

    assert type(error) is NotAKerasModelError
    assert str(error) == (
        f"{tmp_path}/no.keras: there is no such file. Give the path of a .keras or .h5 file."
    )


def test_a_directory(tmp_path: Path) -> None:
    error = refused(tmp_path)

    assert type(error) is NotAKerasModelError
    assert str(error) == (
        f"{tmp_path}: is a directory, not a file. "
        "Save the model as one file: model.save('model.keras')."
    )


def test_a_pipe_is_not_waited_for() -> None:
    error = refused(Path("/dev/null"))

    assert str(error) == f"/dev/null: is not a regular file. {SAVE}"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b"PK", "is neither a zip archive nor an HDF5 file, so no saved Keras model"),
        (b"just text\n", "is neither a zip archive nor an HDF5 file, so no saved Keras model"),
    ],
)
def test_a_file_of_something_else(content: bytes, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    path.write_bytes(content)

    error = refused(path)

    assert type(error) is NotAKerasModelError
    assert str(error) == f"{path}: {problem}. {SAVE}"


def test_the_name_of_a_file_does_not_matter(good: Path, tmp_path: Path) -> None:
    for name in ("good.keras", "good.h5"):
        path = tmp_path / "model.txt"
        path.write_bytes((good / name).read_bytes())

        with opened(path) as saved:
            assert saved.model.name == "good"


# Archives


@pytest.mark.parametrize("part", [0.01, 0.3, 0.9, 0.999])
def test_a_truncated_archive(part: float, good: Path, tmp_path: Path) -> None:
    content = (good / "good.keras").read_bytes()
    path = tmp_path / "cut.keras"
    path.write_bytes(content[: int(len(content) * part)])

    error = refused(path)

    assert type(error) is CorruptModelError
    assert str(error) == f"{path}: is truncated or damaged. {AGAIN}"


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_one_wrong_byte_of_the_weights(compression: int, good: Path, tmp_path: Path) -> None:
    path = repacked(good, tmp_path / "bad.keras", {}, compression=compression)
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("model.weights.h5")
    content = bytearray(path.read_bytes())
    content[entry.header_offset + 60 + entry.compress_size // 2] ^= 1
    path.write_bytes(content)

    error = refused(path)

    assert type(error) is CorruptModelError
    assert str(error) == f"{path}: is damaged at model.weights.h5. {AGAIN}"


@pytest.mark.parametrize(
    ("changed", "kind", "message"),
    [
        (
            {"config.json": None},
            NotAKerasModelError,
            f"is a zip archive without config.json, so no saved Keras model. {SAVE}",
        ),
        (
            {"model.weights.h5": None},
            CorruptModelError,
            f"has no weights, model.weights.h5 is missing. {AGAIN}",
        ),
        (
            {"model.weights.h5": None, "model.weights.npz": b""},
            CorruptModelError,
            "keeps its weights in model.weights.npz, and only model.weights.h5 can be read. "
            + SAVE,
        ),
        (
            {"model.weights.h5": b"\x89HDF\r\n\x1a\nnothing"},
            CorruptModelError,
            f"model.weights.h5: is truncated or damaged. {AGAIN}",
        ),
        (
            {"config.json": b"{"},
            CorruptModelError,
            "config.json: is not JSON (Expecting property name enclosed in double quotes: "
            f"line 1 column 2 (char 1)). {AGAIN}",
        ),
        (
            {"config.json": b"[" * 100_000},
            UnsafeModelError,
            "config.json: is nested more than 200 levels deep. "
            "Nest fewer models in each other, and save the model again.",
        ),
        (
            {"config.json": b'{"a":' * 300 + b"0" + b"}" * 300},
            UnsafeModelError,
            "config.json: is nested more than 200 levels deep. "
            "Nest fewer models in each other, and save the model again.",
        ),
        (
            {"config.json": b" " * ((64 << 20) + 1)},
            UnsafeModelError,
            "config.json has 67108865 bytes unpacked, and at most 67108864 are read. "
            "Save the model again, without such long configs.",
        ),
        (
            {"config.json": b'{"class_name": "\\ud800"}'},
            CorruptModelError,
            "config.json: is not JSON ('utf-8' codec can't encode character '\\ud800' in position "
            f"16: surrogates not allowed). {AGAIN}",
        ),
        (
            {"../config.json": b""},
            UnsafeModelError,
            "has an entry '../config.json' whose name leads out of the archive. "
            "Save the model again.",
        ),
        (
            {"/etc/passwd": b""},
            UnsafeModelError,
            "has an entry '/etc/passwd' whose name leads out of the archive. Save the model again.",
        ),
    ],
)
def test_an_archive_that_is_no_whole_model(
    changed: dict[str, bytes | None],
    kind: type[ConversionError],
    message: str,
    good: Path,
    tmp_path: Path,
) -> None:
    path = repacked(good, tmp_path / "bad.keras", changed, compression=zipfile.ZIP_DEFLATED)

    error = refused(path)

    assert type(error) is kind
    assert str(error) == f"{path}: {message}"


def test_an_entry_that_is_there_twice(good: Path, tmp_path: Path) -> None:
    path = repacked(good, tmp_path / "bad.keras", {})
    with (
        zipfile.ZipFile(path, "a") as archive,
        pytest.warns(UserWarning, match="Duplicate name"),
    ):
        archive.writestr("config.json", "{}")

    error = refused(path)

    assert type(error) is UnsafeModelError
    assert str(error) == (
        f"{path}: has two entries named 'config.json', so that readers may disagree on what is in "
        "it. Save the model again."
    )


def test_far_too_many_entries(good: Path, tmp_path: Path) -> None:
    many: dict[str, bytes | None] = {f"assets/{number}": b"" for number in range(10_001)}
    path = repacked(good, tmp_path / "bad.keras", many)

    error = refused(path)

    assert type(error) is UnsafeModelError
    assert str(error) == (
        f"{path}: has 10004 entries, and at most 10000 are read. Save the model again."
    )


def test_a_compression_that_is_not_read(good: Path, tmp_path: Path) -> None:
    path = repacked(good, tmp_path / "bad.keras", {}, compression=zipfile.ZIP_BZIP2)

    error = refused(path)

    assert type(error) is UnsafeModelError
    assert str(error) == (
        f"{path}: 'metadata.json' is compressed by method 12, and only stored and deflated entries "
        "are read. Pack it again with one of these."
    )


def patched_directory(path: Path, name: str, offset: int, field: bytes) -> None:
    """Overwrites a field of an entry in the archive's table of contents."""
    content = bytearray(path.read_bytes())
    at = content.rindex(name.encode()) - 46 + offset
    content[at : at + len(field)] = field
    path.write_bytes(content)


def test_an_encrypted_archive(good: Path, tmp_path: Path) -> None:
    path = repacked(good, tmp_path / "bad.keras", {})
    patched_directory(path, "metadata.json", 8, b"\x01")

    error = refused(path)

    assert type(error) is NotAKerasModelError
    assert str(error) == (
        f"{path}: is encrypted ('metadata.json'). Pack it again without a password."
    )


def test_a_zip_bomb_is_not_unpacked(good: Path, tmp_path: Path) -> None:
    path = repacked(good, tmp_path / "bad.keras", {}, compression=zipfile.ZIP_DEFLATED)
    patched_directory(path, "model.weights.h5", 24, struct.pack("<I", 0xF0000000))
    with zipfile.ZipFile(path) as archive:
        packed = archive.getinfo("model.weights.h5").compress_size

    error = refused(path)

    assert type(error) is UnsafeModelError
    assert str(error) == (
        f"{path}: model.weights.h5 would grow from {packed} to 4026531840 bytes, "
        "as a zip bomb does. Save the model again."
    )


# Configs


def layer(config: Config, name: str) -> Config:
    return next(each for each in config["config"]["layers"] if each["name"] == name)


def history(config: Config, name: str) -> list[Any]:
    """Where the first tensor comes from that a layer is called on."""
    tensor = layer(config, name)["inbound_nodes"][0]["args"][0]
    while isinstance(tensor, list):
        tensor = tensor[0]
    found = tensor["config"]["keras_history"]
    assert isinstance(found, list)
    return found


def from_layer(name: str, *where: Any) -> Callable[[Config], None]:
    def change(config: Config) -> None:
        history(config, name)[:] = where

    return change


def entry(name: str, key: str, value: Any) -> Callable[[Config], None]:
    def change(config: Config) -> None:
        layer(config, name)[key] = value

    return change


def own(key: str, value: Any) -> Callable[[Config], None]:
    def change(config: Config) -> None:
        config["config"][key] = value

    return change


def without(key: str) -> Callable[[Config], None]:
    def change(config: Config) -> None:
        del config["config"][key]

    return change


def one_more(config: Config) -> None:
    extra = json.loads(json.dumps(layer(config, "b")).replace('"b"', '"e"'))
    config["config"]["layers"].append(extra)


def nameless(config: Config) -> None:
    del layer(config, "a")["name"]
    del config["config"]["layers"][1]["config"]["name"]


def unbuilt(config: Config) -> None:
    inner = layer(config, "inner")
    inner["config"]["layers"].pop(0)
    del inner["config"]["build_input_shape"]
    del inner["build_config"]
    del inner["config"]["layers"][0]["build_config"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (without("name"), f"The model: has no name in the config. {KERAS_AGAIN}"),
        (own("layers", []), f"Model 'good': has no layers in the config. {KERAS_AGAIN}"),
        (
            without("output_layers"),
            f"Model 'good': has no output_layers in the config. {KERAS_AGAIN}",
        ),
        (own("output_layers", []), f"Model 'good': has no outputs. {KERAS_AGAIN}"),
        (
            own("output_layers", [["z", 0, 0]]),
            "Model 'good', its outputs: is called on the output of 'z', which is not in the model. "
            + KERAS_AGAIN,
        ),
        (
            own("input_layers", ["a", 0, 0]),
            f"Layer 'x': is an InputLayer, but no input of the model. {KERAS_AGAIN}",
        ),
        (
            own("input_layers", [["x", 0, 0], ["a", 0, 0]]),
            f"Layer 'a': is an input of the model, but no InputLayer. {KERAS_AGAIN}",
        ),
        (
            own("output_layers", 5),
            "Model 'good': its inputs in the config cannot be understood. " + KERAS_AGAIN,
        ),
        (own("layers", [3]), f"Model 'good': layer 0 of the config is no layer. {KERAS_AGAIN}"),
        (
            own("layers", [{"class_name": 3}]),
            f"Model 'good': layer 0 of the config has no class name. {KERAS_AGAIN}",
        ),
        (
            entry("a", "config", None),
            f"Model 'good': layer 1 of the config (Dense) has no config. {KERAS_AGAIN}",
        ),
        (nameless, f"Model 'good': layer 1 of the config (Dense) has no name. {KERAS_AGAIN}"),
        (
            entry("b", "name", "a"),
            "Model 'good': has two layers named 'a', so that neither can be told from the other. "
            "Give each layer a name of its own, and save it again.",
        ),
        (entry("a", "inbound_nodes", []), f"Layer 'a': is never called. {KERAS_AGAIN}"),
        (
            entry("a", "inbound_nodes", None),
            f"Layer 'a': its inputs in the config cannot be understood. {KERAS_AGAIN}",
        ),
        (
            entry("a", "inbound_nodes", [{"args": 3}]),
            f"Layer 'a': its inputs in the config cannot be understood. {KERAS_AGAIN}",
        ),
        (
            from_layer("a", None, 0, 0),
            f"Layer 'a': its inputs in the config cannot be understood. {KERAS_AGAIN}",
        ),
        (
            from_layer("a", "z", 0, 0),
            "Layer 'a': is called on the output of 'z', which is not in the model. " + KERAS_AGAIN,
        ),
        (
            from_layer("b", "a", 1, 0),
            "Layer 'b': is called on call 1 of 'a', which has calls 0 to 0. " + KERAS_AGAIN,
        ),
        (
            from_layer("b", "a", -1, 0),
            "Layer 'b': is called on call -1 of 'a', which has calls 0 to 0. " + KERAS_AGAIN,
        ),
        (
            from_layer("a", "x", 0, 1),
            "Layer 'a': is called on output 1 of 'x', which has outputs 0 to 0. " + KERAS_AGAIN,
        ),
        (
            from_layer("b", "a", 0, 123456789),
            "Layer 'b': is called on output 123456789 of 'a', which has outputs 0 to 9999. "
            + KERAS_AGAIN,
        ),
        (
            from_layer("a", "b", 0, 0),
            "Model 'good': its layers wait for each other: 'a', 'b', 'c', 'inner'. " + KERAS_AGAIN,
        ),
        (
            from_layer("a", "a", 0, 0),
            "Model 'good': its layers wait for each other: 'a', 'b', 'c', 'inner'. " + KERAS_AGAIN,
        ),
        (one_more, f"Model 'good': has layers without a way to its outputs: 'e'. {KERAS_AGAIN}"),
        (
            unbuilt,
            "Model 'inner': is not built, so the shape of its input is unknown. "
            "Call model.build(input_shape) or put keras.Input(shape) in front, and save it again.",
        ),
        (
            entry("b", "class_name", "Other"),
            f"Layer 'b': its weights are not in the file. {AGAIN}",
        ),
    ],
)
def test_a_config_that_contradicts_itself_or_the_weights(
    change: Callable[[Config], None], message: str, good: Path, tmp_path: Path
) -> None:
    error = refused(with_config(good, tmp_path / "bad.keras", change))

    assert type(error) is CorruptModelError
    assert str(error) == message


@pytest.mark.parametrize(
    ("config", "kind", "message"),
    [
        ([], NotAKerasModelError, f"its config describes no model. {SAVE.replace('the', 'a', 1)}"),
        ({}, NotAKerasModelError, f"its config describes no model. {SAVE.replace('the', 'a', 1)}"),
        (
            {"module": "keras.layers", "class_name": "Dense", "config": {"units": 3}},
            NotAKerasModelError,
            "holds a Dense, not a model. Put it in a keras.Sequential, and save that.",
        ),
        (
            {"module": "my.models", "class_name": "MyModel", "config": {}},
            UnsupportedLayerError,
            "MyModel is a subclassed model, whose graph only its Python code knows. Build it from "
            "its layers as keras.Sequential or keras.Model(inputs, outputs), and save that.",
        ),
    ],
)
def test_a_config_of_something_else(
    config: Config, kind: type[ConversionError], message: str, good: Path, tmp_path: Path
) -> None:
    path = with_config(good, tmp_path / "bad.keras", lambda _: config)

    error = refused(path)

    assert type(error) is kind
    assert str(error) == f"{path}: {message}"


def test_an_unbuilt_sequential_as_keras_saves_it(tmp_path: Path) -> None:
    model = keras.Sequential([layers.Dense(2), layers.Dense(2)], name="late")
    with pytest.warns(UserWarning, match="has not yet been built"):
        model.save(tmp_path / "late.keras")

    error = refused(tmp_path / "late.keras")

    assert type(error) is CorruptModelError
    assert str(error) == (
        "Model 'late': is not built, so the shape of its input is unknown. "
        "Call model.build(input_shape) or put keras.Input(shape) in front, and save it again."
    )


def test_a_subclassed_model_as_keras_saves_it(tmp_path: Path) -> None:
    class Mine(keras.Model):  # type: ignore[misc]  # Keras has no types
        def __init__(self) -> None:
            super().__init__()
            self.dense = layers.Dense(2)

        def call(self, x: Any) -> Any:
            return self.dense(x)

    model = Mine()
    model(np.zeros((1, 2)))
    model.save(tmp_path / "mine.keras")

    error = refused(tmp_path / "mine.keras")

    assert type(error) is UnsupportedLayerError
    assert str(error).startswith(f"{tmp_path}/mine.keras: Mine is a subclassed model, whose graph")


# Weights


def with_weights(good: Path, path: Path, change: Callable[[Any], None]) -> Path:
    with zipfile.ZipFile(good / "good.keras") as source:
        content = io.BytesIO(source.read("model.weights.h5"))
    with h5py.File(content, "r+") as file:
        change(file)
    return repacked(good, path, {"model.weights.h5": content.getvalue()})


def deleted(path: str) -> Callable[[Any], None]:
    def change(file: Any) -> None:
        del file[path]

    return change


def added(path: str) -> Callable[[Any], None]:
    def change(file: Any) -> None:
        file[path] = np.zeros(2, np.float32)

    return change


def swapped(file: Any) -> None:
    file.move("layers/dense", "layers/other")
    file.move("layers/dense_1", "layers/dense")
    file.move("layers/other", "layers/dense_1")


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        (
            deleted("layers/dense_1"),
            CorruptModelError,
            f"Layer 'b': its weights are not in the file. {AGAIN}",
        ),
        (
            deleted("layers/sequential"),
            CorruptModelError,
            f"Layer 'inner': its weights are not in the file. {AGAIN}",
        ),
        (
            deleted("layers"),
            CorruptModelError,
            f"Model 'good': its weights are missing, the file has no 'layers'. {AGAIN}",
        ),
        (
            deleted("layers/dense_1/vars/0"),
            CorruptModelError,
            f"Layer 'b': its weight 'layers/dense_1/vars/0' is not in the file. {AGAIN}",
        ),
        (
            added("layers/dense_1/vars/3"),
            CorruptModelError,
            f"Layer 'b': its weight 'layers/dense_1/vars/2' is not in the file. {AGAIN}",
        ),
        (
            added("layers/dense_2/vars/0"),
            CorruptModelError,
            f"Model 'good': the file has weights of no layer: 'layers/dense_2'. {AGAIN}",
        ),
        (
            swapped,
            CorruptModelError,
            "Layer 'a': at its place in the weights, 'layers/dense', are those of 'b'. " + AGAIN,
        ),
        (
            added("vars/0"),
            UnsupportedLayerError,
            "Model 'good': has weights of its own beside those of its layers. "
            "Put them in a layer, and save it again.",
        ),
    ],
)
def test_weights_that_are_missing_left_over_or_of_another_layer(
    change: Callable[[Any], None],
    kind: type[ConversionError],
    message: str,
    good: Path,
    tmp_path: Path,
) -> None:
    error = refused(with_weights(good, tmp_path / "bad.keras", change))

    assert type(error) is kind
    assert str(error) == message


# Luck


def read_whole(model: ir.Model) -> None:
    for each in model.layers:
        for weight in each.weights.values():
            for _ in weight.blocks():
                pass
        if each.model:
            read_whole(each.model)


@pytest.mark.parametrize("name", ["good.keras", "good.h5"])
def test_no_damage_leads_to_anything_but_a_conversion_error(
    name: str, good: Path, tmp_path: Path
) -> None:
    content = (good / name).read_bytes()
    luck = random.Random(11)
    path = tmp_path / name
    outcomes = {True: 0, False: 0}
    for _ in range(100):
        damaged = bytearray(content)
        for _ in range(luck.choice([1, 1, 4, 64])):
            damaged[luck.randrange(len(damaged))] = luck.randrange(256)
        path.write_bytes(damaged[: luck.randrange(len(damaged)) if luck.random() < 0.1 else None])

        try:
            with opened(path) as saved:
                read_whole(saved.model)
        except ConversionError:
            outcomes[False] += 1
        else:
            outcomes[True] += 1

    assert outcomes[False] > 40
