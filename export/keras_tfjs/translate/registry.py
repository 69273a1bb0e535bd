"""Which translator a layer class has: one row for each, gathered from the families.

The key is a class's registered name ("keras_bias>Dense"), or for Keras's own its class name.
"""

from collections.abc import Callable

from keras_tfjs.ir import Layer
from keras_tfjs.translate import (
    bias,
    convolution,
    core,
    merging,
    normalization,
    pooling,
    rectifiers,
    regularization,
    reshaping,
)
from keras_tfjs.translate.options import Aim

Translator = Callable[[Layer, Aim], Layer]

LAYERS: dict[str, Translator] = {
    **core.TRANSLATORS,
    **rectifiers.TRANSLATORS,
    **regularization.TRANSLATORS,
    **reshaping.TRANSLATORS,
    **merging.TRANSLATORS,
    **normalization.TRANSLATORS,
    **convolution.TRANSLATORS,
    **pooling.TRANSLATORS,
    **bias.TRANSLATORS,
}

OPERATIONS: dict[str, Translator] = {}
"""Operations of `keras.ops` on tensors of a functional model, by class name: none yet.

Their calls reach the translator as Keras wrote them, with numbers and slices among the arguments;
the layer that it gives must have calls with tensors only.
"""

TRAINS_DIFFERENTLY = frozenset(
    [*regularization.TRANSLATORS, "BatchNormalization", "Sequential", "Functional", "Model"]
)
"""Classes whose output changes with `training=True`."""


def is_operation(layer: Layer) -> bool:
    """Whether it is an operation of `keras.ops`, and no layer, whatever its class name."""
    return (layer.module or "").startswith(("keras.src.ops", "keras.ops"))
