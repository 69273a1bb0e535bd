"""HDF5 as data: groups, attributes and lazy weights, and nothing that leads out of the file.

HDF5 can refer to other files (external links, external storage, virtual datasets) and can load
code (filter plugins). Keras uses none of these, so they are refused wherever the walk meets them.
A weight that lies in one piece, as Keras writes it, is read from the file itself.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from keras_tfjs.errors import CorruptModelError, UnsafeModelError
from keras_tfjs.ir import Array, Weight
from keras_tfjs.read import blocks
from keras_tfjs.read.archive import Window
from keras_tfjs.read.blocks import H5, reading

_DEEPEST = 64
_MOST_OBJECTS = 250_000
_LARGEST_CHUNK = 256 << 20
# As for zip entries: real weights hardly compress, and what is small may do as it likes.
_LARGEST_UNSUSPECTED = 1 << 30
_LARGEST_EXPANSION = 100
_BUILT_IN_FILTERS = (1, 2, 3)  # gzip, shuffle, Fletcher's checksum: HDF5 has them itself
_AGAIN = "Save the model again with Keras."


@dataclass(frozen=True, slots=True)
class Group:
    """A group of an HDF5 file.

    Attributes:
        where: the file, for messages.
        path: of the group in it, "" for the root.
        groups: the groups in it, by name.
        weights: the datasets in it, by name.
    """

    where: str
    path: str
    groups: Mapping[str, "Group"]
    weights: Mapping[str, Weight]
    _attribute: Callable[[str], Array | None] = field(repr=False, compare=False)

    def text(self, name: str) -> str | None:
        """Its attribute `name` as a text, or None if it has no such text."""
        with reading(self.where):
            value = self._attribute(name)
            texts = _texts(value)
        return texts[0] if value is not None and value.shape == () and texts else None

    def texts(self, name: str) -> list[str]:
        """Its attribute `name` as a list of texts, put together if Keras had to cut it."""
        with reading(self.where):
            whole = self._attribute(name)
            if whole is not None:
                return _texts(whole)
            texts: list[str] = []
            for number in itertools.count():
                piece = self._attribute(f"{name}{number}")
                if piece is None:
                    return texts
                texts += _texts(piece)
        return []

    def at(self, path: str) -> "Group | None":
        """The group at `path` below it, or None."""
        group: Group | None = self
        for name in path.split("/"):
            group = group.groups.get(name) if group else None
        return group


def _texts(value: Array | None) -> list[str]:
    """The texts in an attribute, none if it has no texts in it."""
    items = [] if value is None else value.reshape(-1).tolist()
    if not all(isinstance(item, str | bytes) for item in items):
        return []
    return [item.decode() if isinstance(item, bytes) else item for item in items]


def _shown(name: bytes) -> str:
    return name.decode(errors="backslashreplace")


@contextmanager
def opened(window: Window, where: str, within: Sequence[str]) -> Iterator[Group]:
    """The root group of an HDF5 file, as long as it is open.

    Args:
        window: the file.
        where: the file, for messages.
        within: the root's groups to look into; the others' insides are left alone.

    Raises:
        CorruptModelError: if it is no HDF5, or damaged.
        UnsafeModelError: if it refers to other files, needs plugins, or declares far more numbers
            than it holds.
    """
    import h5py  # takes as long as all the rest: only those who open a file pay for it

    with reading(where):
        file = h5py.File(window, "r")
    try:
        yield _Walk(h5py, file, window, where).root(within)
    finally:
        file.close()


class _Walk:
    """One walk through a file, with what it has met on its way."""

    def __init__(self, h5py: H5, file: H5, window: Window, where: str) -> None:
        self._h5py = h5py
        self._file = file
        self._window = window
        self._where = where
        self._met: set[object] = set()
        self._declared_bytes = 0
        self._types: dict[np.dtype[Any], H5] = {}
        self._from_first_byte = file.userblock_size == 0

    def root(self, within: Sequence[str]) -> Group:
        with reading(self._where):
            root = self._group(self._file.id, "", 0, within)
        limit = max(_LARGEST_UNSUSPECTED, _LARGEST_EXPANSION * self._window.size)
        if self._declared_bytes > limit:
            raise UnsafeModelError(
                f"{self._where}: its weights would grow from {self._window.size} to "
                f"{self._declared_bytes} bytes. {_AGAIN}"
            )
        return root

    def _group(self, group: H5, path: str, depth: int, within: Sequence[str] | None) -> Group:
        if depth > _DEEPEST:
            raise UnsafeModelError(
                f"{self._where}: has groups more than {_DEEPEST} levels deep. {_AGAIN}"
            )
        groups: dict[str, Group] = {}
        weights: dict[str, Weight] = {}
        for link, address in self._links(group, path):
            name = _shown(link)
            if within is not None and name not in within:
                continue
            below = f"{path}/{name}" if path else name
            self._meet(address, below)
            found = self._h5py.h5o.open(group, link)
            if isinstance(found, self._h5py.h5g.GroupID):
                groups[name] = self._group(found, below, depth + 1, None)
            elif isinstance(found, self._h5py.h5d.DatasetID):
                weights[name] = self._weight(found, below)
            else:
                raise CorruptModelError(
                    f"{self._where}: '{below}' is neither a group nor a dataset. {_AGAIN}"
                )
        return Group(self._where, path, groups, weights, lambda name: self._attribute(group, name))

    def _attribute(self, group: H5, name: str) -> Array | None:
        """An attribute of a group, or None. What h5py.Group.attrs does, in a tenth of the time."""
        attributes = self._h5py.h5a
        if not attributes.exists(group, name.encode()):
            return None
        found = attributes.open(group, name.encode())
        value: Array = np.empty(found.shape, found.dtype)
        found.read(value)
        return value

    def _links(self, group: H5, path: str) -> list[tuple[bytes, object]]:
        """What is in a group: names and addresses. All of its links stay in the file."""
        links: list[tuple[bytes, int, object]] = []

        def note(name: bytes, link: H5) -> None:
            links.append((name, link.type, link.u))

        group.links.iterate(note, info=True)
        for name, kind, _ in links:
            if kind != self._h5py.h5l.TYPE_HARD:
                below = f"{path}/{_shown(name)}" if path else _shown(name)
                word = {
                    self._h5py.h5l.TYPE_SOFT: "a soft link",
                    self._h5py.h5l.TYPE_EXTERNAL: "a link to another file",
                }.get(kind, "a link of an unknown kind")
                raise UnsafeModelError(
                    f"{self._where}: '{below}' is {word}, which is not followed. {_AGAIN}"
                )
        return [(name, address) for name, _, address in links]

    def _meet(self, address: object, path: str) -> None:
        if address in self._met:
            raise CorruptModelError(
                f"{self._where}: '{path}' has another name in the same file. {_AGAIN}"
            )
        self._met.add(address)
        if len(self._met) > _MOST_OBJECTS:
            raise UnsafeModelError(
                f"{self._where}: has more than {_MOST_OBJECTS} groups and datasets. {_AGAIN}"
            )

    def _weight(self, dataset: H5, path: str) -> Weight:
        h5py = self._h5py
        space = dataset.get_space()
        stored = dataset.dtype
        bfloat16 = stored.kind == "V" and stored.itemsize == 2 and stored.names is None
        is_null = space.get_simple_extent_type() == h5py.h5s.NULL
        if is_null or not (bfloat16 or stored.kind in "biuf"):
            raise CorruptModelError(f"{self._where}: '{path}' holds no numbers. {_AGAIN}")
        shape = tuple(int(size) for size in space.shape)
        size_bytes = math.prod(shape) * stored.itemsize
        self._declared_bytes += size_bytes
        plain = np.dtype("<u2") if bfloat16 else stored

        def gathered() -> Iterator[Array]:
            return blocks.sliced(h5py.Dataset(dataset), shape, plain)

        def straight() -> Iterator[Array]:
            return blocks.straight(self._window, offset, size_bytes, plain)

        numbers = gathered
        if self._in_one_piece(dataset, path, stored.itemsize) and size_bytes:
            offset = dataset.get_offset()
            if offset is None or offset + size_bytes > self._window.size:
                raise CorruptModelError(
                    f"{self._where}: '{path}' has no numbers, or not all of them. {_AGAIN}"
                )
            if bfloat16 or dataset.get_type() == self._type(stored):
                numbers = straight
        where = f"{self._where}: '{path}'"
        name = "bfloat16" if bfloat16 else stored.name
        return Weight(
            shape, name, lambda: blocks.guarded(numbers, where, dataset.__bool__, bfloat16)
        )

    def _in_one_piece(self, dataset: H5, path: str, itemsize: int) -> bool:
        """Whether its bytes lie in the file as they are, once it is known to be safe to read."""
        h5py = self._h5py
        properties = dataset.get_create_plist()
        layout = properties.get_layout()
        if properties.get_external_count() or layout == h5py.h5d.VIRTUAL:
            raise UnsafeModelError(
                f"{self._where}: '{path}' keeps its numbers in another file, which is not opened. "
                f"{_AGAIN}"
            )
        filters = [properties.get_filter(at)[0] for at in range(properties.get_nfilters())]
        for number in filters:
            if number not in _BUILT_IN_FILTERS:
                raise UnsafeModelError(
                    f"{self._where}: '{path}' is packed by filter {number}, which may be a plugin. "
                    f"{_AGAIN}"
                )
        if layout == h5py.h5d.CHUNKED:
            chunk_bytes = math.prod(properties.get_chunk()) * itemsize
            if chunk_bytes > _LARGEST_CHUNK:
                raise UnsafeModelError(
                    f"{self._where}: '{path}' comes in chunks of {chunk_bytes} bytes, and at most "
                    f"{_LARGEST_CHUNK} are read at once. {_AGAIN}"
                )
        return bool(layout == h5py.h5d.CONTIGUOUS and not filters and self._from_first_byte)

    def _type(self, stored: np.dtype[Any]) -> H5:
        """HDF5's name for a NumPy type: a dataset of just this type needs no conversion."""
        if stored not in self._types:
            self._types[stored] = self._h5py.h5t.py_create(stored, logical=True)
        return self._types[stored]
