"""Our own Dense and Bias: every kind of bias, on every rank, alone and among options."""

from functools import partial
from typing import Any

import keras
from parity.row import Row, one

from keras_bias import layers as kl


def _rows() -> list[Row]:
    rows: list[Row] = []
    shape: Any
    for shape in ("vector", "scalar", "tied", "location", "untied", (None,), (2,), (1,)):
        name = shape if isinstance(shape, str) else f"tuple_{shape[0]}"
        rows.append(
            Row(
                f"bias_dense_{name}",
                one(partial(kl.Dense, 4, bias_shape=shape, activation="tanh"), 5),
                "each shape on rank 2",
            )
        )
        rows.append(Row(f"bias_{name}", one(partial(kl.Bias, shape), 4), "each shape on rank 2"))
    for shape in (
        *("vector", "scalar", "location", "untied"),
        *((3, None), (None, 1), (1, 2), (None, 2), (None,), (3, 1)),
    ):
        name = shape if isinstance(shape, str) else "tuple_" + "_".join(map(str, shape))
        # As many steps as units: an axis that is taken for another is not seen in any shape.
        for steps, units in ((3, 4), (4, 4), (6, 2)):
            if isinstance(shape, tuple) and 3 in shape and steps % 3:
                continue
            rows.append(
                Row(
                    f"bias_dense_{name}_{steps}x{units}",
                    one(partial(kl.Dense, units, bias_shape=shape), steps, 5),
                    "each shape on rank 3",
                )
            )
            rows.append(
                Row(
                    f"bias_{name}_{steps}x{units}",
                    one(partial(kl.Bias, shape), steps, units),
                    "each shape on rank 3",
                )
            )
    return rows


def question(**options: Any) -> keras.Model:
    """The network of the question: 1 input, 5 hidden units, 2 outputs."""
    return keras.Sequential([keras.Input((1,)), kl.Dense(5, **options), kl.Dense(2, **options)])


KINDS: dict[str, dict[str, Any]] = {
    "vector": {},
    "scalar": {"bias_shape": "scalar"},
    "none": {"use_bias": False},
    "fixed": {"bias_initializer": "ones", "bias_trainable": False},
    "fixed_scalar": {"bias_shape": "scalar", "bias_trainable": False},
    "relu": {"activation": "relu"},
}

OPTIONS = [
    Row(
        f"question_{name}",
        partial(question, **options),
        "the network of the question",
    )
    for name, options in KINDS.items()
] + [
    Row("bias_dense_frozen", one(partial(kl.Dense, 4, trainable=False), 5), "all of it frozen"),
    Row("bias_frozen", one(partial(kl.Bias, bias_trainable=False), 5), "nothing to train"),
    Row("bias_dense_rank_4", one(partial(kl.Dense, 4, bias_shape="untied"), 2, 3, 5), "rank 4"),
    Row("bias_dense_rank_4_k", one(partial(kl.Dense, 4, bias_shape=(1, 3, 2)), 2, 3, 5), "k twice"),
    Row("bias_rank_4_location", one(partial(kl.Bias, "location"), 3, 3, 3), "axes look alike"),
    Row("bias_rank_5", one(partial(kl.Bias, "untied"), 2, 2, 2, 3), "rank 5"),
    Row("bias_rank_5_k", one(partial(kl.Bias, (1, 2, None, 3)), 2, 4, 2, 3), "a mixture on rank 5"),
    Row("bias_rank_6", one(partial(kl.Bias, (2, 1, 1, None)), 2, 4, 2, 1, 3), "rank 6"),
    Row(
        "bias_channels_first",
        one(partial(kl.Bias, "vector", data_format="channels_first"), 3, 3, 3),
        "the channel axis is 1, and looks like the others",
    ),
    Row(
        "bias_channels_first_untied",
        one(partial(kl.Bias, "untied", data_format="channels_first"), 3, 2, 4),
        "channels first",
    ),
    Row(
        "bias_channels_first_location",
        one(partial(kl.Bias, "location", data_format="channels_first"), 3, 3, 3),
        "shared by the channels",
    ),
    Row("bias_group", one(partial(kl.Bias, "group", groups=2), 3, 4), "blocks of channels"),
    Row(
        "bias_group_channels_first",
        one(partial(kl.Bias, "group", groups=2, data_format="channels_first"), 4, 4, 4),
        "blocks of channels, first",
    ),
    Row("bias_unknown_steps", one(kl.Bias, None, 4), "an unknown size"),
    Row("bias_unknown_steps_scalar", one(partial(kl.Bias, "scalar"), None, 4), "an unknown size"),
    Row(
        "bias_dense_unknown_steps",
        one(partial(kl.Dense, 4, bias_shape="scalar"), None, 5),
        "an unknown size",
    ),
    Row("bias_of_ints", one(kl.Bias, 4, dtype="int32"), "int32 in, float32 out"),
    Row("bias_activation", one(partial(kl.Bias, "scalar", activation="relu"), 4), "activation"),
    Row(
        "bias_hard_sigmoid",
        one(partial(kl.Bias, "scalar", activation="hard_sigmoid"), 4),
        "an activation that tfjs has otherwise",
    ),
    Row(
        "bias_dense_silu",
        one(partial(kl.Dense, 4, bias_shape="scalar", activation="silu"), 5),
        "an activation with another name",
    ),
    Row(
        "bias_dense_regularized",
        one(
            partial(
                kl.Dense, 4, bias_shape="scalar", kernel_regularizer="l1", bias_regularizer="l2"
            ),
            5,
        ),
        "its loss is part of training",
    ),
    Row(
        "bias_regularized",
        one(partial(kl.Bias, "scalar", bias_regularizer="l1"), 5),
        "its loss is part of training",
    ),
    Row(
        "bias_dense_constrained",
        one(partial(kl.Dense, 4, bias_shape=(2,), bias_constraint="non_neg"), 5),
        "constraints stay behind",
    ),
    Row("bias_one_unit", one(partial(kl.Dense, 1, bias_shape="scalar"), 5), "one is all"),
]

ROWS = [*_rows(), *OPTIONS]
