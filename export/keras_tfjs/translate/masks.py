"""Masks, where tfjs does with one what Keras does not, or the other way round.

Keras hangs a mask on a tensor, and few layers look at it. Multiply, Maximum and Minimum leave
masked numbers out of what they compute, which stock tfjs does not, and which no layer of ours
could: tfjs hands a layer the mask of its first input only. And tfjs's executor keeps the last mask
that it met for all layers behind it, connected or not (`tfjs-layers/src/engine/executor.ts`): a
Softmax would be given one that Keras gives it not.
"""

import functools
import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Flag

from keras_tfjs.errors import UnsupportedOptionError
from keras_tfjs.ir import Call, Layer, Model, Tensor, is_operation, tensors
from keras_tfjs.translate.call_arguments import SIGNATURES
from keras_tfjs.translate.shapes import state_sizes
from keras_tfjs.translate.wrappers import READING_MASKS

LEAVING_OUT = ("Multiply", "Maximum", "Minimum")
"""Layers that compute otherwise with masks."""

OF_ALL = ("Add", "Average", "Subtract", *LEAVING_OUT)
"""Layers that hand on a mask if every one of their inputs has one."""

ENDS = (
    "Dot", "Flatten", "Reshape", "Permute", "RepeatVector", "EinsumDense", "Conv1D", "Conv2D",
    "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose", "DepthwiseConv1D",
    "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D", "ZeroPadding2D", "MaxPooling2D",
    "AveragePooling2D", "GlobalAveragePooling2D", "GlobalMaxPooling2D",
)  # fmt: skip
"""Layers that hand on none."""


ATTENTION = ("MultiHeadAttention", "GroupQueryAttention", "GroupedQueryAttention")
"""Layers that hand on the mask of their query."""

RECURRENT = (
    "SimpleRNN", "LSTM", "GRU", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Bidirectional",
)  # fmt: skip
"""Layers that skip masked steps."""


NOT_INPUTS = ("mask", "training")
"""Arguments of a call that a layer is not called on."""


class Mask(Flag):
    """Where a tensor has a mask."""

    NONE = 0
    KERAS = 1
    TFJS = 2  # which hands none into nested models, nor out of them
    SPOILED = 4  # in tfjs, with an axis too many: out of a merge layer


END = "Build the model without masks, or end them before this layer."
ACTIVATION = "Use Activation('softmax'), or build the model without masks."


def refusals(model: Model) -> list[UnsupportedOptionError]:
    """A problem for every layer of a model in Keras's words that masks would make wrong."""
    search = _Search(makers=makers(model), single=_single(model))
    search.outputs(model, [])
    return search.problems


def at_outputs(model: Model) -> bool:
    """Whether an output of a model in Keras's words has a mask there."""
    search = _Search(makers=makers(model), single=_single(model))
    return any(Mask.KERAS in mask for mask in search.outputs(model, []))


def makers(model: Model) -> list[str]:
    """The layers of a model in Keras's words that make masks, by their paths."""
    return [layer.where for layer in _all(model) if _makes_masks(layer)]


@dataclass(slots=True)
class _Search:
    """A search for the tensors that have masks in Keras.

    Attributes:
        makers: the layers that make masks, by their paths.
        problems: what was found on the way.
        refused: layers that a problem names, by their path.
        read: the first mask that a layer reads, by its path.
        single: whether all masks there are come from one call of one layer.
    """

    makers: Sequence[str]
    single: bool
    problems: list[UnsupportedOptionError] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    read: dict[str, Mask] = field(default_factory=dict)

    def outputs(self, model: Model, inputs: Sequence[Mask]) -> list[Mask]:
        """Which outputs of a model have masks, if those of its inputs have."""
        if model.kind == "sequential":
            masked = [_union(inputs)]
            for layer in model.layers:
                masked = self.passed(layer, masked)
            return masked
        entered = dict(zip(tensors(model.inputs), inputs, strict=False))
        known: dict[tuple[str, int], list[Mask]] = {
            (layer.name, 0): [entered.get(Tensor(layer.name, 0, 0), Mask.NONE)]
            for layer in model.layers
            if layer.class_name == "InputLayer"
        }
        waiting = [(layer, at) for layer in model.layers for at in range(len(layer.calls))]
        while waiting:
            left = []
            for layer, at in waiting:
                call = layer.calls[at]
                used = _inputs(layer, call)
                if all((tensor.layer, tensor.call) in known for tensor in used):
                    given = Mask.KERAS if tensors(call.kwargs.get("mask")) else Mask.NONE
                    masked = [given | _at(known, each) for each in used]
                    known[layer.name, at] = self.passed(layer, masked)
                else:
                    left.append((layer, at))
            if len(left) == len(waiting):
                break  # a circle: to be refused
            waiting = left
        return [_at(known, tensor) for tensor in tensors(model.outputs)]

    def passed(self, layer: Layer, masks: list[Mask]) -> list[Mask]:
        """Which outputs of a layer have masks, if those of its inputs have."""
        name = layer.class_name
        if layer.model is not None:
            inner = self.outputs(layer.model, [mask & Mask.KERAS for mask in masks])
            return [mask & Mask.KERAS for mask in inner]
        if _makes_masks(layer):
            return [Mask.KERAS | Mask.TFJS]
        if name in ENDS or is_operation(layer):
            return [Mask.NONE]
        if name in RECURRENT:
            return self.recurrent(layer, masks[0])
        if name in ATTENTION:
            return [masks[0]]
        if name == "TimeDistributed" and layer.config["layer"]["class_name"] in READING_MASKS:
            self.own(layer, masks[0])
        inputs = [Mask.KERAS in mask for mask in masks]
        if name == "Softmax" and (self.makers or any(inputs)):
            maker = f"the mask of layer '{self.makers[0]}'" if self.makers else "a mask"
            self.refuse(layer, f"TensorFlow.js would apply {maker} to this Softmax.", ACTIVATION)
        if name in LEAVING_OUT and len(inputs) > 1 and any(inputs):
            self.refuse(
                layer,
                f"its inputs have masks, and Keras leaves masked numbers out of a {name}, "
                "which TensorFlow.js cannot do.",
            )
        there = [Mask.TFJS in mask for mask in masks]
        if name in OF_ALL and len(masks) > 2 and any(there) and not all(there[:-1]):
            self.refuse(
                layer, "some of its inputs have masks, which TensorFlow.js knows of two only."
            )
        if name == "Concatenate" and len(masks) > 1 and not _joined(layer, masks):
            self.refuse(layer, "some of its inputs have masks, which TensorFlow.js cannot join.")
        if name == "Concatenate" and len(masks) > 1 and any(masks) and not self.alike(layer, masks):
            # Keras keeps what any of the masks keeps, and tfjs what all of them do.
            return [_union(masks) | Mask.SPOILED]
        if name not in OF_ALL or len(masks) == 1:
            return [_union(masks) & (Mask.KERAS if _drops(layer) else ~Mask.NONE)]
        in_keras = Mask.KERAS if all(inputs) else Mask.NONE
        if name == "Subtract":  # a twin, which does as Keras
            return [in_keras | (_union(masks) & ~Mask.KERAS if all(there) else Mask.NONE)]
        return [in_keras | (Mask.TFJS | Mask.SPOILED if there[0] else Mask.NONE)]

    def recurrent(self, layer: Layer, mask: Mask) -> list[Mask]:
        """Which outputs of a recurrent layer have masks: in tfjs its states, too."""
        self.own(layer, mask)
        config = layer.config
        course = config["layer"]["config"] if "layer" in config else config
        if not course.get("return_sequences"):
            return []
        outputs = 2 if "layer" in config and config.get("merge_mode", "concat") is None else 1
        states = sum(map(len, state_sizes(course))) * (2 if "layer" in config else 1)
        return [mask] * outputs + [mask & ~Mask.KERAS] * states

    def alike(self, layer: Layer, masks: Sequence[Mask]) -> bool:
        """Whether the masks of a Concatenate are surely the same, or one behind the other."""
        return (self.single or not _along_last(layer)) and set(masks) == {Mask.KERAS | Mask.TFJS}

    def own(self, layer: Layer, mask: Mask) -> None:
        """Refuse a layer whose input does not have the same mask in both, at each call."""
        if self.read.setdefault(layer.where, mask) != mask:
            self.refuse(layer, "it is called with masks and without, which TensorFlow.js mixes up.")
        elif Mask.SPOILED in mask and Mask.KERAS in mask:
            self.refuse(layer, "its input has another mask in TensorFlow.js than in Keras.")
        elif Mask.KERAS in mask and Mask.TFJS not in mask:
            self.refuse(layer, "its input has a mask, which TensorFlow.js would not give it.")
        elif mask not in (Mask.NONE, Mask.KERAS | Mask.TFJS):
            self.refuse(layer, "TensorFlow.js would give it a mask that its input does not have.")

    def refuse(self, layer: Layer, what: str, instead: str = END) -> None:
        """Note a problem with a layer, once."""
        if layer.where not in self.refused:
            self.refused.add(layer.where)
            self.problems.append(UnsupportedOptionError(f"Layer '{layer.where}': {what} {instead}"))


def _at(known: dict[tuple[str, int], list[Mask]], tensor: Tensor) -> Mask:
    masked = known.get((tensor.layer, tensor.call), [])
    return masked[tensor.index] if tensor.index < len(masked) else Mask.NONE


def _union(masks: Sequence[Mask]) -> Mask:
    return functools.reduce(operator.or_, masks, Mask.NONE)


def _joined(layer: Layer, masks: Sequence[Mask]) -> bool:
    """Whether tfjs can make one mask of those of a Concatenate's inputs."""
    if len({mask & ~Mask.KERAS for mask in masks}) == 1:
        return True
    return _along_last(layer) and Mask.SPOILED not in _union(masks)


def _along_last(layer: Layer) -> bool:
    """Whether a Concatenate joins features."""
    shapes = layer.input_shape
    rank = len(shapes[0]) if isinstance(shapes, list) and isinstance(shapes[0], list) else 0
    return layer.config.get("axis", -1) in (-1, rank - 1)


def _drops(layer: Layer) -> bool:
    """Whether Keras hands on a mask, and what the layer becomes in tfjs does not."""
    config = layer.config
    if layer.class_name == "ReLU":
        leaky = config.get("negative_slope") and config.get("max_value") is None
        return bool(leaky) and not config.get("threshold")
    if layer.class_name == "ELU":
        return bool(config.get("alpha", 1.0) == 1.0)
    return layer.class_name in ("LeakyReLU", "Rescaling")


def _single(model: Model) -> bool:
    """Whether one layer makes masks, called once, in models that are called once."""
    several = [layer for layer in _all(model) if len(layer.calls) > 1]
    repeated = any(layer.model is not None or _makes_masks(layer) for layer in several)
    return len(makers(model)) == 1 and not repeated


def _inputs(layer: Layer, call: Call) -> list[Tensor]:
    """The tensors that a layer is called on, in the order of its arguments."""
    if found := tensors(list(call.args)):
        return found
    signature = SIGNATURES.get(layer.class_name)
    names = signature.names if signature else tuple(call.kwargs)
    return tensors([call.kwargs.get(name) for name in names if name not in NOT_INPUTS])


def _makes_masks(layer: Layer) -> bool:
    return layer.class_name == "Masking" or bool(layer.config.get("mask_zero"))


def _all(model: Model) -> Iterator[Layer]:
    for layer in model.layers:
        yield layer
        if layer.model is not None:
            yield from _all(layer.model)
