"""Every layer class goes out as the stock class that equals it, as a twin, or not at all."""

import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import keras
import numpy as np
import pytest
from layers_as_ir import Shape, translation_of

from keras_bias import layers as keras_bias
from keras_tfjs.errors import UnsupportedLayerError, UnsupportedOptionError

L = keras.layers
WITHOUT_STOCK = " Without --stock the layer is carried by keras-tfjs.js, and converts as it is."


class Row(NamedTuple):
    """A layer, and what it becomes: a class, and what its configuration says then."""

    build: Callable[[], Any]
    shapes: tuple[Shape, ...]
    becomes: str
    says: dict[str, Any] = {}  # noqa: RUF012 - rows only read it


V: tuple[Shape, ...] = ((3,),)
SEQUENCE: tuple[Shape, ...] = ((4, 3),)
IMAGE: tuple[Shape, ...] = ((8, 8, 2),)
VOLUME: tuple[Shape, ...] = ((3, 3, 3, 2),)

STOCK = [
    Row(lambda: L.Dense(4, activation="relu"), V, "Dense", {"units": 4, "activation": "relu"}),
    Row(lambda: L.Dense(4, activation="silu"), V, "Dense", {"activation": "swish"}),
    Row(lambda: L.Dense(4, use_bias=False), V, "Dense", {"use_bias": False}),
    Row(lambda: L.Activation("softplus"), V, "Activation", {"activation": "softplus"}),
    Row(lambda: L.ReLU(), V, "ReLU", {"max_value": None}),
    Row(lambda: L.ReLU(max_value=6), V, "ReLU", {"max_value": 6}),
    Row(lambda: L.ReLU(negative_slope=0.2), V, "LeakyReLU", {"alpha": 0.2}),
    Row(lambda: L.LeakyReLU(0.1), V, "LeakyReLU", {"alpha": 0.1}),
    Row(lambda: L.PReLU(shared_axes=[1]), SEQUENCE, "PReLU", {"shared_axes": [1]}),
    Row(lambda: L.ELU(), V, "ELU", {"alpha": 1.0}),
    Row(lambda: L.Softmax(), V, "Softmax", {"axis": -1}),
    Row(lambda: L.Softmax(axis=2), SEQUENCE, "Softmax", {"axis": -1}),
    Row(lambda: L.Dropout(0.5, noise_shape=(None, 1)), V, "Dropout", {"noise_shape": [None, 1]}),
    Row(lambda: L.SpatialDropout1D(0.5), SEQUENCE, "SpatialDropout1D", {"rate": 0.5}),
    Row(
        lambda: L.SpatialDropout2D(0.5, data_format="channels_first"),
        IMAGE,
        "Dropout",
        {"noise_shape": [None, None, 1, 1]},
    ),
    Row(
        lambda: L.SpatialDropout3D(0.5),
        ((2, 2, 2, 3),),
        "Dropout",
        {"noise_shape": [None, 1, 1, 1, None]},
    ),
    Row(lambda: L.GaussianNoise(0.1), V, "GaussianNoise", {"stddev": 0.1}),
    Row(lambda: L.GaussianDropout(0.1), V, "GaussianDropout", {"rate": 0.1}),
    Row(lambda: L.AlphaDropout(0.1), V, "AlphaDropout", {"rate": 0.1}),
    Row(lambda: L.ActivityRegularization(0.1), V, "Activation", {"activation": "linear"}),
    Row(lambda: L.Identity(), V, "Activation", {"activation": "linear"}),
    Row(lambda: L.Flatten(), SEQUENCE, "Flatten", {"data_format": "channels_last"}),
    Row(lambda: L.Flatten(), V, "Activation", {"activation": "linear"}),
    Row(lambda: L.Flatten(), ((None, 3),), "Reshape", {"target_shape": [-1]}),
    Row(lambda: L.Reshape((-1, 2)), SEQUENCE, "Reshape", {"target_shape": [6, 2]}),
    Row(lambda: L.Reshape((-1, 3)), ((None, 3),), "Reshape", {"target_shape": [-1, 3]}),
    Row(lambda: L.Permute((2, 1)), SEQUENCE, "Permute", {"dims": [2, 1]}),
    Row(lambda: L.RepeatVector(5), V, "RepeatVector", {"n": 5}),
    Row(lambda: L.Add(), (*V, *V), "Add"),
    Row(lambda: L.Multiply(), (*V, *V), "Multiply"),
    Row(lambda: L.Average(), (*V, *V), "Average"),
    Row(lambda: L.Maximum(), (*V, *V), "Maximum"),
    Row(lambda: L.Minimum(), (*V, *V), "Minimum"),
    Row(lambda: L.Concatenate(axis=1), (*SEQUENCE, *SEQUENCE), "Concatenate", {"axis": 1}),
    Row(lambda: L.Dot(-1), (*SEQUENCE, *SEQUENCE), "Dot", {"axes": [2, 2], "normalize": False}),
    Row(lambda: L.BatchNormalization(), V, "BatchNormalization", {"axis": -1}),
    Row(lambda: L.BatchNormalization(axis=2), SEQUENCE, "BatchNormalization", {"axis": -1}),
    Row(
        lambda: L.LayerNormalization(axis=[2, 1]), SEQUENCE, "LayerNormalization", {"axis": [1, 2]}
    ),
    Row(lambda: L.Embedding(7, 3, mask_zero=True), ((4,),), "Embedding", {"mask_zero": True}),
    Row(lambda: L.Rescaling(np.array([1.0, 2.0, 3.0])), V, "Rescaling", {"scale": [1.0, 2.0, 3.0]}),
    Row(lambda: L.Masking(2.0), SEQUENCE, "Masking", {"mask_value": 2.0}),
    Row(lambda: L.Conv1D(2, 3), SEQUENCE, "Conv1D", {"kernel_size": [3]}),
    Row(lambda: L.Conv2D(2, 3), IMAGE, "Conv2D", {"dilation_rate": [1, 1]}),
    Row(lambda: L.Conv3D(2, 2), VOLUME, "Conv3D", {"strides": [1, 1, 1]}),
    Row(lambda: L.Conv2DTranspose(2, 3, strides=2), IMAGE, "Conv2DTranspose"),
    Row(lambda: L.DepthwiseConv2D(3), IMAGE, "DepthwiseConv2D", {"depth_multiplier": 1}),
    Row(lambda: L.SeparableConv2D(2, 3), IMAGE, "SeparableConv2D", {"filters": 2}),
    Row(lambda: keras_bias.Conv2D(2, 3), IMAGE, "Conv2D", {"filters": 2}),
    Row(lambda: L.ZeroPadding2D(1), IMAGE, "ZeroPadding2D", {"padding": [[1, 1], [1, 1]]}),
    Row(lambda: L.MaxPooling2D(3, strides=2), IMAGE, "MaxPooling2D", {"strides": [2, 2]}),
    Row(lambda: L.AveragePooling2D(2), IMAGE, "AveragePooling2D", {"pool_size": [2, 2]}),
    Row(lambda: L.GlobalAveragePooling2D(), IMAGE, "GlobalAveragePooling2D"),
    Row(lambda: L.GlobalAveragePooling1D(), SEQUENCE, "GlobalAveragePooling1D"),
    Row(lambda: L.MaxPooling1D(), SEQUENCE, "MaxPooling1D", {"strides": [2]}),
    Row(lambda: L.AveragePooling1D(2, padding="same"), SEQUENCE, "AveragePooling1D"),
    Row(lambda: L.MaxPooling3D((1, 2, 2)), VOLUME, "MaxPooling3D", {"pool_size": [1, 2, 2]}),
    Row(lambda: L.AveragePooling3D(2), VOLUME, "AveragePooling3D"),
    Row(
        lambda: L.Cropping2D(((1, 0), (0, 2))), IMAGE, "Cropping2D", {"cropping": [[1, 0], [0, 2]]}
    ),
    Row(lambda: keras_bias.Dense(4), V, "Dense", {"units": 4}),
    Row(lambda: keras_bias.Dense(4, use_bias=False), V, "Dense", {"use_bias": False}),
    Row(lambda: keras_bias.Dense(4, bias_shape="untied"), V, "Dense"),
]

# Each with the options for which stock tfjs has no equal, as --stock says it.
TWINS = [
    (Row(lambda: L.Activation("glu"), ((4,),), "keras>Activation"), "activation='glu'"),
    (Row(lambda: L.ReLU(threshold=0.5), V, "keras>ReLU"), "threshold=0.5"),
    (
        Row(lambda: L.ReLU(max_value=1.0, negative_slope=0.1), V, "keras>ReLU"),
        "max_value=1.0, negative_slope=0.1",
    ),
    (Row(lambda: L.ELU(0.5), V, "keras>ELU", {"alpha": 0.5}), "alpha=0.5"),
    (Row(lambda: L.Softmax(axis=1), SEQUENCE, "keras>Softmax", {"axis": 1}), "axis=1"),
    (Row(lambda: L.Softmax(axis=[1, 2]), SEQUENCE, "keras>Softmax"), "axis=[1, 2]"),
    (
        Row(
            lambda: L.BatchNormalization(axis=1), SEQUENCE, "keras>BatchNormalization", {"axis": 1}
        ),
        "axis=1",
    ),
    (
        Row(lambda: L.BatchNormalization(scale=False), V, "keras>BatchNormalization"),
        "scale=False",
    ),
    (
        Row(lambda: L.BatchNormalization(), ((2, 2, 2, 3),), "keras>BatchNormalization"),
        "an input of 5 axes",
    ),
    (
        Row(
            lambda: L.LayerNormalization(rms_scaling=True),
            V,
            "keras>LayerNormalization",
            {"rms_scaling": True},
        ),
        "rms_scaling=True",
    ),
    (
        Row(lambda: L.LayerNormalization(), ((2, 2, 2, 3),), "keras>LayerNormalization"),
        "an input of 5 axes",
    ),
    (Row(lambda: L.Subtract(), (*V, *V), "keras>Subtract"), "a difference of tensors"),
    (
        Row(lambda: L.Dot(2, normalize=True), (*SEQUENCE, *SEQUENCE), "keras>Dot", {"axes": 2}),
        "normalize=True",
    ),
    (
        Row(lambda: L.Dot(3), ((2, 4, 3), (2, 5, 3)), "keras>Dot"),
        "axes=3 of tensors with [4, 4] axes",
    ),
    (
        Row(lambda: L.Conv2D(2, 3, groups=2), IMAGE, "keras>Conv2D", {"groups": 2}),
        "groups=2",
    ),
    (
        Row(lambda: L.Conv1D(2, 3, padding="causal"), SEQUENCE, "keras>Conv1D"),
        "padding='causal'",
    ),
    (
        Row(lambda: L.Conv1D(2, 3, data_format="channels_first"), SEQUENCE, "keras>Conv1D"),
        "data_format='channels_first'",
    ),
    (Row(lambda: L.Conv1DTranspose(2, 3), SEQUENCE, "keras>Conv1DTranspose"), "a Conv1DTranspose"),
    (
        Row(
            lambda: L.Conv2DTranspose(2, 3, strides=2, output_padding=1),
            IMAGE,
            "keras>Conv2DTranspose",
            {"output_padding": [1, 1]},
        ),
        "output_padding=[1, 1]",
    ),
    (
        Row(lambda: L.Conv2DTranspose(2, 3, dilation_rate=2), IMAGE, "keras>Conv2DTranspose"),
        "dilation_rate=[2, 2]",
    ),
    (Row(lambda: L.DepthwiseConv1D(3), SEQUENCE, "keras>DepthwiseConv1D"), "a DepthwiseConv1D"),
    (
        Row(lambda: L.DepthwiseConv2D(3, dilation_rate=2), IMAGE, "keras>DepthwiseConv2D"),
        "dilation_rate=[2, 2]",
    ),
    (Row(lambda: L.SeparableConv1D(2, 3), SEQUENCE, "keras>SeparableConv1D"), "a SeparableConv1D"),
    (
        Row(
            lambda: L.SeparableConv2D(2, 2, data_format="channels_first"),
            IMAGE,
            "keras>SeparableConv2D",
        ),
        "data_format='channels_first'",
    ),
    (
        Row(lambda: L.MaxPooling1D(data_format="channels_first"), SEQUENCE, "keras>MaxPooling1D"),
        "data_format='channels_first'",
    ),
    (
        Row(
            lambda: L.GlobalMaxPooling1D(data_format="channels_first"),
            SEQUENCE,
            "keras>GlobalMaxPooling1D",
        ),
        "data_format='channels_first'",
    ),
    (
        Row(lambda: L.GlobalAveragePooling3D(), VOLUME, "keras>GlobalAveragePooling3D"),
        "a GlobalAveragePooling3D",
    ),
    (
        Row(
            lambda: L.AdaptiveMaxPooling2D(3),
            IMAGE,
            "keras>AdaptiveMaxPooling2D",
            {"output_size": [3, 3]},
        ),
        "an AdaptiveMaxPooling2D",
    ),
    (
        Row(lambda: L.ZeroPadding1D(2), SEQUENCE, "keras>ZeroPadding1D", {"padding": [2, 2]}),
        "a ZeroPadding1D",
    ),
    (
        Row(lambda: L.Cropping2D(2), ((None, 8, 2),), "keras>Cropping2D"),
        "an input of unknown size",
    ),
    (Row(lambda: L.UpSampling1D(2), SEQUENCE, "keras>UpSampling1D"), "an UpSampling1D"),
    (
        Row(lambda: L.UpSampling2D(interpolation="bilinear"), IMAGE, "keras>UpSampling2D"),
        "interpolation='bilinear'",
    ),
    (Row(lambda: L.UpSampling2D(41), IMAGE, "keras>UpSampling2D"), "size=[41, 41]"),
    (
        Row(
            lambda: keras_bias.Conv2D(2, 3, groups=2, bias_shape="group"),
            IMAGE,
            "keras_bias>Conv2D",
            {"bias_shape": "group", "bias_trainable": True},
        ),
        "groups=2",
    ),
]

# Stock layers give their numbers, but not their gradients.
STOCK_WITH_NOTE = [
    (
        Row(lambda: L.AveragePooling2D(3, padding="same"), IMAGE, "AveragePooling2D"),
        "with padding='same' it trains otherwise: stock gradients are not Keras's.",
    ),
    (
        Row(lambda: L.MaxPooling3D((1, 2, 1)), VOLUME, "MaxPooling3D"),
        "with pool_size=[1, 2, 1] it trains otherwise: stock gradients are not Keras's.",
    ),
    (
        Row(lambda: L.GlobalMaxPooling1D(), SEQUENCE, "GlobalMaxPooling1D"),
        "it trains otherwise where the largest number comes several times.",
    ),
    (
        Row(lambda: L.UpSampling2D(), IMAGE, "UpSampling2D"),
        "it trains otherwise: stock gradients on the backend cpu are not Keras's.",
    ),
]

REFUSED: list[tuple[Callable[[], Any], tuple[Shape, ...], str]] = [
    (
        lambda: L.UpSampling2D(interpolation="area", name="u"),
        IMAGE,
        "Layer 'u': interpolation='area' has no equal in TensorFlow.js. "
        "Use one of nearest, bilinear, bicubic, lanczos3, lanczos5.",
    ),
    (
        lambda: L.Dense(2, activation=L.LeakyReLU(0.1), name="d"),
        V,
        "Layer 'd': activation='LeakyReLU' has no equal in TensorFlow.js. "
        "Use an activation of keras.activations, or compute it in layers of its own.",
    ),
    (
        lambda: L.Dense(2, activation="glu", name="d"),
        V,
        "Layer 'd': activation='glu' has no equal in TensorFlow.js. "
        "Put a layer Activation('glu') behind it instead.",
    ),
    (
        lambda: L.Dropout(1.0, name="d"),
        V,
        "Layer 'd': rate=1.0 has no equal in TensorFlow.js. "
        "Use a rate below 1: this one drops everything.",
    ),
    (
        lambda: L.AlphaDropout(0.5, noise_shape=(1, 3), name="d"),
        V,
        "Layer 'd': noise_shape=[1, 3] has no equal in TensorFlow.js. "
        "Build the layer without noise_shape.",
    ),
]


@pytest.mark.parametrize("row", STOCK, ids=lambda row: row.becomes)
def test_goes_out_as_the_stock_class_that_equals_it(row: Row) -> None:
    layer, translation = translation_of(row.build(), *row.shapes)

    assert layer.class_name == row.becomes
    assert row.says.items() <= layer.config.items()
    assert layer.config["dtype"] == "float32"
    assert translation.twins == ()


@pytest.mark.parametrize(("row", "why"), TWINS, ids=lambda part: getattr(part, "becomes", ""))
def test_goes_out_as_a_twin_where_stock_is_not_equal(row: Row, why: str) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*rms_scaling=True.*deprecated")
        keras_layer = row.build()

    layer, translation = translation_of(keras_layer, *row.shapes)

    assert layer.class_name == row.becomes
    assert row.says.items() <= layer.config.items()
    assert row.becomes in translation.twins


@pytest.mark.parametrize(("row", "why"), TWINS, ids=lambda part: getattr(part, "becomes", ""))
def test_stock_refuses_what_only_a_twin_can_do(row: Row, why: str) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*rms_scaling=True.*deprecated")
        keras_layer = row.build()

    with pytest.raises(UnsupportedOptionError) as refused:
        translation_of(keras_layer, *row.shapes, stock=True)

    spoken = why.replace("activation='glu'", "activation='keras>glu'")
    assert str(refused.value).startswith(f"Layer '{keras_layer.name}': ")
    assert str(refused.value).endswith(f"has no equal among stock layers.{WITHOUT_STOCK}")
    assert why in str(refused.value) or spoken in str(refused.value)


@pytest.mark.parametrize(("row", "note"), STOCK_WITH_NOTE)
def test_stock_says_what_trains_otherwise(row: Row, note: str) -> None:
    keras_layer = row.build()

    stock, translation = translation_of(keras_layer, *row.shapes, stock=True)
    twin, plain = translation_of(keras_layer, *row.shapes)

    assert stock.class_name == row.becomes
    assert translation.notes == (f"Layer '{keras_layer.name}': {note}",)
    assert twin.class_name == f"keras>{row.becomes}"
    assert plain.notes == ()


@pytest.mark.parametrize(("size", "notes"), [(3, 1), ((1, 6), 1), (2, 0), ((4, 1), 0)])
def test_says_where_the_backends_of_keras_differ(size: Any, notes: int) -> None:
    _, translation = translation_of(L.UpSampling2D(size, interpolation="bicubic"), *IMAGE)

    assert len(translation.notes) == notes


@pytest.mark.parametrize(("build", "shapes", "message"), REFUSED)
def test_says_what_has_no_equal_and_what_instead(
    build: Callable[[], Any], shapes: tuple[Shape, ...], message: str
) -> None:
    layer = build()

    with pytest.raises(UnsupportedOptionError) as refused:
        translation_of(layer, *shapes)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: L.Lambda(abs, name="f"),
            "Layer 'f' is a Lambda, whose function is Python, which is not run here and cannot be "
            "in a browser. Write what it computes with layers, or with keras.ops on tensors of a "
            "functional model.",
        ),
    ],
)
def test_what_no_browser_can_have_is_refused_with_the_way_out(
    build: Callable[[], Any], message: str
) -> None:
    with pytest.raises(UnsupportedLayerError) as refused:
        translation_of(build(), *V)

    assert str(refused.value) == message


class Own(keras.layers.Layer):  # type: ignore[misc]
    pass


def test_an_unknown_layer_is_named() -> None:
    with pytest.raises(UnsupportedLayerError) as refused:
        translation_of(Own(name="u"), *V)

    assert str(refused.value) == (
        "Layer 'u' is a Own, which cannot be converted. Build the model of the "
        "layers that keras-tfjs knows (README: what converts), or leave this one out."
    )


def test_a_flatten_of_channels_first_and_unknown_size_becomes_two_layers() -> None:
    layer, _ = translation_of(L.Flatten(data_format="channels_first"), (2, None))

    assert layer.model is not None
    assert [inner.class_name for inner in layer.model.layers] == [
        "InputLayer",
        "Permute",
        "Reshape",
    ]


def test_kept_axes_of_a_stock_global_pooling_come_back_by_a_reshape() -> None:
    layer, _ = translation_of(L.GlobalMaxPooling2D(keepdims=True), *IMAGE, stock=True)

    assert layer.model is not None
    assert layer.model.layers[-1].config["target_shape"] == [1, 1, 2]


def test_weights_go_by_their_tfjs_names() -> None:
    rows: list[tuple[Any, tuple[Shape, ...], list[str]]] = [
        (L.Dense(2), V, ["kernel", "bias"]),
        (L.DepthwiseConv2D(3), IMAGE, ["depthwise_kernel", "bias"]),
        (L.DepthwiseConv2D(3, dilation_rate=2), IMAGE, ["kernel", "bias"]),
        (L.SeparableConv2D(2, 3), IMAGE, ["depthwise_kernel", "pointwise_kernel", "bias"]),
        (L.BatchNormalization(), V, ["gamma", "beta", "moving_mean", "moving_variance"]),
        (L.LayerNormalization(center=False), V, ["gamma"]),
        (L.Embedding(3, 2), ((4,),), ["embeddings"]),
        (L.PReLU(), V, ["alpha"]),
    ]

    found = [list(translation_of(layer, *shapes)[0].weights) for layer, shapes, _ in rows]

    assert found == [names for _, _, names in rows]
