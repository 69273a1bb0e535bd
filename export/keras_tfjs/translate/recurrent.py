"""Translators of the recurrent layers: stock where stock tfjs computes and trains as Keras does.

What stock tfjs lacks of a cell is said in cells.py. Around the cell, it takes any mask for its own
that it met in the model, and keeps all states of a stateful layer in training. Such layers are
twins.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from keras_tfjs.errors import UnsupportedLayerError
from keras_tfjs.ir import Layer, tensors
from keras_tfjs.translate.call_arguments import INPUTS
from keras_tfjs.translate.cells import GATES, Draft, cell, unit
from keras_tfjs.translate.conv_lstm import AXES, conv_unit
from keras_tfjs.translate.inner import LAYER, key_of, part, serialised
from keras_tfjs.translate.options import BOOL, TEXT, Aim, Kind, Options
from keras_tfjs.translate.weights import Sizes

NAMES = Kind(
    "a list of names", lambda value: isinstance(value, list) and all(map(TEXT.holds, value))
)


def recurrent(layer: Layer, aim: Aim) -> Layer:
    """A layer of its own cell, or of any."""
    draft = drafted(layer, aim)
    return draft.written(draft.why)


@dataclass(frozen=True, slots=True)
class Around:
    """An RNN around a cell, whose options are declared, while it is open whether it is stock.

    Attributes:
        options: its own.
        cell: in it.
        why: what stock tfjs does not have of the two; None if it has all.
    """

    options: Options
    cell: Draft
    why: str | None

    def written(self, why: str | None) -> Layer:
        """The stock layer, or the twin because of `why`."""
        inner = self.cell.written(why)
        config = self.options.config
        config["cell"] = serialised(inner)
        # What Keras trains is a matter of the cells, whatever the layer around them says.
        config["trainable"] = True if self.cell.cells else inner.config["trainable"]
        return Draft(self.options, "RNN", dict(inner.weights), why).written(why)


def drafted(layer: Layer, aim: Aim) -> Draft | Around:
    """A recurrent layer whose options are declared.

    Raises:
        UnsupportedLayerError: for a class of the user's own.
    """
    key = key_of(layer)
    if key not in TRANSLATORS:
        raise UnsupportedLayerError(
            f"Layer '{layer.where}' is a {key or layer.class_name}, which cannot be converted as "
            "a recurrent layer. Use SimpleRNN, LSTM, GRU or RNN."
        )
    options = Options(layer, aim)
    inputs = options.read(INPUTS, NAMES, [])
    why = _course(options) or begun(options, inputs)
    shape = _sequence_shape(layer)
    if layer.class_name in GATES:
        weights, lacking = unit(options, layer.class_name, shape)
        return Draft(options, layer.class_name, weights, why or lacking)
    if layer.class_name in AXES:
        weights, lacking = conv_unit(options, layer.class_name, shape)
        if len(inputs) > 1:
            why = why or "a ConvLSTM2D that is given its states"
        return Draft(options, layer.class_name, weights, why or lacking)
    given = options.read("cell", LAYER)
    step = None if shape is None else [shape[0], *shape[2:]]
    inner = cell(part(layer, given, layer.weights, step), aim)
    if inner.cells and (options.config["return_state"] or len(inputs) > 1):
        why = why or "a state of StackedRNNCells, which stand in reverse order there,"
    return Around(options, inner, why or inner.why)


def _course(options: Options) -> str | None:
    """Declare what a layer does with a sequence; what stock tfjs does not have of it."""
    sequences = options.take("return_sequences", BOOL, False)
    states = options.take("return_state", BOOL, False)
    options.take("go_backwards", BOOL, False)
    stateful = options.take("stateful", BOOL, False)
    if stateful and not _is_fixed(options.layer):
        raise options.problem(
            "stateful=True needs a fixed number of sequences, which its input does not have.",
            "Build the model on keras.Input(batch_shape=...).",
        )
    unroll = options.read("unroll", BOOL, False)
    # Stock tfjs has one way only, and says so at every call. Keras has masked steps otherwise.
    options.config["unroll"] = unroll and options.aim.masked
    options.pin("time_major", False, "Build the layer with time_major=False.")
    options.leave("implementation")
    options.take("zero_output_for_mask", BOOL, False)
    if options.aim.masked:
        return "a recurrent layer in a model with masks"
    if states and not sequences:
        return "return_state=True without return_sequences=True"  # one tensor, which is freed once
    if stateful and options.aim.stock and not states:
        options.note("in training, stock TensorFlow.js keeps all states until resetStates()")
        return None
    return "stateful=True" if stateful else None


def _is_fixed(layer: Layer) -> bool:
    """Whether the size of the batch is known, or nothing is."""
    shapes: list[Sizes | None] = [
        tensor.shape for call in layer.calls for tensor in tensors(call.args)
    ] or [_sequence_shape(layer)]
    return all(shape is None or shape[0] is not None for shape in shapes)


def begun(options: Options, inputs: Sequence[str]) -> str | None:
    """What stock tfjs does not have of states that are given at the call.

    In training it hands them to later layers too: `RNN.apply` leaves them in the keyword arguments
    that the whole pass has in common.
    """
    if len(inputs) > 1 and options.aim.stock:
        options.note("in training, stock TensorFlow.js gives its initial state to later layers too")
        return None
    return "initial_state" if len(inputs) > 1 else None


def _sequence_shape(layer: Layer) -> Sizes | None:
    """The shape of the sequences, which states may follow; None if unknown."""
    shape = layer.input_shape
    if isinstance(shape, dict):
        shape = shape.get("sequences_shape")
    if isinstance(shape, list | tuple) and shape and isinstance(shape[0], list | tuple):
        shape = shape[0]
    known = isinstance(shape, list | tuple) and len(shape) > 2
    return list(shape) if known else None


TRANSLATORS = {
    **dict.fromkeys([*GATES, *AXES, "RNN"], recurrent),
    **dict.fromkeys([f"keras_bias>{name}" for name in (*GATES, *AXES)], recurrent),
}
