"""Which translator a layer class has: one row for each, gathered from the families.

The key is a class's registered name ("keras_bias>Dense"), or for Keras's own its class name.
"""

from collections.abc import Callable

from keras_tfjs.errors import UnsupportedLayerError
from keras_tfjs.ir import Layer, is_operation
from keras_tfjs.translate import (
    applications,
    attention,
    bias,
    categories,
    convolution,
    core,
    depthwise,
    dot_attention,
    einsum_dense,
    explicit_masks,
    images,
    merging,
    normalization,
    operations,
    pooling,
    rectifiers,
    recurrent,
    regularization,
    reshaping,
    reversible_embedding,
    spatial,
    spectrograms,
    standardization,
    wrappers,
)
from keras_tfjs.translate.operation_layers import as_layer
from keras_tfjs.translate.options import Aim
from keras_tfjs.translate.refused import REFUSED

Translator = Callable[[Layer, Aim], Layer]


def translated(layer: Layer, aim: Aim) -> Layer:
    """The layer in tfjs's words.

    Raises:
        UnsupportedLayerError: for a layer or an operation that has no translator.
        UnsupportedOptionError: for an option that cannot be carried.
    """
    if is_operation(layer):
        layer = as_layer(layer, masked=aim.masked) or layer
    return _translator(layer)(layer, aim)


LAYERS: dict[str, Translator] = {
    **core.TRANSLATORS,
    **rectifiers.TRANSLATORS,
    **regularization.TRANSLATORS,
    **reshaping.TRANSLATORS,
    **reversible_embedding.TRANSLATORS,
    **merging.TRANSLATORS,
    **normalization.TRANSLATORS,
    **convolution.TRANSLATORS,
    **depthwise.TRANSLATORS,
    **pooling.TRANSLATORS,
    **spatial.TRANSLATORS,
    **images.TRANSLATORS,
    **spectrograms.TRANSLATORS,
    **categories.TRANSLATORS,
    **standardization.TRANSLATORS,
    **bias.TRANSLATORS,
    **einsum_dense.TRANSLATORS,
    **attention.TRANSLATORS,
    **dot_attention.TRANSLATORS,
    **recurrent.TRANSLATORS,
    **applications.TRANSLATORS,
    **explicit_masks.TRANSLATORS,
    **wrappers.translators(translated),
}


def _translator(layer: Layer) -> Translator:
    if is_operation(layer):
        return operations.operation
    own = layer.registered_name
    key = own if own and ">" in own else layer.class_name
    module = layer.module or "keras.layers"
    known = LAYERS.get(key)
    if known is not None and (">" in key or module.split(".")[0] == "keras"):
        return known
    refusal = REFUSED.get(layer.class_name)
    if refusal is not None and module.split(".")[0] in ("keras", "keras_bias"):
        raise UnsupportedLayerError(
            f"Layer '{layer.where}' is a {key}{refusal.why}. {refusal.instead}"
        )
    raise UnsupportedLayerError(
        f"Layer '{layer.where}' is a {key}, which cannot be converted. "
        "Build the model of the layers that keras-tfjs knows (README: what converts), "
        "or leave this one out."
    )
