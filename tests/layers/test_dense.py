"""Dense is Keras's in all but the bias, on whichever backend Keras runs."""

import inspect
from typing import Any

import keras
import numpy as np
import pytest
from bias_definition import spread
from dense_models import CASES, SHAPES, built, close, counts, drawn, stock, values

from keras_bias import layers
from keras_bias.layers.mixin import Unbiased

# Keras makes arrays of its variables in a way that NumPy 2 deprecates.


@pytest.mark.parametrize(("bias_shape", "inputs", "units"), CASES)
def test_the_bias_is_added_where_its_shape_says(
    bias_shape: Any, inputs: tuple[int, ...], units: int
) -> None:
    layer = built(bias_shape, inputs, units, activation="tanh")
    x = drawn(0, 2, *inputs)

    got = values(layer(x))

    sizes = (*inputs[:-1], units)
    want = x @ values(layer.kernel) + spread(values(layer.bias), counts(layer, *sizes), sizes)
    close(got, np.tanh(want))


def test_it_is_a_keras_dense_with_two_arguments_more() -> None:
    ours, theirs = (
        dict(inspect.signature(cls).parameters) for cls in (layers.Dense, keras.layers.Dense)
    )

    assert issubclass(layers.Dense, keras.layers.Dense)
    assert list(ours) == [*list(theirs)[:-1], "bias_shape", "bias_trainable", "kwargs"]
    assert all(ours[name].default == theirs[name].default for name in theirs)
    assert inspect.signature(layers.Dense.call) == inspect.signature(keras.layers.Dense.call)


def test_positional_arguments_are_keras_s() -> None:
    layer = layers.Dense(5, "relu", False)

    assert (layer.units, layer.activation, layer.use_bias) == (5, keras.activations.relu, False)


def test_keras_adds_one_weight_named_bias_and_computes_without_it() -> None:
    names = []

    class Watched(keras.layers.Dense):  # type: ignore[misc]  # Keras has no types
        def add_weight(self, *args: Any, **kwargs: Any) -> Any:
            names.append(kwargs["name"])
            return super().add_weight(*args, **kwargs)

    Watched(6).build((None, 4, 3))
    layer = built("untied", activation="tanh")
    x = drawn(0, 2, 4, 3).astype("float32")

    before = values(keras.layers.Dense.call(Unbiased(layer), keras.ops.convert_to_tensor(x)))

    assert names.count("bias") == 1
    close(before, values(stock(layer)(x)))
    close(values(layer(x)), np.tanh(before + values(layer.bias)))


def test_the_view_is_the_layer_but_for_bias_and_activation() -> None:
    layer = built("untied", activation="tanh")

    view = Unbiased(layer)

    assert isinstance(view, keras.layers.Dense)
    assert (view.bias, view.activation, view.use_bias) == (None, None, False)
    assert view.kernel is layer.kernel
    assert view.call.__self__ is view
    with pytest.raises(AttributeError):
        view.kept = 1


@pytest.mark.parametrize("size", [0, 1])
@pytest.mark.parametrize("bias_shape", SHAPES)
def test_an_empty_batch_and_a_batch_of_one_go_through(bias_shape: Any, size: int) -> None:
    layer = built(bias_shape)

    assert tuple(layer(np.zeros((size, 4, 3))).shape) == (size, 4, 6)


def test_a_summary_counts_the_biases_there_are() -> None:
    lines: list[str] = []
    model = keras.Sequential([keras.Input((4, 3)), built("scalar", bias_trainable=False)])

    model.summary(print_fn=lambda text, **_: lines.append(text))

    assert model.count_params() == 3 * 6 + 1
    assert "Non-trainable params: 1 " in "".join(lines)


def test_a_class_of_yours_may_have_its_own_call() -> None:
    class Doubled(layers.Dense):
        def call(self, inputs: Any) -> Any:
            return 2 * super().call(inputs)

    layer = Doubled(6, bias_shape="scalar", bias_initializer="ones", kernel_initializer="zeros")

    assert np.all(values(layer(np.zeros((2, 3)))) == 2)


def test_masks_pass_through() -> None:
    layer = built("location")
    x = keras.layers.Masking()(np.array(drawn(0, 2, 4, 3) * [[[1], [1], [0], [1]]], "float32"))

    y = layer(x)

    want = keras.layers.Dense(6)(x)._keras_mask
    np.testing.assert_array_equal(np.asarray(y._keras_mask), np.asarray(want))


@pytest.mark.parametrize("bias_shape", ["vector", "scalar", "untied", (2,)])
def test_time_distributed_shares_it_over_the_steps(bias_shape: Any) -> None:
    layer = layers.Dense(6, bias_shape=bias_shape, bias_initializer="normal")
    model = keras.Sequential([keras.Input((4, 3)), keras.layers.TimeDistributed(layer)])
    x = drawn(0, 2, 4, 3)

    got = values(model(x))

    want = x @ values(layer.kernel) + spread(values(layer.bias), counts(layer, 6), (6,))
    close(got, want)


@pytest.mark.parametrize("bias_shape", ["vector", "scalar", (2,)])
def test_a_bias_of_the_units_alone_takes_other_ranks_and_sizes(bias_shape: Any) -> None:
    layer = built(bias_shape)

    for sizes in [(3,), (9, 3), (2, 4, 3)]:
        x = drawn(0, 2, *sizes)
        out = (*sizes[:-1], 6)
        want = x @ values(layer.kernel) + spread(values(layer.bias), counts(layer, *out), out)
        close(values(layer(x)), want)


@pytest.mark.parametrize(
    ("bias_shape", "inputs"),
    [
        ("untied", (5, 3)),
        ("location", (1, 3)),  # would be stretched to 4 steps
        ("location", (3,)),  # would add a step to each sample of a batch of 4
        ((2, 1), (6, 3)),
    ],
)
def test_an_output_of_another_size_is_refused(bias_shape: Any, inputs: tuple[int, ...]) -> None:
    layer = built(bias_shape, name="a")

    with pytest.raises(ValueError, match=r"was built for output shape") as raised:
        layer.call(np.zeros((4, *inputs), "float32"))

    assert str(raised.value) == (
        f"Layer 'a': bias_shape={bias_shape!r} was built for output shape (None, 4, 6) and cannot "
        f"be added to {(4, *inputs[:-1], 6)}. Call the layer on the size it was built on, or share "
        "the bias along the axes that change."
    )


def test_an_unknown_number_of_steps_is_fine_where_it_is_shared() -> None:
    model = keras.Sequential([keras.Input((None, 3)), layers.Dense(6, bias_shape="scalar")])

    assert model.predict(drawn(0, 2, 7, 3), verbose=0).shape == (2, 7, 6)
    assert model.predict(drawn(0, 2, 2, 3), verbose=0).shape == (2, 2, 6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"bias_shape": "spatial"},
            "Layer 'a': bias_shape='spatial' is unknown. Use 'scalar', 'vector', 'group', "
            "'location', 'untied', on recurrent layers 'gate', or a tuple.",
        ),
        (
            {"bias_shape": "scalar", "use_bias": False},
            "Layer 'a': bias_shape='scalar' is given to a layer with use_bias=False. Leave one of "
            "the two out.",
        ),
        (
            {"bias_trainable": 1},
            "Layer 'a': bias_trainable=1 is not a bool. Use True or False.",
        ),
    ],
)
def test_a_wrong_argument_is_refused_at_once(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 -- compared word for word below
        layers.Dense(6, name="a", **options)

    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("bias_shape", "message"),
    [
        (
            "untied",
            "Layer 'a': bias_shape='untied' needs one bias per index of output axis 1, whose size "
            "is None (output shape (None, None, 6)). Build the layer on a fixed size, or share the "
            "bias along that axis.",
        ),
        (
            "group",
            "Layer 'a': bias_shape='group' needs a layer with groups, and this one has none. Use "
            "a tuple with a number of equal blocks, such as (2,).",
        ),
        (
            "gate",
            "Layer 'a': bias_shape='gate' needs a recurrent layer with gates, and this one has "
            "none. Use 'scalar', 'vector', 'group', 'location', 'untied' or a tuple.",
        ),
    ],
)
def test_a_bias_the_output_cannot_have_is_refused_before_any_variable(
    bias_shape: str, message: str
) -> None:
    layer = layers.Dense(6, bias_shape=bias_shape, name="a")

    with pytest.raises(ValueError) as raised:  # noqa: PT011 -- compared word for word below
        layer.build((None, None, 3))

    assert str(raised.value) == message
    assert layer.weights == []


def test_without_a_bias_there_is_none() -> None:
    layer = built("vector", use_bias=False)

    assert layer.bias is None
    assert [weight.name for weight in layer.weights] == ["kernel"]
