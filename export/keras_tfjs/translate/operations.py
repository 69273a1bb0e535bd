"""Operations of `keras.ops` on tensors of a functional model, as the twin `keras>Operation`.

Keras writes an operation's constructor arguments as its configuration, and numbers, slices and
constants among the arguments of its call. A node of tfjs's graph has tensors and nothing else. So
the twin's configuration holds the arguments as Keras has them, with a place for each tensor:

    {"operation": {"name": "Clip"}, "arguments": [{"tensor": 0}], "options": {"x_min": 0, ...}}

`SIGNATURES` says what an operation is called with, `export/runtime/src/operation/` computes it.
"""

import math
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from keras_tfjs.errors import UnsupportedLayerError, UnsupportedOptionError
from keras_tfjs.ir import Call, Json, Layer, Tensor
from keras_tfjs.translate import parts
from keras_tfjs.translate.operation_equals import Written, as_equal
from keras_tfjs.translate.operation_table import OPERATIONS, Operation
from keras_tfjs.translate.options import OTHER_WAY, Aim

TWIN = "keras>Operation"

INSTEAD = "Compute it outside of the model, or with operations that TensorFlow.js has."

_TYPES = {
    "bool": "bool",
    **dict.fromkeys(("int32", "int64", "uint32"), "int32"),
    **dict.fromkeys(("float16", "bfloat16", "float32", "float64"), "float32"),
}
"""What tfjs has of Keras's types: those that hold the same numbers, or all but the last digits."""

_NARROW = ("int8", "uint8", "int16", "uint16")
"""Types that tfjs has not, and whose sums Keras wraps around."""


def operation(layer: Layer, aim: Aim) -> Layer:
    """The operation as a twin with its arguments in the configuration.

    Args:
        layer: the operation, called once.
        aim: of the translation.

    Raises:
        UnsupportedLayerError: for one that tfjs cannot compute.
        UnsupportedOptionError: for an argument that it cannot compute with.
    """
    known = OPERATIONS.get(layer.class_name)
    if known is None or known.as_layer:
        raise UnsupportedLayerError(
            f"Operation '{layer.where}' (keras.ops {layer.class_name}) on tensors of the model "
            f"cannot be converted. {INSTEAD}"
        )
    if aim.stock:
        raise UnsupportedOptionError(
            f"Operation '{layer.where}' (keras.ops {layer.class_name}) has no equal among stock "
            f"layers. {OTHER_WAY}"
        )
    call = layer.calls[0]
    written = _Written(layer, known, aim)
    arguments = [written.argument(value) for value in _positional(layer, known, call)]
    options = written.options()
    if (wrong := _CHECKS.get(layer.class_name, _nothing)(arguments, options)) is not None:
        raise _refused(layer, wrong)
    equal = as_equal(Written(layer.class_name, arguments, options), written.rank)
    options, arguments = _in_plain_letters(equal, call)
    config: dict[str, Json] = {
        "name": layer.name,
        "trainable": True,
        "dtype": "float32",
        "operation": {"name": equal.name},
        "arguments": arguments,
        "options": options,
    }
    aim.twins.add(TWIN)
    return replace(
        layer,
        class_name=TWIN,
        module=None,
        registered_name=None,
        config=config,
        calls=(Call(tuple(written.found), {}),),
    )


def _positional(layer: Layer, known: Operation, call: Call) -> list[Any]:
    """A call's arguments in the order of the signature, the last ones left out if not given."""
    if known.variadic:
        return list(call.args)
    kwargs = dict(call.kwargs)
    values = list(call.args)
    if len(values) > len(known.arguments):
        raise _refused(layer, f"is called with {len(values)} arguments")
    for name in known.arguments[len(values) :]:
        values.append(kwargs.pop(name, None))
    for name, value in kwargs.items():
        if value is not None and value is not False:
            raise _refused(layer, f"is called with {name}={parts.spoken(value)!r}")
    while values and values[-1] is None:
        values.pop()
    return values


@dataclass(slots=True)
class _Written:
    """Arguments and options as tfjs will read them.

    Attributes:
        layer: the operation.
        known: its signature.
        aim: of the translation.
        found: the tensors among the arguments, each once, in the order of their first place.
    """

    layer: Layer
    known: Operation
    aim: Aim
    found: list[Tensor] = field(default_factory=list)

    def argument(self, value: Any) -> Json:
        """An argument of the call."""
        if isinstance(value, Tensor):
            return self._tensor(value)
        if isinstance(value, list | tuple):
            return [self.argument(item) for item in value]
        if isinstance(value, dict):
            return self._object(value)
        if isinstance(value, float):
            return {"float": value if math.isfinite(value) else str(value)}
        return value  # None, true or false, a whole number, a text

    def rank(self, argument: Json) -> int:
        """How many axes an argument has, as it is written."""
        if isinstance(argument, dict) and "tensor" in argument:
            shape = self.found[argument["tensor"]].shape
            if shape is None:
                raise _refused(self.layer, "is called on a tensor of unknown shape")
            return len(shape)
        value = argument.get("array") if isinstance(argument, dict) else argument
        return 1 + self.rank(value[0] if value else 0) if isinstance(value, list) else 0

    def options(self) -> dict[str, Json]:
        """The arguments of the constructor, all of them, with Keras's defaults written out."""
        given = dict(self.layer.config)
        given.pop("name", None)
        options: dict[str, Json] = {}
        for key, default in self.known.options.items():
            options[key] = self._option(key, given.pop(key, default))
        for key, pinned in self.known.pinned.items():
            found = parts.plain(given.pop(key, pinned))
            if found != pinned:
                raise _refused(self.layer, f"has {key}={parts.spoken(found)!r}")
        for key, value in given.items():
            if key not in self.known.left and value is not None and value is not False:
                raise _refused(self.layer, f"has {key}={parts.spoken(value)!r}")
        return options

    def _option(self, key: str, given: Json) -> Json:
        value = parts.plain(given)
        if key == "dtype" and value is not None:
            return self._type(parts.policy_name(value))
        if isinstance(value, dict):
            raise _refused(self.layer, f"has {key}={parts.spoken(value)!r}")
        if isinstance(value, float) and not math.isfinite(value):
            return str(value)
        return value

    def _tensor(self, tensor: Tensor) -> Json:
        if tensor not in self.found:
            self.found.append(tensor)
        place: dict[str, Json] = {"tensor": self.found.index(tensor)}
        if tensor.dtype in _NARROW and not self.known.keeping:
            raise _refused(
                self.layer,
                f"computes in {tensor.dtype}",
                "TensorFlow.js has no such type: cast the tensor to int32 or float32 before.",
            )
        kind = _TYPES.get(tensor.dtype or "float32", "int32")
        return place if kind == "float32" else {**place, "dtype": kind}

    def _object(self, value: Mapping[str, Json]) -> Json:
        name, config = value.get("class_name"), value.get("config")
        if name == "__slice__" and isinstance(config, dict):
            ends = [config.get(key) for key in ("start", "stop", "step")]
            if all(end is None or isinstance(end, int) for end in ends):
                return {"slice": ends}
            raise _refused(self.layer, "has a tensor in a slice")
        if name == "__ellipsis__":
            return {"ellipsis": True}
        if name in ("__numpy__", "__tensor__") and isinstance(config, dict):
            kind = self._type(str(config.get("dtype", "float32")), constant=True)
            return {"array": self._numbers(parts.plain(config["value"])), "dtype": kind}
        if name == "__tuple__":
            return self.argument(value.get("items"))
        raise _refused(self.layer, f"is called with a {parts.spoken(dict(value))!r}")

    def _numbers(self, value: Json) -> Json:
        """Of an array; those that JSON has no word for by their names."""
        if isinstance(value, list):
            return [self._numbers(item) for item in value]
        if not isinstance(value, bool | int | float):
            raise _refused(self.layer, f"has {value!r} in an array")
        return value if math.isfinite(value) else str(value)

    def _type(self, name: str, *, constant: bool = False) -> str:
        if name in _TYPES:
            return _TYPES[name]
        if constant and name in _NARROW:
            return "int32"
        raise _refused(
            self.layer, f"makes numbers of type {name}", "Use int32, float32 or bool for it."
        )


def _nothing(arguments: list[Json], options: Mapping[str, Json]) -> str | None:
    return None


def _all_given(number: int) -> "_Check":
    def check(arguments: list[Json], options: Mapping[str, Json]) -> str | None:
        return None if len(arguments) >= number else f"is called with {len(arguments)} arguments"

    return check


def _key(arguments: list[Json], options: Mapping[str, Json]) -> str | None:
    keys = arguments[1] if isinstance(arguments[1], list) else [arguments[1]]
    for key in keys:
        if isinstance(key, bool) or (isinstance(key, dict) and key.get("dtype") == "bool"):
            return "picks numbers by a mask"
    tensors = sum(isinstance(key, list) or (isinstance(key, dict) and "slice" not in key
                  and "ellipsis" not in key) for key in keys)  # fmt: skip
    return "picks numbers by several tensors" if tensors > 1 else None


def _numbers_only(at: int) -> "_Check":
    def check(arguments: list[Json], options: Mapping[str, Json]) -> str | None:
        given = arguments[at] if len(arguments) > at else None
        known = all(isinstance(each, int) for each in given or ())
        return None if isinstance(given, list) and known else "begins at a tensor"

    return check


def _no_tensor(at: int) -> "_Check":
    def check(arguments: list[Json], options: Mapping[str, Json]) -> str | None:
        given = arguments[at] if len(arguments) > at else None
        known = given is None or isinstance(given, int | float) or "float" in given
        return None if known else "is given a tensor or an array, and not a number"

    return check


def _order(arguments: list[Json], options: Mapping[str, Json]) -> str | None:
    order, axis = options["ord"], options["axis"]
    matrix = isinstance(axis, list) and len(axis) == 2
    if order == "nuc" or (order not in (None, "fro") and (matrix or axis is None)):
        return f"has ord={order!r} of matrices"
    return None


def _shares(arguments: list[Json], options: Mapping[str, Json]) -> str | None:
    shares = arguments[1] if len(arguments) > 1 else None
    return "has a tensor as q" if isinstance(shares, dict) and "tensor" in shares else None


def _segments(arguments: list[Json], options: Mapping[str, Json]) -> str | None:
    return "has num_segments=None" if options["num_segments"] is None else None


def _mode(arguments: list[Json], options: Mapping[str, Json]) -> str | None:
    mode = options["mode"]
    if mode not in ("constant", "reflect", "symmetric"):
        return f"has mode={mode!r}"
    value = arguments[1] if len(arguments) > 1 else None
    return "pads with a tensor" if isinstance(value, dict) and "float" not in value else None


_Check = Callable[[list[Json], Mapping[str, Json]], str | None]

_CHECKS: dict[str, _Check] = {
    "FullLike": _no_tensor(1),
    "GetItem": _key,
    "Norm": _order,
    "Pad": _mode,
    "Percentile": _shares,
    "Quantile": _shares,
    "SegmentSum": _segments,
    "Slice": _numbers_only(1),
    "SliceUpdate": _numbers_only(1),
    "Where": _all_given(3),
}
"""What to ask before writing an operation, as its arguments and options are written."""


def _in_plain_letters(written: Written, call: Call) -> tuple[dict[str, Json], list[Json]]:
    """The axes of an einsum or a rearrange by lower-case letters: tfjs loses capitals on saving."""
    name, arguments, options = written.name, written.arguments, dict(written.options)
    if name == "Einsum":
        return {**options, "subscripts": _lettered(options["subscripts"], str.isalpha)}, arguments
    if name == "Rearrange" and len(arguments) == 2 and isinstance(arguments[1], str):
        spaced = arguments[1].replace("(", " ( ").replace(")", " ) ").replace("->", " -> ")
        words = spaced.split()
        axes = [word for word in dict.fromkeys(words) if word not in ("(", ")", "->", "...", "1")]
        letters = dict(zip(axes, string.ascii_lowercase, strict=False))
        pattern = " ".join(letters.get(word, word) for word in words)
        sizes = {letters[axis]: call.kwargs[axis] for axis in axes if axis in call.kwargs}
        return {**options, "pattern": pattern, "sizes": sizes}, arguments[:1]
    return options, arguments


def _lettered(text: str, holds: Callable[[str], bool]) -> str:
    letters = dict.fromkeys(filter(holds, text))
    table = dict(zip(letters, string.ascii_lowercase, strict=False))
    return "".join(table.get(letter, letter) for letter in text).replace(" ", "")


def _refused(layer: Layer, what: str, instead: str = INSTEAD) -> UnsupportedOptionError:
    return UnsupportedOptionError(
        f"Operation '{layer.where}' (keras.ops {layer.class_name}) {what}, which a model in "
        f"TensorFlow.js cannot do. {instead}"
    )
