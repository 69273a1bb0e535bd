"""What a bias is, in NumPy and index by index: written from the definition, not from the layers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def block_of(counts: Sequence[int], sizes: Sequence[int]) -> NDArray[np.intp]:
    """For each index of an output of `sizes`, the number of the bias that is added there.

    Biases are numbered in C order over `counts`: along an axis of size n with k biases, index i
    belongs to the bias i * k // n.
    """
    number = np.zeros(tuple(sizes), dtype=np.intp)
    for index in np.ndindex(*sizes):
        of = [i * k // n for i, k, n in zip(index, counts, sizes, strict=True)]
        number[index] = np.ravel_multi_index(of, tuple(counts)) if of else 0
    return number


def spread(bias: Array, counts: Sequence[int], sizes: Sequence[int]) -> Array:
    """What is added to an output of `sizes`: at each index the bias it belongs to."""
    values: Array = np.asarray(bias, dtype=np.float64).reshape(-1)[block_of(counts, sizes)]
    return values


def gathered(gradient: Array, counts: Sequence[int], stored: Sequence[int]) -> Array:
    """A bias's gradient: the output's gradient summed over the indices that share it.

    Args:
        gradient: by the output, with the batch.
        counts: biases along each axis of the output without batch.
        stored: the bias's own shape.
    """
    total = np.zeros(int(np.prod(tuple(counts))))
    np.add.at(total, block_of(counts, gradient.shape[1:]), gradient.sum(axis=0))
    return total.reshape(tuple(stored))
