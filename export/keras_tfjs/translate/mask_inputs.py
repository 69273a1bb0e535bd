"""Attention layers that are given the masks that Keras gives them, and no others.

tfjs hands a layer the mask of its first input only: the query's. Where another of its inputs has
one in Keras, the twin `keras>MaskOf` makes a tensor of it, and the layer is called on that too.
Where tfjs would hand over one that Keras has lost, the twin `keras>Unmasked` stands before it.
"""

from dataclasses import replace

from keras_tfjs.ir import Call, Layer, Model, Tensor
from keras_tfjs.translate.call_arguments import INPUTS
from keras_tfjs.translate.options import Aim

MASK_OF, UNMASKED = "keras>MaskOf", "keras>Unmasked"


def with_mask_inputs(model: Model, aim: Aim) -> Model:
    """The functional model in tfjs's words, its attention layers with the masks they need."""
    taken = {layer.name for layer in model.layers}
    layers: list[Layer] = []
    for layer in model.layers:
        names: list[str] = list(layer.config.get(INPUTS, ()))
        needed = [role for role in names if role in aim.mask_inputs.get(layer.where, ())]
        spare = [role for role in names if role in aim.unmasked.get(layer.where, ())]
        calls = []
        for call in layer.calls:
            args = list(call.args)
            for role in spare:
                args[names.index(role)] = _through(UNMASKED, args[names.index(role)], layers, taken)
            for role in needed:
                args.append(_through(MASK_OF, args[names.index(role)], layers, taken))
            calls.append(Call(tuple(args), {}))
        if needed or spare:
            aim.twins.update([MASK_OF] * bool(needed) + [UNMASKED] * bool(spare))
            names += [f"{role}_mask" for role in needed]
            layer = replace(layer, config={**layer.config, INPUTS: names}, calls=tuple(calls))
        layers.append(layer)
    return replace(model, layers=tuple(layers))


def _through(class_name: str, tensor: Tensor, layers: list[Layer], taken: set[str]) -> Tensor:
    """What comes of a tensor behind a new layer."""
    stem = "mask" if class_name == MASK_OF else "unmasked"
    number = 1
    while (name := f"{tensor.layer}/{stem}_{number}") in taken:
        number += 1
    taken.add(name)
    config = {"name": name, "trainable": True, "dtype": "float32"}
    calls = (Call((tensor,), {}),)
    layers.append(Layer(name, class_name, config=config, calls=calls, where=name))
    return Tensor(name, 0, 0)
