"""The numbers of an HDF5 dataset, a block at a time: from the file itself, or through HDF5."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from keras_tfjs.errors import ConversionError, CorruptModelError
from keras_tfjs.ir import Array
from keras_tfjs.read.archive import Window

_BLOCK = 1 << 20

H5 = Any
"""Something of h5py, which has no types."""

Blocks = Callable[[], Iterator[Array]]


def straight(window: Window, offset: int, size: int, dtype: np.dtype[Any]) -> Iterator[Array]:
    """Blocks of numbers that lie one after the other in the file, `size` bytes from `offset` on."""
    for start in range(0, size, _BLOCK):
        block = np.empty(min(_BLOCK, size - start) // dtype.itemsize, dtype)
        window.seek(offset + start)
        if window.readinto(block.data.cast("B")) != block.nbytes:
            raise EOFError
        yield block


def sliced(dataset: H5, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Iterator[Array]:
    """Blocks of numbers that HDF5 has to gather."""
    if not shape:
        yield np.asarray(dataset[()]).view(dtype).reshape(-1)
    elif math.prod(shape):
        # Whole rows of an axis, as many at a time as fit; before that axis, an index at a time.
        row_bytes = [math.prod(shape[axis + 1 :]) * dtype.itemsize for axis in range(len(shape))]
        axis = next(axis for axis, size in enumerate(row_bytes) if size <= _BLOCK)
        rows = _BLOCK // row_bytes[axis]
        for index in np.ndindex(*shape[:axis]):
            for start in range(0, shape[axis], rows):
                block = dataset[(*index, slice(start, start + rows))]
                yield np.ascontiguousarray(block).view(dtype).reshape(-1)


def guarded(
    blocks: Blocks, where: str, is_open: Callable[[], bool], bfloat16: bool
) -> Iterator[Array]:
    """The blocks in this machine's byte order; bfloat16 as float32, which holds it exactly."""
    if not is_open():
        raise ValueError(f"{where} can be read only as long as its file is open.")
    with reading(where):
        for block in blocks():
            block = block.astype(block.dtype.newbyteorder("="), copy=False)
            yield (block.astype(np.uint32) << 16).view(np.float32) if bfloat16 else block


@contextmanager
def reading(where: str) -> Iterator[None]:
    """Makes one clear error of all that h5py raises on damaged files."""
    try:
        yield
    except (ConversionError, GeneratorExit):
        raise
    except (
        *(OSError, EOFError, RuntimeError, ValueError, TypeError, LookupError),
        *(ArithmeticError, AttributeError, MemoryError, NotImplementedError),
    ) as error:
        raise CorruptModelError(
            f"{where}: is truncated or damaged. Copy the file again, or save the model again."
        ) from error
