"""Masks, where tfjs does with one what Keras does not, or the other way round.

Keras hangs a mask on a tensor, and few layers look at it. Multiply, Maximum and Minimum leave
masked numbers out of what they compute, which stock tfjs does not, and which no layer of ours
could: tfjs hands a layer the mask of its first input only. And tfjs's executor keeps the last mask
that it met for all layers behind it, connected or not (`tfjs-layers/src/engine/executor.ts`): a
Softmax would be given one that Keras gives it not.
"""

import functools
import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Flag

from keras_tfjs.errors import UnsupportedOptionError
from keras_tfjs.ir import INPUT, Call, Layer, Model, Tensor, is_operation, tensors
from keras_tfjs.translate import implicit
from keras_tfjs.translate.call_arguments import SIGNATURES, goes_back, inputs_of, mask_given
from keras_tfjs.translate.images import IDENTICAL
from keras_tfjs.translate.lost_masks import Fate, fates
from keras_tfjs.translate.running import Place, order
from keras_tfjs.translate.shapes import state_sizes
from keras_tfjs.translate.wrappers import READING_MASKS

LEAVING_OUT = ("Multiply", "Maximum", "Minimum")
"""Layers that compute otherwise with masks."""

OF_ALL = ("Add", "Average", "Subtract", *LEAVING_OUT)
"""Layers that hand on a mask if every one of their inputs has one."""

ENDS = (
    "Dot", "Flatten", "Reshape", "Permute", "RepeatVector", "EinsumDense", "Conv1D", "Conv2D",
    "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose", "DepthwiseConv1D",
    "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D", "RMSNormalization",
    "SpectralNormalization", "Resizing", "CenterCrop", "AutoContrast", "Discretization",
    "CategoryEncoding", "Hashing", "IntegerLookup", "STFTSpectrogram", "MelSpectrogram",
    *(
        f"{stem}{axes}D"
        for axes in (1, 2, 3)
        for stem in (
            "ZeroPadding", "Cropping", "UpSampling", "MaxPooling", "AveragePooling",
            "GlobalMaxPooling", "GlobalAveragePooling", "AdaptiveMaxPooling",
            "AdaptiveAveragePooling",
        )
    ),
)  # fmt: skip
"""Layers that hand on none."""


UNPROJECTED = ("Attention", "AdditiveAttention")
"""Layers that hand on the mask of their query, be it given by hand."""

ATTENTION = (
    "MultiHeadAttention", "GroupQueryAttention", "GroupedQueryAttention", *UNPROJECTED,
)  # fmt: skip
"""Layers that hand on the mask of their query."""

ROLES = ("query", "value", "key")
"""What an attention layer is called on, but for masks."""

RECURRENT = (
    "SimpleRNN", "LSTM", "GRU", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Bidirectional",
)  # fmt: skip
"""Layers that skip masked steps."""

_BY_HAND = ("TimeDistributed", "GlobalAveragePooling1D", "Softmax")
"""Other layers of one tensor that may be given a mask by hand."""

NOT_INPUTS = ("mask", "training")
"""Arguments of a call that a layer is not called on."""


class Mask(Flag):
    """Where a tensor has a mask."""

    NONE = 0
    KERAS = 1
    TFJS = 2  # which hands none into nested models, nor out of them
    SPOILED = 4  # in tfjs, with an axis too many: out of a merge layer
    OTHER = 8  # in tfjs, and not that of Keras


END = "Build the model without masks, or end them before this layer."
MIXED = "it is called with masks and without, which TensorFlow.js mixes up."
ACTIVATION = "Use Activation('softmax'), or build the model without masks."


@dataclass(frozen=True, slots=True)
class Found:
    """What masks do in a model.

    Attributes:
        makers: the layers that make masks, by their paths.
        problems: one for every layer that masks would make wrong.
        inputs: by an attention layer's path, which of its inputs have masks that tfjs would not
            hand it.
        unmasked: likewise, which have masks in tfjs only.
        at_outputs: whether an output of the model has a mask in Keras.
    """

    makers: Sequence[str]
    problems: Sequence[UnsupportedOptionError]
    inputs: Mapping[str, set[str]]
    unmasked: Mapping[str, set[str]]
    at_outputs: bool


def found(model: Model) -> Found:
    """What masks do in a model in Keras's words."""
    makers = [layer.where for layer in _all(model) if makes_masks(layer)]
    search = _Search(makers=makers, single=_single(makers, model))
    masked = any(Mask.KERAS in mask for mask in search.outputs(model, []))
    return Found(makers, search.problems, search.inputs, search.unmasked, masked)


@dataclass(slots=True)
class _Search:
    """A search for the tensors that have masks in Keras.

    Attributes:
        makers: the layers that make masks, by their paths.
        problems: what was found on the way.
        refused: layers that a problem names, by their path.
        read: the first mask that a layer reads, by its path.
        single: whether all masks there are come from one call of one layer.
        kept: by an attention layer's path and the name of an input, whether its mask is in Keras
            too.
        inputs: by an attention layer's path, which of its inputs have masks that tfjs would not
            hand it.
        unmasked: likewise, which have masks in tfjs only.
    """

    makers: Sequence[str]
    single: bool
    problems: list[UnsupportedOptionError] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    read: dict[str, Mask] = field(default_factory=dict)
    kept: dict[tuple[str, str], bool] = field(default_factory=dict)
    inputs: dict[str, set[str]] = field(default_factory=dict)
    unmasked: dict[str, set[str]] = field(default_factory=dict)

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
            if layer.class_name == INPUT
        }
        fate = fates(model, order(model))

        def at_call(place: Place | None, tensor: Tensor) -> Mask:
            mask = _at(known, tensor)
            found = fate(place, tensor) if Mask.KERAS in mask else Fate.KEPT
            if found is Fate.LOST:
                return mask & ~Mask.KERAS
            return mask | Mask.SPOILED | Mask.OTHER if found is Fate.UNSURE else mask

        waiting = [(layer, at) for layer in model.layers for at in range(len(layer.calls))]
        while waiting:
            left = []
            for layer, at in waiting:
                call = layer.calls[at]
                used = _inputs(layer, call)
                if all((tensor.layer, tensor.call) in known for tensor in used):
                    if goes_back(layer, call):
                        known[layer.name, at] = [Mask.NONE]
                        continue
                    if layer.class_name in ATTENTION:
                        called = inputs_of(layer, call)
                        found = {
                            role: at_call((layer.name, at), called[role])
                            for role in ROLES
                            if role in called
                        }
                        known[layer.name, at] = self.attention(layer, called, found)
                        continue
                    given = Mask.KERAS if tensors(call.kwargs.get("mask")) else Mask.NONE
                    masked = [given | at_call((layer.name, at), each) for each in used]
                    known[layer.name, at] = self.passed(layer, masked)
                else:
                    left.append((layer, at))
            if len(left) == len(waiting):
                break  # a circle: to be refused
            waiting = left
        return [at_call(None, tensor) for tensor in tensors(model.outputs)]

    def passed(self, layer: Layer, masks: list[Mask]) -> list[Mask]:
        """Which outputs of a layer have masks, if those of its inputs have."""
        name = layer.class_name
        if layer.model is not None:
            inner = self.outputs(layer.model, [mask & Mask.KERAS for mask in masks])
            return [mask & Mask.KERAS for mask in inner]
        if makes_masks(layer):
            return [Mask.KERAS | Mask.TFJS]
        if name == "GlobalAveragePooling1D":  # of the steps that are left, without a mask
            self.own(layer, masks[0])
        if name in IDENTICAL:  # a linear activation in tfjs, which hands on what there is
            return [_union(masks) & ~Mask.KERAS]
        if name in ENDS or is_operation(layer):
            return [Mask.NONE]
        if name in RECURRENT:
            return self.recurrent(layer, masks[0])
        if name == "TimeDistributed" and layer.config["layer"]["class_name"] in READING_MASKS:
            self.own(layer, masks[0])
        inputs = [Mask.KERAS in mask for mask in masks]
        if name == "Softmax" and any(masks):
            self.refuse(
                layer, "TensorFlow.js would apply another mask to this Softmax.", ACTIVATION
            )
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
            return [_union(masks) | Mask.SPOILED | Mask.OTHER]
        if name not in OF_ALL or len(masks) == 1:
            return [_union(masks) & (Mask.KERAS if _drops(layer) else ~Mask.NONE)]
        in_keras = Mask.KERAS if all(inputs) else Mask.NONE
        if name == "Subtract":  # a twin, which does as Keras
            return [in_keras | (_union(masks) & ~Mask.KERAS if all(there) else Mask.NONE)]
        # Keras keeps what any of the masks keeps, and tfjs what all of them do.
        other = Mask.NONE if self.single else Mask.OTHER
        return [in_keras | (Mask.TFJS | Mask.SPOILED | other if there[0] else Mask.NONE)]

    def attention(
        self, layer: Layer, called: Mapping[str, Tensor], masks: Mapping[str, Mask]
    ) -> list[Mask]:
        """Which outputs of an attention layer have masks: the first, its query's."""
        by_hand = layer.class_name in UNPROJECTED and "query_mask" in called
        for role, mask in masks.items():
            # The twins undo what a merge of tfjs does to the shape of a mask.
            clean = mask if Mask.OTHER in mask else mask & ~Mask.SPOILED
            if role == "key" and layer.class_name in UNPROJECTED:
                continue  # which they do not look at
            there = Mask.KERAS in clean
            if clean and self.kept.setdefault((layer.where, role), there) != there:
                self.refuse(layer, MIXED)
            elif clean and not there:
                self.unmasked.setdefault(layer.where, set()).add(role)
            elif role == "query" and not by_hand:
                self.own(layer, clean)
            elif f"{role}_mask" not in called:
                self.same(layer, clean)
                if Mask.KERAS in clean and called[role] != called.get("query"):
                    self.inputs.setdefault(layer.where, set()).add(role)
        if by_hand:
            return [Mask.KERAS]
        mask = masks.get("query", Mask.NONE)
        return [mask if Mask.KERAS in mask else Mask.NONE]

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
            self.refuse(layer, MIXED)
        else:
            self.same(layer, mask)

    def same(self, layer: Layer, mask: Mask) -> None:
        """Refuse a layer whose input does not have the same mask in both."""
        if Mask.SPOILED in mask and Mask.KERAS in mask:
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


def _single(makers: Sequence[str], model: Model) -> bool:
    """Whether one layer makes masks, called once, in models that are called once."""
    several = [layer for layer in _all(model) if len(layer.calls) > 1]
    repeated = any(layer.model is not None or makes_masks(layer) for layer in several)
    return len(makers) == 1 and not repeated


def _inputs(layer: Layer, call: Call) -> list[Tensor]:
    """The tensors that a layer is called on, in the order of its arguments."""
    if layer.class_name in ATTENTION:
        called = inputs_of(layer, call)
        return [called[role] for role in ROLES if role in called]
    if found := tensors(list(call.args)):
        return found
    signature = SIGNATURES.get(layer.class_name)
    names = signature.names if signature else tuple(call.kwargs)
    return tensors([call.kwargs.get(name) for name in names if name not in NOT_INPUTS])


def by_hand(model: Model) -> bool:
    """Whether a layer in it is called with a mask that is not its input's own."""
    masks = implicit.of(model)
    for layer in model.layers:
        if layer.model is not None and by_hand(layer.model):
            return True
        if layer.class_name not in (*RECURRENT, *_BY_HAND) or is_operation(layer):
            continue
        for call in layer.calls:
            used, mask = tensors(list(call.args)), mask_given(layer, call)
            if mask is not None and not (used and masks.is_own(mask, used[0])):
                return True
    return False


def makes_masks(layer: Layer) -> bool:
    """Whether a layer makes a mask."""
    return layer.class_name == "Masking" or bool(layer.config.get("mask_zero"))


def _all(model: Model) -> Iterator[Layer]:
    for layer in model.layers:
        yield layer
        if layer.model is not None:
            yield from _all(layer.model)
