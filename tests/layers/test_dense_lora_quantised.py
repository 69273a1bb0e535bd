"""LoRA and quantised arithmetic are Keras's; the bias keeps its shape in both."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from bias_definition import spread
from dense_models import SHAPES, built, close, counts, drawn, model_of, stock, values

from keras_bias import layers

# Keras makes arrays of its variables in a way that NumPy 2 deprecates.


@pytest.mark.parametrize("bias_shape", SHAPES)
def test_lora_trains_the_bias_and_saves_itself_merged(bias_shape: Any, tmp_path: Path) -> None:
    at_once = built(bias_shape, lora_rank=2)
    later = built(bias_shape)
    later.enable_lora(2)
    x = drawn(0, 8, 4, 3)

    for layer in (at_once, later):
        model = model_of(layer)
        before = values(layer.bias)
        model.fit(x, drawn(3, 8, 4, 6), epochs=2, verbose=0)
        model.save(tmp_path / "model.keras")
        again = keras.saving.load_model(tmp_path / "model.keras", compile=False)

        assert {w.name for w in layer.trainable_weights} == {
            "bias",
            "lora_kernel_a",
            "lora_kernel_b",
        }
        assert np.all(values(layer.bias) != before)
        close(values(again(x)), values(model(x)), 1e-4)


QUANTIZED = ["int8", "int4", "float8"]


@pytest.mark.parametrize("bias_shape", SHAPES)
@pytest.mark.parametrize("mode", QUANTIZED)
@pytest.mark.filterwarnings("ignore:Layer InputLayer does not have a `quantize`:UserWarning")
def test_quantised_it_is_keras_quantised_plus_the_bias(
    mode: str, bias_shape: Any, tmp_path: Path
) -> None:
    layer = built(bias_shape, activation="relu")
    plain = stock(layer)
    model = keras.Sequential([keras.Input((4, 3)), layer])
    x = drawn(0, 2, 4, 3).astype("float32")

    model.quantize(mode)
    plain.quantize(mode)
    got = values(model(x))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")

    assert layer.dtype_policy.quantization_mode == mode
    want = values(plain(x)) + spread(values(layer.bias), counts(layer, 4, 6), (4, 6))
    # Keras rounds the bias to the 8 bits of bfloat16 in float8 mode.
    digits = 1e-2 if mode == "float8" else 1e-5
    close(got, np.maximum(want, 0), digits)
    np.testing.assert_array_equal(values(again(x)), got)


@pytest.mark.parametrize("mode", QUANTIZED)
def test_quantised_vector_is_keras_s_own(mode: str) -> None:
    ours, theirs = built("vector"), keras.layers.Dense(6)
    theirs.build((None, 4, 3))
    theirs.set_weights(ours.get_weights())
    x = drawn(0, 2, 4, 3).astype("float32")

    ours.quantize(mode)
    theirs.quantize(mode)

    close(values(ours(x)), values(theirs(x)), 1e-6)


def test_float8_training_is_told_that_it_trains() -> None:
    layer = built("scalar")
    layer.quantize("float8")
    before = values(layer.inputs_amax_history)

    model_of(layer).fit(drawn(0, 8, 4, 3), drawn(3, 8, 4, 6), verbose=0)

    assert np.any(values(layer.inputs_amax_history) != before)


def test_a_class_of_yours_is_quantised_only_when_you_say_so() -> None:
    class Yours(layers.Dense):
        pass

    layer = Yours(6, bias_shape="scalar")
    layer.build((None, 3))

    with pytest.raises(NotImplementedError):
        layer.quantize("int8")
    layer.quantize("int8", type_check=False)

    assert layer.quantization_mode == "int8"
