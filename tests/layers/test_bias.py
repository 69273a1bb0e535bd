"""Bias adds a bias of the shape asked for to any tensor, on whichever backend Keras runs."""

import copy
import pickle
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from bias_definition import Array, gathered, spread

from keras_bias import layers
from keras_bias.shape import BiasShape

# Keras makes arrays of its variables in a way that NumPy 2 deprecates.
LAST, FIRST = "channels_last", "channels_first"

# (bias_shape, input shape without batch, data_format, groups). Equal sizes are where an addition
# along the wrong axis shows.
CASES: list[tuple[Any, tuple[int, ...], str, int | None]] = [
    ("scalar", (), LAST, None),
    ("vector", (5,), LAST, None),
    ("scalar", (5,), LAST, None),
    ("location", (5,), LAST, None),
    ("untied", (5,), LAST, None),
    ("vector", (5,), FIRST, None),
    ("vector", (1,), LAST, None),
    ("location", (5, 5), LAST, None),
    ("vector", (5, 5), FIRST, None),
    ("group", (5, 6), LAST, 3),
    ("vector", (4, 3, 4), LAST, None),
    ("location", (4, 3, 4), LAST, None),
    ("vector", (4, 4, 3), FIRST, None),
    ("vector", (4, 3, 4), FIRST, None),
    ("location", (4, 3, 4), FIRST, None),
    ("untied", (4, 3, 4), FIRST, None),
    ("group", (4, 4, 4), FIRST, 2),
    ("group", (4, 4, 4), LAST, 2),
    ((None, 1, 1), (4, 3, 4), LAST, None),
    ((2, 1, 2), (4, 3, 4), LAST, None),
    ((None, 1), (4, 4, 4), LAST, None),
    ("untied", (2, 3, 4, 5), LAST, None),
    ("vector", (3, 3, 3, 3), FIRST, None),
]


def drawn(seed: int, *shape: int) -> Array:
    return np.random.default_rng(seed).normal(size=shape)


def values(x: Any) -> Array:
    return np.asarray(keras.ops.convert_to_numpy(keras.ops.cast(x, "float32")), dtype=np.float64)


def built(bias_shape: Any, sizes: tuple[int, ...], data_format: str = LAST, **options: Any) -> Any:
    """A built Bias that is not 0."""
    options.setdefault("bias_initializer", keras.initializers.RandomNormal(stddev=1.0, seed=2))
    layer = layers.Bias(bias_shape, data_format=data_format, **options)
    layer.build((None, *sizes))
    return layer


def counts(layer: Any, sizes: tuple[int, ...]) -> tuple[int, ...]:
    axis = 0 if layer.data_format == FIRST else -1
    return BiasShape.of(layer.bias_shape).resolve(sizes, axis, layer.groups).counts


class Weighted(keras.losses.Loss):  # type: ignore[misc]  # Keras has no types
    """sum(target * prediction): its gradient by the prediction is the target."""

    def call(self, y_true: Any, y_pred: Any) -> Any:
        return keras.ops.reshape(y_true * y_pred, (-1,))


@pytest.mark.parametrize(("bias_shape", "sizes", "data_format", "groups"), CASES)
def test_the_bias_is_added_where_its_shape_says(
    bias_shape: Any,
    sizes: tuple[int, ...],
    data_format: str,
    groups: int | None,
) -> None:
    layer = built(bias_shape, sizes, data_format, groups=groups, activation="tanh")
    x = drawn(0, 2, *sizes)

    got = values(layer(x))

    want = x + spread(values(layer.bias), counts(layer, sizes), sizes)
    # One float32 addition of numbers below 4: the last of 24 bits, and that of the input.
    np.testing.assert_allclose(got, np.tanh(want), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(("bias_shape", "sizes", "data_format", "groups"), CASES[1:])
def test_the_gradient_is_the_sum_over_what_shares_the_bias(
    bias_shape: Any, sizes: tuple[int, ...], data_format: str, groups: int | None
) -> None:
    layer = built(bias_shape, sizes, data_format, groups=groups)
    model = keras.Sequential([keras.Input(sizes), layer])
    model.compile(keras.optimizers.SGD(1.0), Weighted(reduction="sum"), run_eagerly=True)
    before, target = values(layer.bias), drawn(3, 2, *sizes)

    model.train_on_batch(drawn(0, 2, *sizes), target)

    want = gathered(target, counts(layer, sizes), before.shape)
    # Sums of up to 200 numbers of size 1 in float32.
    np.testing.assert_allclose(before - values(layer.bias), want, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("compiled", [{"jit_compile": True}, {"jit_compile": False}])
@pytest.mark.parametrize("trainable", [True, False])
def test_training_moves_a_bias_unless_it_is_frozen(
    compiled: dict[str, bool], trainable: bool
) -> None:
    layer = built((2, 1), (4, 3), bias_initializer="ones", bias_trainable=trainable)
    model = keras.Sequential([keras.Input((4, 3)), keras.layers.Dense(3), layer])
    model.compile("sgd", "mse", **compiled)

    model.fit(drawn(0, 8, 4, 3), drawn(3, 8, 4, 3), epochs=2, verbose=0)

    assert np.all((values(layer.bias) != 1) == trainable)


def test_after_a_dense_without_bias_it_is_a_dense_with_one() -> None:
    dense = keras.layers.Dense(6, use_bias=False)
    bias = built("vector", (6,), activation="tanh")
    x = drawn(0, 2, 3).astype("float32")
    got = values(bias(dense(x)))

    whole = keras.layers.Dense(6, activation="tanh")
    whole.build((None, 3))
    whole.set_weights([*dense.get_weights(), *bias.get_weights()])

    np.testing.assert_allclose(got, values(whole(x)), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(("bias_shape", "sizes", "data_format", "groups"), CASES[1:])
def test_a_saved_model_comes_back_whole(
    bias_shape: Any, sizes: tuple[int, ...], data_format: str, groups: int | None, tmp_path: Path
) -> None:
    layer = built(
        bias_shape,
        sizes,
        data_format,
        groups=groups,
        bias_regularizer="l2",
        bias_constraint="non_neg",
        activation="relu",
        name="ours",
    )
    model = keras.Sequential([keras.Input(sizes), layer])
    x = drawn(0, 2, *sizes)

    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")

    assert type(again.layers[0]) is layers.Bias
    assert again.layers[0].get_config() == layer.get_config()
    assert [weight.path for weight in again.weights] == ["ours/bias"]
    np.testing.assert_array_equal(values(again(x)), values(model(x)))


def test_copies_of_every_kind_are_equal() -> None:
    model = keras.Sequential([keras.Input((4, 3)), built((None, 1), (4, 3))])
    x = drawn(0, 2, 4, 3)
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())

    copies = [clone, copy.deepcopy(model), pickle.loads(pickle.dumps(model))]

    for other in copies:
        np.testing.assert_array_equal(values(other(x)), values(model(x)))


def test_its_config_holds_all_of_its_arguments() -> None:
    config = keras.saving.serialize_keras_object(layers.Bias((None, 2), data_format=LAST, name="b"))

    assert config["registered_name"] == "keras_bias>Bias"
    own = {k: v for k, v in config["config"].items() if k not in ("dtype", "bias_initializer")}
    assert own == {
        "name": "b",
        "trainable": True,
        "bias_shape": [None, 2],
        "bias_trainable": True,
        "bias_regularizer": None,
        "bias_constraint": None,
        "activation": "linear",
        "data_format": "channels_last",
        "groups": None,
    }


def test_the_data_format_is_keras_s_unless_it_is_given() -> None:
    usual = keras.config.image_data_format()

    keras.config.set_image_data_format(FIRST)
    layer = layers.Bias()
    keras.config.set_image_data_format(usual)

    assert layer.data_format == FIRST
    assert layers.Bias().data_format == usual


@pytest.mark.parametrize("dtype", ["mixed_float16", "mixed_bfloat16", "float16", "bfloat16"])
def test_a_dtype_policy_holds_for_the_bias(dtype: str) -> None:
    layer = built((2, 1), (4, 3), dtype=dtype)
    policy = keras.dtype_policies.DTypePolicy(dtype)
    x = drawn(0, 2, 4, 3)

    y = layer(x)

    assert keras.backend.standardize_dtype(layer.bias.dtype) == policy.variable_dtype
    assert keras.backend.standardize_dtype(y.dtype) == policy.compute_dtype
    want = x + spread(values(layer.bias), (2, 1), (4, 3))
    # bfloat16 keeps 8 bits of values up to 4.
    np.testing.assert_allclose(values(y), want, rtol=5e-2, atol=5e-2)


def test_whole_numbers_become_what_the_layer_computes_in() -> None:
    layer = built("scalar", (3,), bias_initializer=keras.initializers.Constant(0.5))

    y = layer(np.array([[1, 2, 3]]))

    np.testing.assert_array_equal(values(y), [[1.5, 2.5, 3.5]])


def test_masks_pass_through() -> None:
    x = keras.layers.Masking()(np.array([[[1.0, 1.0], [0.0, 0.0]]], "float32"))

    y = layers.Bias("location", bias_initializer="ones")(x)

    np.testing.assert_array_equal(np.asarray(y._keras_mask), [[True, False]])


@pytest.mark.parametrize("size", [0, 1])
def test_an_empty_batch_and_a_batch_of_one_go_through(size: int) -> None:
    layer = built("untied", (4, 3))

    assert tuple(layer(np.zeros((size, 4, 3))).shape) == (size, 4, 3)


def test_images_of_unknown_size_may_share_their_biases() -> None:
    model = keras.Sequential([keras.Input((None, None, 4)), layers.Bias("group", groups=2)])

    assert model.output_shape == (None, None, None, 4)
    assert model.predict(drawn(0, 2, 3, 5, 4), verbose=0).shape == (2, 3, 5, 4)


def test_calls_share_the_bias() -> None:
    layer = built("vector", (3,), bias_initializer="ones")
    x = keras.Input((3,))
    model = keras.Model(x, layer(layer(x)))

    np.testing.assert_array_equal(values(model(np.zeros((2, 3)))), np.full((2, 3), 2.0))
    assert len(model.weights) == 1


def test_a_regularizer_and_a_constraint_hold_for_the_bias_in_its_own_shape() -> None:
    layer = built("scalar", (3,), bias_initializer="ones", bias_regularizer="l2")

    assert values(keras.ops.sum(layer.losses)) == pytest.approx(0.01)


def test_an_input_of_another_size_is_refused() -> None:
    layer = built("location", (4, 3), name="b")

    with pytest.raises(ValueError, match=r"was built for output shape") as raised:
        layer.call(np.zeros((2, 5, 3), "float32"))

    assert str(raised.value) == (
        "Layer 'b': bias_shape='location' was built for output shape (None, 4, 3) and cannot be "
        "added to (2, 5, 3). Call the layer on the size it was built on, or share the bias along "
        "the axes that change."
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"bias_shape": (0,)},
            "Layer 'b': bias_shape=(0,) has the entry 0. An entry is 1 (shared along the axis), "
            "None (one bias per index) or a number of equal blocks.",
        ),
        (
            {"bias_trainable": "no"},
            "Layer 'b': bias_trainable='no' is not a bool. Use True or False.",
        ),
        (
            {"data_format": "NCHW"},
            "Layer 'b': data_format='NCHW' is unknown. Use 'channels_last' or 'channels_first'.",
        ),
        ({"groups": 0}, "Layer 'b': groups=0 is not a positive integer. Use None or 1 or more."),
        (
            {"groups": True},
            "Layer 'b': groups=True is not a positive integer. Use None or 1 or more.",
        ),
    ],
)
def test_a_wrong_argument_is_refused_at_once(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 -- compared word for word below
        layers.Bias(name="b", **options)

    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("bias_shape", "sizes", "message"),
    [
        (
            "group",
            (4, 6),
            "Layer 'b': bias_shape='group' needs a layer with groups, and this one has none. Use "
            "a tuple with a number of equal blocks, such as (2,).",
        ),
        (
            "vector",
            (),
            "Layer 'b': bias_shape='vector' needs an output axis besides the batch (output shape "
            "(None,)). Use 'scalar'.",
        ),
        (
            "untied",
            (None, 3),
            "Layer 'b': bias_shape='untied' needs one bias per index of output axis 1, whose size "
            "is None (output shape (None, None, 3)). Build the layer on a fixed size, or share the "
            "bias along that axis.",
        ),
    ],
)
def test_a_bias_the_input_cannot_have_is_refused_before_any_variable(
    bias_shape: str, sizes: tuple[int | None, ...], message: str
) -> None:
    layer = layers.Bias(bias_shape, name="b")

    with pytest.raises(ValueError) as raised:  # noqa: PT011 -- compared word for word below
        layer.build((None, *sizes))

    assert str(raised.value) == message
    assert layer.weights == []
