"""A model at each step: a TimeDistributed around a model, as a model of TimeDistributed layers.

tfjs puts one layer into a TimeDistributed. But to do several things at each step, one after the
other, is to do each of them at all steps: so the model moves out, and its layers into wrappers of
their own. What adds, multiplies or joins tensors does so at all steps as it is.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from keras_tfjs.errors import UnsupportedOptionError
from keras_tfjs.ir import INPUT, Json, Layer, Model, is_operation, tensors
from keras_tfjs.translate import parts

WRAPPER = "TimeDistributed"

_AS_THEY_ARE = ("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract")


def distributed(model: Model, problems: list[UnsupportedOptionError]) -> Model:
    """The model, in Keras's words, in which no TimeDistributed has a model in it.

    Args:
        model: in Keras's words; a TimeDistributed around a model is a layer with that model.
        problems: grows by one for each layer that cannot be at each step.
    """
    layers = tuple(
        replace(layer, model=distributed(layer.model, problems)) if layer.model else layer
        for layer in model.layers
    )
    return replace(model, layers=tuple(_moved_out(layer, problems) for layer in layers))


def _moved_out(layer: Layer, problems: list[UnsupportedOptionError]) -> Layer:
    if layer.class_name != WRAPPER or layer.model is None:
        return layer
    shape = layer.input_shape
    known = isinstance(shape, list) and len(shape) > 1 and len(layer.calls) < 2
    steps = shape[1] if known else None
    inner = []
    for each in layer.model.layers:
        try:
            inner.append(_at_each_step(each, steps))
        except UnsupportedOptionError as problem:
            problems.append(problem)
    class_name = "Sequential" if layer.model.kind == "sequential" else "Functional"
    return replace(
        layer,
        class_name=class_name,
        module="keras",
        registered_name=class_name,
        model=replace(layer.model, layers=tuple(inner)),
        input_shape=None,
    )


def _at_each_step(layer: Layer, steps: int | None) -> Layer:
    """A layer of the model, as it is on a tensor with an axis of steps behind the batch."""
    if layer.class_name == INPUT:
        return replace(layer, config={**layer.config, **_with_steps(layer.config, steps)})
    if layer.model is not None:
        inner = tuple(_at_each_step(each, steps) for each in layer.model.layers)
        return replace(layer, model=replace(layer.model, layers=inner), input_shape=None)
    single = all(len(tensors([call.args, dict(call.kwargs)])) < 2 for call in layer.calls)
    if single and not is_operation(layer):
        wrapped = {
            "module": layer.module,
            "class_name": layer.class_name,
            "config": layer.config,
            "registered_name": layer.registered_name,
        }
        return replace(
            layer,
            class_name=WRAPPER,
            module="keras.layers",
            registered_name=None,
            config={"name": layer.name, "trainable": True, "dtype": "float32", "layer": wrapped},
            weights={f"layer/{path}": weight for path, weight in layer.weights.items()},
            input_shape=None,
        )
    if not is_operation(layer) and layer.class_name in _AS_THEY_ARE:
        return replace(layer, input_shape=None)
    axis = layer.config.get("axis", -1)
    if not is_operation(layer) and layer.class_name == "Concatenate" and isinstance(axis, int):
        later = axis + 1 if axis > 0 else axis
        return replace(layer, config={**layer.config, "axis": later}, input_shape=None)
    kind = "an operation" if is_operation(layer) else "called on several tensors"
    raise UnsupportedOptionError(
        f"Layer '{layer.where}', a {layer.class_name} in a TimeDistributed, is {kind}, which "
        "TensorFlow.js cannot do at each step. Call it outside of the TimeDistributed, on the "
        "tensors of all steps."
    )


def _with_steps(config: Any, steps: int | None) -> dict[str, Json]:
    """The shape of an input, with the axis of the steps."""
    for key in ("batch_shape", "batch_input_shape"):
        shape = parts.plain(config.get(key))
        if isinstance(shape, Sequence) and shape:
            return {key: [shape[0], steps, *shape[1:]]}
    return {}
