"""Translators of the cells of recurrent layers, which stand in a layer's configuration only.

Stock tfjs has no GRU with `reset_after=True`, Keras's default. Its other cells compute as Keras's,
but what their regularizers ask for is not added to the loss, and what is dropped is drawn for all
gates at once, and kept. Such cells are twins.
"""

import math
from dataclasses import dataclass

from keras_tfjs.errors import UnsupportedLayerError
from keras_tfjs.ir import Json, Layer, Weight
from keras_tfjs.translate.inner import LAYERS, below, is_ours, key_of, part, serialised, snake_case
from keras_tfjs.translate.lowering import BIAS_SHAPE, spread
from keras_tfjs.translate.options import BOOL, INT, NUMBER, Aim, Options
from keras_tfjs.translate.weights import Sizes, named

GATES = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}
"""The number of gates, by class name of the layer, "Cell" left out."""

STACK = "StackedRNNCells"


@dataclass(frozen=True, slots=True)
class Draft:
    """A layer or a cell whose options are declared, while it is open whether it is stock.

    Attributes:
        options: all of its options.
        class_name: in Keras and in stock tfjs.
        weights: by name; none of `StackedRNNCells`, for they are its cells'.
        why: what stock tfjs does not have of it; None if it has all.
        cells: of `StackedRNNCells`.
    """

    options: Options
    class_name: str
    weights: dict[str, Weight]
    why: str | None
    cells: "tuple[Draft, ...]" = ()

    def written(self, why: str | None) -> Layer:
        """The stock layer, or the twin because of `why`."""
        weights = self.weights
        if self.cells:
            cells = [cell.written(why) for cell in self.cells]
            self.options.config["cells"] = [serialised(cell) for cell in cells]
            self.options.config["trainable"] = True  # what Keras trains is a matter of the cells
            prefix = "RNNCell_" if why is None else "cell_"
            weights = {
                f"{prefix}{index}/{name}": weight
                for index, cell in enumerate(cells)
                for name, weight in cell.weights.items()
            }
        if why is None:
            return self.options.stock(self.class_name, weights)
        owner = "keras_bias" if is_ours(self.options.layer) else "keras"
        return self.options.twin(f"{owner}>{self.class_name}", why, weights)


def cell(layer: Layer, aim: Aim) -> Draft:
    """A cell, or several in a stack.

    Raises:
        UnsupportedLayerError: for a cell of the user's own.
    """
    key = key_of(layer) or ""
    if key == STACK:
        return _stack(layer, aim)
    kind = key.removeprefix("keras_bias>")
    if kind not in [f"{name}Cell" for name in GATES]:
        spoken = key or layer.class_name
        raise UnsupportedLayerError(
            f"Layer '{layer.where}' is a {spoken}, which cannot be converted as a cell. "
            "Use SimpleRNNCell, LSTMCell or GRUCell."
        )
    options = Options(layer, aim)
    weights, why = unit(options, kind.removesuffix("Cell"), options.input_shape)
    return Draft(options, kind, weights, why)


def unit(
    options: Options, kind: str, input_shape: Sizes | None
) -> tuple[dict[str, Weight], str | None]:
    """Declare a cell's options; its weights, and what stock tfjs does not have of it.

    Args:
        options: of the cell, or of the layer that has these options itself.
        kind: the class name without "Cell".
        input_shape: features last; None if unknown.
    """
    gates = GATES[kind]
    units = options.take("units", INT)
    options.activation()
    if gates > 1:
        options.activation("recurrent_activation")
    use_bias = options.take("use_bias", BOOL, True)
    if kind == "LSTM":
        options.take("unit_forget_bias", BOOL, True)
    after = kind == "GRU" and options.take("reset_after", BOOL, True)
    options.initializers(kernel="GlorotUniform", recurrent="Orthogonal", bias="Zeros")
    options.regularizers("kernel", "recurrent", "bias")
    options.constraints("kernel", "recurrent", "bias")
    options.leave("seed", "implementation")
    dropped, penalty = dropping(options), regularized(options)
    why = "reset_after=True" if after else dropped or penalty
    width = gates * units
    shapes: dict[str, Sizes | None] = {
        "kernel": (input_shape[-1] if input_shape else None, width),
        "recurrent_kernel": (units, width),
    }
    if use_bias:
        shapes["bias"] = (2, width) if after else (width,)
    return biased(options, shapes, (gates, units), why)


def dropping(options: Options) -> str | None:
    """Declare the dropouts; one that stock tfjs draws otherwise, which --stock leaves out."""
    rates = {key: options.take(key, NUMBER, 0.0) for key in ("dropout", "recurrent_dropout")}
    said = " and ".join(f"{key}={rate}" for key, rate in rates.items() if rate)
    if said and options.aim.stock:
        options.note(f"trains without its {said}, which stock layers draw otherwise")
        options.config.update(dict.fromkeys(rates, 0.0))
        return None
    return said or None


def regularized(options: Options) -> str | None:
    """A regularizer, which stock tfjs does not add to the loss, and --stock leaves out."""
    stems = ("kernel", "recurrent", "bias")
    keys = [key for key in (f"{stem}_regularizer" for stem in stems) if options.config[key]]
    said = " and ".join(keys)
    if said and options.aim.stock:
        options.note(f"trains without its {said}: stock recurrent layers add none to the loss")
        options.config.update(dict.fromkeys(keys))
        return None
    return f"its {said}" if said else None


def biased(
    options: Options, shapes: dict[str, Sizes | None], sizes: tuple[int, int], why: str | None
) -> tuple[dict[str, Weight], str | None]:
    """The weights, and what stock tfjs does not have: `why`, or this bias, which --stock widens.

    Args:
        options: of a layer or cell of Keras's, or of ours, whose choice of a bias is declared here.
        shapes: of the weights, the bias's as Keras has it; none of a bias that is not there.
        sizes: the number of gates, and of units.
        why: what stock tfjs does not have apart from the bias.
    """
    if not is_ours(options.layer):
        return named(options.layer, shapes), why
    shape = options.read("bias_shape", BIAS_SHAPE, "vector")
    trainable = options.read("bias_trainable", BOOL, True)
    stored = {name: None if name == "bias" else sizes for name, sizes in shapes.items()}
    weights = named(options.layer, stored)
    bias, full = weights.get("bias"), shapes.get("bias")
    other = bias is not None and bias.shape != full
    if why is None and (other or (bias is not None and not trainable)):
        if options.aim.stock:
            said = "its bias"
            if bias is not None and other:
                counts = _counts(shape, sizes)
                weights["bias"] = bias.mapped(
                    (math.prod(sizes),), lambda values: spread(values.reshape(counts), sizes)
                )
                said += f" of {bias.size} is written once for each of {math.prod(sizes)} units"
            options.note(said if trainable else f"{said}, and trains, though it was fixed in Keras")
            return weights, None
        spoken = tuple(shape) if isinstance(shape, list) else shape
        why = f"bias_shape={spoken!r}" if other else "bias_trainable=False"
    if why is not None:
        options.config["bias_shape"] = shape
        options.config["bias_trainable"] = trainable
    return weights, why


def _counts(shape: Json, sizes: tuple[int, int]) -> tuple[int, int]:
    """The number of biases along (gate, unit)."""
    named_ones: dict[str, list[int | None]] = {"scalar": [1, 1], "gate": [None, 1]}
    one_each: list[int | None] = [None, None]
    entries = [1, *shape][-2:] if isinstance(shape, list) else named_ones.get(shape, one_each)
    gate, unit = (n if entry is None else entry for entry, n in zip(entries, sizes, strict=True))
    return gate, unit


def _stack(stack: Layer, aim: Aim) -> Draft:
    options = Options(stack, aim)
    met: dict[str, int] = {}
    names: set[str] = set()
    cells = []
    for given in options.read("cells", LAYERS):
        filed = snake_case(given["class_name"])
        count = met[filed] = met.get(filed, -1) + 1
        place = f"cells/{filed}_{count}" if count else f"cells/{filed}"
        name = str(given["config"].get("name"))
        weights = below(stack.weights, place)
        if name in names and not weights:
            raise options.problem(
                f"the cell '{name}' is in it twice, which TensorFlow.js cannot do.",
                "Give it a cell for each place.",
            )
        names.add(name)
        weights = weights or below(stack.weights, name)
        cells.append(cell(part(stack, given, weights), aim))
    why = next((each.why for each in cells if each.why), None)
    return Draft(options, STACK, {}, why, tuple(cells))
