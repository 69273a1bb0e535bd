"""The whole way from a path to an open model: what kind of file it is, and which road it takes.

A file is known by its first bytes; its name says nothing. It is read as data throughout: nothing
of it is imported, unpickled or run, and nothing but it is opened.
"""

import hashlib
import io
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from keras_tfjs import ir
from keras_tfjs.errors import CorruptModelError, NotAKerasModelError, understood
from keras_tfjs.read import archive, config, graph, hdf5, legacy, state, training
from keras_tfjs.read.archive import Archive, Window

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_HDF5 = b"\x89HDF\r\n\x1a\n"
_SAVE = "Save the model with Keras: model.save('model.keras')."
_AGAIN = "Copy the file again, or save the model again."


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved model, open.

    Attributes:
        model: its layers; their weights can be read as long as the file is open.
        source: the file it came from.
        training: how it was compiled; None if it was not.
    """

    model: ir.Model
    source: ir.Source
    training: ir.Training | None


@contextmanager
def opened(path: str | os.PathLike[str], *, optimizer: bool = False) -> Iterator[Saved]:
    """The Keras model saved at `path`, its weights readable inside the `with`.

    Args:
        path: a `.keras` file, or an `.h5` file of Keras 3 or 2, whatever its name.
        optimizer: whether to look at the optimizer's variables too.

    Raises:
        NotAKerasModelError: if there is no file, or it is something else.
        CorruptModelError: if it is a Keras model with parts missing or contradicting each other.
        UnsafeModelError: if reading it would cost too much, or would read other files.
        UnsupportedLayerError: if the model is no graph of layers.
    """
    where = os.fspath(path)
    with ExitStack() as stack:
        file = stack.enter_context(_file(where))
        head = file.read(len(_HDF5))
        if head.startswith(_ZIP):
            kind = ".keras"
        elif head == _HDF5:
            kind = ".h5"
        elif not head:
            raise NotAKerasModelError(f"{where}: is empty. {_SAVE}")
        else:
            raise NotAKerasModelError(
                f"{where}: is neither a zip archive nor an HDF5 file, so no saved Keras model. "
                f"{_SAVE}"
            )
        # The digest takes as long as everything else together, and needs no one to wait for it.
        pool = stack.enter_context(ThreadPoolExecutor(1))
        digest = pool.submit(_sha256, where)
        read = _from_archive if kind == ".keras" else _from_hdf5
        with understood(where):
            model, keras_version, training = read(stack, file, where, optimizer)
        yield Saved(model, ir.Source(kind, keras_version, digest.result()), training)


def _file(where: str) -> io.FileIO:
    try:
        mode = Path(where).stat().st_mode
        if S_ISDIR(mode):
            raise NotAKerasModelError(
                f"{where}: is a directory, not a file. "
                "Save the model as one file: model.save('model.keras')."
            )
        if not S_ISREG(mode):  # a pipe would wait for ever
            raise NotAKerasModelError(f"{where}: is not a regular file. {_SAVE}")
        return io.FileIO(where, "rb")
    except (FileNotFoundError, NotADirectoryError):
        raise NotAKerasModelError(
            f"{where}: there is no such file. Give the path of a .keras or .h5 file."
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise NotAKerasModelError(
            f"{where}: cannot be read ({reason}). Give the path of a .keras or .h5 file."
        ) from None


def _sha256(where: str) -> str:
    with Path(where).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_Read = tuple[ir.Model, str, ir.Training | None]


def _from_archive(stack: ExitStack, file: io.FileIO, where: str, optimizer: bool) -> _Read:
    entries = stack.enter_context(archive.opened(file, where))
    if archive.CONFIG not in entries.names:
        raise NotAKerasModelError(
            f"{where}: is a zip archive without {archive.CONFIG}, so no saved Keras model. {_SAVE}"
        )
    text = entries.text(archive.CONFIG)
    entry = config.parsed(text, f"{where}: {archive.CONFIG}")
    model = graph.model(entry, where)
    weights = stack.enter_context(_weights(entries, where))
    within = ("layers", "vars", *(("optimizer",) if optimizer else ()))
    root = stack.enter_context(hdf5.opened(weights, f"{where}: {archive.WEIGHTS}", within=within))
    compiled = training.of_archive(entry, root if optimizer else None)
    filled = state.with_weights(model, root, partial(_vocabulary, entries, where))
    return filled, _keras_version(entries, where), compiled


def _vocabulary(entries: Archive, where: str, path: str) -> list[int] | None:
    """What an IntegerLookup has learnt, a token a line."""
    name = f"{archive.ASSETS}/{path}/vocabulary.txt"
    if name not in entries.names:
        return None
    try:
        return [int(line) for line in entries.text(name).split()]
    except ValueError:
        return None  # a layer of texts, which is refused by its name


def _weights(entries: Archive, where: str) -> Window:
    if archive.WEIGHTS in entries.names:
        return entries.window(archive.WEIGHTS)
    others = sorted(name for name in entries.names if name.startswith("model.weights."))
    if others:
        raise CorruptModelError(
            f"{where}: keeps its weights in {others[0]}, and only {archive.WEIGHTS} can be read. "
            f"{_SAVE}"
        )
    raise CorruptModelError(f"{where}: has no weights, {archive.WEIGHTS} is missing. {_AGAIN}")


def _keras_version(entries: Archive, where: str) -> str:
    if archive.METADATA not in entries.names:
        return "unknown"
    metadata = config.parsed(entries.text(archive.METADATA), f"{where}: {archive.METADATA}")
    version = metadata.get("keras_version") if isinstance(metadata, dict) else None
    return version if isinstance(version, str) else "unknown"


def _from_hdf5(stack: ExitStack, file: io.FileIO, where: str, optimizer: bool) -> _Read:
    window = Window(file, 0, os.fstat(file.fileno()).st_size)
    within = ("model_weights", *(("optimizer_weights",) if optimizer else ()))
    root = stack.enter_context(hdf5.opened(window, where, within=within))
    text = root.text("model_config")
    if text is None:
        raise NotAKerasModelError(
            f"{where}: is an HDF5 file without model_config: weights at most, and no model. {_SAVE}"
        )
    model = graph.model(config.parsed(text.encode(), f"{where}: model_config"), where)
    weights = root.groups.get("model_weights")
    if weights is None:
        raise CorruptModelError(f"{where}: has no weights, model_weights is missing. {_AGAIN}")
    version = root.text("keras_version") or weights.text("keras_version") or "unknown"
    compiled = training.of_hdf5(root, where, with_variables=optimizer)
    return legacy.with_weights(model, weights), version, compiled
