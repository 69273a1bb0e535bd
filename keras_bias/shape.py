"""What shape a bias has: from a name or a tuple to the shape of the variable, in integers alone.

A bias has one number per index along some axes of a layer's output and is shared along the
others. `BiasShape` is the choice, as the user makes it; `Resolved` is what it comes to on an
output of known shape. Nothing here knows of a layer, a variable or an array.

Output shapes are given without the batch, axis 0: a bias never varies along it. Messages show
shapes with the batch, and count axes so, as Keras does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from numbers import Integral

Entry = int | None
"""Biases along an axis: 1 is shared, None is one per index, k is k equal consecutive blocks."""

NAMES = ("scalar", "vector", "group", "location", "untied", "gate")
"""The names a bias shape is stored under."""

SYNONYMS = {"tied": "vector"}
"""Names from the literature, and the names they are stored under."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A bias shape on an output of known shape.

    Attributes:
        stored: the shape of the variable.
        counts: how many biases there are along each axis: 1 where it is shared, otherwise the
            axis's size or a divisor of it. For a layer: the output's axes without the batch. For a
            recurrent layer: (gate, unit), or (projection, gate, unit).
    """

    stored: tuple[int, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BiasShape:
    """A checked `bias_shape` argument.

    >>> BiasShape.of("tied")
    BiasShape(spec='vector')
    >>> image = (6, 7, 4)  # height, width, channels
    >>> BiasShape.of("vector").resolve(image, channel_axis=-1)
    Resolved(stored=(4,), counts=(1, 1, 4))
    >>> BiasShape.of("untied").resolve(image, channel_axis=-1)
    Resolved(stored=(6, 7, 4), counts=(6, 7, 4))
    >>> BiasShape.of((None, 1, 2)).resolve(image, channel_axis=-1)
    Resolved(stored=(6, 1, 2), counts=(6, 1, 2))

    Attributes:
        spec: one of `NAMES`, or a tuple of entries, right-aligned to the output without batch.
    """

    spec: str | tuple[Entry, ...]

    @classmethod
    def of(cls, value: object) -> "BiasShape":
        """The bias shape that `value`, a name or a list or tuple of entries, stands for.

        Raises:
            ValueError: if it stands for none.
        """
        if isinstance(value, list | tuple):
            return cls(_entries(tuple(value)))
        name = SYNONYMS.get(value, value) if isinstance(value, str) else None
        if name in NAMES:
            return cls(name)
        raise ValueError(
            f"bias_shape={value!r} is unknown. Use 'scalar', 'vector', 'group', 'location', "
            "'untied', on recurrent layers 'gate', or a tuple."
        )

    def as_config(self) -> str | list[Entry]:
        """The spec in JSON's types; `of` takes it back."""
        return self.spec if isinstance(self.spec, str) else list(self.spec)

    def resolve(
        self,
        output_shape: Sequence[int | None],
        channel_axis: int | Sequence[int],
        groups: int | None = None,
    ) -> Resolved:
        """The variable's shape and the biases along each axis, for a layer that is not recurrent.

        >>> heads = (7, 4, 8)  # time, head, size of a head
        >>> BiasShape.of("vector").resolve(heads, channel_axis=(1, 2)).stored
        (4, 8)
        >>> BiasShape.of("location").resolve(heads, channel_axis=(1, 2)).stored
        (7, 1, 1)

        Args:
            output_shape: sizes of the output without the batch; None where unknown.
            channel_axis: the axis of units or channels among them, or several in ascending order;
                a bias of several keeps the axes behind the first one.
            groups: number of equal blocks of channels that "group" tells apart, if the layer has
                groups.

        Raises:
            ValueError: if the output has no such bias, or its size there is unknown.
        """
        sizes = tuple(output_shape)
        several = not isinstance(channel_axis, int)
        channels = tuple(channel_axis) if isinstance(channel_axis, Sequence) else (channel_axis,)
        entries = self._output_entries(sizes, channels, groups)
        leading = len(sizes) - len(entries)
        shown = f"(output shape {(None, *sizes)})"
        counts = tuple(
            _count(self, entry, size, f"output axis {axis}", f" {shown}")
            for axis, entry, size in zip(count(1), (1,) * leading + entries, sizes, strict=False)
        )
        match self.spec:
            case "scalar":
                stored: tuple[int, ...] = (1,)
            case "vector" if several:
                stored = counts[channels[0] % len(sizes) :]
            case "vector" | "group":
                stored = (counts[channels[0]],)
            case _:
                stored = counts[leading:]
        return Resolved(stored, counts)

    def resolve_recurrent(self, gates: int, units: int, projections: int | None = None) -> Resolved:
        """The variable's shape and the biases along each axis, for a recurrent layer.

        The axes are (gate, unit), and a spec speaks of these. A layer with two projections has
        two such biases; a tuple of three entries speaks of (projection, gate, unit). Shared axes
        are not stored, and gates and units lie one after another on one axis, as in Keras.

        >>> BiasShape.of("gate").resolve_recurrent(gates=4, units=6)
        Resolved(stored=(4,), counts=(4, 1))
        >>> BiasShape.of("vector").resolve_recurrent(gates=3, units=6, projections=2)
        Resolved(stored=(2, 18), counts=(2, 3, 6))

        Args:
            gates: number of gates; 1 if the layer has none to speak of.
            units: number of units.
            projections: number of projections with a bias each; None if there is only one.

        Raises:
            ValueError: if a recurrent layer of this kind has no such bias.
        """
        axes = ("projection", "gate", "unit") if projections else ("gate", "unit")
        sizes = (projections, gates, units) if projections else (gates, units)
        entries = self._recurrent_entries(axes, gates)
        counts = tuple(
            _count(self, entry, size, f"the {axis} axis", "")
            for entry, size, axis in zip(entries, sizes, axes, strict=True)
        )
        stored = counts[:1] if projections and entries[0] != 1 else ()
        if entries[-2:] != (1, 1):
            stored += (counts[-2] * counts[-1],)
        return Resolved(stored or (1,), counts)

    def _output_entries(
        self, sizes: tuple[int | None, ...], channel_axes: tuple[int, ...], groups: int | None
    ) -> tuple[Entry, ...]:
        """One entry for each of the output's last axes."""
        rank = len(sizes)
        if not isinstance(self.spec, str):
            if len(self.spec) > rank:
                raise ValueError(
                    f"bias_shape={self.spec} has {_counted(len(self.spec), 'entry', 'entries')}, "
                    f"but the output has {_counted(rank, 'axis', 'axes')} besides the batch "
                    f"(output shape {(None, *sizes)}). "
                    + ("Leave out entries on the left." if rank else "Use 'scalar'.")
                )
            return self.spec
        if self.spec == "gate":
            raise ValueError(
                "bias_shape='gate' needs a recurrent layer with gates, and this one has none. "
                "Use 'scalar', 'vector', 'group', 'location', 'untied' or a tuple."
            )
        if self.spec == "scalar":
            return (1,) * rank
        if not sizes:
            raise ValueError(
                f"bias_shape={self.spec!r} needs an output axis besides the batch "
                "(output shape (None,)). Use 'scalar'."
            )
        channels = {axis % rank for axis in channel_axes}
        if self.spec == "group" and groups is None:
            raise ValueError(
                "bias_shape='group' needs a layer with groups, and this one has none. "
                "Use a tuple with a number of equal blocks, such as "
                f"{(2,) + (1,) * (rank - max(channels) - 1)}."
            )
        channel, place = {
            "vector": (None, 1),
            "group": (groups, 1),
            "location": (1, None),
            "untied": (None, None),
        }[self.spec]
        return tuple(channel if axis in channels else place for axis in range(rank))

    def _recurrent_entries(self, axes: tuple[str, ...], gates: int) -> tuple[Entry, ...]:
        """One entry for each of the axes."""
        apart = (None,) * (len(axes) - 2)  # each projection has its own unless a tuple says no
        if not isinstance(self.spec, str):
            if len(self.spec) > len(axes):
                raise ValueError(
                    f"bias_shape={self.spec} has {_counted(len(self.spec), 'entry', 'entries')}, "
                    f"but this bias has the axes ({', '.join(axes)}). "
                    "Leave out entries on the left."
                )
            if len(self.spec) == len(axes):
                return self.spec
            return apart + (1,) * (2 - len(self.spec)) + self.spec
        names = {"scalar": (1, 1), "vector": (None, None), "gate": (None, 1)}
        offered = "'scalar', 'vector'" + (", 'gate'" if gates > 1 else "")
        if self.spec not in names:
            raise ValueError(
                f"bias_shape={self.spec!r} is not for recurrent layers. "
                f"Use {offered} or a tuple over (gate, unit)."
            )
        if self.spec == "gate" and gates == 1:
            raise ValueError(
                "bias_shape='gate' needs a layer with gates, and this one has none. "
                f"Use {offered} or a tuple over (gate, unit)."
            )
        return apart + names[self.spec]


def _entries(values: tuple[object, ...]) -> tuple[Entry, ...]:
    if not values:
        raise ValueError("bias_shape=() is empty. Use 'scalar' for one bias.")
    entries: list[Entry] = []
    for value in values:
        if value is None:
            entries.append(None)
        elif isinstance(value, Integral) and not isinstance(value, bool) and int(value) > 0:
            entries.append(int(value))
        else:
            raise ValueError(
                f"bias_shape={values} has the entry {value!r}. An entry is 1 (shared along the "
                "axis), None (one bias per index) or a number of equal blocks."
            )
    return tuple(entries)


def _count(shape: BiasShape, entry: Entry, size: int | None, axis: str, shown: str) -> int:
    """Biases along an axis of this size."""
    if entry == 1:
        return 1
    wanted = "one bias per index of" if entry is None else f"{entry} equal blocks along"
    problem = f"bias_shape={shape.spec!r} needs {wanted} {axis}, whose size is {size}{shown}."
    if size is None:
        raise ValueError(
            f"{problem} Build the layer on a fixed size, or share the bias along that axis."
        )
    if entry is None:
        return size
    if size % entry:
        raise ValueError(f"{problem} Use a number that divides {size}.")
    return entry


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
