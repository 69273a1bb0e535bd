"""Recurrent layers: Keras's own with another bias inside, in all that surrounds a cell."""

from collections.abc import Callable
from typing import Any, cast

import keras
import numpy as np
import pytest
from bias_definition import spread

from keras_bias import layers
from keras_bias.initializers import GateBias
from keras_bias.shape import BiasShape

FEATURES, STEPS, UNITS = 3, 5, 4

# (class, its arguments, bias shapes that go with them).
KINDS: list[tuple[str, dict[str, Any], tuple[Any, ...]]] = [
    ("SimpleRNN", {}, ("vector", "scalar", (2,))),
    ("LSTM", {}, ("vector", "gate", (None, 2))),
    ("LSTM", {"unit_forget_bias": False}, ("scalar", (1, None), (2, 1))),
    ("GRU", {}, ("vector", "gate", "scalar", (1, None), (1, None, 1))),
    ("GRU", {"reset_after": False}, ("vector", "gate", "scalar", (1, None))),
]
CASES = [(name, options, shape) for name, options, shapes in KINDS for shape in shapes]
IDS = [f"{name}-{'-'.join(map(str, o.values()))}-{shape}" for name, o, shape in CASES]
each_case = pytest.mark.parametrize(("name", "options", "shape"), CASES, ids=IDS)


def values(x: Any) -> Any:
    return np.asarray(keras.ops.convert_to_numpy(x))


def inputs(*shape: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def full_bias(cell: Any) -> Any:
    """The bias that Keras would have stored, from the definition of the shape."""
    gates, projections = len(cell.gates) or 1, 2 if getattr(cell, "reset_after", False) else None
    counts = BiasShape.of(cell.bias_shape).resolve_recurrent(gates, cell.units, projections).counts
    sizes = (projections, gates, cell.units) if projections else (gates, cell.units)
    full = spread(values(cell.bias_variable), counts, sizes)
    return full.reshape((2, -1) if projections else -1).astype("float32")


def stock_like(layer: Any, **options: Any) -> Any:
    """Keras's own layer with the weights of ours, every bias written out."""
    config = {**layer.get_config(), **options}
    config = {key: value for key, value in config.items() if not key.startswith("bias_")}
    stock = getattr(keras.layers, type(layer).__name__)(**config)
    stock.build((2 if layer.stateful else None, STEPS, FEATURES))
    cell = layer.cell
    stock.cell.kernel.assign(cell.kernel)
    stock.cell.recurrent_kernel.assign(cell.recurrent_kernel)
    stock.cell.bias.assign(full_bias(cell))
    return stock


def ours(kind: str, shape: Any, /, **options: Any) -> Any:
    # Keras's orthogonal matrices take a second each to compile.
    options = {"bias_initializer": "normal", "recurrent_initializer": "normal", **options}
    return getattr(layers, kind)(UNITS, bias_shape=shape, **options)


@each_case
@pytest.mark.parametrize("implementation", [1, 2])
def test_it_is_keras_s_layer_with_the_bias_written_out(
    name: str, options: dict[str, Any], shape: Any, implementation: int
) -> None:
    x = inputs(2, STEPS, FEATURES)
    if name != "SimpleRNN":  # which has one implementation only
        options = {**options, "implementation": implementation}
    layer = ours(name, shape, return_sequences=True, **options)

    got = values(layer(x))

    # The same sums in the same order.
    np.testing.assert_allclose(got, values(stock_like(layer)(x)), atol=1e-6)


@each_case
def test_weights_have_keras_s_names_and_places(
    name: str, options: dict[str, Any], shape: Any
) -> None:
    layer = ours(name, shape, **options, name="r")
    layer.build((None, STEPS, FEATURES))
    plain = {"recurrent_initializer": "normal", **options}
    stock = getattr(keras.layers, name)(UNITS, **plain, name="r")
    stock.build((None, STEPS, FEATURES))

    assert [weight.path for weight in layer.weights] == [weight.path for weight in stock.weights]


# ---- fused loops --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["LSTM", "GRU"])
@pytest.mark.parametrize("shape", ["vector", "gate"])
def test_the_backend_s_fused_loop_is_asked_as_keras_asks_it(
    name: str, shape: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []
    fused = {"LSTM": "lstm", "GRU": "gru"}[name]

    def loop(sequences: Any, *args: Any, **kwargs: Any) -> Any:
        asked.append(kwargs)
        last = keras.ops.ones((2, UNITS))
        states = [last, last] if name == "LSTM" else [last]
        return last, keras.ops.ones((2, STEPS, UNITS)), states

    monkeypatch.setattr(keras.src.backend, fused, loop)
    layer = ours(name, shape)
    layer.build((None, STEPS, FEATURES))

    got = values(layer(inputs(2, STEPS, FEATURES)))
    stock = stock_like(layer)
    stock(inputs(2, STEPS, FEATURES))

    assert (got == 1).all()  # what the loop gave
    mine, keras_s = asked
    assert mine.keys() == keras_s.keys()
    assert mine["bias"].shape == keras_s["bias"].shape
    np.testing.assert_array_equal(values(mine["bias"]), values(keras_s["bias"]))


@pytest.mark.parametrize("name", ["LSTM", "GRU"])
def test_bidirectional_gives_the_fused_loop_what_keras_gives_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    loops = keras.src.backend
    original = getattr(loops, name.lower())

    def loop(*args: Any, **kwargs: Any) -> Any:
        asked.append(kwargs["bias"].shape)
        return original(*args, **kwargs)

    monkeypatch.setattr(loops, name.lower(), loop)

    keras.layers.Bidirectional(ours(name, "gate"))(inputs(2, STEPS, FEATURES))

    full = (4 * UNITS,) if name == "LSTM" else (2, 3 * UNITS)
    assert [tuple(shape) for shape in asked] == [full, full]


# ---- what surrounds a cell ----------------------------------------------------------------------


@each_case
def test_masked_steps_are_passed_over(name: str, options: dict[str, Any], shape: Any) -> None:
    x, mask = inputs(2, STEPS, FEATURES), np.array([[1, 1, 0, 1, 0], [0, 1, 1, 0, 0]], bool)
    layer = ours(name, shape, **options, return_sequences=True)

    got = values(layer(x, mask=mask))

    np.testing.assert_allclose(got, values(stock_like(layer)(x, mask=mask)), atol=1e-6)


@pytest.mark.parametrize("name", ["SimpleRNN", "LSTM", "GRU"])
def test_a_stateful_layer_goes_on_where_it_stopped(name: str) -> None:
    batch = (2, STEPS, FEATURES)
    options = {"unit_forget_bias": False} if name == "LSTM" else {}
    layer = ours(name, "scalar", stateful=True, **options)
    stock = keras.Sequential([keras.Input(batch_shape=batch), layer])
    first, second = (values(stock(inputs(*batch, seed=seed))) for seed in (1, 2))
    twin = stock_like(layer)
    other = keras.Sequential([keras.Input(batch_shape=batch), twin])

    again = [values(other(inputs(*batch, seed=seed))) for seed in (1, 2)]

    np.testing.assert_allclose([first, second], again, atol=1e-6)
    layer.reset_state()
    np.testing.assert_allclose(values(stock(inputs(*batch, seed=1))), first, atol=1e-6)


@pytest.mark.parametrize("name", ["SimpleRNN", "LSTM", "GRU"])
@pytest.mark.parametrize("merge_mode", ["concat", "sum", None])
def test_bidirectional_has_a_bias_for_each_direction(name: str, merge_mode: str | None) -> None:
    options = {"unit_forget_bias": False} if name == "LSTM" else {}
    wrapper = keras.layers.Bidirectional(
        ours(name, "scalar", return_sequences=True, **options), merge_mode=merge_mode
    )
    x = inputs(2, STEPS, FEATURES)

    got = [values(part) for part in keras.tree.flatten(wrapper(x))]

    forward = values(stock_like(wrapper.forward_layer)(x))
    backward = values(stock_like(wrapper.backward_layer)(x))[:, ::-1]
    want = {"concat": [np.concatenate([forward, backward], -1)], "sum": [forward + backward]}
    biases = [weight for weight in wrapper.weights if weight.name == "bias"]
    assert len({id(bias) for bias in biases}) == 2
    for one, other in zip(got, want.get(str(merge_mode), [forward, backward]), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_cells_work_in_rnn_and_stacked() -> None:
    cells = [
        layers.LSTMCell(4, bias_shape="gate", bias_initializer="normal"),
        layers.GRUCell(3, bias_shape="scalar", bias_initializer="normal"),
        layers.SimpleRNNCell(2, bias_shape="scalar", bias_initializer="normal"),
    ]
    rnn = keras.layers.RNN(cells, return_sequences=True)
    x = inputs(2, STEPS, FEATURES)

    got = values(rnn(x))

    stock = keras.layers.RNN(
        [keras.layers.LSTMCell(4), keras.layers.GRUCell(3), keras.layers.SimpleRNNCell(2)],
        return_sequences=True,
    )
    stock.build(x.shape)
    for cell, plain in zip(cells, stock.cell.cells, strict=True):
        plain.kernel.assign(cell.kernel)
        plain.recurrent_kernel.assign(cell.recurrent_kernel)
        plain.bias.assign(full_bias(cell))
    np.testing.assert_allclose(got, values(stock(x)), atol=1e-6)


def test_a_recurrent_layer_works_in_time_distributed() -> None:
    x = inputs(2, 3, STEPS, FEATURES)
    layer = ours("GRU", "gate")

    got = values(keras.layers.TimeDistributed(layer)(x))

    want = values(stock_like(layer)(x.reshape(6, STEPS, FEATURES))).reshape(2, 3, UNITS)
    np.testing.assert_allclose(got, want, atol=1e-6)


def test_parts_of_a_user_s_own_need_no_name() -> None:
    layer = ours(
        "LSTM",
        "gate",
        activation=lambda x: x * 2.0,
        bias_initializer=lambda shape, dtype=None: keras.ops.full(shape, 3.0, dtype),
        bias_regularizer=lambda weight: keras.ops.sum(weight),
    )

    layer.build((None, STEPS, FEATURES))

    assert values(layer.cell.bias_variable).tolist() == [3.0, 1.0, 3.0, 3.0]
    assert float(values(layer.losses[0])) == 10.0


# ---- how biases start ---------------------------------------------------------------------------

FORGET = GateBias(forget=2.0, input=-1.0)
STARTS: list[tuple[str, dict[str, Any], Any]] = [
    ("LSTM", {}, [0, 0, 1, 1, 0, 0, 0, 0]),
    ("LSTM", {"bias_shape": "gate"}, [0, 1, 0, 0]),
    ("LSTM", {"bias_shape": "gate", "unit_forget_bias": False}, [0, 0, 0, 0]),
    ("LSTM", {"bias_shape": "gate", "bias_initializer": "ones"}, [1, 1, 1, 1]),
    ("LSTM", {"bias_initializer": FORGET}, [-1, -1, 2, 2, 0, 0, 0, 0]),
    ("LSTM", {"bias_shape": "gate", "bias_initializer": FORGET}, [-1, 2, 0, 0]),
    ("LSTM", {"bias_shape": "gate", "bias_initializer": GateBias(output=5)}, [0, 1, 0, 5]),
    ("GRU", {"bias_initializer": GateBias(update=1.0)}, [[1, 1, 0, 0, 0, 0]] * 2),
    ("GRU", {"bias_shape": "gate", "bias_initializer": GateBias(reset=1.0)}, [[0, 1, 0]] * 2),
    (
        "GRU",
        {"bias_shape": "gate", "bias_initializer": GateBias(candidate=(1.0, -1.0))},
        [[0, 0, 1], [0, 0, -1]],
    ),
    (
        "GRU",
        {"bias_shape": "gate", "reset_after": False, "bias_initializer": GateBias(update=3.0)},
        [3, 0, 0],
    ),
]


@pytest.mark.parametrize(("name", "options", "start"), STARTS)
def test_biases_start_gate_by_gate(name: str, options: dict[str, Any], start: Any) -> None:
    layer = getattr(layers, name)(2, **options)
    layer.build((None, STEPS, FEATURES))

    assert values(layer.cell.bias_variable).tolist() == start


def test_gates_by_name_survive_a_file(tmp_path: Any) -> None:
    layer = ours("LSTM", "gate", bias_initializer=GateBias(forget=2.0))
    keras.Sequential([keras.Input((STEPS, FEATURES)), layer]).save(tmp_path / "model.keras")

    loaded = keras.models.load_model(tmp_path / "model.keras").layers[-1]

    assert loaded.bias_initializer.get_config() == {"forget": 2.0}


def test_convolutional_gates_start_place_by_place() -> None:
    layer = layers.ConvLSTM1D(2, 2, bias_shape="untied", bias_initializer=FORGET)
    layer.build((None, STEPS, 3, FEATURES))

    start = values(layer.cell.bias_variable)

    assert start.tolist() == [[-1, -1, 2, 2, 0, 0, 0, 0]] * 2


# ---- what cannot be -----------------------------------------------------------------------------

REFUSED: list[tuple[Callable[[], Any], str]] = [
    (
        lambda: layers.LSTM(4, bias_shape="scalar", name="r"),
        "Layer 'r': unit_forget_bias=True needs a bias for the forget gate alone, and "
        "bias_shape='scalar' shares it with other gates. Use unit_forget_bias=False, or "
        "bias_shape='gate'.",
    ),
    (
        lambda: layers.LSTMCell(4, bias_shape=(2, None), name="r"),
        "Layer 'r': unit_forget_bias=True needs a bias for the forget gate alone, and "
        "bias_shape=(2, None) shares it with other gates. Use unit_forget_bias=False, or "
        "bias_shape='gate'.",
    ),
    (
        lambda: layers.ConvLSTM1D(4, 2, bias_shape="location", name="r"),
        "Layer 'r': unit_forget_bias=True needs a bias for the forget gate alone, and "
        "bias_shape='location' shares it with other gates. Use unit_forget_bias=False, or "
        "bias_shape='gate'.",
    ),
    (
        lambda: layers.LSTM(4, use_bias=False, bias_shape="gate", name="r"),
        "Layer 'r': bias_shape='gate' is given to a layer with use_bias=False. Leave one of the "
        "two out.",
    ),
    (
        lambda: layers.GRU(4, bias_shape="untied", name="r"),
        "Layer 'r': bias_shape='untied' is not for recurrent layers. Use 'scalar', 'vector', "
        "'gate' or a tuple over (gate, unit).",
    ),
    (
        lambda: layers.SimpleRNN(4, bias_shape="gate", name="r"),
        "Layer 'r': bias_shape='gate' needs a layer with gates, and this one has none. Use "
        "'scalar', 'vector' or a tuple over (gate, unit).",
    ),
    (
        lambda: layers.GRU(4, bias_trainable=cast(bool, 1), name="r"),
        "Layer 'r': bias_trainable=1 is not a bool. Use True or False.",
    ),
    (
        lambda: layers.GRU(4, bias_initializer=FORGET, name="r"),
        "Layer 'r': bias_initializer=GateBias(input=-1.0, forget=2.0) is for the gates input, "
        "forget, cell, output, and this layer has the gates update, reset, candidate. Use another "
        "initializer.",
    ),
    (
        lambda: layers.SimpleRNN(4, bias_initializer=FORGET, name="r"),
        "Layer 'r': bias_initializer=GateBias(input=-1.0, forget=2.0) is for the gates input, "
        "forget, cell, output, and this layer has no gates. Use another initializer.",
    ),
    (
        lambda: layers.LSTM(
            4, bias_shape="scalar", bias_initializer=FORGET, unit_forget_bias=False, name="r"
        ),
        "Layer 'r': bias_initializer=GateBias(input=-1.0, forget=2.0) needs a bias for every gate, "
        "and bias_shape='scalar' shares them. Use 'vector' or 'gate', or another initializer.",
    ),
    (
        lambda: GateBias(),
        "GateBias() names no gate. Give a number for one at least, such as forget=1.0.",
    ),
    (
        lambda: GateBias(forget=1.0, reset=1.0),
        "GateBias(forget=1.0, reset=1.0): names gates of an LSTM and of a GRU. Use those of one: "
        "input, forget, cell, output; or update, reset, candidate.",
    ),
    (
        lambda: GateBias(forget=True),
        "GateBias: forget=True is neither a number nor a pair of numbers. Use a number, such as "
        "forget=1.0.",
    ),
    (
        lambda: GateBias(forget=1.0)((6,)),
        "GateBias(forget=1.0): a bias of shape (6,) does not hold 4 gates (input, forget, cell, "
        "output). Use it for a layer with these gates and a bias for each.",
    ),
    (
        lambda: GateBias(update=(1.0, 2.0))((6,)),
        "GateBias(update=[1.0, 2.0]): a bias of shape (6,) has one row for a gate, and "
        "update=[1.0, 2.0] gives two. Use one number; two are for a GRU with reset_after=True.",
    ),
]


@pytest.mark.parametrize(("make", "message"), REFUSED)
def test_what_cannot_be_is_refused_where_it_is_asked_for(
    make: Callable[[], Any], message: str
) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 -- compared word for word below
        make()

    assert str(raised.value) == message


def test_a_saved_bias_of_another_shape_is_explained(tmp_path: Any) -> None:
    saved = keras.Sequential([keras.Input((STEPS, FEATURES)), ours("GRU", "vector")])
    saved.save_weights(tmp_path / "w.weights.h5")
    other = keras.Sequential([keras.Input((STEPS, FEATURES)), ours("GRU", "gate")])

    with pytest.raises(ValueError, match=r"the saved bias has shape \(2, 12\), but") as raised:
        other.load_weights(tmp_path / "w.weights.h5")

    assert "bias_shape='gate' stores shape (2, 3)" in str(raised.value)
