"""Every family of layers under every dtype policy, and however a step of training is compiled.

Layers, biases and the definition of what they compute are the contract's, `contract/table.py`.
"""

import functools
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import keras
import numpy as np
import pytest
from layers.contract.models import BATCH, Weighted, below, drawn, foretold, layer_of, made, values
from layers.contract.row import Bias, Row
from layers.contract.table import ROWS

from keras_bias import layers

BACKEND = keras.backend.backend()

# A layer for each way in which a bias is added, with bias shapes of its first row in the table: as
# Keras has it, one number, and the finest.
SHAPES: dict[str, tuple[Any, ...]] = {
    "Dense": ("vector", "scalar", "untied"),
    "EinsumDense": ("vector", "scalar", "untied"),
    "Conv2D": ("vector", "scalar", "untied"),
    "SimpleRNN": ("vector", "scalar"),
    "LSTM": ("vector", "scalar", "gate"),
    "GRU": ("vector", "scalar", "gate"),
    "ConvLSTM2D": ("vector", "scalar", "untied"),
    "MultiHeadAttention": ("vector", "scalar", "untied"),
    "Bias": ("vector", "scalar", "untied"),
}
# Absolute errors of sums of a dozen products of size 1, of which some pass three steps: the last
# digit is 2**-8 of a number in bfloat16, 2**-11 in float16. Of float64, Keras itself keeps float32
# only in an attention's scale and, on JAX, in tanh; without these see the test of all digits.
DTYPES = {
    "mixed_float16": 1e-2,
    "mixed_bfloat16": 6e-2,
    "float16": 1e-2,
    "bfloat16": 6e-2,
    "float64": 1e-6,
}

# TensorFlow is slow to compile a step, and JAX is slow without.
QUICKEST = {"run_eagerly": BACKEND != "jax"}

each_layer = pytest.mark.parametrize("name", SHAPES)
each_dtype = pytest.mark.parametrize("dtype", DTYPES)


def row_of(name: str) -> Row:
    return next(row for row in ROWS if row.layer == name)


def of_each_shape(name: str) -> list[tuple[Any, Any]]:
    """A layer for each bias shape, not built, and its case."""
    row = row_of(name)
    cases = [row.of(bias_shape) for bias_shape in SHAPES[name]]
    return [(layer_of(row, number), case) for number, case in cases]


def filled(layer: Any, row: Row) -> Any:
    """The layer with weights of its own."""
    layer.build(*((BATCH, *shape) for shape in row.inputs))
    for weight in layer.weights:
        weight.assign(0.5 * drawn(sum(map(ord, below(weight, layer))), *weight.shape))
    return layer


def inputs_of(row: Row) -> list[Any]:
    return [drawn(n, BATCH, *shape) for n, shape in enumerate(row.inputs)]


def dtype_of(tensor: Any) -> str:
    return str(keras.backend.standardize_dtype(tensor.dtype))


def biases(layer: Any, of: dict[str, Bias]) -> list[Any]:
    return [weight for weight in layer.weights if below(weight, layer) in of]


def wide_enough(dtype: str) -> AbstractContextManager[Any]:
    """Where the backend has such numbers: JAX has no float64 unless told so."""
    if BACKEND == "jax" and dtype == "float64":
        import jax

        enabled: AbstractContextManager[Any] = jax.enable_x64(True)
        return enabled
    return nullcontext()


@pytest.fixture
def policy(dtype: str) -> Iterator[Any]:
    """The dtype policy that all layers have unless told otherwise."""
    before = keras.config.dtype_policy()
    with wide_enough(dtype):
        keras.config.set_dtype_policy(dtype)
        yield keras.config.dtype_policy()
        keras.config.set_dtype_policy(before)


def trained(parts: list[Any], row: Row, epochs: int = 1, **options: Any) -> list[float]:
    """The losses of a model of these layers, a step of training for each."""
    tensors = [keras.Input(shape) for shape in row.inputs]
    model = keras.Model(tensors, [part(*tensors) for part in parts])
    # Small gradients, which Keras multiplies by 2**15 for mixed_float16, whose numbers end at
    # 2**16; and large steps, which show in the eight binary digits of bfloat16.
    model.compile(keras.optimizers.SGD(10.0), [Weighted(reduction="sum") for _ in parts], **options)
    # A size that Keras leaves open is the input's: an EinsumDense over steps.
    shapes = [
        (BATCH, *(size or row.inputs[0][at] for at, size in enumerate(output.shape[1:])))
        for output in model.outputs
    ]
    history = model.fit(
        inputs_of(row),
        [0.01 * drawn(7, *shape) for shape in shapes],
        batch_size=BATCH,
        epochs=epochs,
        verbose=0,
    )
    return list(map(float, history.history["loss"]))


def stock(row: Row) -> Any:
    """Keras's own layer; of a Bias, which Keras has not, what comes after it."""
    if row.theirs is None:
        return keras.layers.Activation(row.arguments["activation"])
    return made(row.theirs, **row.arguments)


@contextmanager
def as_far_as_keras_goes(row: Row, train: bool) -> Iterator[None]:
    """Takes an error if Keras's own layer has the same one."""
    try:
        yield
    except AssertionError:
        raise
    except Exception as error:
        with pytest.raises(type(error)):
            trained([stock(row)], row, **QUICKEST) if train else stock(row)(*inputs_of(row))


# ---- dtype policies -----------------------------------------------------------------------------


@each_layer
@each_dtype
def test_a_policy_holds_for_the_bias_and_what_it_gives(name: str, dtype: str, policy: Any) -> None:
    row = row_of(name)
    arrays = inputs_of(row)

    for layer, case in of_each_shape(name):
        with as_far_as_keras_goes(row, train=False):
            y = filled(layer, row)(*arrays)

            if dtype_of(y) != policy.compute_dtype:
                assert dtype_of(y) == dtype_of(stock(row)(*arrays))
            types = {dtype_of(bias) for bias in biases(layer, case.biases)}
            assert types == {policy.variable_dtype}
            weights = {below(weight, layer): values(weight) for weight in layer.weights}
            want = foretold(row, case, weights, arrays)
            np.testing.assert_allclose(
                values(y), want, rtol=DTYPES[dtype], atol=DTYPES[dtype], err_msg=str(case)
            )


@pytest.mark.parametrize("dtype", ["float64"])
@pytest.mark.parametrize("bias_shape", ["scalar", "vector", "untied"])
def test_a_bias_has_all_digits_of_float64(bias_shape: Any, dtype: str, policy: Any) -> None:
    x = drawn(0, BATCH, 4, 4)
    layer = layers.Bias(bias_shape=bias_shape)
    layer.build(x.shape)
    layer.bias.assign(drawn(1, *layer.bias.shape))

    y = layer(x)

    assert dtype_of(y) == "float64"
    np.testing.assert_array_equal(values(y), x + values(layer.bias))


@each_layer
@each_dtype
def test_a_policy_trains_the_bias(name: str, dtype: str, policy: Any) -> None:
    row = row_of(name)
    made_of = [(filled(layer, row), case) for layer, case in of_each_shape(name)]
    watched = [(layer, biases(layer, case.biases)) for layer, case in made_of]
    before = [[values(bias) for bias in own] for _, own in watched]

    with as_far_as_keras_goes(row, train=True):
        trained([layer for layer, _ in watched], row, **QUICKEST)

        for (layer, own), old in zip(watched, before, strict=True):
            for bias, was in zip(own, old, strict=True):
                if below(bias, layer) not in row.idle:
                    assert np.any(values(bias) != was), bias.path


@pytest.mark.parametrize("name", ["SimpleRNN", "LSTM", "GRU"])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_its_weights_start_in_a_type_if_keras_s_do(name: str, dtype: str, policy: Any) -> None:
    row = row_of(name)
    shapes = [(BATCH, *shape) for shape in row.inputs]

    def started(layer: Any) -> type[Exception] | None:
        try:
            layer.build(*shapes)  # its recurrent kernel needs a QR decomposition
        except Exception as error:
            return type(error)
        return None

    assert started(row.ours(**row.arguments)) is started(row.theirs(**row.arguments))


# ---- how a step is compiled ---------------------------------------------------------------------

WAYS: dict[str, dict[str, bool]] = {
    "jit_compile": {"jit_compile": True},
    "run_eagerly": {"run_eagerly": True, "jit_compile": False},
}


@functools.cache
def plain_losses(name: str) -> list[float]:
    row = row_of(name)
    parts = [filled(layer, row) for layer, _ in of_each_shape(name)]
    return trained(parts, row, epochs=3, jit_compile=False)


# A cell is compiled within its layer, and a ConvLSTM's as an LSTM's.
@pytest.mark.parametrize("name", [name for name in SHAPES if name not in ("GRU", "ConvLSTM2D")])
@pytest.mark.parametrize("way", WAYS)
def test_losses_are_the_same_however_a_step_is_compiled(name: str, way: str) -> None:
    row = row_of(name)
    parts = [filled(layer, row) for layer, _ in of_each_shape(name)]

    losses = trained(parts, row, epochs=3, **WAYS[way])

    # The same float32 sums of some hundred numbers of size 0.01, in another order.
    np.testing.assert_allclose(losses, plain_losses(name), rtol=1e-4, atol=1e-5)
