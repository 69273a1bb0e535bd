"""Weights and inputs that tell one mistake from another, however deep a model is.

With Keras's own initial weights half of a model computes nothing: biases and moving averages are
zero, scales are one. With weights that are just any random numbers, what comes out of a hundred
layers is 0, infinite, or the same for every input.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import jax
import keras
import numpy as np
from parity.row import Array, random_inputs, structured

IN_DEPTH = (keras.layers.DepthwiseConv1D, keras.layers.DepthwiseConv2D)
"""Layers whose kernel sees one channel at a time."""


def with_telling_weights(model: keras.Model) -> keras.Model:
    """The model, every weight changed, such that each layer keeps the size of its input."""
    random = np.random.default_rng(1)
    in_depth = [layer.kernel.path for layer in _layers(model) if isinstance(layer, IN_DEPTH)]
    for variable in model.variables:
        if str(variable.dtype).startswith("float"):  # and not the state of a dropout's seed
            name = "depthwise_kernel" if variable.path in in_depth else variable.name
            variable.assign(_telling(name, tuple(variable.shape), random))
    for layer in _layers(model):
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()
    return model


def telling(model: keras.Model, inputs: Sequence[Array], *, eager: bool = False) -> list[Array]:
    """What Keras computes, after moving averages have been found that make it telling and steady.

    Some hundred layers make the same of every sample where variances are large, and where they are
    small chaos of the last digit: what lies between is found by halving. None of that for a model
    without averages.
    """
    expected = computed(model, inputs, eager=eager)
    same, chaos = 3.0, 0.03
    for _ in range(8 if _normalizations(model) else 0):
        apart = any(tells_samples_apart(array) for array in expected)
        if apart and is_steady(model, inputs, expected, eager=eager):
            break
        floor = math.sqrt(same * chaos)
        with_settled_averages(model, inputs, floor)
        expected = computed(model, inputs, eager=eager)
        if any(tells_samples_apart(array) for array in expected):
            chaos = floor
        else:
            same = floor
    return expected


def tells_samples_apart(output: Array) -> bool:
    """Whether an output depends on what the model was asked."""
    return bool(np.ptp(output.astype("float64"), axis=0).max() > 1e-2 * np.abs(output).max())


def is_steady(
    model: keras.Model, inputs: Sequence[Array], expected: Sequence[Array], *, eager: bool = False
) -> bool:
    """Whether a last digit of the inputs moves no more than some last digits of the outputs."""
    random = np.random.default_rng(5)
    moved = [
        array * (1 + 1e-6 * random.normal(size=array.shape)).astype("float32")
        if array.dtype == np.float32
        else array
        for array in inputs
    ]
    found = zip(expected, computed(model, moved, eager=eager), strict=True)
    return all(np.abs(new - old).max() <= 3e-5 * np.abs(old).max() for old, new in found)


def with_settled_averages(model: keras.Model, inputs: Sequence[Array], floor: float) -> keras.Model:
    """The model, its moving averages near what BatchNormalization would see with these inputs.

    Near, not at: each is off by a number of its own.

    Args:
        model: its averages are changed.
        inputs: what it sees.
        floor: how much of the mean variance each channel has at least: those that are nearly
            constant in so few samples would blow up whatever is not.
    """
    random = np.random.default_rng(3)
    normalizations = _normalizations(model)
    momentums = [layer.momentum for layer in normalizations]
    for layer in normalizations:
        layer.momentum = 0.0
    _, settled = _called(model, inputs, training=True)
    for variable, value in zip(model.non_trainable_variables, settled, strict=True):
        variable.assign(value)
    for layer, momentum in zip(normalizations, momentums, strict=True):
        layer.momentum = momentum
        mean, variance = (np.asarray(v) for v in (layer.moving_mean, layer.moving_variance))
        deviation = np.sqrt(variance)
        layer.moving_mean.assign(mean + 0.3 * deviation * random.normal(size=mean.shape))
        wide = floor * variance.mean() + variance + 1e-6
        layer.moving_variance.assign(wide * random.uniform(0.5, 1.5, mean.shape))
    return model


def telling_inputs(model: keras.Model) -> list[Array]:
    """An array for each input: numbers around zero, or pixels if the model normalizes those.

    Each sample is brighter or darker than the next, which pooling does not average away.
    """
    own = [_shifted(array) for array in random_inputs(model)]
    pixels = (keras.layers.Rescaling, keras.layers.Normalization)
    if any(isinstance(layer, pixels) for layer in _layers(model)) and own[0].ndim == 4:
        return [np.random.default_rng(4).uniform(0, 255, own[0].shape).astype("float32"), *own[1:]]
    return own


def computed(model: keras.Model, inputs: Sequence[Array], *, eager: bool = False) -> list[Array]:
    """What Keras computes, in the order of `model.outputs`."""
    outputs, _ = _called(model, inputs, training=False, eager=eager)
    return [np.asarray(output) for output in keras.tree.flatten(outputs)]


def _called(
    model: keras.Model, inputs: Sequence[Array], *, training: bool, eager: bool = False
) -> tuple[Any, Any]:
    """Outputs, and the non-trainable variables after it. JAX compiles all of it at once."""

    def call(trained: Any, fixed: Any, arrays: Any) -> Any:
        given = structured(model, arrays)
        return model.stateless_call(trained, fixed, given, training=training)

    compile_it = keras.backend.backend() == "jax" and not eager
    trained = [variable.value for variable in model.trainable_variables]
    fixed = [variable.value for variable in model.non_trainable_variables]
    tensors = [keras.ops.convert_to_tensor(array) for array in inputs]
    return (jax.jit(call) if compile_it else call)(trained, fixed, tensors)  # type: ignore[no-any-return]


def _shifted(array: Array) -> Array:
    if array.dtype != np.float32:
        return array
    samples = np.linspace(-1, 1, len(array), dtype="float32")
    return array + samples.reshape(-1, *[1] * (array.ndim - 1))


def _telling(name: str, shape: tuple[int, ...], random: np.random.Generator) -> Array:
    if "variance" in name:
        return random.uniform(0.5, 2.0, shape)
    if name in ("gamma", "scale"):
        return random.uniform(0.5, 1.5, shape)
    if len(shape) < 2:
        return random.normal(size=shape) * 0.3
    # A kernel's last axis is what it makes; in depth, a channel sees its own window only.
    axes = shape[:-2] if "depthwise" in name else shape[:-1]
    seen = 1 if name == "embeddings" else math.prod(axes)
    return random.normal(size=shape) * math.sqrt(1.5 / seen)


def _normalizations(model: keras.Model) -> list[keras.layers.BatchNormalization]:
    found = (keras.layers.BatchNormalization,)
    return [layer for layer in _layers(model) if isinstance(layer, found)]


def _layers(model: keras.Model) -> Iterator[Any]:
    for layer in model.layers:
        yield layer
        if isinstance(layer, keras.Model):
            yield from _layers(layer)
