"""Layers that Keras really built, as the data that `keras_tfjs.translate` works on."""

import json
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from keras_tfjs.ir import Array, Call, Layer, Model, Tensor, Translation, Weight
from keras_tfjs.translate import translated

Shape = tuple[int | None, ...]

PROJECTED = ("MultiHeadAttention", "GroupedQueryAttention")
"""Layers that are called on several tensors, and not on a list of them."""


def as_weight(values: Any) -> Weight:
    """An array as a weight that is read when it is needed."""
    array = np.asarray(values)

    def blocks() -> Iterator[Array]:
        yield array.reshape(-1)

    return Weight(tuple(array.shape), str(array.dtype), blocks)


def as_ir(layer: Any, shapes: tuple[Shape, ...], /, **changed: Any) -> Layer:
    """A layer of Keras, built on inputs of these shapes without batch; config keys may change."""
    built = [(None, *shape) for shape in shapes]
    if not layer.built:
        if type(layer).__name__ in PROJECTED:
            layer.build(*built)
        else:
            layer.build(built[0] if len(built) == 1 else built)
    saved = json.loads(json.dumps(keras.saving.serialize_keras_object(layer)))
    weights = [w for w in layer.weights if "seed" not in w.path]
    paths = [weight.path.split("/", 1)[1] for weight in weights]  # as ".h5" files have them
    numbered = not any("/" in path for path in paths)  # as ".keras" files have them
    keys = [str(at) for at in range(len(weights))] if numbered else paths
    fed = [Tensor(f"input_{at}", 0, 0) for at in range(len(shapes))]
    attends = type(layer).__name__ in PROJECTED
    call = Call(tuple(fed) if attends or len(fed) == 1 else (fed,), {})
    return Layer(
        name=layer.name,
        class_name=saved["class_name"],
        module=saved["module"],
        registered_name=saved["registered_name"],
        config={**saved["config"], **changed},
        weights={key: as_weight(weight) for key, weight in zip(keys, weights, strict=True)},
        calls=(call,),
        where=layer.name,
    )


def model_of(layer: Layer, shapes: tuple[Shape, ...]) -> Model:
    """A functional model of one layer."""
    inputs = tuple(
        Layer(
            f"input_{at}",
            "InputLayer",
            module="keras.layers",
            config={"batch_shape": [None, *shape], "dtype": "float32", "name": f"input_{at}"},
            where=f"input_{at}",
        )
        for at, shape in enumerate(shapes)
    )
    tensors = [Tensor(layer.name, 0, 0) for layer in inputs]
    return Model("model", "functional", (*inputs, layer), tensors, [Tensor(layer.name, 0, 0)])


def translation_of(
    layer: Any, /, *shapes: Shape, stock: bool = False, **changed: Any
) -> tuple[Layer, Translation]:
    """What becomes of a layer of Keras, and the whole translation of a model of it."""
    data = as_ir(layer, shapes, **changed)
    translation = translated(model_of(data, shapes), stock=stock)
    return translation.model.layers[len(shapes)], translation
