"""Graphs are numbered, named and flattened as tfjs will rebuild them."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import pytest

from keras_tfjs.errors import ConversionError, CorruptModelError
from keras_tfjs.ir import Call, Layer, Model, Tensor, Translation, tensors
from keras_tfjs.read import opened
from keras_tfjs.translate import translated
from keras_tfjs.translate.graph import wired
from keras_tfjs.translate.registry import LAYERS
from keras_tfjs.translate.training_calls import ALWAYS_TRAINING, NORMALIZING, RATES
from keras_tfjs.write.shards import named_weights
from keras_tfjs.write.topology import topology

L = keras.layers


@pytest.fixture
def through(tmp_path: Path) -> Callable[[Any], Translation]:
    """The translation of a live model, on the way over a file."""

    def translate(live: Any) -> Translation:
        path = tmp_path / "model.keras"
        live.save(path)
        with opened(path) as saved:
            return translated(saved.model)

    return translate


def layer_of(model: Model, name: str) -> Layer:
    return next(layer for layer in model.layers if layer.name == name)


def test_a_tensor_that_is_used_twice_goes_over_a_linear_activation(through: Any) -> None:
    inputs = keras.Input((3,))
    hidden = L.Dense(3, name="h")(inputs)
    live = keras.Model(inputs, [L.Multiply(name="m")([hidden, hidden]), hidden])

    model = through(live).model

    assert tensors(list(layer_of(model, "m").calls[0].args)) == [
        Tensor("h", 0, 0),
        Tensor("h/copy_1", 0, 0),
    ]
    assert layer_of(model, "h/copy_1").config["activation"] == "linear"


@pytest.mark.parametrize("which", ["twice the same", "an input"])
def test_outputs_are_tensors_of_their_own(which: str, through: Any) -> None:
    inputs = keras.Input((3,), name="x")
    hidden = L.Dense(3, name="h")(inputs)
    outputs = [hidden, hidden] if which == "twice the same" else [inputs, hidden]

    model = through(keras.Model(inputs, outputs)).model

    assert len(set(tensors(model.outputs))) == 2
    assert Tensor("x", 0, 0) not in tensors(model.outputs)


def test_calls_are_numbered_in_the_order_in_which_tfjs_makes_them() -> None:
    """Tfjs puts off call 1 of `s`, whose input is not there yet, behind call 2."""

    def layer(name: str, *calls: Tensor) -> Layer:
        class_name = "Dense" if calls else "InputLayer"
        return Layer(name, class_name, calls=tuple(Call((call,), {}) for call in calls))

    x = Tensor("x", 0, 0)
    model = Model(
        "m",
        "functional",
        (layer("x"), layer("s", x, Tensor("b", 0, 0), x), layer("b", Tensor("s", 0, 0))),
        [x],
        [Tensor("s", 0, 0), Tensor("s", 1, 0), Tensor("s", 2, 0)],
    )

    result = wired(model)

    assert [call.args[0].layer for call in layer_of(result, "s").calls] == ["x", "x", "b"]
    assert result.outputs == [Tensor("s", 0, 0), Tensor("s", 2, 0), Tensor("s", 1, 0)]


@pytest.mark.parametrize(
    ("lost", "message"),
    [
        (
            Tensor("gone", 0, 0),
            "Model 'm': it uses call 0 of layer 'gone', which it does not have. "
            "The file is damaged: save the model again.",
        ),
        (
            Tensor("d", 0, 0),
            "Model 'm': its layers 'd' wait for one another. "
            "The file is damaged: save the model again.",
        ),
    ],
)
def test_a_graph_that_tfjs_would_never_finish_is_refused(lost: Tensor, message: str) -> None:
    layers = (Layer("x", "InputLayer"), Layer("d", "Dense", calls=(Call((lost,), {}),)))
    model = Model("m", "functional", layers, [Tensor("x", 0, 0)], [Tensor("d", 0, 0)])

    with pytest.raises(CorruptModelError) as refused:
        wired(model)

    assert str(refused.value) == message


def test_calls_of_a_nested_model_count_from_one_in_tfjs(through: Any) -> None:
    inner = keras.Sequential([keras.Input((3,)), L.Dense(3)], name="inner")
    inputs = keras.Input((3,), name="x")
    first = inner(inputs)
    live = keras.Model(inputs, [inner(first), first])

    config = topology(through(live).model)["config"]

    nested = next(layer for layer in config["layers"] if layer["name"] == "inner")
    assert nested["inbound_nodes"] == [[["x", 0, 0, {}]], [["inner", 1, 0, {}]]]
    assert config["output_layers"] == [["inner", 2, 0], ["inner", 1, 0]]


def test_inputs_by_keyword_and_training_false_are_understood(through: Any) -> None:
    inputs = keras.Input((3,))
    dropped = L.Dropout(0.5, name="drop")(inputs, training=False)
    live = keras.Model(inputs, L.Dense(2)(inputs=dropped))

    translation = through(live)

    assert translation.notes == (
        "Layer 'drop': training=False of its call is left out, as Keras leaves it out in fit and "
        "predict.",
    )


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: L.Dropout(0.5, name="a"), True),
        (lambda: L.Dropout(0.0, name="a"), False),
        (lambda: L.Dense(2, name="a"), False),
        (lambda: L.LSTM(2, name="a"), False),
        (lambda: L.LSTM(2, recurrent_dropout=0.5, name="a"), True),
        (lambda: L.RNN(L.GRUCell(2, dropout=0.5), name="a"), True),
        (lambda: L.Bidirectional(L.GRU(2, dropout=0.5), name="a"), True),
        (lambda: L.TimeDistributed(L.Dropout(0.5), name="a"), True),
        (lambda: L.BatchNormalization(name="a"), True),
        (lambda: L.BatchNormalization(trainable=False, name="a"), False),
        (lambda: L.SpectralNormalization(L.Dense(2), name="a"), True),
        (lambda: keras.Sequential([keras.Input((4, 3)), L.GaussianNoise(1.0)], name="a"), True),
        (lambda: keras.Sequential([keras.Input((4, 3)), L.Dense(1)], name="a"), False),
    ],
)
def test_training_true_is_said_to_be_left_out_where_it_matters(
    through: Any, make: Any, said: bool
) -> None:
    inputs = keras.Input((4, 3))
    live = keras.Model(inputs, make()(inputs, training=True))

    notes = through(live).notes

    assert any("training=True of its call is left out" in note for note in notes) is said


def test_every_layer_that_trains_otherwise_is_known() -> None:
    told = [
        name
        for name in LAYERS
        if (layer := getattr(L, name, None)) is not None
        and "training" in inspect.signature(layer.call).parameters
    ]
    by_options = [
        name for name in told if {*_options(getattr(L, name))} & {*RATES, "cell", "layer"}
    ]

    assert {*told} - {*by_options} <= {*NORMALIZING, *ALWAYS_TRAINING, "Dense", "EinsumDense"}


def _options(layer: type) -> list[str]:
    return list(inspect.signature(layer.__init__).parameters)  # type: ignore[misc]


def test_all_problems_of_a_model_come_in_one_error(through: Any) -> None:
    keras.utils.clear_session()  # operations are numbered over the whole process
    inputs = keras.Input((3,))
    hidden = L.Lambda(abs, output_shape=(3,), name="own")(L.Dropout(1.0, name="drop")(inputs))
    live = keras.Model(inputs, keras.ops.det(hidden[:, :, None] * hidden[:, None]))

    with pytest.raises(ConversionError) as refused:
        through(live)

    lines = str(refused.value).splitlines()
    assert lines[0] == "The model has 3 layers or options that cannot be converted:"
    assert lines[1].startswith("  Layer 'drop': rate=1.0 has no equal in TensorFlow.js.")
    assert lines[2].startswith("  Layer 'own' is a Lambda")
    assert lines[3] == (
        "  Operation 'det' (keras.ops Det) on tensors of the model cannot be converted. "
        "Compute it outside of the model, or with operations that TensorFlow.js has."
    )


@pytest.mark.parametrize(
    ("name", "renamed"),
    [
        ("my layer", "my_layer"),
        ("_private", "private"),
        ("toString", "layer_toString"),
        ("größe", "gr__e"),
        ("a.b-c_1", "a.b-c_1"),
        ("___", "layer_"),
    ],
)
def test_names_fit_the_pattern_of_tfjs(name: str, renamed: str, through: Any) -> None:
    live = keras.Sequential([keras.Input((3,)), L.Dense(2, name=name)])

    translation = through(live)

    assert translation.model.layers[1].name == renamed
    assert translation.model.layers[1].config["name"] == renamed
    assert translation.renamed == ({} if name == renamed else {name: renamed})


def test_a_new_name_makes_way_for_one_that_is_there() -> None:
    layers = tuple(
        Layer(name, "Activation", module="keras.layers", config={"activation": "relu"}, where=name)
        for name in ("my layer", "my_layer", "my?layer")
    )
    first = Layer("x", "InputLayer", module="keras.layers", config={"batch_shape": [None, 3]})

    translation = translated(Model("m", "sequential", (first, *layers)))

    assert [layer.name for layer in translation.model.layers[1:]] == [
        "my_layer_1",
        "my_layer",
        "my_layer_2",
    ]


def test_a_layer_of_two_nested_models_has_its_weights_twice(through: Any) -> None:
    shared = L.Dense(3, name="shared")
    one, two = keras.Input((3,)), keras.Input((3,))
    first = keras.Model(one, shared(one), name="first")
    second = keras.Model(two, L.ReLU()(shared(two)), name="second")
    inputs = keras.Input((3,))

    translation = through(keras.Model(inputs, second(first(inputs))))

    assert [name for name, _ in named_weights(translation.model)] == [
        "shared/kernel",
        "shared/bias",
        "shared_1/kernel",
        "shared_1/bias",
    ]
    assert translation.renamed == {"second/shared": "shared_1"}
    assert translation.notes == (
        "Layers 'first/shared', 'second/shared' are one in Keras; "
        "here each has its own copy of the weights.",
    )
