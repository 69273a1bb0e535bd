"""What convolutions are, in NumPy and place by place: written from the definitions, not from Keras.

Arrays are (batch, *places, channels), of any number of axes of places, and float64. Arguments are
those of the Keras layers. Nothing here adds a bias.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np
from bias_definition import Array

Places = tuple[int, ...]


def each(value: Any, rank: int) -> Places:
    """One number per axis of places."""
    return tuple(value) if isinstance(value, tuple | list) else (value,) * rank


def reach(kernel: Places, dilation: Places) -> Places:
    """How many places a kernel spans along each axis."""
    return tuple((k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True))


def padding_of(kind: str, n: int, span: int, stride: int) -> tuple[int, int]:
    """Places of zeros before and after an axis of n places.

    "same": an output for every stride-th place, zeros halved between the ends, the odd one after.
    "causal": no output sees a later place.
    """
    if kind == "valid":
        return 0, 0
    if kind == "causal":
        return span - 1, 0
    total = max((-(-n // stride) - 1) * stride + span - n, 0)
    return total // 2, total - total // 2


def windows(
    x: Array, kernel: Places, arguments: Mapping[str, Any]
) -> tuple[Places, Iterator[tuple[Places, Places, Array]]]:
    """The output's places, and what each of them sees under each place of the kernel.

    Args:
        x: (batch, *places, channels).
        kernel: the kernel's places.
        arguments: the layer's.

    Returns:
        The sizes of the output, and triples of an output place, a kernel place and the input there,
        (batch, channels).
    """
    rank = len(kernel)
    strides = each(arguments.get("strides", 1), rank)
    dilation = each(arguments.get("dilation_rate", 1), rank)
    spans = reach(kernel, dilation)
    kind = arguments.get("padding", "valid")
    pads = [
        padding_of(kind, n, span, stride)
        for n, span, stride in zip(x.shape[1:-1], spans, strides, strict=True)
    ]
    padded = np.pad(x, [(0, 0), *pads, (0, 0)])
    sizes = tuple(
        (n - span) // stride + 1
        for n, span, stride in zip(padded.shape[1:-1], spans, strides, strict=True)
    )

    def seen() -> Iterator[tuple[Places, Places, Array]]:
        for place, under in product(np.ndindex(*sizes), np.ndindex(*kernel)):
            at = tuple(
                p * s + q * d for p, s, q, d in zip(place, strides, under, dilation, strict=True)
            )
            yield place, under, padded[(slice(None), *at)]

    return sizes, seen()


def convolution(x: Array, kernel: Array, arguments: Mapping[str, Any]) -> Array:
    """Sum over a, c: x[i * stride + a * dilation - padding, c] * kernel[a, c, f].

    With groups, filter f sees the channels of its own group only.

    Args:
        x: (batch, *places, channels).
        kernel: (*kernel places, channels / groups, filters).
        arguments: the layer's.
    """
    groups = arguments.get("groups", 1)
    fan_in, filters = kernel.shape[-2:]
    sizes, seen = windows(x, kernel.shape[:-2], arguments)
    y: Array = np.zeros((len(x), *sizes, filters))
    for place, under, values in seen:
        for f in range(filters):
            first = f * groups // filters * fan_in
            own = values[:, first : first + fan_in]
            at: tuple[Any, ...] = (slice(None), *place, f)
            y[at] += own @ kernel[under][:, f]
    return y


def depthwise_convolution(x: Array, kernel: Array, arguments: Mapping[str, Any]) -> Array:
    """Sum over a: x[i * stride + a * dilation - padding, c] * kernel[a, c, m], at c * multiple + m.

    Args:
        x: (batch, *places, channels).
        kernel: (*kernel places, channels, multiple).
        arguments: the layer's.
    """
    channels, multiple = kernel.shape[-2:]
    sizes, seen = windows(x, kernel.shape[:-2], arguments)
    y = np.zeros((len(x), *sizes, channels * multiple))
    for place, under, values in seen:
        for c, m in product(range(channels), range(multiple)):
            y[(slice(None), *place, c * multiple + m)] += values[:, c] * kernel[(*under, c, m)]
    return y


def transposed_convolution(x: Array, kernel: Array, arguments: Mapping[str, Any]) -> Array:
    """Each input place adds its kernel's worth to the output: the transpose of `convolution`.

    sum over n, a, c with i == n * stride + a * dilation - padding: x[n, c] * kernel[a, f, c].
    "same" makes stride times as many places, and pads as the convolution does that leads back
    from there; "valid" makes all that are reached, and at least that many. `output_padding` says
    how many there are beyond the shortest output that leads back.

    Args:
        x: (batch, *places, channels).
        kernel: (*kernel places, filters, channels).
        arguments: the layer's.
    """
    places, kernel_places = x.shape[1:-1], kernel.shape[:-2]
    rank = len(places)
    strides = each(arguments.get("strides", 1), rank)
    dilation = each(arguments.get("dilation_rate", 1), rank)
    spans = reach(kernel_places, dilation)
    more = arguments.get("output_padding")
    same = arguments.get("padding", "valid") == "same"
    sizes, before = [], []
    for axis, (n, span, stride) in enumerate(zip(places, spans, strides, strict=True)):
        reached = (n - 1) * stride + span
        if more is not None:
            size = reached - (2 * (span // 2) if same else 0) + each(more, rank)[axis]
        else:
            size = n * stride if same else max(reached, n * stride)
        sizes.append(size)
        before.append(max(reached - size, 0) // 2 if same else 0)
    y = np.zeros((len(x), *sizes, kernel.shape[-2]))
    for place, under in product(np.ndindex(*places), np.ndindex(*kernel_places)):
        at = tuple(
            n * s + a * d - b
            for n, s, a, d, b in zip(place, strides, under, dilation, before, strict=True)
        )
        if all(0 <= i < size for i, size in zip(at, sizes, strict=True)):
            y[(slice(None), *at)] += x[(slice(None), *place)] @ kernel[under].T
    return y
