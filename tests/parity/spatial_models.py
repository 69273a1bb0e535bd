"""Layers that pool, pad, crop and enlarge spatial axes, with every option.

Before each layer stands a bias that can be trained, so that the gradient by its input is seen.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import keras
import numpy as np
from keras import layers as kl
from parity.row import Array, Row, floats, one

from keras_bias import layers as bl

FIRST = {"data_format": "channels_first"}


def stack(shape: Sequence[int | None], *layers: Callable[[], Any]) -> Callable[[], keras.Model]:
    """A builder of a stack on an input of that shape without batch."""
    return lambda: keras.Sequential([keras.Input(shape), *(layer() for layer in layers)])


def row(name: str, why: str, cls: Any, *shape: int | None, **options: Any) -> Row:
    """A row for one layer behind a bias, on an input of that shape without batch."""
    kind = bl.Bias if None in shape else partial(bl.Bias, "untied")
    return Row(f"spatial_{name}", stack(shape, kind, partial(cls, **options)), why)


def several(
    name: str, why: str, *shape: int | None, stock: bool = False, layers: Sequence[Any]
) -> Row:
    """A row for several layers on one input, all of whose numbers come out: they cost one model."""

    def build() -> keras.Model:
        inputs = keras.Input(shape)
        biased = bl.Bias("scalar")(inputs)
        flat = [kl.Flatten()(layer()(biased)) for layer in layers]
        return keras.Model(inputs, kl.Concatenate()(flat) if len(flat) > 1 else flat[0])

    return Row(f"spatial_{name}", build, why, stock=stock)


# Sizes are equal where they can be: an axis that is taken for another is not seen in any shape.
POOLING = [
    several(
        "pooling_1d",
        "stock, and channels first",
        5, 5,
        layers=[
            partial(kl.MaxPooling1D),
            partial(kl.MaxPooling1D, 3, 2, padding="same"),
            partial(kl.MaxPooling1D, 2, 3, padding="same", **FIRST),
            partial(kl.MaxPooling1D, 3, 1, **FIRST),
            partial(kl.AveragePooling1D, 3, 1),
            partial(kl.AveragePooling1D, 3, 2, **FIRST),
        ],
    ),
    several(
        "pooling_1d_average_same",
        "tfjs's gradient counts the padding",
        4, 4,
        layers=[
            partial(kl.AveragePooling1D, 3, 1, padding="same"),
            partial(kl.AveragePooling1D, 2, 3, padding="same"),
            partial(kl.AveragePooling1D, 2, 2, padding="same"),
            partial(kl.AveragePooling1D, 5, 2, padding="same", **FIRST),
        ],
    ),
    several(
        "pooling_2d",
        "with every option",
        4, 4, 4,
        layers=[
            partial(kl.MaxPooling2D, (3, 2), (2, 3), padding="same", **FIRST),
            partial(kl.MaxPooling2D, 2, 3),
            partial(kl.AveragePooling2D, 3, 2, padding="same"),
            partial(kl.AveragePooling2D, (1, 3), 1, padding="same", **FIRST),
            partial(kl.AveragePooling2D, (3, 1), (2, 1), **FIRST),
        ],
    ),
    several(
        "pooling_3d",
        "with every option",
        3, 3, 3, 3,
        layers=[
            partial(kl.MaxPooling3D),
            partial(kl.MaxPooling3D, (3, 2, 1), (1, 2, 2), padding="same", **FIRST),
            partial(kl.MaxPooling3D, (1, 2, 2), (1, 2, 1), padding="same", **FIRST),
            partial(kl.AveragePooling3D, (2, 1, 3), 1),
            partial(kl.AveragePooling3D, (3, 2, 1), (1, 2, 2), padding="same"),
            partial(kl.AveragePooling3D, 2, 2, padding="same", **FIRST),
        ],
    ),
    several(
        "pooling_unknown",
        "sizes that are not known",
        None, None, 2,
        layers=[
            partial(kl.MaxPooling2D, 3, 2, padding="same"),
            partial(kl.AveragePooling2D, 3, 2, padding="same"),
            partial(kl.AveragePooling2D, 1, 2, padding="same"),
        ],
    ),
    row("pooling_one", "everything 1", kl.AveragePooling2D, 1, 1, 1, pool_size=1, padding="same"),
    Row(
        "spatial_pooling_stock",
        stack((4, 4, 2), partial(kl.AveragePooling2D, 3, 2, padding="same"), kl.GlobalMaxPooling2D),
        "the numbers are right",
        stock=True,
        trains=False,
    ),
]  # fmt: skip

GLOBAL = [
    several(
        "global_1d",
        "tfjs ignores both options",
        4, 4,
        layers=[
            partial(layer, keepdims=keepdims, data_format=data_format)
            for layer in (kl.GlobalAveragePooling1D, kl.GlobalMaxPooling1D)
            for keepdims in (False, True)
            for data_format in ("channels_last", "channels_first")
        ],
    ),
    several(
        "global_2d",
        "tfjs ignores keepdims",
        3, 3, 3,
        layers=[
            partial(layer, keepdims=keepdims, data_format=data_format)
            for layer in (kl.GlobalAveragePooling2D, kl.GlobalMaxPooling2D)
            for keepdims in (False, True)
            for data_format in ("channels_last", "channels_first")
        ],
    ),
    several(
        "global_3d",
        "not in tfjs",
        2, 3, 2, 3,
        layers=[
            kl.GlobalAveragePooling3D,
            partial(kl.GlobalAveragePooling3D, keepdims=True, **FIRST),
            partial(kl.GlobalMaxPooling3D, **FIRST),
            partial(kl.GlobalMaxPooling3D, keepdims=True),
        ],
    ),
    several(
        "global_unknown",
        "sizes and channels that are not known",
        None, None, None,
        layers=[
            partial(kl.GlobalAveragePooling2D, keepdims=True),
            partial(kl.GlobalMaxPooling2D, keepdims=True, **FIRST),
        ],
    ),
    Row(
        "spatial_global_max_ties",
        stack((4, 3), bl.Bias, partial(kl.UpSampling1D, 3), kl.GlobalMaxPooling1D),
        "the gradient is shared by numbers that are equal",
    ),
    several(
        "global_stock",
        "stock layers bring back the axes",
        3, 3, 3,
        stock=True,
        layers=[
            partial(kl.GlobalAveragePooling2D, keepdims=True),
            partial(kl.GlobalMaxPooling2D, keepdims=True, **FIRST),
        ],
    ),
]  # fmt: skip


def words(*layers: Callable[[], Any], steps: int = 4) -> Callable[[], keras.Model]:
    """A builder of a stack on words, of which some are masked."""
    embedding = partial(kl.Embedding, 4, 3, mask_zero=True)
    return lambda: keras.Sequential(
        [keras.Input((steps,), dtype="int32"), embedding(), *(layer() for layer in layers)]
    )


def masked_and_not() -> keras.Model:
    inputs = keras.Input((4,), dtype="int32")
    embedded = kl.Embedding(4, 3, mask_zero=True)(inputs)
    mean = kl.GlobalAveragePooling1D
    outputs = [mean()(embedded), mean()(bl.Conv1D(3, 2)(embedded)), mean(keepdims=True)(embedded)]
    return keras.Model(inputs, [*outputs, kl.GlobalMaxPooling1D()(embedded)])


def masked_functionally() -> keras.Model:
    inputs = keras.Input((4, 3))
    masked = kl.Masking()(inputs)
    return keras.Model(inputs, kl.GlobalAveragePooling1D()(kl.Dense(3, activation="tanh")(masked)))


WORDS: Array = np.asarray([[1, 2, 0, 3], [0, 0, 0, 2], [3, 1, 2, 1]], "int32")

MASKED = [
    Row("spatial_mask_embedding", words(kl.GlobalAveragePooling1D), "the mean of words", [WORDS]),
    Row(
        "spatial_mask_through",
        words(
            partial(bl.Dense, 3, activation="relu"),
            partial(kl.Dropout, 0.0),
            partial(kl.GlobalAveragePooling1D, keepdims=True),
        ),
        "a mask that comes through other layers",
        [WORDS],
    ),
    Row(
        "spatial_mask_lstm",
        words(partial(kl.LSTM, 3, return_sequences=True), kl.GlobalAveragePooling1D),
        "a mask that comes through a recurrent layer",
        [WORDS],
    ),
    Row("spatial_mask_some", masked_and_not, "each layer its own mask, or none", [WORDS]),
    Row(
        "spatial_mask_masking",
        masked_functionally,
        "the mask stands among the call's arguments",
        [floats([[[1, 2, 3], [0, 0, 0], [3, 1, 4], [0, 0, 0]], [[1, 1, 2]] * 4])],
    ),
    Row(
        "spatial_mask_first",
        words(partial(kl.GlobalAveragePooling1D, data_format="channels_first"), steps=3),
        "the mask is of the last axis",
        [WORDS[:, 1:]],
    ),
    Row(
        "spatial_mask_ends",
        words(partial(kl.ZeroPadding1D, 1), partial(kl.UpSampling1D, 2), kl.GlobalAveragePooling1D),
        "the mask ends here",
        [WORDS],
    ),
]

MARGINS = [
    several(
        "margins_1d",
        "not in tfjs",
        4, 4,
        layers=[
            kl.ZeroPadding1D,
            partial(kl.ZeroPadding1D, (0, 2)),
            partial(kl.ZeroPadding1D, (2, 1), **FIRST),
            kl.Cropping1D,
            partial(kl.Cropping1D, (2, 0)),
            partial(kl.Cropping1D, (0, 3)),
        ],
    ),
    several(
        "margins_2d",
        "stock",
        4, 4, 4,
        layers=[
            partial(kl.ZeroPadding2D, (2, 1)),
            partial(kl.ZeroPadding2D, ((1, 0), (0, 2)), **FIRST),
            partial(kl.Cropping2D, 1),
            partial(kl.Cropping2D, ((1, 0), (0, 2))),
            partial(kl.Cropping2D, ((0, 3), (2, 1)), **FIRST),
        ],
    ),
    several(
        "margins_3d",
        "not in tfjs",
        3, 3, 3, 3,
        layers=[
            kl.ZeroPadding3D,
            partial(kl.ZeroPadding3D, ((0, 1), (2, 0), (1, 1)), **FIRST),
            kl.Cropping3D,
            partial(kl.Cropping3D, ((0, 1), (2, 0), (0, 0))),
            partial(kl.Cropping3D, (0, 1, 0), **FIRST),
        ],
    ),
    several(
        "margins_unknown",
        "stock takes an unknown size for 0",
        None, 4, 2,
        layers=[
            partial(kl.Cropping2D, ((1, 2), (0, 1))),
            partial(kl.ZeroPadding2D, ((1, 2), (0, 1))),
        ],
    ),
    Row(
        "spatial_margins_then_dense",
        stack(
            (None, 3),
            partial(kl.ZeroPadding1D, 2),
            partial(kl.Cropping1D, (1, 2)),
            partial(kl.UpSampling1D, 2),
            partial(bl.Dense, 2),
        ),
        "later layers know the channels",
    ),
    Row("spatial_margins_int", one(partial(kl.ZeroPadding1D, 2), 3, 2, dtype="int32"), "integers"),
    Row("spatial_cropping_int", one(partial(kl.Cropping1D, 1), 3, 2, dtype="int32"), "integers"),
    Row(
        "spatial_at_each_step",
        stack(
            (2, 4, 4),
            bl.Bias,
            partial(kl.TimeDistributed, kl.ZeroPadding1D((1, 2))),
            partial(kl.TimeDistributed, kl.UpSampling1D(2)),
            partial(kl.TimeDistributed, kl.AveragePooling1D(3, padding="same")),
            partial(kl.TimeDistributed, kl.GlobalMaxPooling1D()),
        ),
        "inside another layer",
    ),
]  # fmt: skip

INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")

UP_SAMPLING = [
    several(
        "up_sampling_1d_3d",
        "not in tfjs",
        3, 3, 3, 3,
        layers=[
            kl.UpSampling3D,
            partial(kl.UpSampling3D, (1, 2, 3), **FIRST),
            lambda: keras.Sequential([kl.Reshape((9, 9)), kl.UpSampling1D(3)]),
        ],
    ),
    *(
        several(
            f"up_sampling_2d_{interpolation}",
            "from the middle of each pixel",
            3, 3, 3,
            layers=[
                partial(kl.UpSampling2D, interpolation=interpolation),
                partial(kl.UpSampling2D, (3, 1), interpolation=interpolation, **FIRST),
                partial(kl.UpSampling2D, (1, 5), interpolation=interpolation),
            ],
        )
        for interpolation in INTERPOLATIONS
    ),
    several(
        "up_sampling_unknown",
        "sizes that are not known, and 1",
        None, 1, 2,
        layers=[
            partial(kl.UpSampling2D, (2, 3)),
            partial(kl.UpSampling2D, (2, 3), interpolation="bilinear"),
            partial(kl.UpSampling2D, (1, 1), interpolation="bicubic"),
        ],
    ),
    row("up_sampling_far", "tfjs rounds it away", kl.UpSampling2D, 2, 3, 1, size=(41, 49)),
    Row("spatial_up_sampling_int", one(kl.UpSampling1D, 3, 2, dtype="int32"), "integers"),
    Row(
        "spatial_up_sampling_stock",
        stack((3, 3, 2), bl.Bias, partial(kl.UpSampling2D, (40, 3), **FIRST)),
        "as far as tfjs can",
        stock=True,
        trains=False,
    ),
]  # fmt: skip

ADAPTIVE = [
    several(
        "adaptive_1d",
        "windows of two sizes, and more than there are numbers",
        7, 7,
        layers=[
            partial(layer, size, data_format=data_format)
            for layer in (kl.AdaptiveAveragePooling1D, kl.AdaptiveMaxPooling1D)
            for size, data_format in (
                (3, "channels_last"), (5, "channels_first"), (9, "channels_last"), (1, None),
            )
        ],
    ),
    several(
        "adaptive_2d",
        "an axis after the other",
        4, 4, 4,
        layers=[
            partial(kl.AdaptiveAveragePooling2D, 2),
            partial(kl.AdaptiveAveragePooling2D, (3, 5), **FIRST),
            partial(kl.AdaptiveMaxPooling2D, (4, 3)),
            partial(kl.AdaptiveMaxPooling2D, 3, **FIRST),
        ],
    ),
    several(
        "adaptive_3d",
        "an axis after the other",
        3, 3, 3, 3,
        layers=[
            partial(kl.AdaptiveAveragePooling3D, (1, 2, 4)),
            partial(kl.AdaptiveAveragePooling3D, 2, **FIRST),
            partial(kl.AdaptiveMaxPooling3D, (2, 3, 1)),
            partial(kl.AdaptiveMaxPooling3D, 2, **FIRST),
        ],
    ),
    Row(
        "spatial_adaptive_ties",
        stack(
            (5, 3),
            bl.Bias,
            partial(kl.UpSampling1D, 2),
            partial(kl.AdaptiveMaxPooling1D, 3),
        ),
        "the gradient goes to the first of the largest",
    ),
    row("adaptive_unknown", "any size", kl.AdaptiveAveragePooling2D, None, None, 2, output_size=3),
]  # fmt: skip

ROWS = [*POOLING, *GLOBAL, *MASKED, *MARGINS, *UP_SAMPLING, *ADAPTIVE]
