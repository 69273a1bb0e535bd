"""Losses and metrics in tfjs's words: those that it computes as Keras does (tfjs-layers/src).

Losses without an equal, and why: `hinge` and `squared_hinge` turn labels of 0 into -1 in Keras;
`kl_divergence` weighs labels of 0; `cosine_similarity` has another smallest length; tfjs clips what
`sparse_categorical_crossentropy` is given before it divides by the sum, so it wants a softmax; it
knows no logits, no smoothing and no weights. Several losses are added before their means are
taken, so they must have one shape. Its `precision` counts outputs of exactly 1, its `cosine` has
another sign, and what it lacks altogether it cannot load.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keras_tfjs.ir import Json, Layer, Model, Tensor, tensors
from keras_tfjs.translate import parts
from keras_tfjs.translate.inexact import Inexact
from keras_tfjs.translate.inner import snake_case

LOSSES = {
    "mean_squared_error": "mean_squared_error",
    "mean_absolute_error": "mean_absolute_error",
    "mean_absolute_percentage_error": "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error": "mean_squared_logarithmic_error",
    "log_cosh": "logcosh",
    "poisson": "poisson",
    "categorical_hinge": "categorical_hinge",
    "binary_crossentropy": "binary_crossentropy",
    "categorical_crossentropy": "categorical_crossentropy",
    "sparse_categorical_crossentropy": "sparse_categorical_crossentropy",
}
METRICS = {
    "mean_squared_error": "mse",
    "mean_absolute_error": "mae",
    "mean_absolute_percentage_error": "mape",
    "binary_accuracy": "binary_accuracy",
    "categorical_accuracy": "categorical_accuracy",
    "categorical_crossentropy": "categorical_crossentropy",
    "sparse_categorical_crossentropy": "sparse_categorical_crossentropy",
}
_SHORT = {
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "bce": "binary_crossentropy",
    "logcosh": "log_cosh",
}
_SPARSE = "sparse_categorical_crossentropy"
_BINARY = "binary_crossentropy"
# What a loss or a metric may say of itself without being another one.
_DEFAULTS: dict[str, Json] = {
    "reduction": "sum_over_batch_size",
    "from_logits": False,
    "label_smoothing": 0,
    "axis": -1,
    "ignore_class": None,
    "threshold": 0.5,
}
_LEFT = ("name", "dtype")


@dataclass(frozen=True, slots=True)
class End:
    """An output of a model.

    Attributes:
        name: of its layer in tfjs.
        keras_name: of its layer in Keras.
        shape: batch first; None if it is not known.
        softmax: whether it is a softmax along the last axis.
    """

    name: str
    keras_name: str
    shape: list[int | None] | None
    softmax: bool


def ends(model: Model, written: Model, shapes: Sequence[list[int | None] | None]) -> list[End]:
    """A model's outputs in their order.

    Args:
        model: in Keras's words.
        written: in tfjs's.
        shapes: of the outputs.
    """
    if model.kind == "sequential":
        last, before = written.layers[-1], model.layers[-1]
        return [End(last.name, before.name, shapes[0], _softmax(last, 0))]
    layers = {layer.name: layer for layer in written.layers}
    return [
        End(now.layer, before.layer, shape, _softmax(layers[now.layer], now.index, layers))
        for before, now, shape in zip(
            tensors(model.outputs), tensors(written.outputs), shapes, strict=True
        )
    ]


def losses(given: Json, model: Model, ends: Sequence[End]) -> list[str]:
    """The loss of each output, by tfjs's name.

    Raises:
        Inexact: if tfjs has no exact equal.
    """
    found = []
    for value, end in zip(_for_each(given, model, ends, "loss"), ends, strict=True):
        if value is None:
            raise Inexact("an output without a loss has no equal in TensorFlow.js")
        name = _canonical(value, "loss")
        if name not in LOSSES:
            raise Inexact(f"loss={name!r} has no exact equal in TensorFlow.js")
        if name == _SPARSE and not end.softmax:
            raise Inexact(
                f"loss={name!r} is the same in TensorFlow.js only behind a layer with "
                "activation='softmax'"
            )
        found.append(LOSSES[name])
    if len(found) > 1 and any(end.shape is None or len(end.shape) != 2 for end in ends):
        raise Inexact(
            "several outputs that are not all of shape (batch, n) have another loss there"
        )
    return found


def metrics(given: Json, model: Model, ends: Sequence[End], losses: Sequence[str]) -> Json:
    """The metrics as tfjs's `compile` takes them.

    Raises:
        Inexact: if tfjs has no exact equal of one of them.
    """
    if not given:
        return []
    listed = [given] if len(ends) == 1 and not isinstance(given, dict) else given
    found = []
    for value, end, loss in zip(
        _for_each(listed, model, ends, "metrics"), ends, losses, strict=True
    ):
        flat = _flat(value)
        found.append([_metric(each, end, loss) for each in flat])
    if all(each == found[0] for each in found):
        return found[0]
    names = [end.name for end in ends]
    if any(len(each) > 1 for each in found) or len(set(names)) < len(names):
        raise Inexact("several metrics of one of several outputs have no equal in TensorFlow.js")
    return {name: each[0] for name, each in zip(names, found, strict=True) if each}


def _metric(given: Json, end: End, loss: str) -> str:
    if isinstance(given, str) and given in ("accuracy", "acc"):
        name = "accuracy"
    else:
        name = _canonical(given, "metrics")
        if name == "accuracy":  # of equal numbers, not of classes
            raise Inexact("metrics='Accuracy' has no exact equal in TensorFlow.js")
    width = end.shape[-1] if end.shape else None
    sparse = loss == _SPARSE and width not in (None, 1)
    if name == "accuracy" and width is not None and not (width > 1 and loss == _BINARY):
        return "accuracy"
    if name == "sparse_categorical_accuracy" and sparse:
        return "accuracy"
    if name == _BINARY and (width == 1 or loss == _BINARY):
        return "crossentropy"
    if name in METRICS and (name != _SPARSE or end.softmax):
        return METRICS[name]
    raise Inexact(f"metrics={name!r} has no exact equal in TensorFlow.js")


def _canonical(given: Json, key: str) -> str:
    """Keras's name of the function that a loss or metric is."""
    if isinstance(given, dict) and given.get("class_name") == "function":
        given = given.get("config")
    elif isinstance(given, dict):
        name, config = given.get("class_name"), given.get("config")
        module = given.get("module") or "keras"
        own = str(given.get("registered_name") or name)
        if not isinstance(name, str) or not isinstance(config, dict):
            raise Inexact(f"its {key} cannot be read")
        if ">" in own or module.split(".")[0] != "keras":
            raise Inexact(f"{key}={own!r} has no exact equal in TensorFlow.js")
        for option, value in config.items():
            if option not in _LEFT and (option not in _DEFAULTS or value != _DEFAULTS[option]):
                raise Inexact(
                    f"{key}={name!r} with {option}={value!r} has no exact equal in TensorFlow.js"
                )
        given = name
    if not isinstance(given, str):
        raise Inexact(f"its {key} cannot be read")
    if given.lower() in _SHORT and given in (given.lower(), given.upper()):
        return _SHORT[given.lower()]
    return given if given == given.lower() else snake_case(given)


def _flat(value: Json) -> list[Json]:
    value = parts.plain(value)
    if value is None:
        return []
    if isinstance(value, list):
        return [item for each in value for item in _flat(each)]
    return [value]


def _for_each(given: Json, model: Model, ends: Sequence[End], key: str) -> list[Json]:
    """What is given for each output, in their order."""
    given = parts.plain(given)
    one = isinstance(given, str) or (isinstance(given, dict) and "class_name" in given)
    if given is None or one:
        return [given] * len(ends)
    if isinstance(given, list) and len(given) == len(ends):
        return given
    if isinstance(given, Mapping):
        of_layers = {end.keras_name: at for at, end in enumerate(ends)}
        for names in (_keys(model), of_layers):
            if names.keys() >= given.keys() and len(names) == len(ends):
                by_place = {names[name]: value for name, value in given.items()}
                return [by_place.get(at) for at in range(len(ends))]
    raise Inexact(f"its {key} cannot be told apart for its outputs")


def _keys(model: Model) -> dict[str, int]:
    """Where each output stands, by its key, if the model gives a dict of tensors."""
    if isinstance(model.outputs, dict) and all(
        isinstance(each, Tensor) for each in model.outputs.values()
    ):
        return {name: at for at, name in enumerate(sorted(model.outputs))}
    return {}


def _softmax(layer: Layer, index: int, layers: Mapping[str, Layer] | None = None) -> bool:
    """Whether an output of a translated layer is a softmax along its last axis."""
    if layer.model is not None:
        inner = layer.model
        if inner.kind == "sequential":
            return _softmax(inner.layers[-1], 0)
        found = tensors(inner.outputs)
        inside = {each.name: each for each in inner.layers}
        return index < len(found) and _softmax(
            inside[found[index].layer], found[index].index, inside
        )
    if layer.config.get("activation") == "linear" and layer.class_name == "Activation":
        before = layers.get(layer.calls[0].args[0].layer) if layers and layer.calls else None
        return before is not None and _softmax(before, layer.calls[0].args[0].index, layers)
    if layer.class_name.endswith("Softmax"):
        return bool(layer.config.get("axis", -1) == -1)
    return bool(layer.config.get("activation") == "softmax" and layer.class_name in _ENDING)


_ENDING = ("Dense", "Activation", "keras_bias>Dense", "keras>EinsumDense", "keras_bias>EinsumDense")
"""Classes whose last step is their activation."""
