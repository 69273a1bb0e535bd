"""A functional graph as tfjs will rebuild it.

tfjs puts a graph together by rules of its own (`tfjs-layers/src/engine/container.ts`), and breaks
ours without an error if we ignore them:

* A call gets a flat list of tensors; a tensor among keyword arguments is never looked up.
* It calls the layers in the order of the file, and puts off a call whose inputs are not there yet
  behind the same layer's other calls. The calls of a shared layer may thus be numbered otherwise
  than in Keras, so we follow its loop and number them as it will.
* A tensor that stands twice in one call, or twice among the model's outputs, is freed too early,
  so the second one takes a way round, over a linear activation.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from keras_tfjs.errors import CorruptModelError, UnsupportedOptionError
from keras_tfjs.ir import INPUT, Call, Layer, Model, Tensor, is_operation, tensors
from keras_tfjs.translate import call_arguments, implicit, training_calls
from keras_tfjs.translate.options import Aim


def flattened(model: Model, aim: Aim, problems: list[UnsupportedOptionError]) -> Model:
    """The model whose calls have tensors only, as positional arguments and in tfjs's order."""
    if model.kind == "sequential":
        return model
    masks = implicit.of(model)
    layers = []
    for layer in model.layers:
        if is_operation(layer):
            layers.append(layer)  # its arguments are its options: a matter of its translator
            continue
        calls = []
        try:
            settled = call_arguments.settled(layer, masks)
        except UnsupportedOptionError as problem:
            problems.append(problem)
            settled = replace(layer, calls=())
        several = len(settled.config.get(call_arguments.INPUTS, ())) > 1
        for call in settled.calls:
            try:
                calls.append(_flat(settled, call, aim, several))
            except UnsupportedOptionError as problem:
                problems.append(problem)
        layers.append(replace(settled, calls=tuple(calls)))
    return replace(model, layers=tuple(_used(layers, tensors(model.outputs))))


def stretched(layer: Layer) -> Iterator[UnsupportedOptionError]:
    """A problem for a nested model that is called on another number of axes than it was built on.

    Keras adds an axis of size 1 to a tensor or takes one away, and tfjs does not.
    """
    inner = layer.model
    if inner is None or not isinstance(layer.input_shape, list):
        return
    entries = {each.name: each for each in inner.layers if each.class_name == INPUT}
    names = [tensor.layer for tensor in tensors(inner.inputs)] or list(entries)
    for name, given in zip(names, layer.input_shape, strict=False):
        built = entries[name].config.get("batch_shape") if name in entries else None
        if isinstance(given, list) and isinstance(built, list) and len(given) != len(built):
            yield UnsupportedOptionError(
                f"Model '{layer.where}' is called on a tensor of {len(given)} axes and was built "
                f"on {len(built)}, which TensorFlow.js does not even out. "
                "Put a Reshape before it."
            )


def wired(model: Model) -> Model:
    """The model whose calls are numbered as tfjs will number them, no tensor twice in a call."""
    if model.kind == "sequential":
        return model
    _check_references(model)
    return _numbered(_unshared(model))


def _used(layers: list[Layer], outputs: list[Tensor]) -> list[Layer]:
    """The layers without operations that only made a mask, which is no longer asked for."""
    while True:
        asked = {tensor.layer for tensor in outputs}
        for layer in layers:
            for call in layer.calls:
                asked.update(tensor.layer for tensor in tensors([call.args, dict(call.kwargs)]))
        kept = [layer for layer in layers if layer.name in asked or not is_operation(layer)]
        if len(kept) == len(layers):
            return kept
        layers = kept


def _flat(layer: Layer, call: Call, aim: Aim, several: bool) -> Call:
    args, kwargs = list(call.args), dict(call.kwargs)
    found: list[Tensor] = []
    several = several or layer.class_name == "ReversibleEmbedding"
    for position, arg in enumerate([args] if several else args):
        flat = _in_order_of(layer, arg) if position == 0 else tensors(arg)
        if position > 0 and (flat or arg not in (None, False)):
            raise _refused(layer, f"is called with a second argument, {_spoken(arg)}")
        found.extend(flat)
    for key, value in kwargs.items():
        if key == "mask" and (layer.model or layer.class_name == "BatchNormalization"):
            if tensors(value) and layer.model is None:
                aim.notes.append(f"Layer '{layer.where}': trains on masked steps too.")
            continue  # it is looked for in masks.py
        if tensors(value):
            raise _refused(layer, f"is called with a tensor as {key}")
        if value is None or key == "mask":
            continue
        if key != "training":
            raise _refused(layer, f"is called with {key}={value!r}")
        if training_calls.changes(layer):
            aim.notes.append(
                f"Layer '{layer.where}': training={value!r} of its call is left out, "
                "as Keras leaves it out in fit and predict."
            )
    return Call(tuple(found), {})


def _in_order_of(layer: Layer, arg: Any) -> list[Tensor]:
    """The tensors of a first argument; a dict for a model of listed inputs goes by their names."""
    inner = layer.model
    if isinstance(arg, dict) and inner is not None and not isinstance(inner.inputs, dict):
        names = [tensor.layer for tensor in tensors(inner.inputs)]
        if set(names) <= set(arg):
            return [tensor for name in names for tensor in tensors(arg[name])]
    return tensors(arg)


def _refused(layer: Layer, what: str) -> UnsupportedOptionError:
    return UnsupportedOptionError(
        f"Layer '{layer.where}' {what}, which a model in TensorFlow.js cannot do. "
        "Call it with its input tensors only."
    )


def _spoken(arg: Any) -> str:
    return "a tensor" if tensors(arg) else repr(arg)


def _check_references(model: Model) -> None:
    """Every tensor must be some call's output: tfjs would look for a lost one for ever."""
    calls = {
        layer.name: 1 if layer.class_name == INPUT else len(layer.calls) for layer in model.layers
    }
    everything = [
        *tensors(model.inputs),
        *tensors(model.outputs),
        *(tensor for layer in model.layers for call in layer.calls for tensor in call.args),
    ]
    for tensor in everything:
        if not 0 <= tensor.call < calls.get(tensor.layer, 0):
            raise CorruptModelError(
                f"Model '{model.name}': it uses call {tensor.call} of layer '{tensor.layer}', "
                "which it does not have. The file is damaged: save the model again."
            )


def _unshared(model: Model) -> Model:
    """No tensor twice in a call or among the outputs, and no input as an output."""
    taken = {layer.name for layer in model.layers}
    added: list[Layer] = []

    def copied(tensor: Tensor) -> Tensor:
        name = next(name for name in _copy_names(tensor.layer) if name not in taken)
        taken.add(name)
        config = {"name": name, "trainable": True, "dtype": "float32", "activation": "linear"}
        call = Call((tensor,), {})
        added.append(Layer(name, "Activation", config=config, calls=(call,), where=name))
        return Tensor(name, 0, 0)

    def once(found: Sequence[Tensor], seen: set[Tensor]) -> Iterator[Tensor]:
        for tensor in found:
            yield copied(tensor) if tensor in seen else tensor
            seen.add(tensor)

    layers = tuple(
        replace(layer, calls=tuple(Call(tuple(once(call.args, set())), {}) for call in layer.calls))
        for layer in model.layers
    )
    inputs = set(tensors(model.inputs))
    outputs = list(once(tensors(model.outputs), inputs))
    return replace(model, layers=(*layers, *added), outputs=_refilled(model.outputs, outputs))


def _copy_names(layer: str) -> Iterator[str]:
    number = 1
    while True:
        yield f"{layer}/copy_{number}"
        number += 1


def _refilled(structure: Any, flat: list[Tensor]) -> Any:
    """The structure with other tensors in it, in the order of `tensors`."""
    rest = iter(flat)

    def fill(part: Any) -> Any:
        if isinstance(part, Tensor):
            return next(rest)
        if isinstance(part, list | tuple):
            return type(part)(fill(item) for item in part)
        if isinstance(part, dict):
            filled = {key: fill(part[key]) for key in sorted(part)}
            return {key: filled[key] for key in part}
        return part

    return fill(structure)


def _numbered(model: Model) -> Model:
    """The model with every layer's calls in the order in which tfjs will make them."""
    waiting = {layer.name: list(enumerate(layer.calls)) for layer in model.layers}
    made: dict[tuple[str, int], int] = {
        (layer.name, 0): 0 for layer in model.layers if layer.class_name == INPUT
    }
    order: dict[str, list[Call]] = {layer.name: [] for layer in model.layers}
    while any(waiting.values()):
        before = len(made)
        for name, calls in waiting.items():
            put_off = []
            for index, call in calls:
                if all((tensor.layer, tensor.call) in made for tensor in call.args):
                    made[name, index] = len(order[name])
                    order[name].append(call)
                else:
                    put_off.append((index, call))
            waiting[name] = put_off
        if len(made) == before:
            left = ", ".join(f"'{name}'" for name, calls in waiting.items() if calls)
            raise CorruptModelError(
                f"Model '{model.name}': its layers {left} wait for one another. "
                "The file is damaged: save the model again."
            )

    def moved(tensor: Tensor) -> Tensor:
        return replace(tensor, call=made[tensor.layer, tensor.call])

    layers = tuple(
        replace(
            layer,
            calls=tuple(Call(tuple(map(moved, call.args)), {}) for call in order[layer.name]),
        )
        for layer in model.layers
    )
    return replace(
        model,
        layers=layers,
        inputs=_refilled(model.inputs, list(map(moved, tensors(model.inputs)))),
        outputs=_refilled(model.outputs, list(map(moved, tensors(model.outputs)))),
    )
