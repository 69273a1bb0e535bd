"""Training moves a bias by the sum over what shares it, or not at all if it is frozen."""

from typing import Any

import keras
import numpy as np
import pytest
from bias_definition import Array, gathered, spread
from dense_models import CASES, SHAPES, Weighted, built, close, counts, drawn, model_of, values

# Keras makes arrays of its variables in a way that NumPy 2 deprecates.


@pytest.mark.parametrize(("bias_shape", "inputs", "units"), CASES)
def test_the_gradient_is_the_sum_over_what_shares_the_bias(
    bias_shape: Any, inputs: tuple[int, ...], units: int
) -> None:
    layer = built(bias_shape, inputs, units)
    model = model_of(layer, inputs=inputs)
    before = values(layer.bias)
    target = drawn(3, 2, *inputs[:-1], units)

    model.train_on_batch(drawn(0, 2, *inputs), target)

    want = gathered(target, counts(layer, *inputs[:-1], units), before.shape)
    close(before - values(layer.bias), want)


@pytest.mark.parametrize("bias_shape", SHAPES)
def test_the_gradient_is_the_slope_of_the_loss(bias_shape: Any) -> None:
    layer = built(bias_shape, activation="tanh")
    model = model_of(layer)
    x, target = drawn(0, 2, 4, 3), drawn(3, 2, 4, 6)
    kernel, before = values(layer.kernel), values(layer.bias)

    def loss(bias: Array) -> float:
        return float(
            np.sum(target * np.tanh(x @ kernel + spread(bias, counts(layer, 4, 6), (4, 6))))
        )

    model.train_on_batch(x, target)

    slope = np.zeros_like(before)
    for index in np.ndindex(*before.shape):
        step = np.zeros_like(before)
        step[index] = 1e-6
        slope[index] = (loss(before + step) - loss(before - step)) / 2e-6
    # Slopes are taken in float64; the step is the layer's own, in float32.
    close(before - values(layer.bias), slope, 1e-4)


def test_the_gradient_of_one_number_is_the_sum_of_the_vectors() -> None:
    vector, scalar = (
        built("vector", bias_initializer="ones"),
        built("scalar", bias_initializer="ones"),
    )
    x, target = drawn(0, 2, 4, 3), drawn(3, 2, 4, 6)

    for layer in (vector, scalar):
        layer.activation = keras.activations.tanh
        model_of(layer).train_on_batch(x, target)

    moved = 1 - values(vector.bias)
    close(1 - values(scalar.bias), [moved.sum()])


@pytest.mark.parametrize("options", [{}, {"activation": "gelu"}, {"use_bias": False}])
def test_vector_is_keras_to_the_last_digit_of_weights_and_training(options: dict[str, Any]) -> None:
    ours = built("vector", **options)
    theirs = keras.layers.Dense.from_config(
        {k: v for k, v in ours.get_config().items() if k not in ("bias_shape", "bias_trainable")}
    )
    theirs.build((None, 4, 3))
    theirs.set_weights(ours.get_weights())
    x, target = drawn(0, 2, 4, 3), drawn(3, 2, 4, 6)

    close(values(ours(x)), values(theirs(x)))
    for layer in (ours, theirs):
        model_of(layer).fit(x, target, epochs=3, verbose=0)

    for our, their in zip(ours.weights, theirs.weights, strict=True):
        assert (our.name, our.shape) == (their.name, their.shape)
        close(values(our), values(their), 1e-4)


@pytest.mark.parametrize(
    "options", [{"run_eagerly": True}, {"jit_compile": True}, {"jit_compile": False}]
)
@pytest.mark.parametrize("bias_shape", SHAPES)
def test_training_moves_the_bias_however_it_is_compiled(
    bias_shape: Any, options: dict[str, Any]
) -> None:
    layer = built(bias_shape)
    model = model_of(layer, **options)
    before = values(layer.bias)

    model.fit(drawn(0, 8, 4, 3), drawn(3, 8, 4, 6), batch_size=4, epochs=2, verbose=0)

    assert np.all(values(layer.bias) != before)


@pytest.mark.parametrize("bias_shape", SHAPES)
def test_training_does_not_move_a_frozen_bias(bias_shape: Any) -> None:
    layer = built(bias_shape, bias_initializer="ones", bias_trainable=False)
    model = model_of(layer)
    kernel = values(layer.kernel)

    model.fit(drawn(0, 8, 4, 3), drawn(3, 8, 4, 6), epochs=2, verbose=0)

    assert np.all(values(layer.bias) == 1)
    assert np.all(values(layer.kernel) != kernel)


def test_a_frozen_bias_has_no_slots_in_the_optimizer() -> None:
    layer = built("vector", bias_trainable=False)
    model = keras.Sequential([keras.Input((4, 3)), layer])
    model.compile("adam", "mse")

    model.optimizer.build(model.trainable_variables)

    assert not [slot.path for slot in model.optimizer.variables if "bias" in slot.path]


def test_thawing_a_layer_leaves_a_frozen_bias_frozen() -> None:
    layer = built(bias_trainable=False)

    layer.trainable = False
    layer.trainable = True

    assert [weight.name for weight in layer.trainable_weights] == ["kernel"]
    assert [weight.name for weight in layer.non_trainable_weights] == ["bias"]


def test_a_frozen_bias_keeps_its_place_among_the_weights() -> None:
    layer = built(bias_trainable=False)

    kernel, bias = layer.get_weights()

    assert (kernel.shape, bias.shape) == ((3, 6), (1,))


# jax has no float64 unless told so before it starts.
DTYPES = ["mixed_float16", "mixed_bfloat16", "float16", "bfloat16", "float32"] + (
    [] if keras.backend.backend() == "jax" else ["float64"]
)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("bias_shape", ["vector", "scalar", "untied", (2, 3)])
def test_a_dtype_policy_holds_for_the_bias(bias_shape: Any, dtype: str) -> None:
    layer = built(bias_shape, dtype=dtype)
    policy = keras.dtype_policies.DTypePolicy(dtype)
    x = drawn(0, 2, 4, 3)

    y = layer(x)

    assert keras.backend.standardize_dtype(layer.bias.dtype) == policy.variable_dtype
    assert keras.backend.standardize_dtype(y.dtype) == policy.compute_dtype
    want = x @ values(layer.kernel) + spread(values(layer.bias), counts(layer, 4, 6), (4, 6))
    # bfloat16 keeps 8 bits of values up to 4, through three roundings.
    digits = 5e-2 if "16" in dtype else 1e-5
    close(values(y), want, digits)


@pytest.mark.parametrize("dtype", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision_trains(dtype: str) -> None:
    layer = built("untied", dtype=dtype)
    before = values(layer.bias)

    model_of(layer).fit(drawn(0, 8, 4, 3), drawn(3, 8, 4, 6), verbose=0)

    assert np.all(values(layer.bias) != before)


def test_two_calls_share_one_bias_and_sum_its_gradients() -> None:
    layer = built("scalar")
    a, b = keras.Input((4, 3)), keras.Input((4, 3))
    model = keras.Model([a, b], keras.layers.Add()([layer(a), layer(b)]))
    model.compile(keras.optimizers.SGD(1.0), Weighted(reduction="sum"))
    before, target = values(layer.bias), drawn(3, 2, 4, 6)

    model.train_on_batch([drawn(0, 2, 4, 3), drawn(1, 2, 4, 3)], target)

    close(before - values(layer.bias), [2 * target.sum()])


def test_regularizer_and_constraint_hold_for_the_bias_in_its_own_shape() -> None:
    layer = built(
        "scalar", bias_initializer="ones", bias_regularizer="l2", bias_constraint="non_neg"
    )
    model = model_of(layer)

    assert values(keras.ops.sum(layer.losses)) == pytest.approx(0.01)
    model.train_on_batch(drawn(0, 2, 4, 3), np.full((2, 4, 6), 1.0))

    assert values(layer.bias) == [0.0]
