"""Weights as tfjs reads them: one stream of little-endian numbers, cut into shards of 4 MiB.

A manifest of two weights::

    [{"paths": ["group1-shard1of1.bin"],
      "weights": [{"name": "dense/kernel", "shape": [1, 5], "dtype": "float32"},
                  {"name": "dense/bias", "shape": [5], "dtype": "float32"}]}]

The numbers follow one another without padding, and a shard may end inside of one: 4 MiB is what
browsers' caches take (and what the official converter writes). Memory stays bounded: weights
stream through in blocks, and only one block is held at a time.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from keras_tfjs.errors import CorruptModelError
from keras_tfjs.ir import Array, Json, Layer, Model, Weight

SHARD_BYTES = 4 * 1024 * 1024

Named = tuple[str, Weight]


def named_weights(model: Model) -> Iterator[Named]:
    """The weights of a model and of those nested in it, as `<layer>/<weight>`."""
    for layer in model.layers:
        yield from _of_layer(layer)


def _of_layer(layer: Layer) -> Iterator[Named]:
    if layer.model is not None:
        yield from named_weights(layer.model)
    for name, weight in layer.weights.items():
        yield f"{layer.name}/{name}", weight


def tfjs_dtype(name: str, dtype: str) -> str:
    """The type in which tfjs holds a weight of Keras's type `dtype`."""
    if dtype.startswith(("float", "bfloat")):
        return "float32"
    if dtype.startswith(("int", "uint")):
        return "int32"
    if dtype == "bool":
        return "bool"
    raise CorruptModelError(
        f"Weight '{name}' is of type {dtype}, which no layer of Keras has. "
        "The file is damaged: save the model again."
    )


def write_shards(
    weights: Sequence[Named],
    folder: Path,
    progress: Callable[[int], None],
    optimizer: Sequence[Named] = (),
) -> tuple[Json, list[Path]]:
    """The manifest, and the files it names, written into `folder` and flushed to the disk.

    Args:
        weights: by name, in the order of the manifest.
        folder: is there already.
        progress: is told how many bytes were written since it was told last.
        optimizer: the optimizer's weights, which follow the model's in a group of their own name.

    Raises:
        CorruptModelError: if a weight holds other numbers than its shape and type say.
    """
    entries: list[dict[str, Json]] = [
        {"name": name, "shape": list(weight.shape), "dtype": tfjs_dtype(name, weight.dtype)}
        for name, weight in (*weights, *optimizer)
    ]
    for entry in entries[len(weights) :]:
        entry["group"] = "optimizer"
    weights = (*weights, *optimizer)
    if not entries:
        return [], []
    sizes = {"float32": 4, "int32": 4, "bool": 1}
    total = sum(
        sizes[entry["dtype"]] * weight.size
        for entry, (_, weight) in zip(entries, weights, strict=True)
    )
    count = max(1, -(-total // SHARD_BYTES))
    paths = [folder / f"group1-shard{number}of{count}.bin" for number in range(1, count + 1)]
    with _Shards(paths) as shards:
        for entry, (name, weight) in zip(entries, weights, strict=True):
            for block in _blocks(name, weight, entry["dtype"]):
                shards.write(block.view(np.uint8).data)
                progress(block.nbytes)
    return [{"paths": [path.name for path in paths], "weights": entries}], paths


def _blocks(name: str, weight: Weight, dtype: str) -> Iterator[Array]:
    """The weight's numbers as tfjs stores them, as many as its shape says."""
    count = 0
    for block in weight.blocks():
        count += block.size
        if count > weight.size:
            break
        if block.size:
            yield _cast(name, block.reshape(-1), dtype)
    if count != weight.size:
        raise CorruptModelError(
            f"Weight '{name}' has {count} numbers or more in the file, and its shape "
            f"{tuple(weight.shape)} calls for {weight.size}. The file is damaged: "
            "save the model again."
        )


def _cast(name: str, block: Array, dtype: str) -> Array:
    if dtype == "float32":
        with np.errstate(over="ignore"):  # float64 beyond float32 is infinite, in tfjs as in Keras
            return np.ascontiguousarray(block, dtype="<f4")
    if dtype == "bool":
        return np.ascontiguousarray(block, dtype=np.uint8)
    bounds = np.iinfo(np.int32)
    if int(block.min()) < bounds.min or int(block.max()) > bounds.max:
        raise CorruptModelError(
            f"Weight '{name}' holds whole numbers beyond 32 bits, which TensorFlow.js cannot hold. "
            "Use smaller numbers, or floats."
        )
    return np.ascontiguousarray(block, dtype="<i4")


class _Shards:
    """A stream over several files of `SHARD_BYTES` each."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._rest = iter(paths)
        self._file: BinaryIO | None = None
        self._room = 0

    def __enter__(self) -> "_Shards":
        self._next()
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, data: memoryview) -> None:
        while data:
            if self._room == 0:
                self._next()
            assert self._file is not None  # noqa: S101 - __enter__ opened it
            self._file.write(data[: self._room])
            written = min(self._room, len(data))
            self._room -= written
            data = data[written:]

    def _next(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = next(self._rest).open("xb")
        self._room = SHARD_BYTES
