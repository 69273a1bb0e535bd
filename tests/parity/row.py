"""What a row of the table of models is, and the numbers that go through it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import keras
import numpy as np
from numpy.typing import NDArray

from keras_tfjs.errors import ConversionError

Array = NDArray[Any]


@dataclass(frozen=True)
class Row:
    """A small model, and what becomes of it in TensorFlow.js.

    Attributes:
        name: of the test.
        build: makes it.
        why: what goes wrong if this is not tested.
        inputs: what it is asked, one array for each input; random numbers if None.
        tolerance: allowed |difference| per max(1, largest |output|).
        error: what converting it must raise, if it must not be converted.
        message: of that error, word for word.
        stock: whether it is converted to stock layers alone, as `--stock` has it.
        trains: whether it trains as in Keras, where it does not go out as Keras has it.
    """

    name: str
    build: Callable[[], keras.Model]
    why: str
    inputs: Sequence[Array] | None = None
    tolerance: float = 1e-5
    error: type[ConversionError] | None = None
    message: str = ""
    stock: bool = False
    trains: bool = True


def floats(values: Any) -> Array:
    """An array of float32."""
    return np.asarray(values, np.float32)


def one(layer: Callable[[], Any], *shape: int | None, dtype: str = "float32") -> Any:
    """A builder of a functional model of one layer, on an input of that shape without batch."""

    def build() -> keras.Model:
        inputs = keras.Input(shape, dtype=dtype)
        return keras.Model(inputs, layer()(inputs))

    return build


def merged(layer: Callable[[], Any], *shapes: tuple[int | None, ...]) -> Any:
    """A builder of a functional model of one merge layer, one input for each shape."""

    def build() -> keras.Model:
        inputs = [keras.Input(shape) for shape in shapes]
        return keras.Model(inputs, layer()(inputs))

    return build


def with_random_weights(model: keras.Model) -> keras.Model:
    """The model, every weight changed: zeros, ones and moving averages hide mistakes."""
    random = np.random.default_rng(1)
    for variable in model.variables:
        if not str(variable.dtype).startswith("float"):
            continue  # the state of a dropout's seed
        if "variance" in variable.name:
            variable.assign(random.uniform(0.5, 2.0, variable.shape))
        else:
            variable.assign(random.normal(size=variable.shape) * 0.7)
    for layer in _inside(model._flatten_layers()):
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()  # it computes with copies of its weights
    return model


def _inside(layers: Iterable[Any]) -> Iterator[Any]:
    """The layers, and those of pipelines, which Keras does not count among them."""
    for layer in layers:
        yield layer
        if isinstance(layer, keras.layers.Pipeline):
            yield from _inside(layer.layers)


def random_inputs(model: keras.Model) -> list[Array]:
    """An array for each input: 3 samples, 4 where a size is unknown, small integers for indices."""
    random = np.random.default_rng(2)
    arrays: list[Array] = []
    for tensor in model.inputs:
        shape = [size or 4 for size in tensor.shape]
        shape[0] = tensor.shape[0] or 3
        if "int" in str(tensor.dtype):
            arrays.append(random.integers(0, 4, shape).astype("int32"))
        elif str(tensor.dtype) == "bool":
            arrays.append(random.integers(0, 2, shape).astype("bool"))
        else:
            arrays.append(random.normal(size=shape).astype("float32"))
    return arrays


def keras_outputs(model: keras.Model, inputs: Sequence[Array]) -> list[Array]:
    """What Keras computes, in the order of `model.outputs`."""
    trained = [variable.value for variable in model.trainable_variables]
    fixed = [variable.value for variable in model.non_trainable_variables]

    def compute(trained: Any, fixed: Any, arrays: Any) -> Any:
        given = structured(model, arrays)
        return model.stateless_call(trained, fixed, given, training=False)[0]

    outputs = compiled(model, compute)(trained, fixed, list(inputs))
    return [np.asarray(output) for output in keras.tree.flatten(outputs)]


def compiled(model: keras.Model, compute: Callable[..., Any]) -> Callable[..., Any]:
    """The function in one graph, or JAX compiles every step of it; unless TensorFlow has steps."""
    jit = all(layer.supports_jit for layer in model._flatten_layers())
    return jax.jit(compute) if jit else compute


def structured(model: keras.Model, inputs: Sequence[Array]) -> Any:
    """Inputs in the lists and dicts in which the model wants them."""
    if isinstance(model, keras.Sequential):
        return inputs[0]
    return keras.tree.pack_sequence_as(model.input, list(inputs))
