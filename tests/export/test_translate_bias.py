"""A bias of keras_bias's under --stock: the same numbers, in layers that TensorFlow.js has."""

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
from layers_as_ir import Shape, as_ir, translation_of

from keras_bias import layers as kl
from keras_tfjs.errors import UnsupportedOptionError
from keras_tfjs.ir import Layer
from keras_tfjs.translate.options import Aim
from keras_tfjs.translate.registry import translated

FIRST: dict[str, Any] = {"data_format": "channels_first"}
WITHOUT_STOCK = "Without --stock the layer is carried by keras-tfjs.js, and converts as it is."


def numbered(layer: Any, *shape: int | None) -> Any:
    """The layer, its bias 0, 1, 2 and so on."""
    layer.build((None, *shape))
    layer.bias.assign(np.arange(np.prod(layer.bias.shape), dtype="f4").reshape(layer.bias.shape))
    return layer


def part(layer: Layer, name: str) -> Layer:
    """A layer of the small model that the layer has become."""
    assert layer.model is not None
    return next(each for each in layer.model.layers if each.name == f"{layer.name}/{name}")


REPEATED = [
    (kl.Dense(4, bias_shape="scalar", name="d"), (3,), [0, 0, 0, 0]),
    (kl.Dense(4, bias_shape=(2,), name="d"), (5, 3), [0, 0, 1, 1]),
    (kl.Dense(4, bias_shape="location", name="d"), (3,), [0, 0, 0, 0]),
    (kl.Conv2D(4, 2, bias_shape=(1, 1, 2), name="d"), (None, 4, 3), [0, 0, 1, 1]),
    (kl.Conv2D(4, 2, bias_shape=(2, 1, 1), name="d", **FIRST), (4, 4, 4), [0, 0, 1, 1]),
    (
        kl.DepthwiseConv2D(2, depth_multiplier=2, bias_shape="group", name="d"),
        (4, 4, 2),
        [0, 0, 1, 1],
    ),
]


@pytest.mark.parametrize(("layer", "shape", "repeated"), REPEATED)
def test_numbers_shared_along_the_channels_are_repeated(
    layer: Any, shape: Shape, repeated: list[float]
) -> None:
    numbers = int(np.prod(numbered(layer, *shape).bias.shape))

    written, translation = translation_of(layer, shape, stock=True)

    assert written.class_name == type(layer).__name__
    assert written.weights["bias"].array().tolist() == repeated
    assert not {"bias_shape", "bias_trainable"} & written.config.keys()
    assert translation.twins == ()
    assert translation.notes == (
        f"Layer 'd': its bias of {numbers} is written as one of 4, which train apart.",
    )


def test_a_fixed_bias_that_is_the_layers_own_trains_and_a_note_says_so() -> None:
    layer = kl.Dense(4, bias_shape="scalar", bias_trainable=False, name="d")

    _, translation = translation_of(layer, (3,), stock=True)

    assert translation.notes == (
        "Layer 'd': its bias of 1 is written as one of 4.",
        "Layer 'd': its bias was fixed in Keras, and trains in TensorFlow.js.",
    )


def test_one_number_per_channel_is_the_stock_bias_without_a_note() -> None:
    written, translation = translation_of(kl.Conv2D(4, 2, bias_shape=(None,)), (4, 4, 3))

    assert written.class_name == "Conv2D"
    assert translation.notes == ()


ADDED = [
    (kl.Dense(2, bias_shape="location"), (3, 5), [3, 1], [0, 1, 2]),
    (kl.Dense(2, bias_shape="untied"), (2, 5), [2, 2], [0, 1, 2, 3]),
    (kl.Dense(2, bias_shape=(2, 1)), (4, 5), [4, 1], [0, 0, 1, 1]),
    (
        kl.Conv2D(3, 2, padding="same", bias_shape="location", **FIRST),
        (3, 2, 2),
        [1, 2, 2],
        [0, 1, 2, 3],
    ),
    (kl.Bias(), (None, 3), [1, 3], [0, 1, 2]),
    (kl.Bias("vector", **FIRST), (2, None), [2, 1], [0, 1]),
]


@pytest.mark.parametrize(("layer", "shape", "counts", "numbers"), ADDED)
def test_numbers_that_vary_by_place_are_added_behind_the_layer(
    layer: Any, shape: Shape, counts: list[int], numbers: list[float]
) -> None:
    numbered(layer, *shape)

    written, translation = translation_of(layer, shape, stock=True)

    assert part(written, "bias").weights["kernel"].array().tolist() == [numbers]
    assert part(written, "shape").config["target_shape"] == counts
    assert translation.twins == ()
    assert translation.notes[-1] == (
        f"Layer '{layer.name}': its bias_shape={layer.get_config()['bias_shape']!r} is added by "
        "stock layers behind it."
    )


@pytest.mark.parametrize(
    ("options", "trains"),
    [({}, True), ({"bias_trainable": False}, False), ({"trainable": False}, False)],
)
def test_a_fixed_bias_behind_the_layer_stays_fixed(options: dict[str, Any], trains: bool) -> None:
    written, _ = translation_of(kl.Dense(2, bias_shape="untied", **options), (3, 5), stock=True)

    assert part(written, "bias").config["trainable"] is trains
    assert part(written, "linear").config["trainable"] is options.get("trainable", True)


def test_the_activation_and_the_penalty_go_behind_with_the_bias() -> None:
    layer = kl.Dense(2, bias_shape="untied", activation="relu", bias_regularizer="l2")

    written, _ = translation_of(layer, (3, 5), stock=True)

    assert part(written, "linear").config["activation"] == "linear"
    assert part(written, "activation").config["activation"] == "relu"
    assert part(written, "bias").config["kernel_regularizer"]["config"]["l2"] == 0.01


REFUSED = [
    (kl.Conv2D(4, 2, groups=2, bias_shape="untied", name="c"), (4, 4, 4), "groups=2"),
    (
        kl.Conv2DTranspose(4, 2, strides=2, output_padding=1, bias_shape="scalar", name="c"),
        (4, 4, 4),
        "output_padding=[1, 1]",
    ),
    (kl.Conv1DTranspose(4, 2, bias_shape="scalar", name="c"), (4, 4), "a Conv1DTranspose"),
]


@pytest.mark.parametrize(("layer", "shape", "what"), REFUSED)
def test_what_only_a_twin_computes_is_refused_whatever_its_bias(
    layer: Any, shape: Shape, what: str
) -> None:
    with pytest.raises(UnsupportedOptionError) as refused:
        translation_of(layer, shape, stock=True)

    assert str(refused.value) == f"Layer 'c': {what} has no equal among stock layers. " + (
        WITHOUT_STOCK
    )


@pytest.mark.parametrize(
    ("layer", "what"),
    [(kl.Dense(4, bias_shape="untied", name="d"), "output"), (kl.Bias(name="d"), "input")],
)
def test_an_unknown_shape_is_refused(layer: Any, what: str) -> None:
    shape = layer.get_config()["bias_shape"]

    with pytest.raises(UnsupportedOptionError) as refused:
        translated(as_ir(layer, ((3, 5),)), Aim(stock=True))

    assert str(refused.value) == (
        f"Layer 'd': bias_shape={shape!r} on an {what} of unknown shape has no equal among stock "
        f"layers. {WITHOUT_STOCK}"
    )


def test_a_mask_that_a_small_model_would_end_is_refused() -> None:
    layer = as_ir(kl.Dense(4, bias_shape="untied", name="d"), ((3, 5),))

    with pytest.raises(UnsupportedOptionError) as refused:
        translated(replace(layer, input_shape=[None, 3, 5]), Aim(stock=True, masked=True))

    assert str(refused.value) == (
        "Layer 'd': bias_shape='untied' in a model with masks has no equal among stock layers. "
        f"{WITHOUT_STOCK}"
    )


@pytest.mark.parametrize(
    ("layer", "shape", "what"),
    [
        (keras.layers.Conv1D(2, 2, dilation_rate=2, name="c"), (5, 3), "dilation_rate=[2]"),
        (keras.layers.Conv3D(2, 2, strides=2, name="c"), (4, 4, 4, 3), "strides=[2, 2, 2]"),
    ],
)
def test_what_stock_layers_compute_and_cannot_train_has_a_note(
    layer: Any, shape: Shape, what: str
) -> None:
    written, translation = translation_of(layer, shape, stock=True)

    assert written.class_name == type(layer).__name__
    assert translation.notes == (
        f"Layer 'c': {what} is computed, and not trained, by stock layers.",
    )
