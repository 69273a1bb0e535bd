"""Every twin and activation in headless Chromium: cpu, wasm and webgl give Keras's numbers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from browser_site import served
from keras import layers
from numpy.typing import NDArray
from parity.masked_models import by_hand
from parity.operation_models import GROUPS, columns
from playwright.sync_api import Browser, Page

import keras_tfjs
from keras_bias import layers as bias_layers

ACTIVATIONS = [
    "celu", "elu", "exponential", "gelu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_tanh",
    "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu",
    "sigmoid", "silu", "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus",
    "sparse_sigmoid", "sparsemax", "squareplus", "tanh", "tanh_shrink",
]  # fmt: skip
TOLERANCE = {
    "cpu": 1e-5,
    "wasm": 1e-5,
    # A GPU's own exp and tanh, here SwiftShader's, are good to about four digits.
    "webgl": 2e-4,
}


def of_image(*stack: keras.layers.Layer) -> keras.Model:
    """A stack of layers on a small image."""
    return keras.Sequential([keras.Input((4, 4, 3)), *stack])


def of_vector(*stack: keras.layers.Layer) -> keras.Model:
    """A stack of layers on a vector, a trainable one first."""
    return keras.Sequential([keras.Input((3,)), bias_layers.Dense(8, bias_shape="scalar"), *stack])


def of_two(merge: keras.layers.Layer) -> keras.Model:
    """A merge of two ways that an image can go."""
    image = keras.Input((4, 4, 3))
    ways = [bias_layers.Bias("vector")(image), bias_layers.Bias("untied")(image)]
    return keras.Model(image, merge(ways))


def of_itself(
    attention: keras.layers.Layer, *before: keras.layers.Layer, **call: Any
) -> keras.Model:
    """Attention of an image to itself, or of what some layers make of it."""
    image = keras.Input((4, 4, 3))
    seen = image
    for layer in before:
        seen = layer(seen)
    return keras.Model(image, attention(seen, seen, **call))


def of_itself_listed(
    attention: keras.layers.Layer, *before: keras.layers.Layer, **call: Any
) -> keras.Model:
    """The same for attention that takes a list."""
    image = keras.Input((4, 4, 3))
    seen = image
    for layer in [*before, bias_layers.Bias("scalar")]:
        seen = layer(seen)
    return keras.Model(image, attention([seen, seen], **call))


def of_another_mask(attention: keras.layers.Layer) -> keras.Model:
    """Attention to steps whose mask is not the query's, and then to what has lost it."""
    image = keras.Input((4, 4, 3))
    steps = layers.Reshape((16, 3))(image)
    seen = attention([layers.Masking(9.0)(steps), layers.Masking(8.0)(steps)])
    seen = layers.Add()([seen, layers.MultiHeadAttention(2, 2)(seen, seen)])
    return keras.Model(image, layers.MultiHeadAttention(2, 2)(seen, seen))


def backwards(embedding: keras.layers.Layer) -> keras.Model:
    """From an image's channels to indices: wasm has no gradient of the other way."""
    image = keras.Input((4, 4, 3))
    return keras.Model(image, embedding(layers.Dense(3)(image), reverse=True))


def of_steps(*stack: keras.layers.Layer) -> keras.Model:
    """A stack of layers on four steps."""
    return of_image(layers.Reshape((4, 12)), *stack)


def of_volume(*stack: keras.layers.Layer) -> keras.Model:
    """A stack of layers on a small volume."""
    return of_image(layers.Reshape((4, 4, 3, 1)), *stack)


FIRST: dict[str, Any] = {"data_format": "channels_first"}

MODELS: dict[str, Callable[[], keras.Model]] = {
    "bias untied": lambda: of_image(bias_layers.Bias("untied")),
    "bias location": lambda: of_image(bias_layers.Bias("location", activation="hard_sigmoid")),
    "dense scalar": lambda: of_image(layers.Flatten(), bias_layers.Dense(8, bias_shape="scalar")),
    "dense blocks": lambda: of_image(bias_layers.Dense(6, bias_shape=(2,))),
    "dense fixed": lambda: of_image(
        bias_layers.Dense(6, bias_initializer="ones", bias_trainable=False)
    ),
    "batch normalization": lambda: of_image(layers.BatchNormalization(axis=1)),
    "layer normalization": lambda: of_image(layers.LayerNormalization(rms_scaling=True)),
    "group normalization": lambda: of_image(
        bias_layers.Bias("untied"), layers.GroupNormalization(2, axis=1)
    ),
    "rms normalization": lambda: of_image(
        bias_layers.Bias("untied"), layers.RMSNormalization(axis=[-2, -1])
    ),
    "unit normalization": lambda: of_image(
        bias_layers.Bias("untied"), layers.UnitNormalization(axis=[1, 3])
    ),
    "spectral normalization": lambda: of_image(
        bias_layers.Bias("untied"), layers.SpectralNormalization(layers.Dense(2), 2)
    ),
    **{
        f"operations, {name}": partial(columns, cases, shape)
        for name, (cases, shape, low, _) in GROUPS.items()
        # The others are of numbers, or of a number of samples, that a test here does not make.
        if low == -2 and name != "arrangements"
    },
    "mask by hand": by_hand(lambda x, mask: layers.GRU(3)(x, mask=mask)),
    "embedding backwards": lambda: backwards(layers.ReversibleEmbedding(5, 3, logit_soft_cap=2.0)),
    "relu": lambda: of_image(
        bias_layers.Bias(), layers.ReLU(max_value=1.5, negative_slope=0.1, threshold=0.2)
    ),
    "elu": lambda: of_image(bias_layers.Bias(), layers.ELU(alpha=0.5)),
    "softmax": lambda: of_image(bias_layers.Bias("untied"), layers.Softmax(axis=[1, 2])),
    "softmax first": lambda: of_image(bias_layers.Bias("untied"), layers.Softmax(axis=1)),
    "convolution causal": lambda: of_steps(
        bias_layers.Conv1D(6, 2, padding="causal", dilation_rate=2, bias_shape="untied")
    ),
    "convolution in groups": lambda: of_image(
        bias_layers.Conv2D(6, 2, groups=3, padding="same", bias_shape="group")
    ),
    "convolution channels first": lambda: of_image(
        bias_layers.Conv2D(4, (2, 1), strides=(2, 1), bias_shape="location", **FIRST)
    ),
    "convolution of volumes": lambda: of_volume(
        layers.Conv3D(2, 2, strides=2, padding="same", **FIRST)
    ),
    "convolution transposed, steps": lambda: of_steps(
        layers.Conv1DTranspose(3, 3, strides=2, output_padding=1, activation="silu")
    ),
    "convolution transposed": lambda: of_image(
        bias_layers.Conv2DTranspose(2, 3, strides=2, padding="same", bias_shape="untied")
    ),
    "convolution transposed, volumes": lambda: of_volume(
        layers.Conv3DTranspose(2, 2, strides=(1, 2, 1))
    ),
    "convolution in depth": lambda: of_image(
        bias_layers.DepthwiseConv2D(2, depth_multiplier=2, bias_shape="group")
    ),
    "convolution in depth, steps": lambda: of_steps(layers.DepthwiseConv1D(2, strides=2, **FIRST)),
    "convolution parted": lambda: of_image(
        bias_layers.SeparableConv2D(4, 2, depth_multiplier=2, bias_shape="scalar")
    ),
    "convolution parted, steps": lambda: of_steps(layers.SeparableConv1D(4, 3, padding="same")),
    "recurrent": lambda: of_steps(
        bias_layers.SimpleRNN(4, bias_shape="scalar", return_sequences=True)
    ),
    "recurrent lstm": lambda: of_steps(
        bias_layers.LSTM(4, bias_shape="gate", unroll=True, go_backwards=True)
    ),
    "recurrent gru": lambda: of_steps(layers.GRU(4, bias_regularizer="l2")),
    "recurrent masked with dropout": lambda: of_steps(
        layers.Masking(9.0), layers.LSTM(4, return_sequences=True), layers.GRU(3, dropout=0.1)
    ),
    "recurrent both ways": lambda: of_steps(
        layers.Bidirectional(bias_layers.GRU(4, bias_shape=(None, 2)), merge_mode="mul")
    ),
    "recurrent cells": lambda: of_steps(
        layers.RNN([bias_layers.LSTMCell(3, bias_shape="gate"), layers.GRUCell(4)])
    ),
    "recurrent convolution": lambda: of_volume(
        bias_layers.ConvLSTM2D(2, 2, bias_shape="untied", return_sequences=True)
    ),
    "recurrent convolution, steps": lambda: of_image(
        layers.ConvLSTM1D(2, 3, dilation_rate=1, **FIRST)
    ),
    "einsum heads": lambda: of_image(
        bias_layers.EinsumDense("abcd,defg->abecfg", (4, 2, 4, 3, 2), bias_shape="location")
    ),
    "einsum ellipsis": lambda: of_image(
        bias_layers.EinsumDense("...x,xy->...y", 5, bias_axes="y", bias_shape="untied")
    ),
    "attention over two axes": lambda: of_itself(
        bias_layers.MultiHeadAttention(2, 3, bias_shape={"query": "untied", "output": "scalar"})
    ),
    "attention over one axis": lambda: of_itself(
        layers.MultiHeadAttention(2, 3, attention_axes=2, sliding_window=2, use_gate=True)
    ),
    "attention to what was before": lambda: of_itself(
        layers.MultiHeadAttention(2, 3), layers.Reshape((16, 3)), use_causal_mask=True
    ),
    "attention with masks and dropout": lambda: of_itself(
        layers.MultiHeadAttention(2, 3, dropout=0.1), layers.Reshape((16, 3)), layers.Masking(9.0)
    ),
    "attention of groups": lambda: of_itself(
        bias_layers.GroupQueryAttention(3, 4, 2, bias_shape="location", sliding_window=3),
        layers.Reshape((16, 3)),
        use_causal_mask=True,
    ),
    "attention by products, with dropout": lambda: of_itself_listed(
        layers.Attention(use_scale=True, dropout=0.1), layers.Reshape((16, 3)), layers.Masking(9.0)
    ),
    "attention by sums": lambda: of_itself_listed(
        layers.AdditiveAttention(), layers.Reshape((16, 3)), use_causal_mask=True
    ),
    "attention to another mask": lambda: of_another_mask(layers.Attention(score_mode="concat")),
    "normalization of data": lambda: of_image(
        bias_layers.Bias("untied"),
        layers.Normalization((1, 3), mean=[0.5, 1, 2], variance=[1, 2, 3.0], invert=True),
    ),
    "resizing in proportion": lambda: of_image(
        bias_layers.Bias("untied"),
        layers.Resizing(3, 5, "bicubic", crop_to_aspect_ratio=True, antialias=True),
        layers.Resizing(4, 2, pad_to_aspect_ratio=True, fill_value=0.5, **FIRST),
    ),
    "center crop": lambda: of_image(
        bias_layers.Bias("untied"), layers.CenterCrop(3, 2), layers.CenterCrop(2, 5)
    ),
    "auto contrast": lambda: of_image(layers.AutoContrast((-3, 3)), bias_layers.Bias("untied")),
    "categories of bins": lambda: of_image(
        layers.Discretization([-0.5, 0.0, 0.5], output_mode="count"), bias_layers.Bias("vector")
    ),
    "categories encoded": lambda: of_image(
        layers.Discretization([-0.5, 0.0, 0.5]),
        layers.Reshape((48,)),
        layers.CategoryEncoding(3),
        bias_layers.Bias("vector"),
    ),
    "categories looked up": lambda: of_image(
        layers.Discretization([-1.0, -0.5, 0.0, 0.5]),
        layers.Reshape((48,)),
        layers.IntegerLookup(vocabulary=[3, 0, 2], num_oov_indices=2, mask_token=1),
        layers.Hashing(4, output_mode="count"),
        bias_layers.Bias("vector"),
    ),
    "spectrogram": lambda: of_steps(
        bias_layers.Bias("vector"), layers.STFTSpectrogram("log", 3, 1, 4, expand_dims=True)
    ),
    "spectrogram of mels": lambda: of_image(
        layers.Reshape((48,)),
        bias_layers.Bias("vector"),
        layers.MelSpectrogram(8, 4, sampling_rate=400, num_mel_bins=3, min_freq=50.0),
    ),
    "subtract": lambda: of_two(layers.Subtract()),
    "dot": lambda: of_two(layers.Dot(axes=(1, 2), normalize=True)),
    "pooling": lambda: of_image(
        bias_layers.Bias("untied"),
        layers.AveragePooling2D(3, 2, padding="same"),
        layers.GlobalMaxPooling2D(keepdims=True, **FIRST),
    ),
    "pooling of volumes": lambda: of_volume(
        bias_layers.Bias("untied"),
        layers.MaxPooling3D((1, 3, 2), (1, 2, 1), padding="same"),
        layers.AveragePooling3D((3, 1, 2), 1, padding="same", **FIRST),
        layers.GlobalAveragePooling3D(),
    ),
    "pooling of steps": lambda: of_steps(
        layers.Masking(9.0), layers.LSTM(4, return_sequences=True), layers.GlobalAveragePooling1D()
    ),
    "pooling of steps, channels first": lambda: of_steps(
        bias_layers.Bias("untied"), layers.MaxPooling1D(3, 2, padding="same", **FIRST)
    ),
    "adaptive pooling, means": lambda: of_image(
        bias_layers.Bias("untied"), layers.AdaptiveAveragePooling2D((3, 5))
    ),
    "adaptive pooling, the largest": lambda: of_volume(
        bias_layers.Bias("untied"), layers.AdaptiveMaxPooling3D((3, 2, 2), **FIRST)
    ),
    "margins": lambda: of_volume(
        bias_layers.Bias("untied"),
        layers.ZeroPadding3D(((1, 0), (0, 2), (1, 1))),
        layers.Cropping3D(((0, 2), (1, 0), (0, 0)), **FIRST),
    ),
    "up-sampling": lambda: of_volume(bias_layers.Bias("untied"), layers.UpSampling3D((1, 2, 3))),
    **{
        f"up-sampling, {interpolation}": lambda interpolation=interpolation: of_image(  # type: ignore[misc]
            bias_layers.Bias("untied"),
            layers.UpSampling2D((3, 2), interpolation=interpolation, **FIRST),
        )
        for interpolation in ("nearest", "bilinear", "bicubic", "lanczos3")
    },
    "glu": lambda: of_vector(layers.Activation("glu")),
    **{
        name: lambda name=name: of_vector(layers.Activation(name))  # type: ignore[misc]
        for name in ACTIVATIONS
    },
}


@dataclass(frozen=True)
class Case:
    """A converted model in its folder, what goes in, and what Keras makes of it."""

    folder: str
    inputs: NDArray[Any]
    expected: NDArray[Any]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, Case]]]:
    """The page and the converted models, served."""
    folder = tmp_path_factory.mktemp("site")
    random = np.random.default_rng(0)
    cases = {}
    for number, (name, build) in enumerate(MODELS.items()):
        model = build()
        model.set_weights([random.uniform(0.1, 1, w.shape) for w in model.get_weights()])
        inputs = random.normal(size=(3, *model.inputs[0].shape[1:])).astype("float32")
        keras_tfjs.convert(model, folder / str(number))
        cases[name] = Case(str(number), inputs, np.asarray(model(inputs)))
    with served(folder, Path(__file__).with_name("backend.html")) as address:
        yield address, cases


@pytest.fixture(scope="module", params=["cpu", "wasm", "webgl"])
def page(
    site: tuple[str, dict[str, Case]], browser: Browser, request: pytest.FixtureRequest
) -> Iterator[tuple[str, Page]]:
    """The page on one backend."""
    page = browser.new_page()
    page.goto(site[0])
    assert page.evaluate("(backend) => started(backend)", request.param) == request.param
    yield request.param, page
    page.close()


@pytest.mark.parametrize("name", MODELS)
def test_a_twin_computes_saves_loads_and_trains(
    name: str, site: tuple[str, dict[str, Case]], page: tuple[str, Page]
) -> None:
    case, (backend, tab) = site[1][name], page
    tensor = {"shape": case.inputs.shape, "values": case.inputs.reshape(-1).tolist()}

    seen = tab.evaluate("([folder, input]) => walk(folder, input)", [case.folder, tensor])

    worst = TOLERANCE[backend] * max(1, np.abs(case.expected).max())
    outputs = np.reshape(seen["before"], case.expected.shape)
    np.testing.assert_allclose(outputs, case.expected, atol=worst, rtol=0)
    assert seen["reloaded"] == seen["before"]
    assert np.isfinite(seen["losses"]).all()
    # float32 sums of some hundred squares, and what a step of training leaves of them.
    if "dropout" not in name:
        np.testing.assert_allclose(
            seen["losses"], seen["losses_on_cpu"], rtol=10 * TOLERANCE[backend]
        )
    assert seen["leaked"] == 0
