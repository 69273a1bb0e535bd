"""Graphs that nobody would draw: layers, options, names and wiring by chance, but seeded.

What is drawn is valid in Keras, and made of what the converter carries; so each must come out of
tfjs as it went in.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import keras
import numpy as np
from keras import layers as kl

from keras_bias import layers as bias_layers

ACTIVATIONS = (
    "linear", "relu", "elu", "tanh", "softmax", "silu", "gelu", "hard_sigmoid", "leaky_relu",
    "softplus", "mish", "selu", "hard_silu", "celu",
)  # fmt: skip
NAMES = (
    "__proto__", "constructor", "toString", "a b", "a_b", "a:b", "größe", "_private", "camelCase",
    "snake_case", "Upper", "0", "12", "dense", "dense_1", "kernel", "model", "x.y", "-", "🙂",
)  # fmt: skip
SIZES = (1, 2, 3, 4)
DEEPEST = 3


class Draw:
    """Draws from one seed: everything below is decided by it."""

    def __init__(self, seed: Sequence[int]) -> None:
        self._random = np.random.default_rng(seed)

    def one(self, *choices: Any) -> Any:
        """One of them."""
        return choices[int(self._random.integers(len(choices)))]

    def some(self, choices: Sequence[Any], most: int) -> list[Any]:
        """One or more of them, with repetition."""
        return [self.one(*choices) for _ in range(self.number(1, most))]

    def number(self, least: int, most: int) -> int:
        """A whole number."""
        return int(self._random.integers(least, most + 1))

    def chance(self, probability: float) -> bool:
        """True as often as that."""
        return bool(self._random.random() < probability)

    def shape(self, rank: int) -> tuple[int, ...]:
        """A shape without batch."""
        return tuple(self.one(*SIZES) for _ in range(rank))


def random_model(seed: int) -> keras.Model:
    """The model of that seed; what Keras refuses to build or to save is drawn again."""
    for attempt in range(10):
        try:
            model = _model(Draw((seed, attempt)), 1)
            model.get_config()
            return model
        except ValueError:
            continue
    raise AssertionError(f"seed {seed} draws nothing that Keras would build")


def _model(draw: Draw, depth: int, shape: tuple[int, ...] | None = None) -> keras.Model:
    names = _names(draw)
    if draw.chance(0.25):
        return _sequential(draw, depth, names, shape)
    shapes = [shape or draw.shape(draw.one(1, 1, 2, 2, 3, 4))]
    shapes += [] if shape else [draw.shape(draw.number(1, 3)) for _ in range(draw.number(0, 2))]
    batch = draw.number(1, 3) if depth == 1 and draw.chance(0.1) else None
    inputs = [keras.Input(each, batch_size=batch, name=next(names)) for each in shapes]
    pool = list(inputs)
    if depth == 1 and draw.chance(0.3):
        words = keras.Input((draw.number(2, 4),), dtype="int32", batch_size=batch)
        inputs.append(words)
        masked = draw.chance(0.4)
        pool.append(kl.Embedding(5, draw.one(*SIZES), mask_zero=masked)(words))
    made: list[tuple[Any, Any]] = []  # layers that may be called again, and on what they were
    for _ in range(draw.number(1, 7)):
        pool.append(_step(draw, depth, pool, made, names))
    outputs = [pool[-1], *([] if draw.chance(0.5) else draw.some(pool, 3))]
    return keras.Model(
        _structured(draw, {each.name: each for each in inputs}, depth),
        _structured(draw, dict(zip("zaMb", outputs, strict=False)), depth),
        name=next(names),
    )


def _sequential(
    draw: Draw, depth: int, names: Iterator[str | None], shape: tuple[int, ...] | None
) -> keras.Model:
    layers: list[Any] = []
    tensor = keras.Input(shape or draw.shape(draw.number(1, 4)))
    first = tensor.shape
    for _ in range(draw.number(1, 4)):
        if depth < DEEPEST and draw.chance(0.25):
            layer = _model(draw, depth + 1, tensor.shape[1:])
            if len(layer.inputs) != 1 or not hasattr(layer(tensor), "shape"):
                continue
        else:
            layer = _layer(draw, tensor.shape)(name=next(names))
        tensor = layer(tensor)
        layers.append(layer)
    layers = layers or [kl.Dense(2)]
    if draw.chance(0.3):
        model = keras.Sequential(layers, name=next(names))
        model.build(first)
        return model
    return keras.Sequential([keras.Input(first[1:]), *layers], name=next(names))


def _step(
    draw: Draw,
    depth: int,
    pool: list[Any],
    made: list[tuple[Any, Any]],
    names: Iterator[str | None],
) -> Any:
    """A tensor more."""
    kind = draw.number(1, 10)
    if kind <= 2 and made:
        layer, shape = draw.one(*made)
        fitting = [tensor for tensor in pool if tensor.shape == shape]
        return _only(draw, layer(draw.one(*fitting)))
    if kind <= 4:
        return _merged(draw, pool, names)
    tensor = draw.one(*pool)
    if kind <= 6 and depth < DEEPEST:
        inner = _model(draw, depth + 1, tensor.shape[1:])
        if not isinstance(inner, keras.Sequential) and keras.tree.is_nested(inner.input):
            return _only(draw, inner(keras.tree.pack_sequence_as(inner.input, [tensor])))
        made.append((inner, tensor.shape))
        return _only(draw, inner(tensor))
    layer = _layer(draw, tensor.shape)(name=next(names))
    made.append((layer, tensor.shape))
    return layer(inputs=tensor) if draw.chance(0.1) else layer(tensor)


def _only(draw: Draw, outputs: Any) -> Any:
    return draw.one(*keras.tree.flatten(outputs))


def _merged(draw: Draw, pool: list[Any], names: Iterator[str | None]) -> Any:
    first = draw.one(*pool)
    alike = [tensor for tensor in pool if tensor.shape == first.shape]
    layer = draw.one(kl.Add, kl.Average, kl.Subtract, kl.Concatenate, kl.Dot)
    rank = len(first.shape)
    if layer is kl.Subtract:
        return kl.Subtract(name=next(names))([first, draw.one(*alike)])
    if layer is kl.Dot:
        axis = draw.one(*range(1, rank), -1)
        merge = kl.Dot(axis, normalize=draw.chance(0.5), name=next(names))
        return merge([first, draw.one(*alike)])
    tensors = [first, *draw.some(alike, 2)]
    if layer is kl.Concatenate:
        return kl.Concatenate(axis=draw.one(-1, rank - 1), name=next(names))(tensors)
    return layer(name=next(names))(tensors)


def _layer(draw: Draw, shape: tuple[int | None, ...]) -> Callable[..., Any]:
    """A layer that can be called on that shape."""
    rank, sizes = len(shape), shape[1:]
    axis = draw.one(*range(1, rank), *range(1 - rank, 0))
    flag = partial(draw.chance, 0.5)
    choices: list[Callable[..., Any]] = [
        partial(kl.Dense, draw.one(*SIZES), activation=draw.one(*ACTIVATIONS), use_bias=flag()),
        partial(kl.Dense, 2, kernel_regularizer="l2", kernel_constraint="max_norm"),
        partial(kl.Activation, draw.one(*ACTIVATIONS)),
        partial(kl.ReLU, draw.one(None, 0.7), draw.one(0, 0.1), draw.one(0, 0.2)),
        partial(kl.LeakyReLU, draw.one(0.0, 0.1)),
        partial(kl.PReLU, shared_axes=draw.one(None, [draw.number(1, rank - 1)])),
        partial(kl.ELU, draw.one(1.0, 0.5)),
        partial(kl.BatchNormalization, axis=axis, center=flag(), scale=flag()),
        partial(kl.LayerNormalization, axis=axis, center=flag(), scale=flag()),
        partial(kl.LayerNormalization, axis=list(range(1, rank)), rms_scaling=flag()),
        partial(kl.Rescaling, draw.one(2, 0.5, [0.5] * (sizes[-1] or 1)), draw.one(0, -1.0)),
        partial(kl.Dropout, 0.5),
        partial(kl.GaussianNoise, 0.5),
        kl.Identity,
        partial(kl.Flatten, data_format=draw.one(None, "channels_first")),
        partial(kl.Reshape, draw.one((-1,), (-1, 1), (*reversed(sizes),))),
        partial(kl.Permute, (*range(rank - 1, 0, -1),)),
        partial(bias_layers.Bias, draw.one("vector", "scalar", "untied")),
        partial(bias_layers.Dense, 4, bias_shape=draw.one("scalar", "vector", "untied")),
        partial(kl.ActivityRegularization, 0.1),
    ]
    if rank == 2:
        choices.append(partial(kl.RepeatVector, draw.number(1, 3)))
    if rank == 3:
        choices += [partial(kl.SpatialDropout1D, 0.5), kl.Masking]
        choices.append(partial(kl.Conv1D, 3, draw.number(1, sizes[0] or 1)))
    if rank == 4:
        window = {"padding": "same", "strides": draw.one(1, 2)}
        choices += [
            partial(kl.Conv2D, 3, draw.one(1, 2), use_bias=flag(), **window),
            partial(kl.DepthwiseConv2D, 2, depth_multiplier=draw.one(1, 2), **window),
            partial(kl.MaxPooling2D, 2, **window),
            partial(kl.AveragePooling2D, 2, **window),
            partial(kl.GlobalAveragePooling2D, keepdims=flag()),
            partial(kl.GlobalMaxPooling2D, keepdims=flag(), data_format="channels_first"),
            partial(kl.ZeroPadding2D, ((1, 0), (0, 2))),
        ]
    chosen: Callable[..., Any] = draw.one(*choices)
    return chosen


def _structured(draw: Draw, tensors: dict[str, Any], depth: int) -> Any:
    """Tensors alone, in a list, or in a dict: whole models take theirs in any form."""
    listed = list(tensors.values())
    if len(listed) == 1 and draw.chance(0.7):
        return listed[0]
    return tensors if depth == 1 and draw.chance(0.3) else listed


def _names(draw: Draw) -> Iterator[str | None]:
    """Names that are no trouble to Keras; mostly none."""
    left = list(NAMES)
    while True:
        if left and draw.chance(0.4):
            yield left.pop(draw.number(0, len(left) - 1))
        else:
            yield None
