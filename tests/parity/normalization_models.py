"""Normalizations along any axes and in groups, on every number of axes."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
from keras import layers as kl
from parity.row import Row, floats

from keras_bias import layers as bl


def behind(layer: Callable[[], Any], *shape: int | None) -> Callable[[], keras.Model]:
    """A builder of a model of one layer behind a bias, so that the input's gradient is seen."""
    return lambda: keras.Sequential([keras.Input(shape), bl.Bias("scalar"), layer()])


group, rms, unit = kl.GroupNormalization, kl.RMSNormalization, kl.UnitNormalization

GROUPS = [
    Row("group_norm", behind(partial(group, 2), 4), "a vector"),
    Row("group_norm_steps", behind(partial(group, 3), None, 6), "unknown steps"),
    Row("group_norm_one", behind(partial(group, 1), 4, 4), "one group, all sizes equal"),
    Row("group_norm_each", behind(partial(group, -1), 3, 2, 4), "each channel a group"),
    Row("group_norm_first", behind(partial(group, 2, axis=1), 4, 3, 4), "channels first"),
    Row("group_norm_middle", behind(partial(group, 2, axis=-2), 4, 4, 4), "a negative axis"),
    Row(
        "group_norm_volume",
        behind(partial(group, 2, axis=-4, epsilon=0.1, scale=False), 4, 2, 1, 3),
        "five axes, no gamma",
    ),
    Row("group_norm_bare", behind(partial(group, 3, center=False, scale=False), 2, 6), "neither"),
    Row(
        "group_norm_penalised",
        behind(partial(group, 2, center=False, gamma_regularizer="l2"), 2, 2, 1, 1, 4),
        "six axes, a regularizer",
    ),
    Row(
        "group_norm_masked",
        lambda: keras.Sequential([keras.Input((3, 4)), kl.Masking(7.0), group(2), kl.LSTM(2)]),
        "its mask goes on",
        inputs=[floats(np.where(np.arange(24).reshape(2, 3, 4) > 15, 7, 1.5))],
    ),
]

ROOTS = [
    Row("rms_norm", behind(rms, 5), "the last axis"),
    Row("rms_norm_rank_5", behind(partial(rms, epsilon=0.1), 2, 3, 1, 4), "epsilon, five axes"),
    Row("rms_norm_axes", behind(partial(rms, axis=[-1, -2]), 2, 3, 4), "a scale for several axes"),
    Row("rms_norm_axis_1", behind(partial(rms, axis=1), 4, 4), "the scale goes to the last axis"),
    Row("rms_norm_unknown", behind(rms, None, None, 3), "unknown sizes"),
    Row("unit_norm", behind(unit, 5), "the last axis"),
    Row("unit_norm_axis_1", behind(partial(unit, axis=1), 4, 4), "another"),
    Row("unit_norm_axes", behind(partial(unit, axis=[1, -1]), 2, 3, 1, 4), "two of five"),
    Row(
        "unit_norm_zero",
        lambda: keras.Sequential([keras.Input((3,)), kl.UnitNormalization()]),
        "nothing stays nothing",
        inputs=[floats([[0, 0, 0], [3e-9, 0, 4e-9], [3, 0, 4]])],
    ),
]

AXES: dict[tuple[int, ...], tuple[Any, ...]] = {
    (3,): (1, [1], [-1]),
    (3, 3): (2, [2, 1], [-1, 1], [1]),
    (2, 3, 3): (2, [1, 3], [3, 2], [-1, 1, 2]),
    (2, 1, 2, 2): (1, [1, 4], [2, -1], [4, 3, 2, 1]),
}
"""Of LayerNormalization, by shapes: negative ones are sorted first, and few are the last."""

EVERY_RANK = [
    *(
        Row(
            f"batch_norm_{len(shape) + 1}_{axis}",
            behind(partial(kl.BatchNormalization, axis=axis), *shape),
            "stock along the last axis up to rank 4",
        )
        for shape in AXES
        for axis in {1, len(shape), -len(shape)}
    ),
    *(
        Row(
            f"layer_norm_{len(shape) + 1}_{axis}",
            behind(partial(kl.LayerNormalization, axis=axis), *shape),
            "stock up to rank 4",
        )
        for shape, choices in AXES.items()
        for axis in choices
    ),
]

FROZEN = [
    Row(
        "batch_norm_frozen",
        behind(partial(kl.BatchNormalization, trainable=False), 3),
        "stock normalizes by the batch where it trains",
    ),
    Row(
        "batch_norm_frozen_stock",
        behind(partial(kl.BatchNormalization, trainable=False), 3),
        "which is said",
        stock=True,
        trains=False,
    ),
]

ROWS = [*FROZEN, *GROUPS, *ROOTS, *EVERY_RANK]
