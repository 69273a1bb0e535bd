"""Inputs that are one number for each sample, `keras.Input(())`, as inputs of shape (1,).

TensorFlow.js makes a tensor of two axes of one that is fed with the axis of the batch alone, and
then finds that the model's input has one. So the input has two, and a Reshape takes one away.
"""

from dataclasses import replace
from typing import Any

from keras_tfjs.ir import INPUT, Call, Json, Layer, Model, Tensor
from keras_tfjs.translate import parts


def with_an_axis(model: Model, notes: list[str]) -> Model:
    """The model, in Keras's words, whose own inputs have an axis besides the batch.

    Args:
        model: those that are nested in it are never fed, and stay as they are.
        notes: grows by one for each input that is another one now.
    """
    taken = {layer.name for layer in model.layers}
    layers: list[Layer] = []
    moved: dict[str, str] = {}
    for layer in model.layers:
        key = _key_of_shape(layer)
        if key is None:
            layers.append(layer)
            continue
        name = _free(f"{layer.name}_flat", taken)
        shape = [*parts.plain(layer.config[key]), 1]
        layers.append(replace(layer, config={**layer.config, key: shape}, input_shape=None))
        layers.append(_without_axis(layer, name))
        moved[layer.name] = name
        notes.append(
            f"Layer '{layer.where}': its shape is {tuple(shape)} here; "
            "a tensor of one axis feeds it too."
        )
    if not moved or model.kind == "sequential":
        return replace(model, layers=tuple(layers))
    return replace(
        model,
        layers=tuple(
            layer if layer.name in moved.values() else _rewired(layer, moved) for layer in layers
        ),
        outputs=_behind(model.outputs, moved),
    )


def _key_of_shape(layer: Layer) -> str | None:
    """Under which key an input's shape is, if it is the batch alone."""
    if layer.class_name != INPUT:
        return None
    for key in ("batch_shape", "batch_input_shape"):
        shape = parts.plain(layer.config.get(key))
        if isinstance(shape, list | tuple):
            return key if len(shape) == 1 else None
    return None


def _without_axis(layer: Layer, name: str) -> Layer:
    """What takes the axis away again."""
    dtype = layer.config.get("dtype", "float32")
    return Layer(
        name=name,
        class_name="Reshape",
        module="keras.layers",
        config={"name": name, "trainable": True, "dtype": "float32", "target_shape": []},
        calls=(Call((Tensor(layer.name, 0, 0, (None, 1), str(dtype)),), {}),),
        where=f"{layer.where}/flat",
    )


def _free(stem: str, taken: set[str]) -> str:
    name = stem
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _rewired(layer: Layer, moved: dict[str, str]) -> Layer:
    calls = tuple(
        Call(_behind(call.args, moved), _behind(dict(call.kwargs), moved)) for call in layer.calls
    )
    return replace(layer, calls=calls)


def _behind(given: Any, moved: dict[str, str]) -> Json:
    """The same structure, in which what is behind an input stands for it."""
    if isinstance(given, Tensor):
        return replace(given, layer=moved.get(given.layer, given.layer))
    if isinstance(given, dict):
        return {key: _behind(value, moved) for key, value in given.items()}
    if isinstance(given, list | tuple):
        return type(given)(_behind(value, moved) for value in given)
    return given
