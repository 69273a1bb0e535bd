"""A .keras file as a zip archive: its entries, bounded and checked before anything is believed.

Nothing is ever extracted. A stored entry is read where it lies, through a `Window` onto the file;
a deflated one is unpacked into an anonymous temporary file. Either way its checksum is compared
first, so that HDF5 never sees a file that was damaged on its way.
"""

import io
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from keras_tfjs.errors import (
    ConversionError,
    CorruptModelError,
    NotAKerasModelError,
    UnsafeModelError,
)

CONFIG = "config.json"
METADATA = "metadata.json"
WEIGHTS = "model.weights.h5"
ASSETS = "assets"

_BLOCK = 1 << 20
_MOST_ENTRIES = 10_000
_LARGEST_TEXT = 64 << 20
# Keras stores without compression, and weights hardly compress. What is small may do as it likes.
_LARGEST_UNSUSPECTED = 1 << 30
_LARGEST_EXPANSION = 100
_ENCRYPTED = 0x1
_LOCAL_HEADER = 30  # bytes before an entry's name
_AGAIN = "Copy the file again, or save the model again."


class Window(io.RawIOBase):
    """Part of a file as a file: `size` bytes from byte `start` on.

    Closing it leaves the file open.
    """

    def __init__(self, file: io.RawIOBase, start: int, size: int) -> None:
        """A window standing at its first byte."""
        super().__init__()
        self._file = file
        self._start = start
        self._position = 0
        self.size = size

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def tell(self) -> int:
        """Where it stands, in bytes from its beginning."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Where it stands from now on."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # not any Buffer
        """How many bytes it put into `buffer`: fewer than fit only at the end."""
        view = memoryview(buffer).cast("B")
        wanted = max(0, min(len(view), self.size - self._position))
        self._file.seek(self._start + self._position)
        done = 0
        while done < wanted:
            count = self._file.readinto(view[done:wanted])
            if not count:
                break
            done += count
        self._position += done
        return done


@dataclass(frozen=True, slots=True)
class Archive:
    """An open zip archive.

    Attributes:
        where: its path, for messages.
        file: the file itself.
        zip: its table of contents.
        entries: by name, bounds checked.
    """

    where: str
    file: io.FileIO
    zip: zipfile.ZipFile
    entries: Mapping[str, zipfile.ZipInfo]

    @property
    def names(self) -> frozenset[str]:
        """The names of its entries."""
        return frozenset(self.entries)

    def text(self, name: str) -> bytes:
        """All of a small entry, in memory."""
        entry = self.entries[name]
        if entry.file_size > _LARGEST_TEXT:
            raise UnsafeModelError(
                f"{self.where}: {name} has {entry.file_size} bytes unpacked, and at most "
                f"{_LARGEST_TEXT} are read. Save the model again, without such long configs."
            )
        with _checked(self.where, name), self.zip.open(entry) as stream:
            return stream.read(_LARGEST_TEXT)

    def window(self, name: str) -> Window:
        """A large entry as a file, checked to be whole."""
        entry = self.entries[name]
        if entry.compress_type == zipfile.ZIP_STORED:
            return self._stored(entry)
        return self._unpacked(entry)

    def _stored(self, entry: zipfile.ZipInfo) -> Window:
        name = entry.filename
        with _checked(self.where, name):
            self.file.seek(entry.header_offset)
            header = self.file.read(_LOCAL_HEADER)
            if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
                raise zipfile.BadZipFile("no local header")
            lengths = (int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
            start = entry.header_offset + _LOCAL_HEADER + sum(lengths)
            window = Window(self.file, start, entry.file_size)
            checksum, left = 0, entry.file_size
            block = bytearray(_BLOCK)
            while left:
                count = window.readinto(memoryview(block)[: min(left, _BLOCK)])
                if not count:
                    raise EOFError
                checksum = zlib.crc32(memoryview(block)[:count], checksum)
                left -= count
            if checksum != entry.CRC:
                raise zipfile.BadZipFile("checksum")
        window.seek(0)
        return window

    def _unpacked(self, entry: zipfile.ZipInfo) -> Window:
        name = entry.filename
        if (
            entry.file_size > _LARGEST_UNSUSPECTED
            and entry.file_size > _LARGEST_EXPANSION * entry.compress_size
        ):
            raise UnsafeModelError(
                f"{self.where}: {name} would grow from {entry.compress_size} to "
                f"{entry.file_size} bytes, as a zip bomb does. Save the model again."
            )
        unpacked = _Unpacked(tempfile.TemporaryFile(buffering=0), entry.file_size)  # noqa: SIM115
        try:
            with _checked(self.where, name), self.zip.open(entry) as stream:
                while block := stream.read(_BLOCK):
                    unpacked.append(block)
        except BaseException:
            unpacked.close()
            raise
        unpacked.seek(0)
        return unpacked


class _Unpacked(Window):
    """A window onto a temporary file of its own, which goes when it is closed."""

    def __init__(self, file: io.RawIOBase, size: int) -> None:
        super().__init__(file, 0, size)

    def append(self, block: bytes) -> None:
        try:
            self._file.write(block)
        except OSError as error:
            raise ConversionError(
                f"{tempfile.gettempdir()}: has no room to unpack {self.size} bytes of weights "
                f"({error.strerror}). Make room, or set TMPDIR to another folder."
            ) from None

    def close(self) -> None:
        self._file.close()
        super().close()


@contextmanager
def opened(file: io.FileIO, where: str) -> Iterator[Archive]:
    """The archive in `file`, its table of contents checked.

    Args:
        file: open for reading.
        where: its path, for messages.

    Raises:
        CorruptModelError: if it is truncated or damaged.
        UnsafeModelError: if it has far too many entries, the same twice, or names that lead out.
    """
    with _checked(where):
        contents = zipfile.ZipFile(file)
    with contents:
        entries = contents.infolist()
        if len(entries) > _MOST_ENTRIES:
            raise UnsafeModelError(
                f"{where}: has {len(entries)} entries, and at most {_MOST_ENTRIES} are read. "
                "Save the model again."
            )
        by_name: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            _check(entry, by_name, where)
            by_name[entry.filename] = entry
        yield Archive(where, file, contents, by_name)


def _check(entry: zipfile.ZipInfo, known: Mapping[str, zipfile.ZipInfo], where: str) -> None:
    name = entry.filename
    if name in known:
        raise UnsafeModelError(
            f"{where}: has two entries named {name!r}, so that readers may disagree on what is in "
            "it. Save the model again."
        )
    if re.match(r"[/\\]|[A-Za-z]:", name) or ".." in re.split(r"[/\\]", name):
        raise UnsafeModelError(
            f"{where}: has an entry {name!r} whose name leads out of the archive. "
            "Save the model again."
        )
    if entry.flag_bits & _ENCRYPTED:
        raise NotAKerasModelError(
            f"{where}: is encrypted ({name!r}). Pack it again without a password."
        )
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnsafeModelError(
            f"{where}: {name!r} is compressed by method {entry.compress_type}, and only stored and "
            "deflated entries are read. Pack it again with one of these."
        )
    if entry.compress_type == zipfile.ZIP_STORED and entry.file_size != entry.compress_size:
        raise CorruptModelError(f"{where}: is damaged at {name}. {_AGAIN}")


@contextmanager
def _checked(where: str, name: str | None = None) -> Iterator[None]:
    """Makes one clear error of all that zipfile raises on damaged files."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        place = f"damaged at {name}" if name else "truncated or damaged"
        raise CorruptModelError(f"{where}: is {place}. {_AGAIN}") from error
    except (ValueError, OverflowError, RuntimeError) as error:  # absurd offsets, odd flags
        raise CorruptModelError(f"{where}: is damaged. {_AGAIN}") from error
