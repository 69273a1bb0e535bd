"""Operations of `keras.ops` that are another one, with other arguments and options.

Each of them written as that other one is a row less to compute in the browser.
"""

import math
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from keras_tfjs.ir import Json


@dataclass(frozen=True, slots=True)
class Written:
    """An operation as the twin `keras>Operation` has it.

    Attributes:
        name: Keras's class.
        arguments: of its call.
        options: of its constructor, each of them.
    """

    name: str
    arguments: list[Json]
    options: Mapping[str, Json]


Rank = Callable[[Json], int]
"""How many axes an argument has."""

Equal = Callable[[Written, Rank], Written]


def as_equal(written: Written, rank: Rank) -> Written:
    """The operation itself, or the one that it is written as."""
    equal = EQUALS.get(written.name)
    return written if equal is None else equal(written, rank)


def _named(name: str, *, before: float | None = None, after: float | None = None,
           **options: Json) -> Equal:  # fmt: skip
    """Another name, with a number before or after the arguments, and with more options."""

    def equal(written: Written, rank: Rank) -> Written:
        first, last = ([] if each is None else [{"float": each}] for each in (before, after))
        arguments = [*first, *written.arguments, *last]
        return Written(name, arguments, {**written.options, **options})

    return equal


def _hsplit(written: Written, rank: Rank) -> Written:
    """Along the second axis, or the only one."""
    axis = min(rank(written.arguments[0]) - 1, 1)
    return Written("Split", written.arguments, {**written.options, "axis": axis})


def _percentile(written: Written, rank: Rank) -> Written:
    x, shares = written.arguments
    return Written("Quantile", [x, _hundredth(shares)], written.options)


def _hundredth(given: Json) -> Json:
    """Of a number, an array, or a list of them."""
    if isinstance(given, list):
        return [_hundredth(each) for each in given]
    if isinstance(given, dict) and "array" in given:
        return {"array": _divided(given["array"]), "dtype": "float32"}
    return {"float": _divided(given["float"] if isinstance(given, dict) else given)}


def _divided(numbers: Json) -> Json:
    return [_divided(each) for each in numbers] if isinstance(numbers, list) else numbers / 100


def _swapaxes(written: Written, rank: Rank) -> Written:
    order = list(range(rank(written.arguments[0])))
    one, other = written.options["axis1"], written.options["axis2"]
    order[one], order[other] = order[other], order[one]
    return Written("Transpose", written.arguments, {"axes": order})


def _moveaxis(written: Written, rank: Rank) -> Written:
    """Some axes go to their places, the others fill the rest in their order."""
    axes = range(rank(written.arguments[0]))
    source, destination = (
        [axes[axis] for axis in _listed(written.options[key])] for key in ("source", "destination")
    )
    places = dict(zip(destination, source, strict=True))
    others = (axis for axis in axes if axis not in source)
    order = [places[axis] if axis in places else next(others) for axis in axes]
    return Written("Transpose", written.arguments, {"axes": order})


def _blocks(last: str, first: str) -> Equal:
    """The places of a block that become channels, or the other way round, as a pattern of axes."""

    def equal(written: Written, rank: Rank) -> Written:
        size = written.options["block_size"]
        pattern = first if written.options["data_format"] == "channels_first" else last
        options = {"pattern": pattern, "sizes": {"p": size, "q": size}}
        return Written("Rearrange", written.arguments, options)

    return equal


def _append(written: Written, rank: Rank) -> Written:
    return Written("Concatenate", [written.arguments], written.options)


def _dot(written: Written, rank: Rank) -> Written:
    """Over the last axis and the last but one."""
    return _product(written, rank, [-1], [-min(rank(written.arguments[1]), 2)])


def _inner(written: Written, rank: Rank) -> Written:
    return _product(written, rank, [-1], [-1])


def _tensordot(written: Written, rank: Rank) -> Written:
    axes = written.options["axes"]
    if isinstance(axes, int):
        return _product(written, rank, range(-axes, 0), range(axes))
    one, other = axes
    return _product(written, rank, _listed(one), _listed(other))


def _product(written: Written, rank: Rank, axes: Sequence[int], others: Sequence[int]) -> Written:
    """Sums over axes of one tensor and as many of the other, as an equation."""
    ranks = [rank(argument) for argument in written.arguments]
    if 0 in ranks:
        return Written("Multiply", written.arguments, {})
    letters = iter(string.ascii_lowercase)
    one, other = ([next(letters) for _ in range(each)] for each in ranks)
    for mine, theirs in zip(axes, others, strict=True):
        other[theirs] = one[mine]
    out = [letter for letter in one + other if (letter in one) != (letter in other)]
    equation = f"{''.join(one)},{''.join(other)}->{''.join(out)}"
    return Written("Einsum", written.arguments, {"subscripts": equation})


def _listed(given: Json) -> list[int]:
    return list(given) if isinstance(given, list | tuple) else [given]


EQUALS: dict[str, Equal] = {
    **{
        name: _named(other)
        for name, other in {
            "Abs": "Absolute", "Amax": "Max", "Amin": "Min", "ArraySplit": "Split",
            "Conj": "Copy", "Conjugate": "Copy", "ConvertToTensor": "Cast", "Fabs": "Absolute",
            "Real": "Copy", "TrueDivide": "Divide",
        }.items()
    },
    "Append": _append,
    "Deg2rad": _named("Multiply", after=math.pi / 180),
    "DepthToSpace": _blocks(
        "b h w (p q c) -> b (h p) (w q) c", "b (p q c) h w -> b c (h p) (w q)"
    ),
    "Dot": _dot,
    "Dsplit": _named("Split", axis=2),
    "Exp2": _named("Power", before=2.0),
    "Fliplr": _named("Flip", axis=1),
    "Flipud": _named("Flip", axis=0),
    "Hsplit": _hsplit,
    "Imag": _named("FullLike", after=0.0, dtype="float32"),
    "Inner": _inner,
    "Isreal": _named("FullLike", after=1.0, dtype="bool"),
    "Median": _named("Quantile", after=0.5),
    "Moveaxis": _moveaxis,
    "OnesLike": _named("FullLike", after=1.0),
    "Percentile": _percentile,
    "Rad2deg": _named("Multiply", after=180 / math.pi),
    "Ravel": _named("Reshape", newshape=[-1]),
    "Reciprocal": _named("Divide", before=1.0),
    "SpaceToDepth": _blocks(
        "b (h p) (w q) c -> b h w (p q c)", "b c (h p) (w q) -> b (p q c) h w"
    ),
    "Swapaxes": _swapaxes,
    "Tensordot": _tensordot,
    "Vsplit": _named("Split", axis=0),
    "ZerosLike": _named("FullLike", after=0.0),
}  # fmt: skip
"""By Keras's class. Real and imaginary parts are those of real numbers."""
