"""Masks as tensors, where tfjs's own would be other ones.

tfjs hands masks on by rules of its own: to a layer that of its first input, none into a nested
model or out of one, and of a merge another than Keras. A model in which that matters is written
without masks of tfjs: nothing makes any, operations compute what Keras hangs on tensors, and
the twin `keras>Masked` gives each layer that reads a mask the one that Keras gives it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from keras_tfjs.errors import UnsupportedOptionError
from keras_tfjs.ir import INPUT, Call, Layer, Model, Tensor, is_operation, tensors
from keras_tfjs.translate.call_arguments import goes_back, inputs_of, mask_given
from keras_tfjs.translate.inlining import inlined, moved, moved_call
from keras_tfjs.translate.lost_masks import Fate, fates
from keras_tfjs.translate.mask_graph import MaskGraph
from keras_tfjs.translate.masks import (
    ATTENTION,
    END,
    ENDS,
    LEAVING_OUT,
    OF_ALL,
    RECURRENT,
    ROLES,
    UNPROJECTED,
    Found,
    makes_masks,
)
from keras_tfjs.translate.options import Aim, Options
from keras_tfjs.translate.running import Place
from keras_tfjs.translate.shapes import MASKED, UNMASKED, with_shapes
from keras_tfjs.translate.wrappers import READING_MASKS

READERS = (*RECURRENT, "GlobalAveragePooling1D")
"""Layers of one tensor that look at its mask."""

_LARGE = -1e9
"""What Keras's Softmax puts in the place of masked numbers."""


ONE_MODEL = (
    "Nested models are written as one with the model around them: masks go through them, which "
    "TensorFlow.js would not hand on."
)


def explicit(model: Model) -> tuple[Model, Found]:
    """The model as a graph whose masks are tensors, and what masks still do in it.

    Args:
        model: in Keras's words.
    """
    whole, run = inlined(model)
    writing = _Writing(with_shapes(whole), run)
    result, at_outputs = writing.written()
    return result, Found(["masks"], writing.problems, {}, {}, at_outputs)


def _attached(layer: Layer, aim: Aim) -> Layer:
    """A twin that gives a tensor a mask, or takes it away."""
    why = "masks that TensorFlow.js would not hand on as Keras does"
    return Options(layer, aim).twin(f"keras>{layer.class_name}", why)


class _Writing(MaskGraph):
    """A model as it is written anew."""

    def __init__(self, model: Model, run: Sequence[Place]) -> None:
        self.model = model
        self.problems: list[UnsupportedOptionError] = []
        super().__init__(model)
        self.fate = fates(model, run)
        self.masks: dict[Tensor, Tensor | None] = {}
        self.places: dict[Tensor, Tensor] = {}
        self.read: dict[str, dict[int, Tensor | None]] = {}
        self.attended: dict[str, dict[int, dict[str, Tensor]]] = {}

    def written(self) -> tuple[Model, bool]:
        """The model without masks of tfjs, and whether an output has one in Keras."""
        done: set[tuple[str, int]] = set()
        for layer in self.model.layers:
            if layer.class_name == INPUT:
                self.layers[layer.name] = layer
                done.add((layer.name, 0))
        waiting = [(layer, at) for layer in self.model.layers for at in range(len(layer.calls))]
        while waiting:
            left = []
            for layer, at in waiting:
                call = layer.calls[at]
                used = tensors([call.args, dict(call.kwargs)])
                if all((each.layer, each.call) in done for each in used):
                    self.write(layer, at, call)
                    done.add((layer.name, at))
                else:
                    left.append((layer, at))
            if len(left) == len(waiting):
                break  # a circle: refused elsewhere
            waiting = left
        for name, masks in self.read.items():
            self.give(name, masks)
        for name, attended in self.attended.items():
            self.attend(name, attended)
        layers = tuple(
            replace(layer, calls=tuple(call for _, call in sorted(self.calls[name].items())))
            if name in self.calls
            else layer
            for name, layer in self.layers.items()
        )
        at_outputs = any(self.mask(None, each) for each in tensors(self.model.outputs))
        outputs = moved(self.model.outputs, self.places.get)
        return replace(self.model, layers=layers, outputs=outputs), at_outputs

    def mask(self, place: tuple[str, int] | None, tensor: Tensor) -> Tensor | None:
        """The mask that a call finds on a tensor."""
        found = self.masks.get(tensor)
        if found is None:
            return None
        fate = self.fate(place, tensor)
        if fate is Fate.UNSURE:
            where = "the model's outputs" if place is None else f"layer '{place[0]}'"
            problem = f"Whether Keras has lost a mask on the way to {where} cannot be told. {END}"
            self.problem(problem)
        return None if fate is Fate.LOST else found

    def problem(self, said: str) -> None:
        """Notes a problem, once."""
        if said not in map(str, self.problems):
            self.problems.append(UnsupportedOptionError(said))

    def write(self, layer: Layer, at: int, call: Call) -> None:
        """Writes a call, and notes the masks of what it makes."""
        name, place = layer.class_name, (layer.name, at)
        own = moved_call(call, self.places.get)
        used = tensors(list(call.args))
        made = Tensor(layer.name, at, 0)
        if is_operation(layer):
            self.add(layer, at, own)
            return
        by_hand = None if name in ATTENTION else mask_given(layer, own)
        masks = [self.mask(place, each) for each in used]
        if by_hand is not None:
            masks = [by_hand, *masks[1:]]
            own = Call(tuple(each for each in own.args if each is not by_hand), own.kwargs)
        if name not in ATTENTION:
            own = Call(own.args, {key: value for key, value in own.kwargs.items() if key != "mask"})
        inputs = tensors(list(own.args))
        if name in ATTENTION:
            self.attention(layer, at, call, own)
        elif name == "Masking":
            self.masking(layer, at, inputs[0])
        elif makes_masks(layer) and not goes_back(layer, call):
            self.add(replace(layer, config={**layer.config, "mask_zero": False}), at, own)
            self.masks[made] = self.operation(layer, "NotEqual", inputs[0], 0)
        elif name in READERS or (
            name == "TimeDistributed" and layer.config["layer"]["class_name"] in READING_MASKS
        ):
            self.reader(layer, at, own, masks[0], by_hand)
        elif name == "Softmax" and masks[0] is not None:
            self.softmax(layer, at, inputs[0], masks[0])
            self.masks[made] = masks[0]
        elif name in LEAVING_OUT and len(inputs) > 1 and any(masks):
            self.leaving_out(layer, at, inputs, masks)
        else:
            self.add(layer, at, own)
            self.masks[made] = self.handed_on(layer, inputs, masks)

    def handed_on(
        self, layer: Layer, inputs: Sequence[Tensor], masks: Sequence[Tensor | None]
    ) -> Tensor | None:
        """The mask that a layer hands on, which reads none."""
        there = [mask for mask in masks if mask is not None]
        if layer.class_name in ENDS or not there:
            return None
        if layer.class_name == "Concatenate" and len(masks) > 1:
            return self.joined(layer, inputs, masks)
        if layer.class_name not in OF_ALL or len(masks) == 1:
            return there[0]
        return self.either(layer, there) if len(there) == len(masks) else None

    def joined(
        self, layer: Layer, inputs: Sequence[Tensor], masks: Sequence[Tensor | None]
    ) -> Tensor:
        """The mask of a Concatenate (keras/src/layers/merging/concatenate.py)."""
        wide = []
        for x, mask in zip(inputs, masks, strict=True):
            empty = self.operation(layer, "ZerosLike", x, dtype="bool")
            kept = (
                self.operation(layer, "LogicalNot", empty)
                if mask is None
                else self.operation(layer, "LogicalOr", self.wide(layer, mask), empty)
            )
            wide.append(kept)
        axis = layer.config.get("axis", -1)
        whole = self.operation(layer, "Concatenate", wide, axis=axis)
        return self.operation(layer, "Any", whole, axis=[-1], keepdims=False)

    def masking(self, layer: Layer, at: int, x: Tensor) -> None:
        """A Masking: what is not masked, and zeros."""
        value = layer.config.get("mask_value", 0.0)
        other = self.operation(layer, "NotEqual", x, value)
        mask = self.operation(layer, "Any", other, axis=[-1], keepdims=False)
        self.place(layer, at, self.where(layer, self.wide(layer, mask), x, 0.0), mask)

    def softmax(self, layer: Layer, at: int, x: Tensor, mask: Tensor) -> None:
        """A Softmax of what is not masked (keras/src/layers/activations/softmax.py)."""
        kept = mask
        if mask.dtype != "bool":
            kept = self.operation(layer, "Greater", mask, 0.5)
        kept = replace(kept, dtype="bool")
        inside = self.where(layer, kept, x, _LARGE)
        axis = layer.config.get("axis", -1)
        shares = self.operation(layer, "Softmax", inside, axis=axis, dtype="float32")
        self.place(layer, at, self.where(layer, kept, shares, 0.0))

    def leaving_out(
        self, layer: Layer, at: int, inputs: Sequence[Tensor], masks: Sequence[Tensor | None]
    ) -> None:
        """A product or an extreme of what is not masked (keras/src/layers/merging)."""
        shapes = layer.input_shape
        ranks = [len(shape) for shape in shapes] if isinstance(shapes, list) else []
        if len(ranks) != len(inputs):
            self.problem(
                f"Layer '{layer.where}' leaves out what is masked, of unknown shape. {END}"
            )
            return
        # Keras gives tensors of lower rank axes behind the batch, and these have no masks.
        inputs = [self.raised(layer, x, max(ranks) - n) for x, n in zip(inputs, ranks, strict=True)]
        found = [mask if n == max(ranks) else None for mask, n in zip(masks, ranks, strict=True)]
        kept = [None if mask is None else self.wide(layer, mask) for mask in found]
        every = [mask for mask in kept if mask is not None]
        output, known = inputs[0], kept[0]
        if layer.class_name == "Multiply":
            for x, mask in zip(inputs, kept, strict=True):
                left = x if mask is None else self.where(layer, mask, x, 1.0)
                first = x is inputs[0]
                output = left if first else self.float_of(layer, "Multiply", output, left)
            if len(every) == len(kept):
                output = self.where(layer, self.either(layer, every), output, 0.0)
        else:
            for x, mask in zip(inputs[1:], kept[1:], strict=True):
                right = x if mask is None else self.where(layer, mask, x, output)
                left = output if known is None else self.where(layer, known, output, right)
                both = mask is not None and known is not None
                known = self.either(layer, [known, mask]) if both else None  # type: ignore[list-item]
                output = self.float_of(layer, layer.class_name, left, right)
        there = [mask for mask in masks if mask is not None]
        self.place(
            layer, at, output, self.either(layer, there) if len(there) == len(masks) else None
        )

    def reader(
        self, layer: Layer, at: int, call: Call, mask: Tensor | None, by_hand: Tensor | None
    ) -> None:
        """A layer that reads the mask of its first input, and may hand it on.

        Keras does not give it that mask if it is called on states too, but hands it on.
        """
        self.add(layer, at, call)
        alone = len(tensors([call.args, dict(call.kwargs)])) == 1
        self.read.setdefault(layer.name, {})[at] = mask if alone else by_hand
        course = layer.config
        if "layer" in course and layer.class_name == "Bidirectional":
            course = course["layer"]["config"]
        if mask is None or layer.class_name == "GlobalAveragePooling1D":
            return
        if layer.class_name != "TimeDistributed" and not course.get("return_sequences"):
            return
        merged = layer.config.get("merge_mode", "concat")
        several = layer.class_name == "Bidirectional" and merged is None
        for index in range(2 if several else 1):
            made = Tensor(layer.name, at, index)
            self.masks[made] = mask
            self.places[made] = self.through(layer, UNMASKED, made)

    def give(self, name: str, masks: dict[int, Tensor | None]) -> None:
        """Hands a reader the masks of its calls: of ones, where there is none."""
        if not any(masks.values()):
            return
        layer = self.layers[name]
        for at, mask in masks.items():
            call = self.calls[name][at]
            x = tensors(list(call.args))[0]
            if mask is None and not self.known(layer, x):
                continue
            given = self.ones(layer, x) if mask is None else mask
            masked = self.through(layer, MASKED, x, given)
            self.calls[name][at] = moved_call(call, {x: masked}.get)

    def attention(self, layer: Layer, at: int, call: Call, own: Call) -> None:
        """Notes a call of an attention layer, and what masks it finds."""
        called, now = inputs_of(layer, call), inputs_of(layer, own)
        # MultiHeadAttention looks at its query's own mask only, whatever it is given.
        projected = layer.class_name == "MultiHeadAttention"
        masks: dict[str, Tensor] = {}
        for role in ROLES:
            skipped = role == "key" and layer.class_name in UNPROJECTED
            same = role == "key" and called.get("key") == called["value"]
            if role not in called or skipped or same:
                continue
            given = None if role == "query" and projected else now.get(f"{role}_mask")
            mask = given or self.mask((layer.name, at), called[role])
            if mask is not None:
                masks[role] = mask
        self.add(layer, at, own)
        self.attended.setdefault(layer.name, {})[at] = masks
        if "query" in masks:
            made = Tensor(layer.name, at, 0)
            self.masks[made] = masks["query"]
            if projected:
                self.places[made] = self.through(layer, UNMASKED, made)

    def attend(self, name: str, calls: dict[int, dict[str, Tensor]]) -> None:
        """Hands an attention layer the masks of its calls: of ones, where one has none."""
        layer = self.layers[name]
        needed = [role for role in ROLES if any(role in masks for masks in calls.values())]
        for at, masks in calls.items():
            own = self.calls[name][at]
            now = inputs_of(layer, own)
            roles = {role: now[role] for role in ROLES if role in now}
            named: dict[str, Any] = {}
            for role in needed:
                mask = masks.get(role)
                if mask is None and not (role in roles and self.known(layer, roles[role])):
                    continue
                mask = self.ones(layer, roles[role]) if mask is None else mask
                if role == "query" and layer.class_name == "MultiHeadAttention":
                    roles["query"] = self.through(layer, MASKED, roles["query"], mask)
                else:
                    named[f"{role}_mask"] = mask
            if "attention_mask" in now:
                named["attention_mask"] = now["attention_mask"]
            rest = {
                key: value
                for key, value in own.kwargs.items()
                if key not in (*ROLES, "mask") and not key.endswith("_mask")
            }
            causal = own.kwargs.get("use_causal_mask")
            rest |= {} if causal is None else {"use_causal_mask": causal}
            if layer.class_name in UNPROJECTED:
                inputs = [roles[role] for role in ROLES if role in roles]
                listed = [named.get("query_mask"), named.get("value_mask")]
                given = {"mask": listed} if any(listed) else {}
                self.calls[name][at] = Call((inputs,), {**rest, **given})
            else:
                self.calls[name][at] = Call((), {**roles, **rest, **named})

    def known(self, layer: Layer, x: Tensor) -> bool:
        """Whether a tensor's shape is known, as it has to be to make it a mask of ones."""
        if x.shape is None:
            self.problem(
                f"Layer '{layer.where}' is called with masks and without, on tensors of unknown "
                f"shape. {END}"
            )
        return x.shape is not None

    def place(self, layer: Layer, at: int, made: Tensor, mask: Tensor | None = None) -> None:
        """Notes what stands for the output of a call."""
        tensor = Tensor(layer.name, at, 0)
        self.places[tensor] = made
        self.masks[tensor] = mask if mask is not None else self.masks.get(tensor)


TRANSLATORS = {MASKED: _attached, UNMASKED: _attached}
