"""Every activation that Keras has, in an Activation layer and inside of a Dense."""

from functools import partial

import keras
import numpy as np
from keras import layers as kl
from parity.row import Array, Row, floats, one

NAMES = [
    *("celu", "elu", "exponential", "gelu", "hard_shrink", "hard_sigmoid", "hard_silu"),
    *("hard_swish", "hard_tanh", "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish"),
    *("relu", "relu6", "selu", "sigmoid", "silu", "soft_shrink", "softmax", "softplus"),
    *("softsign", "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus", "swish", "tanh"),
    "tanh_shrink",
]
ALONG_AN_AXIS = {"softmax", "log_softmax", "sparsemax"}

# Both sides of every edge that an activation has, in steps that float32 holds exactly.
GRID = np.arange(-7, 7.125, 0.125, dtype=np.float32).reshape(-1, 1)
HUGE_AND_TINY: Array = floats(
    [0.0, *(s * x for x in (1e-30, 1e-7, 1e-3, 19, 40, 87, 200, 1e4, 1e30) for s in (1, -1))]
).reshape(-1, 1)
# Keras's own formula cancels and overflows beyond: there the twin is right and Keras is not.
UP_TO = {"squareplus": 19.0}
ROWS_OF_FOUR = floats(
    [[0, 0, 0, 0], [1, 1, 1, 1], [-5, 0, 5, 9], [0.1, 0.2, 0.3, 0.4], [1e4, 0, -1e4, 1e4 - 1]]
)


def activation(name: str, size: int) -> keras.Model:
    """A model of one Activation layer."""
    model: keras.Model = one(partial(kl.Activation, name), size)()
    return model


ROWS = [
    *(
        Row(f"dense_{name}", one(partial(kl.Dense, 4, activation=name), 5), "in a Dense")
        for name in NAMES
    ),
    *(
        Row(f"{name}_rank_3", one(partial(kl.Activation, name), 3, 4), "on rank 3")
        for name in sorted({*ALONG_AN_AXIS, "glu"})
    ),
    Row("activation_glu", one(partial(kl.Activation, "glu"), 6), "halves the last axis"),
]
