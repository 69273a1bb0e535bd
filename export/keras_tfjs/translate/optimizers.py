"""Optimizers in tfjs's words, and their variables.

Compared with tfjs-core/src/optimizers: SGD, SGD with momentum (a class Momentum of its own, which
accumulates gradients where Keras accumulates steps), RMSprop, Adagrad and Adamax compute the same.
tfjs's Adam adds epsilon to the corrected root and Keras's to the plain one, so there is a twin. Its
Adadelta divides by the root of the step before, and its centered RMSprop subtracts epsilon: those
have no equal. Clipping, averages, accumulation and schedules have none either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keras_tfjs.ir import Array, Json, Weight
from keras_tfjs.translate.inexact import Inexact

Named = tuple[str, Weight]

ADAM = "keras>Adam"

_NONE = object()
_PINNED: dict[str, Json] = {
    "weight_decay": None,
    "clipnorm": None,
    "clipvalue": None,
    "global_clipnorm": None,
    "use_ema": False,
    "loss_scale_factor": None,
    "gradient_accumulation_steps": None,
    "amsgrad": False,
    "centered": False,
    "decay": 0.0,
}
_LEFT = ("name", "ema_momentum", "ema_overwrite_frequency", "jit_compile", "is_legacy_optimizer")


@dataclass(frozen=True, slots=True)
class Optimizer:
    """An optimizer.

    Attributes:
        spoken: as one can name it in a message.
        config: class name and configuration in tfjs's words.
        slots: what it keeps for each weight: Keras's name, tfjs's name, and a factor between them.
        interleaved: whether Keras keeps them weight by weight, not slot by slot.
        twin: the class that keras-tfjs.js has to register for it, if any.
    """

    spoken: str
    config: Json
    slots: tuple[tuple[str | None, str, float], ...] | None = None
    interleaved: bool = False
    twin: str | None = None


def optimizer(given: Mapping[str, Json]) -> Optimizer:
    """The optimizer that Keras describes.

    Raises:
        Inexact: if tfjs has no exact equal.
    """
    name, config = given.get("class_name"), given.get("config")
    module = given.get("module") or "keras"
    if not isinstance(name, str) or not isinstance(config, dict):
        raise Inexact("its optimizer cannot be read")
    make = _OPTIMIZERS.get(name)
    if make is None or module.split(".")[0] != "keras":
        raise Inexact(f"{name} has no exact equal in TensorFlow.js")
    options = _Options(name, config)
    made = make(options)
    options.done()
    return made


def state(
    optimizer: Optimizer, variables: Mapping[str, Weight], places: Sequence[tuple[Named, int]]
) -> tuple[Named, ...]:
    """The optimizer's variables by name, as its `setWeights` takes them.

    Args:
        optimizer: it.
        variables: by number or name, in Keras's order.
        places: of each trainable weight in Keras's order, its name and where it stands in tfjs's.

    Raises:
        Inexact: if they are not those of the model's weights.
    """
    if optimizer.slots is None:
        raise Inexact(f"TensorFlow.js cannot restore the variables of {optimizer.spoken}")
    first, *rest = variables.items()
    if not variables or first[1].shape != () or (rest and rest[0][1].shape != ()):
        raise Inexact("its variables are not in the file")
    steps = ("iter", first[1])
    kept = rest[1:]
    own = [slot for slot in optimizer.slots if slot[0] is not None]
    if not kept:  # it has not made a step yet
        return (steps,)
    stranger = Inexact(
        "its variables are not those of the weights that train in TensorFlow.js, as with LoRA or "
        "quantized layers"
    )
    if len(kept) != len(own) * len(places):
        raise stranger
    written: list[Named | None] = []
    for key, name, factor in optimizer.slots:
        column: list[Named | None] = [None] * len(places)
        for at, ((weight_name, weight), place) in enumerate(places):
            if key is None:
                variable = weight.mapped(weight.shape, lambda array: 0.0 * array)
            else:
                slot = [each[0] for each in own].index(key)
                number = at * len(own) + slot if optimizer.interleaved else slot * len(places) + at
                path, variable = kept[number]
                named = path.isdecimal() or path.endswith(f"_{key}")
                if variable.shape != weight.shape or not named:
                    raise stranger
            column[place] = (f"{weight_name}/{name}", _times(variable, factor))
        written += column
    return (steps, *(each for each in written if each is not None))


def _times(weight: Weight, factor: float) -> Weight:
    def multiplied(array: Array) -> Array:
        product: Array = array * factor
        return product

    return weight if factor == 1 else weight.mapped(weight.shape, multiplied)


class _Options:
    """The options of an optimizer, each to be declared once."""

    def __init__(self, name: str, config: Mapping[str, Json]) -> None:
        self.name = name
        self._open = dict(config)
        for key in _LEFT:
            self._open.pop(key, None)
        if isinstance(self._open.get("learning_rate"), dict):
            raise Inexact(f"{name} with a schedule of learning rates has no equal in TensorFlow.js")

    def number(self, key: str, default: float) -> float:
        """The number under `key`."""
        value = self._open.pop(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.inexact(key, value)
        return float(value)

    def flag(self, key: str) -> bool:
        """Whether `key` is set."""
        return self._open.pop(key, False) is True

    def taken(self, key: str) -> Json:
        """The value under `key`."""
        return self._open.pop(key, None)

    def inexact(self, key: str, value: Json) -> Inexact:
        """What stops it."""
        return Inexact(f"{self.name} with {key}={value!r} has no exact equal in TensorFlow.js")

    def done(self) -> None:
        """Refuse what nobody declared."""
        for key, value in self._open.items():
            if value is None or value is False or (value == _PINNED.get(key, _NONE)):
                continue
            raise self.inexact(key, value)


def _sgd(options: _Options) -> Optimizer:
    rate = options.number("learning_rate", 0.01)
    momentum, nesterov = options.number("momentum", 0.0), options.flag("nesterov")
    if momentum == 0:
        config: Json = {"class_name": "SGD", "config": {"learning_rate": rate}}
        return Optimizer("SGD", config, ())
    config = {
        "class_name": "Momentum",
        "config": {"learning_rate": rate, "momentum": momentum, "use_nesterov": nesterov},
    }
    if rate == 0:
        raise options.inexact("learning_rate", rate)
    return Optimizer("SGD", config, (("momentum", "momentum", -1.0 / rate),))


def _rmsprop(options: _Options) -> Optimizer:
    momentum = options.number("momentum", 0.0)
    config = {
        "learning_rate": options.number("learning_rate", 0.001),
        "decay": options.number("rho", 0.9),
        "momentum": momentum,
        "epsilon": options.number("epsilon", 1e-7),
        "centered": False,
    }
    slots = (("velocity", "rms", 1.0), ("momentum" if momentum else None, "momentum", 1.0))
    return Optimizer("RMSprop", {"class_name": "RMSProp", "config": config}, slots)


def _adagrad(options: _Options) -> Optimizer:
    epsilon = options.number("epsilon", 1e-7)
    if epsilon != 1e-7:  # tfjs's own, whatever it is told
        raise options.inexact("epsilon", epsilon)
    config = {
        "learning_rate": options.number("learning_rate", 0.001),
        "initial_accumulator_value": options.number("initial_accumulator_value", 0.1),
    }
    slots = (("accumulator", "accumulator", 1.0),)
    return Optimizer("Adagrad", {"class_name": "Adagrad", "config": config}, slots)


def _adamax(options: _Options) -> Optimizer:
    config = {
        "learning_rate": options.number("learning_rate", 0.001),
        "beta_1": options.number("beta_1", 0.9),
        "beta_2": options.number("beta_2", 0.999),
        "epsilon": options.number("epsilon", 1e-7),
        "decay": 0.0,
    }
    return Optimizer("Adamax", {"class_name": "Adamax", "config": config})


def _adam(options: _Options) -> Optimizer:
    decay = options.taken("weight_decay")
    if decay is not None and (isinstance(decay, bool) or not isinstance(decay, int | float)):
        raise options.inexact("weight_decay", decay)
    config = {
        "learning_rate": options.number("learning_rate", 0.001),
        "beta_1": options.number("beta_1", 0.9),
        "beta_2": options.number("beta_2", 0.999),
        "epsilon": options.number("epsilon", 1e-7),
        "weight_decay": float(decay or 0.0),
    }
    slots = (("momentum", "m", 1.0), ("velocity", "v", 1.0))
    described = {"class_name": ADAM, "config": config}
    return Optimizer(options.name, described, slots, interleaved=True, twin=ADAM)


_OPTIMIZERS = {
    "SGD": _sgd,
    "RMSprop": _rmsprop,
    "Adagrad": _adagrad,
    "Adamax": _adamax,
    "Adam": _adam,
    "AdamW": _adam,
}
