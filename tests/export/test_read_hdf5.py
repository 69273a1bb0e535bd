"""Weights come from HDF5 whatever its layout, and never from anywhere but the file."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
from keras import layers

from keras_tfjs.errors import ConversionError, CorruptModelError, UnsafeModelError
from keras_tfjs.ir import Weight
from keras_tfjs.read import opened

H5 = Any
"""A file, group or dataset of h5py, which has no types."""

AGAIN = "Save the model again with Keras."
DENSE = "model_weights/dense/good/dense"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("good") / "good.h5"
    model = keras.Sequential([keras.Input((3,)), layers.Dense(4, name="dense")], name="good")
    model.save(path)
    return path


def changed(good: Path, path: Path, change: Callable[[H5], None]) -> Path:
    path.write_bytes(good.read_bytes())
    with h5py.File(path, "r+") as file:
        change(file)
    return path


def with_kernel(**options: Any) -> Callable[[H5], None]:
    def change(file: H5) -> None:
        del file[DENSE]["kernel"]
        file[DENSE].create_dataset("kernel", **options)

    return change


def kernel(path: Path) -> tuple[Weight, Any]:
    with opened(path) as saved:
        weight = saved.model.layers[1].weights["kernel"]
        return weight, weight.array()


def refused(path: Path) -> ConversionError:
    with pytest.raises(ConversionError) as caught, opened(path):
        pass
    return caught.value


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"chunks": (2, 3)},
        {"chunks": (2, 3), "compression": "gzip", "shuffle": True, "fletcher32": True},
        {"maxshape": (None, 4)},
    ],
)
@pytest.mark.parametrize("dtype", ["<f4", ">f4", "<f8", "<f2", "<i4", ">i8", "u1", "?"])
def test_numbers_are_the_same_in_every_layout(
    options: dict[str, Any], dtype: str, good: Path, tmp_path: Path
) -> None:
    data = np.arange(12).reshape(3, 4).astype(dtype)
    path = changed(good, tmp_path / "model.h5", with_kernel(data=data, **options))

    weight, found = kernel(path)

    assert weight.dtype == np.dtype(dtype).name
    assert found.dtype == np.dtype(dtype).newbyteorder("=")
    np.testing.assert_array_equal(found, data)


@pytest.mark.parametrize(
    ("shape", "options"),
    [
        ((), {}),
        ((0, 4), {}),
        ((700, 1000), {}),
        ((700, 1000), {"chunks": (100, 100)}),
        ((3, 300_000), {"chunks": (1, 50_000)}),
        ((2, 2, 5, 70_000), {"compression": "gzip", "compression_opts": 1}),
    ],
)
def test_blocks_are_small_and_in_order(
    shape: tuple[int, ...], options: dict[str, Any], good: Path, tmp_path: Path
) -> None:
    data = np.arange(np.prod(shape, dtype=int), dtype=np.float32).reshape(shape)
    path = changed(good, tmp_path / "model.h5", with_kernel(data=data, **options))

    with opened(path) as saved:
        weight = saved.model.layers[1].weights["kernel"]
        blocks = list(weight.blocks())
        again = weight.array()

    assert weight.shape == shape
    assert all(block.ndim == 1 and block.nbytes <= 1 << 20 for block in blocks)
    np.testing.assert_array_equal(np.concatenate([*blocks, np.empty(0)]), data.reshape(-1))
    np.testing.assert_array_equal(again, data)


def external_storage(file: H5) -> None:
    with_kernel(shape=(3, 4), dtype="f4", external=[("/etc/passwd", 0, 48)])(file)


def virtual(file: H5) -> None:
    layout = h5py.VirtualLayout((3, 4), "f4")
    layout[:] = h5py.VirtualSource("/etc/other.h5", "x", shape=(3, 4))
    del file[DENSE]["kernel"]
    file[DENSE].create_virtual_dataset("kernel", layout)


def link(target: Any) -> Callable[[H5], None]:
    def change(file: H5) -> None:
        del file[DENSE]["kernel"]
        file[DENSE]["kernel"] = target

    return change


def twice(file: H5) -> None:
    del file[DENSE]["kernel"]
    file[DENSE]["kernel"] = file[DENSE]["bias"]


def circle(file: H5) -> None:
    file[DENSE]["again"] = file["model_weights"]


def deep(file: H5) -> None:
    file[DENSE].create_group("/".join("x" * 70))


def named_type(file: H5) -> None:
    file[DENSE]["kind"] = np.dtype("f4")


def unknown_filter(file: H5) -> None:
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_chunk((3, 4))
    properties.set_filter(32015, h5py.h5z.FLAG_OPTIONAL, ())
    space = h5py.h5s.create_simple((3, 4))
    group = file[DENSE]
    del group["kernel"]
    h5py.h5d.create(group.id, b"kernel", h5py.h5t.IEEE_F32LE, space, properties)


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        (
            external_storage,
            UnsafeModelError,
            f"'{DENSE}/kernel' keeps its numbers in another file, which is not opened.",
        ),
        (
            virtual,
            UnsafeModelError,
            f"'{DENSE}/kernel' keeps its numbers in another file, which is not opened.",
        ),
        (
            link(h5py.ExternalLink("/etc/other.h5", "/kernel")),
            UnsafeModelError,
            f"'{DENSE}/kernel' is a link to another file, which is not followed.",
        ),
        (
            link(h5py.SoftLink("/model_weights/dense/good/dense/bias")),
            UnsafeModelError,
            f"'{DENSE}/kernel' is a soft link, which is not followed.",
        ),
        (
            unknown_filter,
            UnsafeModelError,
            f"'{DENSE}/kernel' is packed by filter 32015, which may be a plugin.",
        ),
        (
            with_kernel(shape=(1 << 20, 1 << 10), dtype="f4", chunks=(1 << 10, 1 << 10)),
            UnsafeModelError,
            "its weights would grow from 23080 to 4294967312 bytes.",
        ),
        (
            with_kernel(shape=(1 << 14, 1 << 14), dtype="f4", chunks=(1 << 14, 1 << 14)),
            UnsafeModelError,
            f"'{DENSE}/kernel' comes in chunks of 1073741824 bytes, and at most "
            "268435456 are read at once.",
        ),
        (
            with_kernel(shape=(3, 4), dtype="f4"),
            CorruptModelError,
            f"'{DENSE}/kernel' has no numbers, or not all of them.",
        ),
        (
            with_kernel(data=["text"]),
            CorruptModelError,
            f"'{DENSE}/kernel' holds no numbers.",
        ),
        (
            with_kernel(data=h5py.Empty("f4")),
            CorruptModelError,
            f"'{DENSE}/kernel' holds no numbers.",
        ),
        (
            with_kernel(data=np.zeros(3, [("a", "f4"), ("b", "f4")])),
            CorruptModelError,
            f"'{DENSE}/kernel' holds no numbers.",
        ),
        (
            twice,
            CorruptModelError,
            f"'{DENSE}/kernel' has another name in the same file.",
        ),
        (
            circle,
            CorruptModelError,
            f"'{DENSE}/again' has another name in the same file.",
        ),
        (
            named_type,
            CorruptModelError,
            f"'{DENSE}/kind' is neither a group nor a dataset.",
        ),
        (deep, UnsafeModelError, "has groups more than 64 levels deep."),
    ],
)
def test_what_leads_out_of_the_file_or_grows_is_refused(
    change: Callable[[H5], None],
    kind: type[ConversionError],
    message: str,
    good: Path,
    tmp_path: Path,
) -> None:
    path = changed(good, tmp_path / "model.h5", change)

    error = refused(path)

    assert type(error) is kind
    size = path.stat().st_size
    assert str(error) == f"{path}: {message} {AGAIN}".replace("23080", str(size))


@pytest.mark.parametrize("part", [0.02, 0.5, 0.99])
def test_a_truncated_file(part: float, good: Path, tmp_path: Path) -> None:
    content = good.read_bytes()
    path = tmp_path / "cut.h5"
    path.write_bytes(content[: int(len(content) * part)])

    error = refused(path)

    assert type(error) is CorruptModelError
    assert str(error) == (
        f"{path}: is truncated or damaged. Copy the file again, or save the model again."
    )


def without_dense(file: H5) -> None:
    del file["model_weights/dense"]


def without_kernel(file: H5) -> None:
    del file[DENSE]["kernel"]


def without_weights(file: H5) -> None:
    del file["model_weights"]


def one_layer_more(file: H5) -> None:
    file["model_weights"].attrs["layer_names"] = [b"dense", b"other"]


def one_layer_less(file: H5) -> None:
    file["model_weights"].attrs["layer_names"] = np.array([], "S1")


COPY = "Copy the file again, or save the model again."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            without_dense,
            "Layer 'dense': its weights are missing, the file has no 'model_weights/dense'. "
            + COPY,
        ),
        (
            without_kernel,
            f"Layer 'dense': its weights are missing, the file has no '{DENSE}/kernel'. {COPY}",
        ),
        (
            one_layer_less,
            "Layer 'dense': its weights are missing, the file has no 'model_weights/dense'. "
            + COPY,
        ),
        (
            one_layer_more,
            f"Model 'good': the file has weights of no layer: 'model_weights/other'. {COPY}",
        ),
        (without_weights, f"FILE: has no weights, model_weights is missing. {COPY}"),
    ],
)
def test_weights_that_are_missing_or_left_over(
    change: Callable[[H5], None], message: str, good: Path, tmp_path: Path
) -> None:
    path = changed(good, tmp_path / "model.h5", change)

    error = refused(path)

    assert type(error) is CorruptModelError
    assert str(error) == message.replace("FILE", str(path))


def test_a_file_of_weights_only_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "model.weights.h5"
    keras.Sequential([keras.Input((3,)), layers.Dense(4)]).save_weights(path)

    error = refused(path)

    assert str(error) == (
        f"{path}: is an HDF5 file without model_config: weights at most, and no model. "
        "Save the model with Keras: model.save('model.keras')."
    )


def test_lists_of_names_that_keras_had_to_cut_are_put_together(tmp_path: Path) -> None:
    names = [f"{number:0250}" for number in range(300)]
    dense = [layers.Dense(1, name=name, kernel_initializer="zeros") for name in names]
    keras.Sequential([keras.Input((1,)), *dense]).save(tmp_path / "long.h5")
    with h5py.File(tmp_path / "long.h5") as file:
        assert "layer_names1" in file["model_weights"].attrs

    with opened(tmp_path / "long.h5") as saved:
        found = [layer.name for layer in saved.model.layers[1:] if len(layer.weights) == 2]

    assert found == names


PEAK = """
import json, resource, sys
import h5py
from keras_tfjs.read import opened

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10

before, size = peak(), 0
with opened(sys.argv[1]) as saved:
    for layer in saved.model.layers:
        for weight in layer.weights.values():
            for block in weight.blocks():
                size += block.nbytes
print(json.dumps({"size": size, "growth": peak() - before}))
"""


@pytest.mark.parametrize("suffix", ["keras", "h5", "deflated.keras"])
def test_memory_does_not_grow_with_the_model(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"large.{suffix}"
    dense = [layers.Dense(2000, kernel_initializer="zeros") for _ in range(4)]
    model = keras.Sequential([keras.Input((2000,)), *dense])
    if suffix == "deflated.keras":
        model.save(tmp_path / "stored.keras")
        with (
            zipfile.ZipFile(tmp_path / "stored.keras") as stored,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as deflated,
        ):
            for name in stored.namelist():
                deflated.writestr(name, stored.read(name))
    else:
        model.save(path)

    run = subprocess.run(
        [sys.executable, "-c", PEAK, path],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=True,
    )

    found = json.loads(run.stdout)
    assert found["size"] == 4 * (2000 * 2000 + 2000) * 4
    assert found["growth"] < 24 << 20
