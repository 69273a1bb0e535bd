"""What a layer is called with beside its first tensor, as a flat list of tensors and options.

A node of tfjs's graph has tensors and nothing else. So a layer that takes several, or options at
its call, keeps in its configuration what they are: `inputs` names the tensors in their order, and
an option of the call becomes an option of the layer. A layer that is only called on its first
argument gets neither, so that its translator need not know of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from keras_tfjs.errors import UnsupportedOptionError
from keras_tfjs.ir import Call, Json, Layer, Tensor, tensors
from keras_tfjs.translate.implicit import Masks

INPUTS = "inputs"
"""The key of a configuration under which the tensors' names stand."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What a class can be called with.

    Attributes:
        names: of the arguments in their order, the first tensor's first.
        tensors: those that may be tensors, or lists of them.
        options: those that may be plain values, each with the one that changes nothing.
        ignored: those that are looked for elsewhere.
        parts: what the elements of a listed argument are called.
    """

    names: tuple[str, ...]
    tensors: frozenset[str] = frozenset()
    options: Mapping[str, Json] | None = None
    ignored: frozenset[str] = frozenset()
    parts: Mapping[str, tuple[str, ...]] | None = None


_MASKS = ("query_mask", "value_mask", "key_mask", "attention_mask")
_ATTENTION = Signature(
    ("query", "value", "key", *_MASKS, "return_attention_scores", "training", "use_causal_mask"),
    frozenset(("query", "value", "key", *_MASKS)),
    {"return_attention_scores": False, "use_causal_mask": False},
)
_UNPROJECTED = replace(
    _ATTENTION, parts={"inputs": ("query", "value", "key"), "mask": ("query_mask", "value_mask")}
)
_RECURRENT = Signature(
    ("sequences", "initial_state", "mask", "training"),
    frozenset(("sequences", "initial_state")),
    ignored=frozenset(("mask",)),  # masks.py looks where it comes from
)

SIGNATURES: dict[str, Signature] = {
    **dict.fromkeys(
        ["MultiHeadAttention", "GroupQueryAttention", "GroupedQueryAttention"], _ATTENTION),
    **dict.fromkeys(["Attention", "AdditiveAttention"], _UNPROJECTED),
    **dict.fromkeys(
        [
            "SimpleRNN", "LSTM", "GRU", "RNN", "Bidirectional",
            "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D",
        ],
        _RECURRENT,
    ),
    "GlobalAveragePooling1D": Signature(
        ("inputs", "mask"), frozenset(("inputs",)), ignored=frozenset(("mask",))
    ),
    "CategoryEncoding": Signature(
        ("inputs", "count_weights"), frozenset(("inputs", "count_weights"))
    ),
    "TimeDistributed": Signature(
        ("inputs", "training", "mask"), frozenset(("inputs",)), ignored=frozenset(("mask",))
    ),
}  # fmt: skip
"""By class name. Layers that are not here take their first argument only."""


def settled(layer: Layer, masks: Masks) -> Layer:
    """The layer with its calls' tensors in flat lists, and what they are in its configuration.

    Args:
        layer: in Keras's words.
        masks: of the model.

    Raises:
        UnsupportedOptionError: for an argument that the class does not take, or if the calls
            differ in more than their tensors.
    """
    if layer.class_name == "ReversibleEmbedding":
        return replace(layer, calls=tuple(map(_there_or_back, layer.calls)))
    signature = SIGNATURES.get(layer.class_name)
    if signature is None or not layer.calls:
        return layer
    calls, extras = [], []
    for call in layer.calls:
        found, options = _bound(layer, signature, call)
        found = _without_own(found, masks)
        names = [name for name, _ in found]
        place = signature.names.index("mask") if "mask" in signature.names else len(call.args)
        by_place = tensors(list(call.args[place : place + 1]))
        given = [*tensors(call.kwargs.get("mask")), *by_place]
        by_hand = [each for each in given if not (found and masks.is_own(each, found[0][1]))]
        if signature.ignored and (by_hand or (given and len(found) > 1)):
            raise _refused(
                layer,
                "is called with a mask of its own",
                "Put a Masking layer before it, or an Embedding with mask_zero.",
            )
        rest = {key: value for key, value in call.kwargs.items() if key == "training"}
        calls.append(Call(tuple(tensor for _, tensor in found), rest))
        extras.append({INPUTS: names, **options} if len(names) > 1 else options)
    if any(extra != extras[0] for extra in extras):
        raise _refused(
            layer,
            "is called in several ways",
            "Call it with the same kinds of arguments each time, or use a layer for each.",
        )
    return replace(layer, config={**layer.config, **extras[0]}, calls=tuple(calls))


def mask_given(layer: Layer, call: Call) -> Tensor | None:
    """The mask that a layer of one tensor is given at a call, by name or by its place."""
    signature = SIGNATURES.get(layer.class_name)
    names = signature.names if signature else ("inputs", "mask")
    place = names.index("mask") if "mask" in names else len(call.args)
    found = [*tensors(call.kwargs.get("mask")), *tensors(list(call.args[place : place + 1]))]
    return found[0] if found else None


def goes_back(layer: Layer, call: Call) -> bool:
    """Whether it is a call of a ReversibleEmbedding from vectors to logits."""
    return layer.class_name == "ReversibleEmbedding" and bool(call.kwargs.get("reverse"))


def _there_or_back(call: Call) -> Call:
    """The call whose twin knows it by the number of its tensors."""
    rest = {key: value for key, value in call.kwargs.items() if key != "reverse"}
    return Call(call.args * 2 if call.kwargs.get("reverse") else call.args, rest)


def inputs_of(layer: Layer, call: Call) -> dict[str, Tensor]:
    """What an attention layer is called on, by the names that its class has for them."""
    given = _given(SIGNATURES[layer.class_name], call)
    return {name: found[0] for name, value in given.items() if len(found := tensors(value)) == 1}


def _given(signature: Signature, call: Call) -> dict[str, Any]:
    """The arguments of a call by their names, those in lists by their own."""
    if signature.parts is None:
        return {**dict(zip(signature.names, call.args, strict=False)), **call.kwargs}
    listed = {**dict(zip(signature.parts, call.args, strict=False)), **call.kwargs}
    rest = {key: value for key, value in listed.items() if key not in signature.parts}
    for key, names in signature.parts.items():
        if isinstance(value := listed.get(key), list | tuple):
            rest |= dict(zip(names, value, strict=False))
    return rest


def _without_own(found: list[tuple[str, Tensor]], masks: Masks) -> list[tuple[str, Tensor]]:
    """The tensors without the masks that Keras itself hung on the others."""
    by_name = dict(found)

    def own(name: str, tensor: Tensor) -> bool:
        of = by_name.get(name.removesuffix("_mask")) if name in _MASKS else None
        return of is not None and masks.is_own(tensor, of)

    return [(name, tensor) for name, tensor in found if not own(name, tensor)]


def _bound(
    layer: Layer, signature: Signature, call: Call
) -> tuple[list[tuple[str, Tensor]], dict[str, Json]]:
    """The tensors with their names, and the options that say something."""
    if len(call.args) > len(signature.names):
        raise _refused(layer, f"is called with {len(call.args)} arguments")
    given = _given(signature, call)
    order = [name for name in signature.names if name in given]
    found: list[tuple[str, Tensor]] = []
    options: dict[str, Json] = {}
    for name in [*order, *(key for key in given if key not in order)]:
        value = given[name]
        if name in signature.ignored or name == "training" or value is None:
            continue
        if name in signature.tensors and tensors(value):
            found.extend(_named(name, value))
        elif signature.options is not None and name in signature.options:
            if value != signature.options[name]:
                options[name] = value
        elif tensors(value):
            raise _refused(layer, f"is called with a tensor as {name}")
        else:
            raise _refused(layer, f"is called with {name}={value!r}")
    return found, options


def _named(name: str, value: Any) -> Iterator[tuple[str, Tensor]]:
    for tensor in tensors(value):
        yield name, tensor


def _refused(
    layer: Layer, what: str, instead: str = "Call it with its input tensors only."
) -> UnsupportedOptionError:
    return UnsupportedOptionError(
        f"Layer '{layer.where}' {what}, which a model in TensorFlow.js cannot do. {instead}"
    )
