"""The contract over every layer that carries a bias: its files, its copies, and Keras's own layer.

The rows are in `contract/table.py`; what they compute is `test_contract.py`'s.
"""

import copy
import inspect
import pickle
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from bias_definition import spread
from layers.contract.models import (
    TENSORFLOW,
    Built,
    case_name,
    compiled,
    drawn,
    layer_of,
    made,
    model_of,
    model_of_all,
    plain,
    predicted,
    values,
)
from layers.contract.row import Bias
from layers.contract.table import ROWS

each_row = pytest.mark.parametrize(
    "number", range(len(ROWS)), ids=[f"{n}-{row.name}" for n, row in enumerate(ROWS)]
)
FIRSTS = {row.layer: number for number, row in reversed(list(enumerate(ROWS)))}
each_class = pytest.mark.parametrize("number", FIRSTS.values(), ids=list(FIRSTS))


def assert_equal(built: Built, other: Any) -> None:
    """That a model has the same layers with the same weights."""
    for n in range(len(built.row.cases)):
        ours, theirs = built.layer(n), other.get_layer(case_name(n))
        assert type(theirs) is type(ours)
        assert theirs.get_config() == ours.get_config()
        assert [w.path for w in theirs.weights] == [w.path for w in ours.weights]
        assert [w.trainable for w in theirs.weights] == [w.trainable for w in ours.weights]
        for got, want in zip(theirs.get_weights(), ours.get_weights(), strict=True):
            np.testing.assert_array_equal(got, want)


@each_row
def test_a_saved_model_comes_back_whole(number: int, tmp_path: Path) -> None:
    built = model_of_all(number).rewound()

    built.model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", compile=False)

    assert_equal(built, again)


@each_class
def test_a_saved_model_gives_what_it_gave(number: int, tmp_path: Path) -> None:
    built = model_of_all(number).rewound()
    want = built.outputs()

    built.model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", compile=False)

    got = predicted(compiled(again, built.row, again=False), built.inputs)
    for one, other in zip(got, want, strict=True):
        # The same sums, in another order where one of the two is compiled.
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


@each_row
def test_a_file_of_weights_fills_the_same_model(number: int, tmp_path: Path) -> None:
    built = model_of_all(number).rewound()
    other = keras.models.clone_model(built.model)
    other.set_weights([np.zeros_like(w) for w in built.start])

    built.model.save_weights(tmp_path / "saved.weights.h5")
    other.load_weights(tmp_path / "saved.weights.h5")

    assert_equal(built, other)


@each_row
def test_copies_of_every_kind_are_equal(number: int) -> None:
    built = model_of_all(number).rewound()
    clone = keras.models.clone_model(built.model)
    rebuilt = type(built.model).from_config(built.model.get_config())
    clone.set_weights(built.start)
    rebuilt.set_weights(built.start)

    copies = [clone, rebuilt, copy.deepcopy(built.model), pickle.loads(pickle.dumps(built.model))]

    for other in copies:
        assert_equal(built, other)


def adds_it_wrongly(bias: Bias) -> bool:
    """Whether `keras.ops.add` adds a vector along the last axis that belongs along another.

    On TensorFlow, wherever the two axes are of one size. Not so in this package.
    """
    along = [axis for axis, n in enumerate(bias.counts) if n != 1]
    return (
        TENSORFLOW
        and along != []
        and along != [len(bias.sizes) - 1]
        and bias.counts[along[0]] == bias.sizes[-1]
    )


@each_row
def test_a_vector_is_keras_s_own_layer_and_trades_weights_with_it(
    number: int, tmp_path: Path
) -> None:
    built = model_of_all(number).rewound()
    row = built.row
    vector, case = row.of("vector")
    if row.theirs is None or isinstance(row.arguments.get("use_bias"), dict):
        return  # Keras has none such
    theirs = made(row.theirs, **row.arguments, name="a")
    model = model_of(row, [theirs], again=False)
    ours = row.ours.from_config({**built.layer(vector).get_config(), "name": "a"})
    back = row.ours.from_config({**built.layer(vector).get_config(), "name": "a"})
    mine, again = (model_of(row, [layer], again=False) for layer in (ours, back))
    mine.set_weights(built.layer(vector).get_weights())

    mine.save_weights(tmp_path / "ours.weights.h5")
    model.load_weights(tmp_path / "ours.weights.h5")
    model.save_weights(tmp_path / "theirs.weights.h5")
    again.load_weights(tmp_path / "theirs.weights.h5")

    assert [(w.path, w.shape) for w in ours.weights] == [(w.path, w.shape) for w in theirs.weights]
    assert [(v.name, v.shape) for v in ours.variables] == [
        (v.name, v.shape)
        for v in theirs.variables  # the states of seeds are among them
    ]
    for layer in (theirs, back):
        for got, want in zip(layer.get_weights(), ours.get_weights(), strict=True):
            np.testing.assert_array_equal(got, want)
    if not any(map(adds_it_wrongly, case.biases.values())):
        (got,), want = predicted(model, built.inputs), built.outputs()[vector]
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-5)


@each_class
def test_lora_leaves_the_bias_to_be_trained_and_saves_itself_merged(
    number: int, tmp_path: Path
) -> None:
    row = ROWS[number]
    trainable = [n for n, case in enumerate(row.cases) if case.trainable]
    if not hasattr(row.ours, "enable_lora"):
        return
    at_once = model_of(row, [layer_of(row, n, lora_rank=2) for n in trainable])
    built = model_of_all(number)
    x = [x.astype("float32") for x in built.inputs]
    y = [built.targets[n].astype("float32") for n in trainable]
    for weight in at_once.weights:
        weight.assign(drawn(7, *weight.shape))
    before = [w.copy() for w in at_once.get_weights()]

    at_once.fit(x, y, batch_size=2, verbose=0)
    at_once.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", compile=False)

    moved = {
        w.path for w, old in zip(at_once.weights, before, strict=True) if np.any(values(w) != old)
    }
    want = {
        f"{case_name(n)}/{name}"
        for n in trainable
        for name in ("bias", "lora_kernel_a", "lora_kernel_b")
    }
    assert moved == want
    merged = predicted(compiled(again, row, again=False), built.inputs)
    for got, whole in zip(merged, predicted(at_once, built.inputs), strict=True):
        # Kernels after a step of any size: products of some dozen numbers up to 10.
        np.testing.assert_allclose(got, whole, rtol=1e-3, atol=1e-3)


@each_class
def test_it_is_quantised_where_keras_s_is(number: int) -> None:
    built = model_of_all(number).rewound()
    row = built.row
    x = [x.astype("float32") for x in built.inputs]
    copies = []
    for n in range(len(row.cases)):
        layer = layer_of(row, n)
        layer.build(*((None, *shape) for shape in row.inputs))
        layer.set_weights(built.layer(n).get_weights())
        copies.append(layer)
    stock = made(row.theirs or keras.layers.Identity, **row.arguments if row.theirs else {})
    stock.build(*((None, *shape) for shape in row.inputs))

    def quantised(layer: Any) -> type[Exception] | None:
        try:
            layer.quantize("int8")
        except NotImplementedError as error:
            return type(error)
        return None

    want = quantised(stock)
    assert [quantised(layer) for layer in copies] == [want] * len(copies)
    if want is not None:
        return
    for n, layer in enumerate(copies):
        ((path, bias),) = row.cases[n].biases.items()
        added = spread(built.weights(n)[path], bias.counts, bias.sizes)
        linear = np.arctanh(values(layer(*x))) - added
        if n == 0:
            first = linear
        # Through a tanh of numbers up to 3, of which 1 in 100 is left, and back.
        np.testing.assert_allclose(linear, first, rtol=1e-4, atol=1e-4)


@each_class
def test_it_is_keras_s_layer_with_two_arguments_more(number: int) -> None:
    row = ROWS[number]
    ours, theirs = (inspect.signature(c) for c in (row.ours, row.theirs or row.ours))
    added = {"bias_shape": "vector", "bias_trainable": True}
    given = {n: p.default for n, p in ours.parameters.items() if p.kind is not p.VAR_KEYWORD}
    stock = {n: p.default for n, p in theirs.parameters.items() if p.kind is not p.VAR_KEYWORD}

    assert issubclass(row.ours, row.theirs or keras.layers.Layer)
    assert given == {**stock, **added}
    assert keras.saving.get_registered_name(row.ours) == f"keras_bias>{row.layer}"
    if row.theirs:
        assert list(given) == [*stock, *added]
        assert inspect.signature(row.ours.call) == inspect.signature(row.theirs.call)


@each_class
def test_its_config_says_what_was_chosen(number: int) -> None:
    row = ROWS[number]
    for n, case in enumerate(row.cases):
        config = layer_of(row, n).get_config()

        assert plain(config["bias_shape"]) == plain(case.bias_shape)
        assert config["bias_trainable"] == case.trainable
        assert row.ours.from_config(config).get_config() == config


@each_class
def test_without_a_bias_there_is_no_choice(number: int) -> None:
    row = ROWS[number]
    if "use_bias" not in inspect.signature(row.ours).parameters:
        return
    layer = row.ours(**row.arguments, use_bias=False)
    layer.build(*((None, *shape) for shape in row.inputs))

    assert not [w.path for w in layer.weights if "bias" in w.name]
    with pytest.raises(ValueError, match="is given to a layer with use_bias=False") as raised:
        row.ours(**row.arguments, use_bias=False, bias_shape="scalar", name="a")
    assert str(raised.value).startswith("Layer 'a': ")
