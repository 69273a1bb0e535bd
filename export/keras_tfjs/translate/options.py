"""A layer's configuration, read so that no option can be lost in silence.

TensorFlow.js ignores configuration keys that it does not know. An option that Keras has and tfjs
lacks would thus vanish without an error and leave wrong numbers. Hence every key of a Keras
config is declared here by the layer's translator: it is *taken* over (with Keras's default written
out, for tfjs's defaults differ), *pinned* to the one value that tfjs computes with, or *left* out
because it cannot change an output. `Options.done` refuses whatever nobody declared.
"""

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from keras_tfjs.errors import CorruptModelError, UnsupportedOptionError
from keras_tfjs.ir import INPUT, Json, Layer, Model, Weight
from keras_tfjs.translate import parts
from keras_tfjs.translate.activations import CHANGES_SHAPE, activation_name, twin_of

REQUIRED: Final = object()
"""Stands for a default where Keras has none."""

QUANTIZED = re.compile(r"(int8|int4|float8|gptq|awq)[-/0-9]*_from_(\w+)")
"""The name of a dtype policy of a quantised layer: the mode, and the policy it had before."""

OTHER_WAY = "Without --stock the layer is carried by keras-tfjs.js, and converts as it is."


@dataclass(frozen=True, slots=True)
class Aim:
    """What a translation aims at, and what it has to say about it.

    Attributes:
        stock: whether only layers that stock tfjs knows may be written.
        masked: whether the model has masks anywhere.
        notes: grows by everything that was changed or left out, said in words.
        twins: grows by the names of the twins that the model needs.
        mask_inputs: by an attention layer's path, which of its inputs have masks that it needs as
            inputs.
        unmasked: likewise, which have masks in tfjs only.
        masked_outputs: whether an output of the model has a mask in Keras.
    """

    stock: bool = False
    masked: bool = False
    notes: list[str] = field(default_factory=list)
    twins: set[str] = field(default_factory=set)
    mask_inputs: Mapping[str, Collection[str]] = field(default_factory=dict)
    unmasked: Mapping[str, Collection[str]] = field(default_factory=dict)
    masked_outputs: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of option: what it is called in messages, and what belongs to it."""

    name: str
    holds: Callable[[Json], bool]


def _is_int(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _list_of(holds: Callable[[Json], bool]) -> Callable[[Json], bool]:
    return lambda value: isinstance(value, list) and all(map(holds, value))


BOOL = Kind("true or false", lambda value: isinstance(value, bool))
INT = Kind("a whole number", _is_int)
NUMBER = Kind("a number", _is_number)
TEXT = Kind("a text", lambda value: isinstance(value, str))
FORMAT = Kind(
    "'channels_last' or 'channels_first'",
    lambda value: value in ("channels_last", "channels_first"),
)
SHAPE = Kind("a list of sizes", _list_of(lambda size: size is None or _is_int(size)))
AXES = Kind("an axis or a list of axes", lambda v: _is_int(v) or _list_of(_is_int)(v))
SIZES = Kind("a whole number or a list of them", AXES.holds)
PAIRS = Kind("a list of pairs", _list_of(lambda v: _is_int(v) or _list_of(_is_int)(v)))
NUMBERS = Kind("a number or a list of numbers", lambda v: _is_number(v) or _deep_numbers(v))


def _deep_numbers(value: Json) -> bool:
    return _is_number(value) or (isinstance(value, list) and all(map(_deep_numbers, value)))


def optional(kind: Kind) -> Kind:
    """The kind that may also be null."""
    return Kind(f"null or {kind.name}", lambda value: value is None or kind.holds(value))


class Options:
    """The options of one layer, each to be declared once.

    Attributes:
        layer: the layer in Keras's words.
        aim: what the translation aims at.
        config: what tfjs will get, as far as it is declared.
        quantization: how the weights are quantised, "int8"; None if they are not.
        source: the dtype policy, without the quantisation.
    """

    def __init__(self, layer: Layer, aim: Aim, *, quantized: bool = False) -> None:
        """Begins with what every layer has.

        Args:
            layer: in Keras's words.
            aim: what the translation aims at.
            quantized: whether the translator can take quantised weights.
        """
        self.layer = layer
        self.aim = aim
        self.quantization: str | None = None
        self.source = "float32"
        self._quantized = quantized
        self._open = dict(layer.config)
        self._open.pop("name", None)
        self.config: dict[str, Json] = {
            "name": layer.name,
            "trainable": self.read("trainable", BOOL, True),
            "dtype": "float32",
        }
        self._dtype_policy()
        if self._open.pop("activity_regularizer", None) is not None:
            self.note("the activity regularizer is left out: TensorFlow.js has none")
        # Keras 2 wrote the model's input shape on the first layer, and so do tfjs's own files.
        self.leave("batch_input_shape", "input_shape", "autocast")

    # ---- declaring keys ---------------------------------------------------------------------

    def read(self, key: str, kind: Kind, default: Json = REQUIRED) -> Json:
        """The value of `key`, declared but not written."""
        value = parts.plain(self._open.pop(key, default))
        if value is REQUIRED or not kind.holds(value):
            found = "is missing" if value is REQUIRED else f"is {value!r}"
            raise CorruptModelError(
                f"Layer '{self.layer.where}': the option {key!r} {found}, where Keras writes "
                f"{kind.name}. The file is damaged: save the model again."
            )
        if not _finite(value):
            raise self.problem(
                f"{key}={value!r} cannot be written as JSON.", "Use a finite number."
            )
        return value

    def take(
        self, key: str, kind: Kind, default: Json = REQUIRED, *, named: str | None = None
    ) -> Json:
        """The value of `key`, written under the same or another name."""
        value = self.read(key, kind, default)
        self.config[named or key] = value
        return value

    def pin(self, key: str, value: Json, instead: str) -> None:
        """Refuse every value of `key` but the one that tfjs computes with."""
        found = parts.plain(self._open.pop(key, value))
        if found != value:
            raise self.unsupported(key, found, instead)

    def leave(self, *keys: str) -> None:
        """Declare keys that cannot change an output, and leave them out."""
        for key in keys:
            self._open.pop(key, None)

    def activation(self, key: str = "activation", *, changing_shape: bool = False) -> str:
        """Take the activation `key`, by the name it has in tfjs.

        Args:
            key: of the configuration.
            changing_shape: whether the layer can have an activation that changes the shape.
        """
        value = self._open.pop(key, None)
        name = activation_name(value)
        if name == CHANGES_SHAPE and not changing_shape:
            raise self.unsupported(key, value, "Put a layer Activation('glu') behind it instead.")
        if name is None:
            raise self.unsupported(
                key,
                parts.spoken(value),
                "Use an activation of keras.activations, or compute it in layers of its own.",
            )
        if (twin := twin_of(name)) is not None:
            if self.aim.stock:
                why = "no equal among stock layers"
                raise self.unsupported(key, value, OTHER_WAY, why)
            self.aim.twins.add(twin)
        self.config[key] = name
        return name

    def initializers(self, **defaults: str) -> None:
        """Take the initializers of the given weights, in tfjs's spelling."""
        for stem, default in defaults.items():
            key = f"{stem}_initializer"
            given = self._open.pop(key, {"class_name": default, "config": {}})
            self.config[key], lost = parts.initializer(given)
            if lost:
                self.note(f"{key}={lost} is written as Zeros: it matters to new models only")

    def regularizers(self, *stems: str) -> None:
        """Take the regularizers of the given weights, as tfjs's L1L2."""
        for stem in stems:
            key = f"{stem}_regularizer"
            self.config[key], lost = parts.regularizer(self._open.pop(key, None))
            if lost:
                self.note(f"{key}={lost} is left out: TensorFlow.js has no such regularizer")

    def constraints(self, *stems: str) -> None:
        """Leave out the constraints: tfjs applies them to weights as it loads them."""
        for stem in stems:
            key = f"{stem}_constraint"
            if (given := self._open.pop(key, None)) is not None:
                name = parts.spoken(given)
                self.note(f"{key}={name} is left out: it would alter the weights at loading")
            self.config[key] = None

    # ---- what comes of it ---------------------------------------------------------------------

    @property
    def rank(self) -> int | None:
        """How many axes the input has, batch included; None if unknown."""
        shape = self.input_shape
        return None if shape is None else len(shape)

    @property
    def input_shape(self) -> list[int | None] | None:
        """The shape of the only input, batch first; None if unknown."""
        shape = self.layer.input_shape
        if isinstance(shape, list | tuple) and SHAPE.holds(list(shape)):
            return list(shape)
        return None

    def is_last(self, axis: int) -> bool:
        """Whether `axis` is the input's last axis, as far as one can know."""
        return axis == -1 or (self.rank is not None and axis == self.rank - 1)

    def note(self, words: str) -> None:
        """Say that something was changed or left out."""
        self.aim.notes.append(f"Layer '{self.layer.where}': {words}.")

    def problem(self, what: str, instead: str) -> UnsupportedOptionError:
        """The error that says so of this layer."""
        return UnsupportedOptionError(f"Layer '{self.layer.where}': {what} {instead}")

    def unsupported(
        self, key: str, value: Json, instead: str, why: str = "no equal in TensorFlow.js"
    ) -> UnsupportedOptionError:
        """The error for an option that cannot be carried."""
        return self.problem(f"{key}={value!r} has {why}.", instead)

    def stock(self, class_name: str, weights: Mapping[str, Weight] | None = None) -> Layer:
        """The layer as tfjs's own `class_name`, all keys declared."""
        self._done()
        return self._written(class_name, weights or {})

    def twin(self, class_name: str, why: str, weights: Mapping[str, Weight] | None = None) -> Layer:
        """The layer as the twin `class_name`, because of `why`; refused under --stock."""
        self._done()
        if self.aim.stock:
            raise self.problem(f"{why} has no equal among stock layers.", OTHER_WAY)
        self.aim.twins.add(class_name)
        return self._written(class_name, weights or {})

    def linear(self) -> Layer:
        """The layer as one that hands on its input."""
        self._done()
        kept = {key: self.config[key] for key in ("name", "trainable", "dtype")}
        self.config = {**kept, "activation": "linear"}
        return self._written("Activation", {})

    def nested(self, *layers: Layer) -> Layer:
        """The layer as a stack of several; its input shape is known."""
        shape = {"batch_input_shape": self.input_shape, "sparse": False}
        first = self.inner("input", INPUT, **shape)
        return self.model(Model(self.layer.name, "sequential", (first, *layers)))

    def model(self, model: Model) -> Layer:
        """The layer as a small model."""
        self._done()
        return replace(
            self.layer,
            class_name=model.kind.capitalize(),
            module=None,
            registered_name=None,
            config={},
            weights={},
            model=model,
        )

    def inner(self, part: str, class_name: str, **config: Json) -> Layer:
        """A stock layer for `nested`, without weights."""
        name = f"{self.layer.name}/{part}"
        base = {"name": name, "trainable": self.config["trainable"], "dtype": "float32"}
        return Layer(name, class_name, config={**base, **config})

    def _written(self, class_name: str, weights: Mapping[str, Weight]) -> Layer:
        return replace(
            self.layer,
            class_name=class_name,
            module=None,
            registered_name=None,
            config=self.config,
            weights=weights,
        )

    def _done(self) -> None:
        for key, value in self._open.items():
            if value is not None and value is not False:
                raise self.unsupported(
                    key,
                    parts.spoken(value),
                    "Build the layer without this option, or with its default.",
                    "no known equal in TensorFlow.js",
                )

    def _dtype_policy(self) -> None:
        name = parts.policy_name(self._open.pop("dtype", None))
        if self._quantized and (quantized := QUANTIZED.fullmatch(name)):
            self.quantization, name = quantized[1], quantized[2]
        self.source = name
        if name in ("float32", "uint8", "int32", "int64", "bool") and not self.layer.weights:
            return  # layers without weights compute in whatever type they are fed
        if name in parts.FLOAT_POLICIES:
            if name != "float32":
                self.note(f"computes in float32, where Keras computed in {name}")
            return
        raise self.unsupported(
            "dtype",
            name,
            "Convert the model as it was before quantize(), or build the layer in float32.",
        )


def _finite(value: Json) -> bool:
    if isinstance(value, list):
        return all(map(_finite, value))
    return not isinstance(value, float) or math.isfinite(value)
