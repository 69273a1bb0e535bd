"""Quantised models go out as the same network in floats, of the weights that Keras computes with.

Keras also rounds the inputs of some layers. The reference is Keras itself with that switched off,
where it can be, and else its own functions for rounding, called by hand.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers
from keras.quantizers import Int4QuantizationConfig, Int8QuantizationConfig
from keras.src.quantizers import awq_config, gptq_config, quantizers
from parity.row import keras_outputs, random_inputs, with_random_weights

from keras_bias import layers as bias_layers
from keras_tfjs import UnsupportedOptionError, convert
from keras_tfjs.verify import TfjsSession, agrees, largest_difference

Build = Callable[[], keras.Model]
pytestmark = [
    pytest.mark.filterwarnings(
        "ignore:Layer .* does not have a `quantize|Invalid quantization mode:UserWarning"
    ),
]


def dense() -> keras.Model:
    """Odd and equal sizes, a size of 1, no bias, an activation, biases of other shapes."""
    x = keras.Input((3, 5))
    y = layers.Dense(5, activation="tanh")(x)
    y = layers.Dense(1, use_bias=False)(y)
    y = bias_layers.Dense(7, bias_shape="scalar")(y)
    y = bias_layers.Dense(6, bias_shape=(3, 2), bias_trainable=False, activation="relu")(y)
    inner = keras.Sequential([keras.Input((3, 6)), layers.Dense(4)], name="inner")
    return keras.Model(x, inner(y))


def einsum() -> keras.Model:
    """Units before, between and behind what is summed over. Keras quantises none with dots."""
    x = keras.Input((3, 4))
    y = layers.EinsumDense("abc,cde->abde", (3, 2, 3), bias_axes="de")(x)
    y = layers.EinsumDense("abde,edf->abf", (3, 5), bias_axes="f")(y)
    y = layers.EinsumDense("abc,cbd->ad", 3)(y)
    y = layers.EinsumDense("ab,bcd->adc", (3, 2))(y)
    y = bias_layers.EinsumDense("abc,cde->aebd", (5, 3, 2), bias_axes="e", bias_shape="scalar")(y)
    return keras.Model(x, y)


def embedded() -> keras.Model:
    """Tables of odd width, alone and below attention, with a mask."""
    words = keras.Input((4,), dtype="int32")
    x = layers.Embedding(6, 5, mask_zero=True)(words)
    x = layers.GRU(3, return_sequences=True, recurrent_initializer="zeros")(x)
    return keras.Model(words, layers.Dense(2)(x))


def attention() -> keras.Model:
    """Every projection, with sizes that tell their axes apart; a width of one head of 1."""
    x, y = keras.Input((3, 5)), keras.Input((4, 2))
    attends = layers.MultiHeadAttention(2, 3, value_dim=5, output_shape=7)
    z, scores = attends(x, y, return_attention_scores=True)
    z = layers.MultiHeadAttention(1, 1, use_bias=False)(z, x)
    z = bias_layers.MultiHeadAttention(2, 3, bias_shape={"query": "scalar"})(z, z)
    z = layers.GroupQueryAttention(3, 4, 2)(z, layers.Dense(7)(y))
    return keras.Model([x, y], [z, scores])


MODELS: dict[str, Build] = {build.__name__: build for build in (dense, einsum, embedded, attention)}

WEIGHT_ONLY_8 = Int8QuantizationConfig(activation_quantizer=None)
ROUNDING_4 = Int4QuantizationConfig(
    activation_quantizer=quantizers.AbsMaxQuantizer(), block_size=None
)
MODES: dict[str, Callable[[], Any]] = {
    "int8": lambda: "int8",
    "int8 weights only": lambda: WEIGHT_ONLY_8,
    "int4": lambda: "int4",
    "int4 by channel": lambda: Int4QuantizationConfig(block_size=-1),
    "int4 by channel, rounding": lambda: ROUNDING_4,
    "int4 in blocks of 2": lambda: Int4QuantizationConfig(block_size=2),
    "float8": lambda: "float8",
}


def quantized(model: keras.Model, how: Any) -> keras.Model:
    """The model after `quantize`, which takes a mode or a configuration."""
    if isinstance(how, str):
        model.quantize(how)
    else:
        model.quantize(config=how)
    for layer in model._flatten_layers():
        if getattr(layer, "quantization_mode", None) == "float8":  # as after some training
            layer.kernel_scale.assign(0.0123)
            layer.inputs_scale.assign(0.0234)
    return model


def reference(model: keras.Model) -> keras.Model:
    """The model such that Keras rounds its weights only. It is changed in place."""
    for layer in model._flatten_layers():
        layer.inputs_quantizer = None
        if getattr(layer, "quantization_mode", None) == "float8":
            kernel = quantizers.quantize_and_dequantize(
                layer._kernel.value, layer.kernel_scale.value, "float8_e4m3fn", "float32"
            )
            layer._kernel.assign(kernel)
            if layer.bias is not None:
                layer.bias.assign(keras.ops.cast(keras.ops.cast(layer.bias, "bfloat16"), "float32"))
            layer.dtype_policy = keras.DTypePolicy("float32")
    return model


@pytest.mark.parametrize(
    ("mode", "suffix"),
    [*((mode, "keras") for mode in MODES), *((mode, "h5") for mode in ("int8", "int4", "float8"))],
)
@pytest.mark.parametrize("name", MODELS)
def test_tfjs_computes_with_the_weights_that_keras_computes_with(
    name: str, mode: str, suffix: str, tfjs: TfjsSession, tmp_path: Path
) -> None:
    model = quantized(with_random_weights(MODELS[name]()), MODES[mode]())
    inputs = random_inputs(model)
    theirs = keras_outputs(model, inputs)
    path = tmp_path / f"model.{suffix}"
    model.save(path)

    convert(path, tmp_path / "out")
    actual = tfjs.predict(tmp_path / "out", inputs)
    expected = keras_outputs(reference(model), inputs)

    assert agrees(expected, actual), largest_difference(expected, actual)
    notes = json.loads((tmp_path / "out/model.json").read_text())
    notes = notes["userDefinedMetadata"]["keras_tfjs"]["notes"]
    rounding = any("rounds the layer's inputs" in note for note in notes)
    if name != "attention" or mode == "float8":  # where the file does not say
        assert rounding == (largest_difference(theirs, expected) > 1e-4)


def blocks(mode: str, bits: int, group: int) -> keras.Model:
    """A model whose layers hold what GPTQ or AWQ would write, random: neither needs data for it."""
    random = np.random.default_rng(5)
    x = keras.Input((3, 5))
    y = layers.Dense(7, "tanh")(x)
    y = layers.Dense(1, use_bias=False)(bias_layers.Dense(4, bias_shape="scalar")(y))
    y = layers.EinsumDense("abc,cde->abde", (3, 2, 3), bias_axes="de")(y)
    model = keras.Model(x, layers.EinsumDense("abde,def->abf", (3, 5))(y))
    if mode == "gptq":
        config = gptq_config.GPTQConfig(None, None, weight_bits=bits, group_size=group)
    else:
        config = awq_config.AWQConfig(None, None, group_size=group)
    for layer in model.layers[1:]:
        layer.quantize(mode, config=config)
        del layer._kernel
        rows, columns = layer.g_idx.shape[0], layer.kernel_scale.shape[0]
        numbers = random.integers(0, 2**bits, (columns, rows)).astype("uint8")
        stored = numbers
        if bits == 4:
            stored = quantizers.pack_int4(numbers, axis=0, dtype="uint8")[0]
        layer.quantized_kernel.assign(stored)
        layer.kernel_scale.assign(random.uniform(0.01, 0.1, layer.kernel_scale.shape))
        layer.kernel_zero.assign(random.integers(0, 2**bits, layer.kernel_zero.shape))
        layer.g_idx.assign(random.permutation(rows) % layer.kernel_scale.shape[1])
        if mode == "awq":
            layer.awq_scales.assign(random.uniform(0.5, 2.0, rows))
        if layer.bias is not None:
            layer.bias.assign(random.normal(size=layer.bias.shape))
        setattr(layer, f"is_{mode}_calibrated", True)
    return model


@pytest.mark.parametrize(
    ("mode", "bits", "group"), [("gptq", 4, 2), ("gptq", 8, -1), ("awq", 4, 2), ("awq", 4, -1)]
)
def test_gptq_and_awq_give_the_numbers_of_keras(
    mode: str, bits: int, group: int, tfjs: TfjsSession, tmp_path: Path
) -> None:
    model = blocks(mode, bits, group)
    inputs = random_inputs(model)
    model.save(tmp_path / "model.h5")

    convert(tmp_path / "model.h5", tmp_path / "out")
    actual = tfjs.predict(tmp_path / "out", inputs)

    expected = keras_outputs(model, inputs)
    assert agrees(expected, actual), largest_difference(expected, actual)


def test_zero_points_that_keras_does_not_save_are_missed(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, name="d")])
    model.layers[0].quantize("gptq", config=gptq_config.GPTQConfig(None, None))
    model.save(tmp_path / "model.keras")

    with pytest.raises(UnsupportedOptionError) as refused:
        convert(tmp_path / "model.keras", tmp_path / "out")

    assert str(refused.value) == (
        "Layer 'd': the zero points of its GPTQ weights are not in the file, where Keras 3.15 "
        "does not save them. Save the model as .h5, or convert it as it was before quantize()."
    )


@pytest.mark.parametrize(
    ("mode", "suffix"), [("int8", "keras"), ("int8", "h5"), ("int4", "keras"), ("int4", "h5")]
)
def test_lora_upon_quantised_weights_is_merged(
    mode: str, suffix: str, tfjs: TfjsSession, tmp_path: Path
) -> None:
    words = keras.Input((4,), dtype="int32")
    x = layers.Embedding(6, 5)(words)
    x = layers.Dense(3)(x)
    x = layers.EinsumDense("abc,cde->abde", (4, 2, 3), bias_axes="de")(x)
    model = with_random_weights(keras.Model(words, bias_layers.Dense(3, bias_shape="scalar")(x)))
    quantized(model, MODES[mode]())
    for number, layer in enumerate(model.layers[1:], start=1):
        layer.enable_lora(2, lora_alpha=number)
    reference(with_random_factors(model))
    expected = keras_outputs(model, random_inputs(model))
    model.save(tmp_path / f"model.{suffix}")
    if suffix == "keras":  # where Keras itself merges them, and quantises the sum again
        again = keras.saving.load_model(tmp_path / "model.keras")
        expected = keras_outputs(reference(again), random_inputs(model))

    report = convert(tmp_path / f"model.{suffix}", tmp_path / "out")
    actual = tfjs.predict(tmp_path / "out", random_inputs(model))

    assert agrees(expected, actual), largest_difference(expected, actual)
    assert sum("its LoRA of rank 2 is merged" in note for note in report.notes) == 4


def with_random_factors(model: keras.Model) -> keras.Model:
    """The model with LoRAs that change something."""
    random = np.random.default_rng(6)
    for variable in model.variables:
        if "lora" in variable.name:
            variable.assign(random.normal(size=variable.shape) * 0.3)
    return model


def test_a_quantised_layer_in_mixed_precision_is_said_to_be_both(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, dtype="mixed_bfloat16", name="d")])
    model.quantize("int8")

    report = convert(model, tmp_path / "out")

    assert report.notes == (
        "Layer 'd': computes in float32, where Keras computed in mixed_bfloat16.",
        "Layer 'd': its kernel, 8-bit integers in Keras, is written as the floats they stand for, "
        "and trains; Keras also rounds the layer's inputs to 8 bits, and its outputs differ by "
        "that.",
    )


def test_a_quantised_layer_at_each_step_is_refused(tmp_path: Path) -> None:
    x = keras.Input((3, 4))
    model = keras.Model(x, layers.TimeDistributed(layers.Dense(2), name="steps")(x))
    model.quantize("int8")

    with pytest.raises(UnsupportedOptionError) as refused:
        convert(model, tmp_path / "out")

    assert str(refused.value) == (
        "Layer 'steps': it has a quantized layer in it, which Keras computes without its scales. "
        "Convert the model as it was before quantize()."
    )
