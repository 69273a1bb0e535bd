"""A folder is written whole, with the same bytes for the same model, or not at all."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from layers_as_ir import as_weight

from keras_tfjs.errors import ConversionError, CorruptModelError, OutputError, OutputExistsError
from keras_tfjs.ir import Array, Layer, Model, Source, Translation, Weight
from keras_tfjs.write import shards, written

SOURCE = Source(".keras", "3.15.1", "0" * 64)


def translation_of(**weights: Weight) -> Translation:
    first = Layer("x", "InputLayer", config={"name": "x", "batch_input_shape": [None, 2]})
    dense = Layer("d", "Dense", config={"name": "d", "units": 1}, weights=weights)
    return Translation(Model("m", "sequential", (first, dense)), (), {}, ())


def small() -> Translation:
    return translation_of(
        kernel=as_weight(np.array([[1.0], [2.0]], "float32")),
        bias=as_weight(np.array([0.5], "float32")),
    )


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_bytes_are_these(tmp_path: Path) -> None:
    result = written(small(), SOURCE, tmp_path / "out")

    assert (tmp_path / "out/group1-shard1of1.bin").read_bytes() == bytes.fromhex(
        "0000803f 00000040 0000003f"
    )
    assert (tmp_path / "out/model.json").read_text() == (
        '{"format":"layers-model","generatedBy":"keras v3.15.1",'
        '"convertedBy":"keras-tfjs 0.1.0",'
        '"modelTopology":{"keras_version":"3.15.1","backend":"tensorflow",'
        '"model_config":{"class_name":"Sequential","config":{"name":"m","layers":['
        '{"class_name":"InputLayer","config":{"name":"x","batch_input_shape":[null,2]}},'
        '{"class_name":"Dense","config":{"name":"d","units":1}}]}}},'
        '"weightsManifest":[{"paths":["group1-shard1of1.bin"],"weights":['
        '{"name":"d/kernel","shape":[2,1],"dtype":"float32"},'
        '{"name":"d/bias","shape":[1],"dtype":"float32"}]}],'
        '"userDefinedMetadata":{"keras_tfjs":{"version":"0.1.0",'
        f'"source":{{"format":".keras","keras_version":"3.15.1","sha256":"{"0" * 64}"}},'
        '"twins":[],"renamed":{},"inputs":"x","outputs":"d","notes":[]}}}\n'
    )
    assert result.weights == 2
    assert result.parameters == 3
    assert list(result.files) == ["model.json", "group1-shard1of1.bin"]


@pytest.mark.parametrize(
    ("values", "dtype", "data"),
    [
        (np.array([1.5], "float16"), "float32", np.array([1.5], "<f4").tobytes()),
        (np.array([1.5], "float64"), "float32", np.array([1.5], "<f4").tobytes()),
        (np.array([7], "int64"), "int32", np.array([7], "<i4").tobytes()),
        (np.array([200], "uint8"), "int32", np.array([200], "<i4").tobytes()),
        (np.array([True, False]), "bool", b"\x01\x00"),
    ],
)
def test_numbers_are_written_as_tfjs_reads_them(
    values: Array, dtype: str, data: bytes, tmp_path: Path
) -> None:
    written(translation_of(w=as_weight(values)), SOURCE, tmp_path / "out")

    manifest = json.loads((tmp_path / "out/model.json").read_text())["weightsManifest"]
    assert manifest[0]["weights"][0]["dtype"] == dtype
    assert (tmp_path / "out/group1-shard1of1.bin").read_bytes() == data


def test_shards_are_cut_at_their_size_even_inside_a_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "SHARD_BYTES", 6)
    values = np.arange(4, dtype="float32")

    result = written(translation_of(w=as_weight(values)), SOURCE, tmp_path / "out")

    paths = [f"group1-shard{number}of3.bin" for number in (1, 2, 3)]
    assert [result.files[path] for path in paths] == [6, 6, 4]
    assert b"".join((tmp_path / "out" / path).read_bytes() for path in paths) == values.tobytes()


def test_a_model_without_weights_has_no_shards(tmp_path: Path) -> None:
    result = written(translation_of(), SOURCE, tmp_path / "out")

    assert list(result.files) == ["model.json"]


def broken(count: int) -> Weight:
    def blocks() -> Iterator[Array]:
        yield np.zeros(count, "float32")

    return Weight((2, 2), "float32", blocks)


def failing() -> Weight:
    def blocks() -> Iterator[Array]:
        yield np.zeros(2, "float32")
        raise OSError(28, "No space left on device")

    return Weight((2, 2), "float32", blocks)


@pytest.mark.parametrize(
    ("weight", "error", "message"),
    [
        (
            broken(3),
            CorruptModelError,
            "Weight 'd/w' has 3 numbers or more in the file, and its shape (2, 2) calls for 4. "
            "The file is damaged: save the model again.",
        ),
        (
            broken(5),
            CorruptModelError,
            "Weight 'd/w' has 5 numbers or more in the file, and its shape (2, 2) calls for 4. "
            "The file is damaged: save the model again.",
        ),
        (
            as_weight(np.array([2**40])),
            CorruptModelError,
            "Weight 'd/w' holds whole numbers beyond 32 bits, which TensorFlow.js cannot hold. "
            "Use smaller numbers, or floats.",
        ),
        (
            failing(),
            OutputError,
            "Cannot write {out}: No space left on device. Nothing was written.",
        ),
    ],
)
@pytest.mark.parametrize("overwrite", [False, True])
def test_nothing_is_left_of_what_fails(
    weight: Weight, error: type[ConversionError], message: str, overwrite: bool, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    if overwrite:
        written(small(), SOURCE, out)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    with pytest.raises(error) as refused:
        written(translation_of(w=weight), SOURCE, out, overwrite)

    assert str(refused.value) == message.format(out=out)
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before
    assert names_in(tmp_path) == ({"out"} if overwrite else set())


def test_the_old_folder_comes_back_if_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    written(small(), SOURCE, out)
    (out / "model.json").write_text("kept")
    rename = os.rename

    def fail_once(source: Any, target: Any) -> None:
        if str(source).endswith(".partial"):
            raise OSError(5, "Input/output error")
        rename(source, target)

    monkeypatch.setattr("os.rename", fail_once)

    with pytest.raises(OutputError):
        written(small(), SOURCE, out, overwrite=True)

    assert (out / "model.json").read_text() == "kept"
    assert names_in(tmp_path) == {"out"}


def test_a_folder_with_files_of_ones_own_is_never_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    written(small(), SOURCE, out)
    (out / "thesis.txt").write_text("mine")

    with pytest.raises(OutputExistsError) as refused:
        written(small(), SOURCE, out, overwrite=True)

    assert str(refused.value) == (
        f"{out} holds 'thesis.txt', which no conversion wrote and which would be lost. "
        "Choose another folder, or move it away."
    )
    assert (out / "thesis.txt").read_text() == "mine"


def test_overwriting_leaves_nothing_of_the_old_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "group1-shard2of2.bin").write_bytes(b"old")

    written(small(), SOURCE, out, overwrite=True)

    assert names_in(out) == {"model.json", "group1-shard1of1.bin"}
    assert names_in(tmp_path) == {"out"}


def test_what_a_dead_run_left_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / ".out.0123456789abcdef.partial").mkdir()

    written(small(), SOURCE, tmp_path / "out")

    assert names_in(tmp_path) == {".out.0123456789abcdef.partial", "out"}


def test_a_link_to_a_folder_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    written(small(), SOURCE, tmp_path / "link", overwrite=True)

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real/model.json").is_file()


def test_a_folder_that_is_there_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()

    with pytest.raises(OutputExistsError) as refused:
        written(small(), SOURCE, out)

    assert str(refused.value) == (
        f"{out} is there already. Choose another folder, or replace it with --overwrite "
        "(overwrite=True)."
    )


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("mine")

    with pytest.raises(OutputExistsError) as refused:
        written(small(), SOURCE, out, overwrite=True)

    assert str(refused.value) == f"{out} is a file. Choose a folder to write into."
    assert out.read_text() == "mine"


def test_a_missing_parent_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as refused:
        written(small(), SOURCE, tmp_path / "no/out")

    assert str(refused.value) == (
        f"{tmp_path / 'no'} is not a folder, so out cannot be made in it. "
        "Make it first, or choose another place."
    )


def test_a_parent_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *args: Any, **kwargs: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)

    with pytest.raises(OutputError) as refused:
        written(small(), SOURCE, tmp_path / "out")

    assert str(refused.value) == f"Cannot write into {tmp_path}: Permission denied."


def test_the_folder_one_works_in_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(OutputError) as refused:
        written(small(), SOURCE, Path("."), overwrite=True)

    assert str(refused.value) == (
        ". is or holds the folder that you work in, and cannot be replaced. "
        "Choose a folder inside of it."
    )


def test_twins_bring_their_script_and_its_absence_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = small()
    with_twins = Translation(plain.model, ("keras>ReLU",), {}, ())
    monkeypatch.setattr("keras_tfjs.write.RUNTIME", "not-built.js")

    with pytest.raises(OutputError) as refused:
        written(with_twins, SOURCE, tmp_path / "out")

    assert str(refused.value) == (
        "This model needs not-built.js, which this installation of keras-tfjs lacks. "
        "In a checkout, build it with `make build`; elsewhere, install keras-bias again."
    )
    assert names_in(tmp_path) == set()
