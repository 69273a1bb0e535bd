"""Models that must not be converted, and the message for each."""

from functools import partial

import keras
from keras import layers as kl
from parity.row import Row, one

from keras_bias import layers as bias_layers
from keras_tfjs.errors import CorruptModelError, UnsupportedLayerError, UnsupportedOptionError


class Subclassed(keras.Model):  # type: ignore[misc]  # Keras has no types
    def __init__(self) -> None:
        super().__init__()
        self.dense = kl.Dense(2)

    def call(self, inputs: object) -> object:
        return self.dense(inputs)


@keras.saving.register_keras_serializable("mine")
class Own(kl.Layer):  # type: ignore[misc]  # Keras has no types
    def call(self, inputs: object) -> object:
        return inputs


def subclassed() -> keras.Model:
    model = Subclassed()
    model(keras.ops.ones((1, 3)))
    return model


def unbuilt() -> keras.Model:
    return keras.Sequential([kl.Dense(2)], name="unbuilt")


def operations() -> keras.Model:
    inputs = keras.Input((3, 3))
    narrow = keras.Input((3, 3), dtype="int8")
    small = keras.src.ops.numpy.Add(name="small")(narrow, 2)
    return keras.Model([inputs, narrow], [keras.src.ops.linalg.Det(name="det")(inputs), small])


def several_at_once() -> keras.Model:
    inner = keras.Sequential([keras.Input((3,)), Own(name="own")], name="inner")
    layers = [keras.Input((3,)), inner, kl.Dense(4, activation="glu", name="glu"), Own(name="x")]
    return keras.Sequential(layers)


def custom_activation() -> keras.Model:
    return keras.Sequential([keras.Input((3,)), kl.Dense(2, activation=keras.ops.sin, name="d")])


def string_input() -> keras.Model:
    inputs = keras.Input((1,), dtype="string", name="s")
    return keras.Model(inputs, inputs)


def another_rank() -> keras.Model:
    inner = keras.Input((4,))
    model = keras.Model(inner, kl.Dense(3)(inner), name="inner")
    inputs = keras.Input((4, 1))
    return keras.Model(inputs, model(inputs))


def code_as_activation() -> keras.Model:
    dense = kl.Dense(2, activation=lambda x: x * 2, name="d")
    return keras.Sequential([keras.Input((3,)), dense])


_LEAVE_OUT = (
    "which cannot be converted. Build the model of the layers that keras-tfjs knows "
    "(README: what converts), or leave this one out."
)
_GLU = (
    "activation='glu' has no equal in TensorFlow.js. "
    "Put a layer Activation('glu') behind it instead."
)


ROWS = [
    Row(
        "subclassed",
        subclassed,
        "code, not layers",
        error=UnsupportedLayerError,
        message=(
            "model.keras: Subclassed is a subclassed model, whose graph only its Python code "
            "knows. Build it from its layers as keras.Sequential or keras.Model(inputs, outputs), "
            "and save that."
        ),
    ),
    Row(
        "unbuilt",
        unbuilt,
        "no shapes, no weights",
        error=CorruptModelError,
        message=(
            "Model 'unbuilt': is not built, so the shape of its input is unknown. "
            "Call model.build(input_shape) or put keras.Input(shape) in front, and save it again."
        ),
    ),
    Row(
        "operations",
        operations,
        "keras.ops that tfjs lacks, or its types",
        error=UnsupportedLayerError,
        message=(
            "The model has 2 layers or options that cannot be converted:\n"
            "  Operation 'det' (keras.ops Det) on tensors of the model cannot be converted. "
            "Compute it outside of the model, or with operations that TensorFlow.js has.\n"
            "  Operation 'small' (keras.ops Add) computes in int8, which a model in TensorFlow.js "
            "cannot do. TensorFlow.js has no such type: cast the tensor to int32 or float32 before."
        ),
    ),
    Row(
        "several_at_once",
        several_at_once,
        "a user mends them in one go",
        error=UnsupportedLayerError,
        message=(
            "The model has 3 layers or options that cannot be converted:\n"
            f"  Layer 'inner/own' is a mine>Own, {_LEAVE_OUT}\n"
            f"  Layer 'glu': {_GLU}\n"
            f"  Layer 'x' is a mine>Own, {_LEAVE_OUT}"
        ),
    ),
    Row(
        "own_layer",
        one(partial(Own, name="o"), 3),
        "a class that nobody knows",
        error=UnsupportedLayerError,
        message=f"Layer 'o' is a mine>Own, {_LEAVE_OUT}",
    ),
    Row(
        "lambda",
        one(partial(kl.Lambda, keras.ops.sin, name="l"), 3),
        "Python code in the file, which is not run",
        error=UnsupportedLayerError,
        message=(
            "Layer 'l' is a Lambda, whose function is Python, which is not run here and cannot be "
            "in a browser. Write what it computes with layers, or with keras.ops on tensors of a "
            "functional model."
        ),
    ),
    Row(
        "custom_activation",
        custom_activation,
        "a function that only Python has",
        error=UnsupportedOptionError,
        message=(
            "Layer 'd': activation='sin' has no equal in TensorFlow.js. "
            "Use an activation of keras.activations, or compute it in layers of its own."
        ),
    ),
    Row(
        "glu_in_dense",
        one(partial(kl.Dense, 4, activation="glu", name="d"), 3),
        "it changes the shape behind the layer's back",
        error=UnsupportedOptionError,
        message=f"Layer 'd': {_GLU}",
    ),
    Row(
        "glu_in_bias",
        one(partial(bias_layers.Bias, activation="glu", name="b"), 4),
        "the same in a layer of ours",
        error=UnsupportedOptionError,
        message=f"Layer 'b': {_GLU}",
    ),
    Row(
        "string_input",
        string_input,
        "tfjs loads it and fails at the first prediction",
        error=UnsupportedOptionError,
        message=(
            "Layer 's': dtype='string' cannot be fed to TensorFlow.js. "
            "Turn the data into numbers outside of the model, and give it an input of numbers."
        ),
    ),
    Row(
        "another_rank",
        another_rank,
        "Keras takes the axis away, and tfjs fails to load",
        error=UnsupportedOptionError,
        message=(
            "Model 'inner' is called on a tensor of 3 axes and was built on 2, which TensorFlow.js "
            "does not even out. Put a Reshape before it."
        ),
    ),
    Row(
        "normalized_integers_rearranged",
        lambda: keras.Sequential(
            [keras.Input((2, 3), dtype="int32"), kl.Flatten(), kl.LayerNormalization(name="n")]
        ),
        "they stay integers on the way",
        error=UnsupportedOptionError,
        message=(
            "Layer 'n': Keras computes it in integers, as its input is of them, and TensorFlow.js "
            "in float32. Give it an input of floats."
        ),
    ),
    Row(
        "normalized_integers",
        one(partial(kl.LayerNormalization, name="n"), 4, dtype="int32"),
        "Keras gives back integers",
        error=UnsupportedOptionError,
        message=(
            "Layer 'n': Keras computes it in integers, as its input is of them, and TensorFlow.js "
            "in float32. Give it an input of floats."
        ),
    ),
    Row(
        "code_as_activation",
        code_as_activation,
        "compiled code is no name",
        error=UnsupportedOptionError,
        message=(
            "Layer 'd': activation='lambda' has no equal in TensorFlow.js. "
            "Use an activation of keras.activations, or compute it in layers of its own."
        ),
    ),
    Row(
        "normalized_integers_in_groups",
        one(partial(kl.GroupNormalization, 2, name="n"), 4, dtype="int32"),
        "Keras gives back integers",
        error=UnsupportedOptionError,
        message=(
            "Layer 'n': Keras computes it in integers, as its input is of them, and TensorFlow.js "
            "in float32. Give it an input of floats."
        ),
    ),
    Row(
        "rms_of_an_axis_before_one",
        one(partial(kl.RMSNormalization, axis=1, name="n"), 4, 1),
        "Keras brings the scale to the last axis, which grows",
        error=UnsupportedOptionError,
        message=(
            "Layer 'n': axis=[1] has no equal in TensorFlow.js. "
            "Use the last axis: Keras stretches the output to the scale here."
        ),
    ),
]
