"""The mechanism asks of a Keras class what these Keras classes give, and needs nothing more.

A Keras release that creates or adds its biases otherwise fails here, by the class's name.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from bias_definition import spread

from keras_bias import layers
from keras_bias.layers.mixin import Unbiased
from keras_bias.shape import BiasShape

# (class, its arguments, input shape without batch). Sizes are equal where they can be.
PARENTS: list[tuple[str, dict[str, Any], tuple[int, ...]]] = [
    ("Dense", {"units": 4}, (4, 3)),
    (
        "EinsumDense",
        {"equation": "abc,cd->abd", "output_shape": (4, 4), "bias_axes": "d"},
        (4, 3),
    ),
    ("Conv1D", {"filters": 4, "kernel_size": 2, "padding": "causal"}, (4, 3)),
    ("Conv1D", {"filters": 3, "kernel_size": 2, "strides": 2}, (6, 3)),
    ("Conv2D", {"filters": 4, "kernel_size": 3, "padding": "same"}, (4, 5, 3)),
    ("Conv2D", {"filters": 4, "kernel_size": 3, "groups": 2}, (6, 6, 2)),
    ("Conv3D", {"filters": 2, "kernel_size": 2}, (3, 3, 3, 2)),
    ("Conv1DTranspose", {"filters": 4, "kernel_size": 3}, (2, 3)),
    ("Conv2DTranspose", {"filters": 4, "kernel_size": 3}, (2, 2, 3)),
    ("Conv3DTranspose", {"filters": 3, "kernel_size": 2}, (2, 2, 2, 1)),
    ("DepthwiseConv1D", {"kernel_size": 3, "depth_multiplier": 2}, (6, 2)),
    ("DepthwiseConv2D", {"kernel_size": 3, "depth_multiplier": 2}, (6, 6, 2)),
    ("SeparableConv1D", {"filters": 4, "kernel_size": 3}, (6, 3)),
    ("SeparableConv2D", {"filters": 4, "kernel_size": 3}, (6, 6, 3)),
]
CELLS: list[tuple[str, dict[str, Any], tuple[int, ...]]] = [
    ("SimpleRNNCell", {"units": 3}, (3,)),
    ("LSTMCell", {"units": 3}, (3,)),
    ("GRUCell", {"units": 3}, (3,)),
]
IDS = [f"{name}-{number}" for number, (name, _, _) in enumerate(PARENTS)]
SHAPES: list[Any] = ["vector", "scalar", "location", "untied", (None, 1)]


def values(x: Any) -> Any:
    return np.asarray(keras.ops.convert_to_numpy(x), dtype=np.float64)


@pytest.mark.parametrize(("name", "arguments", "inputs"), [*PARENTS, *CELLS])
def test_the_parent_makes_one_weight_named_bias(
    name: str, arguments: dict[str, Any], inputs: tuple[int, ...]
) -> None:
    parent = getattr(keras.layers, name)
    made: list[str] = []

    def add_weight(self: Any, *args: Any, **kwargs: Any) -> Any:
        made.append(kwargs["name"])
        return parent.add_weight(self, *args, **kwargs)

    type(name, (parent,), {"add_weight": add_weight})(**arguments).build((None, *inputs))

    assert made.count("bias") == 1


@pytest.mark.parametrize(("name", "arguments", "inputs"), PARENTS, ids=IDS)
@pytest.mark.parametrize("bias_shape", SHAPES)
def test_the_layer_is_the_parent_without_bias_then_bias_then_activation(
    name: str, arguments: dict[str, Any], inputs: tuple[int, ...], bias_shape: Any
) -> None:
    x = np.random.default_rng(0).normal(size=(2, *inputs)).astype("float32")
    layer = getattr(layers, name)(
        **arguments, bias_shape=bias_shape, bias_initializer="normal", activation="tanh"
    )
    layer.build((None, *inputs))

    got = values(layer(x))

    none = {"bias_axes": None} if "bias_axes" in arguments else {"use_bias": False}
    bare = getattr(keras.layers, name)(**{**arguments, **none})
    bare.build((None, *inputs))
    bare.set_weights(
        [w for w, v in zip(layer.get_weights(), layer.weights, strict=True) if v.name != "bias"]
    )
    linear = values(bare(x))
    viewed: Callable[..., Any] = type(bare).call
    sizes = linear.shape[1:]
    counts = BiasShape.of(bias_shape).resolve(sizes, -1).counts
    # Convolutions of some dozen float32 products.
    np.testing.assert_allclose(
        values(viewed(Unbiased(layer), keras.ops.convert_to_tensor(x))), linear, atol=1e-5
    )
    np.testing.assert_allclose(
        got, np.tanh(linear + spread(values(layer.bias), counts, sizes)), atol=1e-5
    )


def test_channels_come_first_where_the_layer_says_so() -> None:
    layer = layers.Conv2D(
        4, 3, padding="same", data_format="channels_first", bias_initializer="normal"
    )
    model = keras.Sequential([keras.Input((3, 4, 4)), layer])
    model.compile(jit_compile=True)  # TensorFlow has no such convolution on a CPU otherwise

    got = model.predict(np.zeros((2, 3, 4, 4), "float32"), verbose=0)

    # 4 filters on 4 x 4 places: an addition along the last axis would fit as well.
    want = np.broadcast_to(values(layer.bias)[:, None, None], (2, 4, 4, 4))
    np.testing.assert_allclose(got, want, atol=1e-6)


def test_groups_are_the_layer_s_own() -> None:
    layer = layers.Conv2D(4, 3, groups=2, bias_shape="group", bias_initializer="normal")

    got = values(layer(np.zeros((1, 3, 3, 2), "float32")))

    np.testing.assert_allclose(got[0, 0, 0], np.repeat(values(layer.bias), 2), atol=1e-6)
